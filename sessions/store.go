package sessions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrConflict is what [Store.Commit] wraps when the kept session is not at
// the version that the caller loaded. Load again and decide anew.
var ErrConflict = errors.New("session was saved by somebody else in between")

// defaultTTL is how long a session is kept when [Options] do not say.
const defaultTTL = 24 * time.Hour

// Options say where a [Store] keeps things and for how long. The zero value
// is usable.
type Options struct {
	// URL is where Redis is: redis://, rediss:// or unix:// for one server,
	// several of them or host:port addresses separated by commas for a
	// Cluster, or sentinel://[:password@]host:port,…/master-name with
	// db, sentinel_username and sentinel_password as parameters. Redis must
	// be 6.2 or newer and should not evict keys, or it may forget replies.
	// Empty is a Redis inside this process that forgets at its end.
	URL string

	// TTL is how long a session is kept after its last commit, or after its
	// Due if that is later; 24 hours if it is less than a millisecond, which
	// is what Redis counts in.
	TTL time.Duration

	// Log receives outages and failing deliveries; nil discards them.
	Log *slog.Logger
}

// A Store keeps sessions and delivers replies. It is safe for concurrent use.
//
// It caches nothing and retries nothing by itself outside of [Store.Deliver]:
// a call's context bounds it, also when Redis refuses or never answers.
type Store struct {
	engine engine
	client redis.UniversalClient
	ttl    time.Duration
	log    *slog.Logger
	timing timing
}

// Open returns a store. It does not wait for Redis, which may come up later;
// see [Store.Ping]. The only error is a URL that it does not understand, and
// its text contains nothing of that URL, which may hold a password.
func Open(o Options) (*Store, error) {
	e, err := newEngine(o.URL)
	if err != nil {
		return nil, fmt.Errorf("sessions: open: %w", err)
	}
	s := &Store{engine: e, client: e.connect(), ttl: o.TTL, log: o.Log, timing: defaultTiming()}
	if s.ttl < time.Millisecond {
		s.ttl = defaultTTL
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// Load returns the session of k, in one round trip. A session that was never
// saved, or has expired, is the zero Session and no error.
func (s *Store) Load(ctx context.Context, k Key) (Session, error) {
	fields, err := s.client.HMGet(ctx, k.keys().session(k.Conversation), "v", "data").Result()
	if err != nil {
		return Session{}, fmt.Errorf("sessions: load %q: %w", k.Conversation, err)
	}
	version, ok := fields[0].(string)
	if !ok {
		return Session{}, nil
	}
	data, _ := fields[1].(string)
	sess, err := decodeSession(version, data)
	if err != nil {
		return Session{}, fmt.Errorf("sessions: load %q: %w", k.Conversation, err)
	}
	return sess, nil
}

// decodeSession is the inverse of what the commit script saves.
func decodeSession(version, data string) (Session, error) {
	var sess Session
	if err := json.Unmarshal([]byte(data), &sess); err != nil {
		return Session{}, fmt.Errorf("decode data: %w", err)
	}
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return Session{}, fmt.Errorf("decode version: %w", err)
	}
	sess.Version = v
	return sess, nil
}

// A Change is what one [Store.Commit] does.
type Change struct {
	Session Session  // takes the place of the kept one, if that is at its Version
	Replies [][]byte // go into the outbox, in this order
	Records []Record // go into the ledger, in this order
}

// Commit saves the session of c, starts its time to live again, notes when it
// is due, and puts replies and records behind those of k's lane: all of it or
// nothing, in one round trip. It returns the session with its new Version.
//
// The error wraps [ErrConflict] if the kept session is not at the session's
// Version. After any other error it is unknown whether the commit happened,
// because the answer may be what was lost. It is safe to repeat: a commit that
// did happen makes the second one a conflict, and the caller, loading again,
// finds its message in Seen.
func (s *Store) Commit(ctx context.Context, k Key, c Change) (Session, error) {
	args, err := s.commitArgs(k, c)
	if err != nil {
		return Session{}, fmt.Errorf("sessions: commit %q: encode: %w", k.Conversation, err)
	}
	keys := k.keys()
	names := []string{keys.session(k.Conversation), keys.outbox(), keys.due(), keys.ledger()}
	version, err := s.engine.scripts.commit.Run(ctx, s.client, names, args...).Int64()
	if err == nil && version < 0 {
		err = ErrConflict
	}
	if err != nil {
		return Session{}, fmt.Errorf("sessions: commit %q at version %d: %w", k.Conversation, c.Session.Version, err)
	}
	c.Session.Version = version
	return c.Session, nil
}

// commitArgs returns what the commit script takes.
func (s *Store) commitArgs(k Key, c Change) ([]any, error) {
	data, err := json.Marshal(c.Session)
	if err != nil {
		return nil, err
	}
	due, ttl := s.alarm(c.Session)
	args := make([]any, 0, 7+len(c.Replies)+len(c.Records))
	args = append(args, c.Session.Version, ttl, data, k.Conversation, due, ledgerLimit, len(c.Replies))
	for _, r := range c.Replies {
		args = append(args, r)
	}
	for _, r := range c.Records {
		record, err := encodeRecord(r)
		if err != nil {
			return nil, err
		}
		args = append(args, record)
	}
	return args, nil
}

// Remove forgets the session of k and its Due. Replies that wait for it are
// still delivered, and records stay.
func (s *Store) Remove(ctx context.Context, k Key) error {
	keys := k.keys()
	names := []string{keys.session(k.Conversation), keys.due()}
	if err := s.engine.scripts.remove.Run(ctx, s.client, names, k.Conversation).Err(); err != nil {
		return fmt.Errorf("sessions: remove %q: %w", k.Conversation, err)
	}
	return nil
}

// Ping reports whether Redis answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("sessions: ping: %w", err)
	}
	return nil
}

// Close ends the connections, and with them an embedded Redis and all that it
// holds. Call it once, after every [Store.Deliver] has returned.
func (s *Store) Close() error {
	err := s.client.Close()
	s.engine.stop()
	if err != nil {
		return fmt.Errorf("sessions: close: %w", err)
	}
	return nil
}
