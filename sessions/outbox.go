package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrTakenOver is what [Store.Deliver] wraps when a newer process has taken
// its Local lane over.
var ErrTakenOver = errors.New("lane was taken over by a newer process")

// A Delivery is a reply on its way out.
type Delivery struct {
	ID           string // unique in the lane's partition; a repeated delivery repeats it
	Conversation string
	Payload      []byte        // as given to [Store.Commit]; the receiver may keep it
	Attempt      int           // tries by this process, this one included
	Age          time.Duration // since the commit, by the clocks of Redis and of this machine
}

// A RetryError is a failed delivery that must not be tried again sooner than
// After, for instance because a platform has said so.
type RetryError struct {
	After time.Duration
	Err   error
}

// Error returns the text of Err.
func (e *RetryError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *RetryError) Unwrap() error { return e.Err }

// timing is how long the outbox waits for what.
type timing struct {
	lease      time.Duration // a dead process keeps others out for this long
	poll       time.Duration // between looks whether a lease is free, or Redis is back
	block      time.Duration // how long one read waits for a reply
	backoff    time.Duration // before the second attempt of a delivery; doubles
	backoffMax time.Duration
	grace      time.Duration // for what is committed when Deliver is told to end
}

func defaultTiming() timing {
	return timing{
		lease:      5 * time.Second,
		poll:       time.Second,
		block:      time.Second,
		backoff:    500 * time.Millisecond,
		backoffMax: 30 * time.Second,
		grace:      5 * time.Second,
	}
}

// call bounds one command of the outbox: a lease outlives several of them.
func (t timing) call() time.Duration { return t.lease / 5 }

// Deliver hands the replies of a lane to deliver until ctx is done.
//
// Replies of one conversation come in the order of their commits, one at a
// time; conversations go side by side, so deliver must be safe for concurrent
// use. A nil from deliver means that the reply is done with, delivered or
// given up, and it is forgotten. After an error or a panic it is tried again,
// after 500 ms at first and 30 s at most (see [RetryError] for longer), and
// the conversation's later replies wait for it. The context given to deliver
// ends when the reply is no longer this process's to deliver; deliver must
// return soon after.
//
// Of several processes one delivers at a time, partition by partition. If it
// dies, another goes on within the lease of 5 s and a second: nothing is lost,
// and only replies that were in deliver at that moment come twice.
//
// Without Redis, Deliver waits for it. When ctx is done, it delivers what is
// committed by then, for at most 5 s, leaves the rest to the next process, and
// returns nil. In a Local lane it returns an error wrapping [ErrTakenOver]
// when a newer process has taken over, and has delivered nothing since.
func (s *Store) Deliver(ctx context.Context, l Lane, deliver func(context.Context, Delivery) error) error {
	// Blocked reads end only with their connection, so they get a client
	// that can be closed.
	reader := s.engine.connect()
	closeReader := sync.OnceFunc(func() { _ = reader.Close() }) // nothing is written through it
	defer closeReader()
	defer context.AfterFunc(ctx, closeReader)()

	grace, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(s.timing.grace, cancel) })()

	out := &outage{log: s.log, lane: l.Name, down: map[int]bool{}}
	owner := rand.Text()
	errs := make([]error, l.partitions())
	var wg sync.WaitGroup
	for n := range errs {
		p := &partition{
			store: s, lane: l, n: n, keys: l.keys(n), reader: reader, deliver: deliver, outage: out,
			lease:   newLease(s, l.keys(n).lease(), owner, s.timing.lease),
			running: make(chan struct{}, maxRunning),
		}
		wg.Go(func() { errs[n] = p.run(ctx, grace) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// maxRunning is how many deliveries of one partition run at a time.
const maxRunning = 64

// A partition is this process's part in delivering one partition of a lane.
type partition struct {
	store   *Store
	lane    Lane
	n       int
	keys    partitionKeys
	reader  redis.UniversalClient // for reads that block
	deliver func(context.Context, Delivery) error
	outage  *outage
	lease   *lease
	running chan struct{} // holds one value for each delivery that runs
	unacked idSet         // delivered, but Redis does not know yet
}

// run takes the lease whenever it is free and delivers while it is held, until
// ctx is done. It looks once even then: who commits and ends at once expects
// the reply.
func (p *partition) run(ctx, grace context.Context) error {
	force := p.lane.Local
	for {
		taken, err := p.take(grace, force)
		switch {
		case err != nil:
		case taken:
			force = false
			p.hold(ctx, grace)
		case p.lane.Local:
			return fmt.Errorf("sessions: deliver %q: %w", p.lane.Name, ErrTakenOver)
		}
		if ctx.Err() != nil || !sleep(ctx, jitter(p.store.timing.poll)) {
			return nil
		}
	}
}

// take tries to take the lease once.
func (p *partition) take(ctx context.Context, force bool) (bool, error) {
	taken, err := p.lease.take(ctx, force)
	p.outage.observe(p.n, err)
	return taken, err
}
