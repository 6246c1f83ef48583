package sessions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/redis/go-redis/v9"
)

// start queues an entry, unless it was read before, and sees to its delivery.
func (h *hold) start(e entry) {
	if !e.id.after(h.mark) {
		return
	}
	h.mark = e.id
	if h.queue.add(e) {
		h.workers.Go(func() { h.work(e) })
	}
}

// work delivers e and what comes behind it in its conversation. What it leaves
// when the hold ends is for the next hold, here or elsewhere.
func (h *hold) work(e entry) {
	for more := true; more; e, more = h.queue.done(e.conversation) {
		if !h.finish(e) {
			return
		}
	}
}

// finish delivers e, as often as it takes, and removes it from the outbox. It
// reports whether both were done before the hold ended.
func (h *hold) finish(e entry) bool {
	for attempt := 1; ; attempt++ {
		err := h.attempt(e, attempt)
		if err == nil {
			break
		}
		if h.ctx.Err() != nil {
			return false
		}
		h.logFailure(e, attempt, err)
		if !h.pause(h.store.timing.retryDelay(attempt, err)) {
			return false
		}
	}
	h.unacked.add(e.id.String())
	// A reply that was delivered is removed even if the hold has just ended.
	for h.forget(context.WithoutCancel(h.ctx), e.id.String()) != nil {
		if !sleep(h.ctx, jitter(h.store.timing.poll/4)) {
			return false
		}
	}
	return true
}

// attempt makes one attempt when it is its turn and the lease is still held.
func (h *hold) attempt(e entry, attempt int) error {
	select {
	case h.running <- struct{}{}:
	case <-h.ctx.Done():
		return h.ctx.Err()
	}
	defer func() { <-h.running }()
	if !h.confirm() {
		return h.ctx.Err()
	}
	if e.foreign {
		h.store.log.Error("entry in the outbox is not a reply, removed", "adapter", h.lane.Name, "entry", e.id.String())
		return nil
	}
	return h.call(Delivery{
		ID: e.id.String(), Conversation: e.conversation, Payload: []byte(e.payload),
		Attempt: attempt, Age: e.id.age(),
	})
}

// confirm reports whether the lease is held, and ends the hold if it is not. A
// shared lane's clock tells; a Local lane's lease may be gone before its time,
// so Redis is asked, for as long as it takes.
func (h *hold) confirm() bool {
	for h.ctx.Err() == nil {
		held, err := h.lease.valid(), error(nil)
		if held && h.lane.Local {
			held, err = h.lease.renew(h.ctx)
		}
		switch {
		case err != nil:
			sleep(h.ctx, jitter(h.store.timing.poll/4))
		case held:
			return true
		default:
			h.lost()
		}
	}
	return false
}

// call calls deliver, and makes an error of a panic.
func (h *hold) call(d Delivery) (err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value of a panic may contain what a user wrote.
			err = fmt.Errorf("sessions: deliver panicked with %T at %s", r, debug.Stack())
		}
	}()
	return h.deliver(h.ctx, d)
}

// logFailure says once that a reply cannot be delivered, and again only to
// those who want to know everything.
func (h *hold) logFailure(e entry, attempt int, err error) {
	level := slog.LevelDebug
	if attempt == 1 {
		level = slog.LevelWarn
	}
	h.store.log.Log(h.ctx, level, "reply was not delivered, will be tried again",
		"adapter", h.lane.Name, "conversation", e.conversation, "entry", e.id.String(), "err", err)
}

// retryDelay returns how long to wait after a failed attempt.
func (t timing) retryDelay(attempt int, err error) time.Duration {
	d := t.backoffMax
	if shift := attempt - 1; shift < 16 { // beyond, it would overflow
		d = min(t.backoff<<shift, d)
	}
	if r, ok := errors.AsType[*RetryError](err); ok {
		d = max(d, r.After)
	}
	return jitter(d)
}

// pause waits for d. It reports false, without waiting, if the hold ends or is
// about to end before that.
func (h *hold) pause(d time.Duration) bool {
	due := time.Now().Add(d)
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-h.ctx.Done():
		return false
	case <-h.stopping:
	}
	left := time.Until(due)
	return left < h.store.timing.grace && sleep(h.ctx, left)
}

// forget removes delivered replies from the outbox.
func (p *partition) forget(ctx context.Context, ids ...string) error {
	ctx, cancel := context.WithTimeout(ctx, p.store.timing.call())
	defer cancel()
	_, err := p.store.client.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.XAck(ctx, p.keys.outbox(), group, ids...)
		tx.XDel(ctx, p.keys.outbox(), ids...)
		return nil
	})
	p.outage.observe(p.n, err)
	if err == nil {
		p.unacked.remove(ids)
	}
	return err
}
