package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrLockLost is what [Shelf.Lock] wraps when others may have held the lock
// before do had returned, because Redis could not be reached for as long as a
// lock lives or the process stood still.
var ErrLockLost = errors.New("the lock was lost")

const (
	lockTTL  = 10 * time.Second       // a dead holder keeps others out for this long
	lockPoll = 100 * time.Millisecond // at most, between looks whether a lock is free
)

// A Shelf keeps small values of one owner beside the conversations, such as
// what an adapter itself must remember. It is safe for concurrent use and
// across processes. Nothing is retried: a call's context bounds it.
type Shelf struct {
	store *Store
	owner string // escaped, so that it can stand in a hash tag
	ttl   time.Duration
}

// Shelf returns the shelf of an owner, which may be any text. Every call with
// the same owner is about the same values.
func (s *Store) Shelf(owner string) *Shelf {
	return &Shelf{store: s, owner: url.PathEscape(owner), ttl: lockTTL}
}

// value and lock return Redis keys. Those of one owner share a hash tag; locks
// have a beginning of their own, so that no value is named like a lock.
func (s *Shelf) value(key string) string { return "apihelp:shelf:{" + s.owner + "}:" + key }
func (s *Shelf) lock(key string) string  { return "apihelp:lock:{" + s.owner + "}:" + key }

// Get returns the value of key, or nil and no error if there is none. A value
// that was put empty comes back empty, not nil.
func (s *Shelf) Get(ctx context.Context, key string) ([]byte, error) {
	value, err := s.store.client.Get(ctx, s.value(key)).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sessions: get %q: %w", s.value(key), err)
	}
	return []byte(value), nil
}

// Put keeps value for ttl, which Redis counts in milliseconds, or for ever if
// ttl is zero. A nil value or a ttl below zero removes what is kept; removing
// what is not there is no error.
func (s *Shelf) Put(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := s.put(ctx, s.value(key), value, ttl); err != nil {
		return fmt.Errorf("sessions: put %q: %w", s.value(key), err)
	}
	return nil
}

func (s *Shelf) put(ctx context.Context, name string, value []byte, ttl time.Duration) error {
	if value == nil || ttl < 0 { // to go-redis, a negative time means to keep the old one
		return s.store.client.Del(ctx, name).Err()
	}
	return s.store.client.Set(ctx, name, value, ttl).Err()
}

// Lock calls do while nobody else, in this or another process, is in a Lock of
// the same key. It waits for its turn until ctx is done, or two seconds longer
// if Redis does not answer; then do is not called. The lock ends when do
// returns, and within ten seconds if the process dies.
//
// The context of do is done when ctx is, and when the lock is lost. Lock then
// returns an error that wraps [ErrLockLost] beside what do returned, also if do
// succeeded. A lock cannot be taken again within do.
func (s *Shelf) Lock(ctx context.Context, key string, do func(ctx context.Context) error) error {
	l := newLease(s.store, s.lock(key), rand.Text(), s.ttl)
	if err := l.await(ctx); err != nil {
		return err
	}
	held, lose := context.WithCancelCause(ctx)
	// The lock outlives ctx, because do may take a while to notice its end.
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	var renewal sync.WaitGroup
	renewal.Go(func() { l.keep(renewing, lose) })
	defer func() {
		stop()
		renewal.Wait()
		lose(nil)
		// If it fails, the lock ends by itself.
		_ = l.release(context.WithoutCancel(ctx))
	}()
	err := do(held)
	if !l.valid() || errors.Is(context.Cause(held), ErrLockLost) {
		return errors.Join(err, fmt.Errorf("sessions: hold %q: %w", l.key, ErrLockLost))
	}
	return err
}

// await takes the lease as soon as it is free.
func (l *lease) await(ctx context.Context) error {
	for pause := lockPoll / 8; ; pause = min(2*pause, lockPoll) {
		taken, err := l.take(ctx, false)
		if err != nil {
			// The answer may be what was lost, and nobody would renew it.
			_ = l.release(context.WithoutCancel(ctx))
			return errors.Join(ctx.Err(), err) // the driver does not always say that it is for ctx
		}
		if taken {
			return nil
		}
		if !sleep(ctx, jitter(pause)) {
			return fmt.Errorf("sessions: wait for %q: %w", l.key, ctx.Err())
		}
	}
}

// keep renews the lease until ctx is done. It calls lose if the lease is
// another's, or could not be renewed in time.
func (l *lease) keep(ctx context.Context, lose func(error)) {
	for sleep(ctx, l.call()) {
		held, err := l.renew(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil && !held || !l.valid() {
			lose(ErrLockLost)
			return
		}
	}
}
