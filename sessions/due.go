package sessions

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Due returns the conversations of a lane whose [Session.Due] is now or was
// before, earliest first and limit at most, in one round trip.
//
// It changes nothing, so any number of processes may ask and get the same. Who
// acts on a conversation loads it, and does nothing unless its session is due
// indeed; the commit that sets the next Due, or none, takes it off, and of two
// that act at once [ErrConflict] stops one. A session that expired or is
// otherwise gone (Version zero) is to be taken off by [Store.Disarm], or it
// would be returned again, in place of others.
func (s *Store) Due(ctx context.Context, l Lane, now time.Time, limit int) ([]string, error) {
	if limit < 1 { // to Redis, no limit
		return nil, nil
	}
	answers, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for n := range l.partitions() {
			p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{
				Key: l.keys(n).due(), ByScore: true, Start: "-inf", Stop: ceilMilli(now), Count: int64(limit),
			})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sessions: look for what is due in %q: %w", l.Name, err)
	}
	var due []redis.Z
	for _, a := range answers {
		due = append(due, a.(*redis.ZSliceCmd).Val()...)
	}
	slices.SortFunc(due, func(a, b redis.Z) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Member.(string), b.Member.(string)))
	})
	conversations := make([]string, 0, min(limit, len(due)))
	for _, z := range due[:min(limit, len(due))] {
		conversations = append(conversations, z.Member.(string))
	}
	return conversations, nil
}

// Disarm keeps [Store.Due] from returning the conversation of k, whose session
// turned out to be gone. While there is a session, perhaps one that somebody
// saved in between, it does nothing.
func (s *Store) Disarm(ctx context.Context, k Key) error {
	keys := k.keys()
	names := []string{keys.session(k.Conversation), keys.due()}
	if err := s.engine.scripts.disarm.Run(ctx, s.client, names, k.Conversation).Err(); err != nil {
		return fmt.Errorf("sessions: disarm %q: %w", k.Conversation, err)
	}
	return nil
}

// disarmAll disarms the conversations of one partition that begin with prefix
// and have no session.
func (s *Store) disarmAll(ctx context.Context, p partitionKeys, prefix string) error {
	members := s.client.ZScan(ctx, p.due(), 0, pattern(prefix)+"*", scanCount).Iterator()
	for members.Next(ctx) {
		conversation := members.Val()
		if !members.Next(ctx) { // its score
			break
		}
		names := []string{p.session(conversation), p.due()}
		if err := s.engine.scripts.disarm.Run(ctx, s.client, names, conversation).Err(); err != nil {
			return err
		}
	}
	return members.Err()
}

// alarm returns when sess is due as the commit script takes it, and for how
// many ms sess is to be kept: the time to live begins when it is due, if that
// is later than now, so that whoever looks finds it.
func (s *Store) alarm(sess Session) (due string, ttl int64) {
	if sess.Due.IsZero() {
		return "", s.ttl.Milliseconds()
	}
	wait := min(max(0, time.Until(sess.Due)), math.MaxInt64-s.ttl) // the far future is what a Duration can hold
	return strconv.FormatInt(ceilMilli(sess.Due), 10), (s.ttl + wait).Milliseconds()
}

// ceilMilli returns the first millisecond that is not before t, as Unix time.
func ceilMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}
