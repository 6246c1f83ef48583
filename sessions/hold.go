package sessions

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// A hold is one time of holding a partition's lease, and what was read in it.
type hold struct {
	*partition
	ctx      context.Context // ends with the hold; deliveries run in it
	queue    *queue
	workers  sync.WaitGroup
	stopping <-chan struct{} // closed when Deliver is told to end
	lost     func()          // ends the hold: the lease is gone
	mark     entryID         // the last entry that was read; all before it were
	cursor   string          // where to claim what was read but not acknowledged; empty if all is known
}

// hold delivers while the lease is held, until ctx is done or the lease is
// lost, and returns when no delivery runs any more.
func (p *partition) hold(ctx, grace context.Context) {
	held, cancel := context.WithCancel(grace)
	h := &hold{
		partition: p, ctx: held, queue: newQueue(), stopping: ctx.Done(),
		cursor: "0-0", // whoever held the lease before may have left some
		lost: sync.OnceFunc(func() {
			p.store.log.Debug("lease lost, deliveries end until it is held again", "adapter", p.lane.Name)
			cancel()
		}),
	}
	var renewal sync.WaitGroup
	renewal.Go(func() { h.renew() })

	if h.settle() {
		reading, stop := context.WithCancel(held)
		unhook := context.AfterFunc(ctx, stop)
		h.read(reading)
		unhook()
		stop()
		h.drain()
	}
	h.workers.Wait()
	cancel()
	renewal.Wait()
	if p.lease.valid() {
		// If it fails, the lease ends by itself.
		_ = p.lease.release(context.WithoutCancel(ctx))
	}
}

// renew keeps the lease until the hold ends, and ends it when the lease is
// lost, or over because Redis did not answer in time.
func (h *hold) renew() {
	for sleep(h.ctx, h.store.timing.lease/5) {
		held, err := h.lease.renew(h.ctx)
		if h.ctx.Err() != nil {
			return
		}
		h.outage.observe(h.n, err)
		if err == nil && !held || !h.lease.valid() {
			h.lost()
		}
	}
}

// settle removes what was delivered in an earlier hold from the outbox, which
// Redis did not take notice of then, so that it is not read again.
func (h *hold) settle() bool {
	for ids := h.unacked.all(); len(ids) > 0; {
		if h.forget(h.ctx, ids...) == nil {
			return true
		}
		if !sleep(h.ctx, jitter(h.store.timing.poll)) {
			return false
		}
	}
	return true
}

// read reads the outbox and starts the deliveries until ctx is done.
func (h *hold) read(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := h.fetch(ctx)
		if err == nil && n == 0 && h.cursor == "" {
			err = h.wait(ctx)
		}
		select {
		case <-h.stopping: // which closes the reader, and may be quicker than ctx
			return
		default:
		}
		if ctx.Err() != nil {
			return
		}
		h.outage.observe(h.n, err)
		if err != nil {
			sleep(ctx, jitter(h.store.timing.poll/4))
		}
	}
}

// drain reads what is committed now, and no more.
func (h *hold) drain() {
	tail, err := h.tail()
	for err == nil && (h.cursor != "" || tail.after(h.mark)) {
		claiming, n := h.cursor != "", 0
		n, err = h.fetch(h.ctx)
		if n == 0 && !claiming {
			return
		}
	}
}

// tail returns the ID of the last entry in the outbox.
func (h *hold) tail() (entryID, error) {
	ctx, cancel := context.WithTimeout(h.ctx, h.store.timing.call())
	defer cancel()
	last, err := h.store.client.XRevRangeN(ctx, h.keys.outbox(), "+", "-", 1).Result()
	if err != nil || len(last) == 0 {
		return entryID{}, err
	}
	return parseEntryID(last[0].ID)
}

// fetch reads once, starts the deliveries and returns how many entries came.
func (h *hold) fetch(ctx context.Context) (int, error) {
	room := h.queue.room(ctx)
	if room == 0 {
		return 0, ctx.Err()
	}
	b, err := h.readOnce(ctx, min(room, 128))
	if errors.Is(err, redis.Nil) {
		h.lost()
		return 0, nil
	}
	if err != nil {
		h.cursor = h.mark.String() // the answer may have been lost: claim what it contained
		return 0, fmt.Errorf("sessions: read %q: %w", h.keys.outbox(), err)
	}
	h.cursor = b.next
	for _, e := range b.entries {
		h.start(e)
	}
	return len(b.entries), nil
}

// readOnce runs the read script; [redis.Nil] means that the lease is lost.
func (h *hold) readOnce(ctx context.Context, count int) (batch, error) {
	ctx, cancel := context.WithTimeout(ctx, h.store.timing.call())
	defer cancel()
	keys := []string{h.keys.lease(), h.keys.outbox()}
	answer, err := h.store.engine.scripts.read.Run(ctx, h.store.client, keys, h.lease.owner, count, h.cursor).Slice()
	if err != nil {
		return batch{}, err
	}
	return decodeBatch(answer)
}

// wait returns when there is something to read, or after a while.
func (h *hold) wait(ctx context.Context) error {
	block := h.store.timing.block
	ctx, cancel := context.WithTimeout(ctx, block+h.store.timing.call())
	defer cancel()
	err := h.reader.XRead(ctx, &redis.XReadArgs{
		Streams: []string{h.keys.outbox(), h.mark.String()}, Count: 1, Block: block,
	}).Err()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("sessions: wait for %q: %w", h.keys.outbox(), err)
	}
	return nil
}

// sleep waits for d and reports whether ctx was not done in that time.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// jitter lengthens d by up to a quarter, so that processes that began to wait
// together do not all come back together.
func jitter(d time.Duration) time.Duration { return d + rand.N(d/4+1) }
