package sessions

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Timing lets tests wait for less than people would.
type Timing struct{ Lease, Poll, Block, Backoff, BackoffMax, Grace time.Duration }

// SetTiming must come before Deliver.
func (s *Store) SetTiming(t Timing) {
	s.timing = timing{t.Lease, t.Poll, t.Block, t.Backoff, t.BackoffMax, t.Grace}
}

// Replica opens another store on the same Redis, as another process would.
func (s *Store) Replica() *Store {
	r := *s
	r.client = s.engine.connect()
	r.engine.stop = func() {}
	return &r
}

// Crash cuts the store off from Redis, as far as it writes: it can renew
// nothing and acknowledge nothing any more.
func (s *Store) Crash() { _ = s.client.Close() }

// Client is the store's connection.
func (s *Store) Client() redis.UniversalClient { return s.client }

// FastForward moves the clock of an embedded Redis.
func FastForward(s *Store, d time.Duration) { s.engine.embedded.server.FastForward(d) }

// SessionKey returns the Redis key of a session.
func SessionKey(k Key) string { return k.keys().session(k.Conversation) }

// OutboxKeys and LeaseKeys return the Redis keys of a lane, by partition.
func OutboxKeys(l Lane) (keys []string) {
	for n := range l.partitions() {
		keys = append(keys, l.keys(n).outbox())
	}
	return keys
}

func LeaseKeys(l Lane) (keys []string) {
	for n := range l.partitions() {
		keys = append(keys, l.keys(n).lease())
	}
	return keys
}

// DueKeys and LedgerKeys return the Redis keys of a lane, by partition.
func DueKeys(l Lane) (keys []string) {
	for n := range l.partitions() {
		keys = append(keys, l.keys(n).due())
	}
	return keys
}

func LedgerKeys(l Lane) (keys []string) {
	for n := range l.partitions() {
		keys = append(keys, l.keys(n).ledger())
	}
	return keys
}

// LedgerLimit is how many records a partition keeps.
const LedgerLimit = ledgerLimit

// OutboxKey returns the key of the outbox that k's replies go to.
func OutboxKey(k Key) string { return k.keys().outbox() }

// RetryDelay is the wait after a failed attempt, at the default timing.
func RetryDelay(attempt int, err error) time.Duration {
	return defaultTiming().retryDelay(attempt, err)
}

// LeaseAfterPause takes a lease, lets the process stand still for d by the
// monotonic clock, and reports whether it is valid then.
func LeaseAfterPause(ctx context.Context, s *Store, key string, d time.Duration) (bool, error) {
	l := newLease(s, key, "owner", s.timing.lease)
	if _, err := l.take(ctx, false); err != nil {
		return false, err
	}
	l.epoch = l.epoch.Add(-d)
	return l.valid(), nil
}

// QuickShelf returns a shelf whose locks live as long as the store's leases.
func QuickShelf(s *Store, owner string) *Shelf {
	shelf := s.Shelf(owner)
	shelf.ttl = s.timing.lease
	return shelf
}

// ValueKey and LockKey return the Redis keys of a shelf.
func ValueKey(s *Shelf, key string) string { return s.value(key) }
func LockKey(s *Shelf, key string) string  { return s.lock(key) }
