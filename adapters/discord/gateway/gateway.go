// Package gateway is a client of Discord's gateway: it keeps the sessions of
// all shards connected and hands over every event at least once.
//
//	shelf lease ─▶ shard ─▶ link (one connection) ─▶ dispatcher ─▶ Handle
//	                 └── session: ID, URL, sequence; kept on the shelf
//
// A session outlives its connections and its process: its sequence advances
// only past what was handled, so that resuming it brings back all the rest.
// Package gateway knows no event but READY, RESUMED and INTERACTION_CREATE.
package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// DefaultAPI is the origin of Discord's REST API.
const DefaultAPI = "https://discord.com"

// A Shelf is where sessions are kept. Implementations are safe for concurrent
// use and across processes.
type Shelf interface {
	// Get returns the value of key, or nil and no error if there is none.
	Get(ctx context.Context, key string) ([]byte, error)

	// Put keeps value for ttl, for ever if that is zero. A nil value
	// removes what is kept.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error

	// Lock calls do while nobody else is in a Lock of the same key, and
	// returns its error. It waits for its turn until ctx is done. The
	// context of do is done when ctx is, and, with another cause, when the
	// lock is lost.
	Lock(ctx context.Context, key string, do func(ctx context.Context) error) error
}

// Options are what [Run] needs. Token, Shelf and Handle are required.
type Options struct {
	Token   string
	API     string // origin; empty for [DefaultAPI]
	Intents int
	Shards  int // 0 for as many as Discord recommends
	Shelf   Shelf

	// Handle takes an event; nil means that it is saved. After an error the
	// connection is closed and the session resumed, so that the event comes
	// again: up to ten minutes, or three times if Handle panics; then it is
	// skipped. Events of one channel come one after the other and in order,
	// others side by side, interactions at once. An event may come twice.
	// While 1024 events or 16 MB are being handled, nothing is read.
	// READY comes before all others, once: its error is only logged.
	// Handle must return soon after its context is done, which it is two
	// seconds after the connection has ended.
	Handle func(ctx context.Context, e Event) error

	// Fresh is called, if it is not nil, when a shard has a new session: what
	// happened before can only be had by REST. It runs beside Handle. If its
	// context is done before it returns, it is called again later.
	Fresh func(ctx context.Context, shard int)

	Timing Timing
	Log    *slog.Logger // nil for none
}

// An Event is a dispatch of Discord's.
type Event struct {
	Type  string // such as MESSAGE_CREATE
	Data  json.RawMessage
	Seq   int64 // increases within a session
	Shard int
}

// Timing are waits, for tests to shorten. A zero is the usual one.
type Timing struct {
	Hello      time.Duration // for HELLO on a new connection; 20 s
	Answer     time.Duration // for READY or RESUMED; a minute
	Backoff    time.Duration // at most, before the first attempt to reconnect, doubled with each; 1 s
	BackoffMax time.Duration // at most, before any attempt; 30 s
	Invalid    time.Duration // at least, after INVALID_SESSION, at most five times as long; 1 s
	Identify   time.Duration // between two IDENTIFYs of one concurrency bucket; 5 s
	Save       time.Duration // between two saves of a session; 1 s
	Lease      time.Duration // between attempts to reach a shelf that failed; 5 s
	Grace      time.Duration // for handlers after their connection has ended; 2 s
	GiveUp     time.Duration // during which an event comes again; 10 min
}

// Run keeps the sessions of all its shards connected and calls Handle for
// every dispatch, until ctx is done; then it returns nil and leaves the
// sessions so that another Run can resume them. Of several processes, one has
// a shard at a time. An error is hopeless and says what to fix.
func Run(ctx context.Context, o Options) error {
	o = o.complete()
	gate, err := openGate(ctx, o)
	if err != nil || ctx.Err() != nil {
		return err
	}
	shards := cmp.Or(o.Shards, gate.shards)
	group, ctx := errgroup.WithContext(ctx)
	for i := range shards {
		group.Go(func() error { return newShard(o, gate, i, shards).run(ctx) })
	}
	return group.Wait()
}

// complete fills in what may be left out.
func (o Options) complete() Options {
	o.API = cmp.Or(o.API, DefaultAPI)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Log = o.Log.With("adapter", "discord")
	t := &o.Timing
	t.Hello = cmp.Or(t.Hello, 20*time.Second)
	t.Answer = cmp.Or(t.Answer, time.Minute)
	t.Backoff = cmp.Or(t.Backoff, time.Second)
	t.BackoffMax = cmp.Or(t.BackoffMax, 30*time.Second)
	t.Invalid = cmp.Or(t.Invalid, time.Second)
	t.Identify = cmp.Or(t.Identify, 5*time.Second)
	t.Save = cmp.Or(t.Save, time.Second)
	t.Lease = cmp.Or(t.Lease, 5*time.Second)
	t.Grace = cmp.Or(t.Grace, 2*time.Second)
	t.GiveUp = cmp.Or(t.GiveUp, 10*time.Minute)
	return o
}

// pause waits, and reports whether it could do so before ctx was done.
func pause(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
