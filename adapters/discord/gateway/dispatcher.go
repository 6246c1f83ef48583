package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const handlers = 32 // side by side, beside those of interactions

// A dispatcher hands the events of one connection to Handle: those of one
// channel in order, different channels side by side, interactions at once.
type dispatcher struct {
	*shard
	ctx   context.Context // done when the connection has ended; what is queued then comes again
	work  context.Context // of Handle; done somewhat later
	end   context.CancelCauseFunc
	slots chan struct{}
	free  atomic.Int64 // since when events can be taken, in nanoseconds since 1970; 0 while they can't

	running sync.WaitGroup
	mu      sync.Mutex
	lanes   map[string][]Event // of channels that are being worked on: what waits
}

// newDispatcher returns a dispatcher that calls end for an event that is to
// come again. The context ends the connection.
func newDispatcher(ctx context.Context, s *shard, end context.CancelCauseFunc) *dispatcher {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(s.Timing.Grace, cancel) })
	s.session.reopen()
	d := &dispatcher{
		shard: s, ctx: ctx, work: work, end: end,
		slots: make(chan struct{}, handlers), lanes: map[string][]Event{},
	}
	d.free.Store(time.Now().UnixNano())
	return d
}

// take queues an event. While too many wait, or until the context is done, it
// does not return, so that nothing more is read.
func (d *dispatcher) take(e Event) {
	for d.session.full() {
		d.free.Store(0)
		select {
		case <-d.session.freed:
		case <-d.ctx.Done():
			return
		}
		if !d.session.full() {
			d.free.Store(time.Now().UnixNano())
		}
	}
	if !d.session.begin(e) {
		return
	}
	if e.Type == "INTERACTION_CREATE" {
		d.running.Go(func() { d.finish(e) })
		return
	}
	lane := laneOf(e)
	d.mu.Lock()
	defer d.mu.Unlock()
	queue, busy := d.lanes[lane]
	if busy {
		d.lanes[lane] = append(queue, e)
		return
	}
	d.lanes[lane] = nil
	d.running.Go(func() { d.follow(lane, e) })
}

// follow handles e and what comes behind it in its lane, up to a failure,
// which ends the connection.
func (d *dispatcher) follow(lane string, e Event) {
	for more := true; more && d.ctx.Err() == nil; e, more = d.next(lane) {
		select {
		case d.slots <- struct{}{}:
		case <-d.ctx.Done():
			return
		}
		d.finish(e)
		<-d.slots
	}
}

func (d *dispatcher) next(lane string) (e Event, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.lanes[lane]
	if len(queue) == 0 {
		delete(d.lanes, lane)
		return e, false
	}
	e, queue[0], d.lanes[lane] = queue[0], Event{}, queue[1:] // the data is not needed twice
	return e, true
}

// wait waits until no handler runs.
func (d *dispatcher) wait() { d.running.Wait() }

// finish handles an event. If that fails it ends the connection, so that the
// event comes again.
func (d *dispatcher) finish(e Event) {
	err := d.attempt(e)
	if err != nil && d.ctx.Err() != nil {
		return // it may have failed because the connection ended
	}
	if err != nil && !d.poisonous(e, err) {
		d.end(fmt.Errorf("gateway: handle %s: %w", e.Type, err))
		return
	}
	d.session.done(e.Seq)
}

// poisonous reports whether to give up on an event that failed with err.
func (d *dispatcher) poisonous(e Event, err error) bool {
	f := d.session.failed(e.Seq)
	_, panicked := errors.AsType[panicError](err)
	if f.count < attempts || !panicked && time.Since(f.since) < d.Timing.GiveUp {
		return false
	}
	d.Log.Error("event skipped, it failed too often", "entry", e.Type, "took", time.Since(f.since), "err", err)
	return true
}

// A panicError is a panic of Handle.
type panicError struct {
	value any
	stack []byte
}

// Error implements error.
// The value stays out: it may contain what somebody wrote.
func (p panicError) Error() string { return fmt.Sprintf("panic: %T\n%s", p.value, p.stack) }

func (d *dispatcher) attempt(e Event) (err error) {
	defer func() {
		if r := recover(); r != nil { // one bad event must not end the bot
			err = panicError{r, debug.Stack()}
		}
	}()
	return d.Handle(d.work, e)
}

// laneOf returns what an event is about: a channel or thread, else a server.
// Data of unknown shape has a lane of its own.
func laneOf(e Event) string {
	var about struct {
		ID      string `json:"id"`
		Channel string `json:"channel_id"`
		Guild   string `json:"guild_id"`
	}
	_ = json.Unmarshal(e.Data, &about)
	if strings.HasPrefix(e.Type, "THREAD_") || strings.HasPrefix(e.Type, "CHANNEL_") {
		return cmp.Or(about.Channel, about.ID, about.Guild)
	}
	return cmp.Or(about.Channel, about.Guild, about.ID)
}
