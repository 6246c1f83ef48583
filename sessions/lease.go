package sessions

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// A lease is the right to something that only one may do at a time, such as to
// deliver one partition's replies, for a limited time unless renewed. It is
// safe for concurrent use.
type lease struct {
	store *Store
	key   string
	owner string        // no other lease has it
	ttl   time.Duration // a dead owner keeps others out for this long
	epoch time.Time
	until atomic.Int64 // nanoseconds after epoch, on the monotonic clock
}

func newLease(s *Store, key, owner string, ttl time.Duration) *lease {
	return &lease{store: s, key: key, owner: owner, ttl: ttl, epoch: time.Now()}
}

// call bounds one command about the lease, which outlives several of them.
func (l *lease) call() time.Duration { return l.ttl / 5 }

// take takes the lease if it is free, or, with force, from whoever holds it.
func (l *lease) take(ctx context.Context, force bool) (bool, error) {
	flag := 0
	if force {
		flag = 1
	}
	ok, err := l.extend(ctx, func(ctx context.Context, ms int64) (int, error) {
		return l.store.engine.scripts.take.Run(ctx, l.store.client, []string{l.key}, l.owner, ms, flag).Int()
	})
	if err != nil {
		return false, fmt.Errorf("sessions: take %q: %w", l.key, err)
	}
	return ok, nil
}

// renew prolongs the lease; false means that it is no longer held.
func (l *lease) renew(ctx context.Context) (bool, error) {
	ok, err := l.extend(ctx, func(ctx context.Context, ms int64) (int, error) {
		return l.store.engine.scripts.renew.Run(ctx, l.store.client, []string{l.key}, l.owner, ms).Int()
	})
	if err != nil {
		return false, fmt.Errorf("sessions: renew %q: %w", l.key, err)
	}
	return ok, nil
}

// extend runs a script that answers 1 if the lease is the owner's for its
// whole time again. This process counts that time from before the script is
// sent and a fifth shorter than Redis does, whose clock may run in steps (an
// embedded one: of a second), so that it is never the last to know.
func (l *lease) extend(ctx context.Context, script func(context.Context, int64) (int, error)) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, l.call())
	defer cancel()
	until := time.Since(l.epoch) + l.ttl - l.ttl/5
	answer, err := script(ctx, l.ttl.Milliseconds())
	if err != nil || answer != 1 {
		return false, err
	}
	l.until.Store(int64(until))
	return true, nil
}

// valid reports whether nobody else can hold the lease, without asking Redis.
// A process that was paused learns from it that its time is over. It does not
// notice a lease taken by force.
func (l *lease) valid() bool { return time.Since(l.epoch) < time.Duration(l.until.Load()) }

// release gives the lease up, if it is held, so that another need not wait.
func (l *lease) release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.call())
	defer cancel()
	l.until.Store(0)
	return l.store.engine.scripts.release.Run(ctx, l.store.client, []string{l.key}, l.owner).Err()
}
