// Package bot is what the bot does with a message: it reads what a person
// wrote, decides what to say, saves both in one step, and sees to it that the
// reply arrives.
//
//	adapter ─▶ Accept ─▶ redact ─▶ Turn ─▶ sessions.Commit ─▶ acknowledged
//	                                              │
//	adapter ◀─ Send ◀──────────── outbox ◀────────┘
//
// [Turn] is where all talk is decided, and it is a pure function. [Bot] is
// the shell around it that knows stores, adapters and time. The package knows
// no chat platform: an [Adapter] turns a platform's events into a [Message]
// and a [Reply] into a platform's posts.
package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"apihelp/bot/check/credential"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// Options are what a [Bot] is made of. All fields are required but Adapters,
// Owners, HandoffWait, Live, Redactor and StoreWait.
type Options struct {
	Guide    func() *knowledge.Guide // the guide of the moment
	Store    *sessions.Store
	TTL      time.Duration // idle time after which a conversation is over, as in Store
	Adapters []Adapter
	Metrics  *Metrics
	Log      *slog.Logger

	// Owners are told when a person is called, and HandoffWait is how long the
	// bot waits for one of them before it tells the asker and them once more, half
	// an hour if zero.
	Owners      []Owner
	HandoffWait time.Duration

	// Live are the live checks; nil for none.
	Live *Live

	// Redactor takes credentials out of what people write; nil for one that
	// knows none of the company's own.
	Redactor *credential.Redactor

	// StoreWait bounds what one message waits for the store in all. The
	// default, 250 ms, keeps the acknowledgement below 300 ms, also when Redis
	// does not answer; where nobody waits for one, more is better.
	StoreWait time.Duration
}

// The defaults of [Options].
const (
	storeWait   = 250 * time.Millisecond
	handoffWait = 30 * time.Minute
)

// A Bot answers the messages of its adapters. It is safe for concurrent use.
type Bot struct {
	Options
	adapters map[string]Adapter
	health   health
	answered *recent  // messages that this process has taken over
	sent     *recent  // replies that this process has sent
	inFlight sync.Map // IDs of those that it is sending

	// What is sent without the store:
	alone     context.Context // ends some time after Run
	stopAlone context.CancelFunc
	sending   chan struct{} // bounds it
	pending   sync.WaitGroup

	notes chan note
}

// New returns a bot that has not begun to run.
func New(o Options) *Bot {
	b := &Bot{
		Options: o, adapters: map[string]Adapter{}, health: health{adapters: map[string]string{}},
		answered: newRecent(recentLimit), sent: newRecent(recentLimit),
		sending: make(chan struct{}, sendLimit),
		notes:   make(chan note, notesWaiting),
	}
	b.StoreWait = cmp.Or(b.StoreWait, storeWait)
	b.HandoffWait = cmp.Or(b.HandoffWait, handoffWait)
	if b.Redactor == nil {
		b.Redactor = credential.New()
	}
	b.alone, b.stopAlone = context.WithCancel(context.Background())
	for _, a := range o.Adapters {
		b.adapters[a.Name()] = a
		b.health.adapter(a.Name(), nil)
	}
	return b
}

// Run connects the adapters and delivers replies until ctx is done or there
// is nobody left to talk to: every adapter has ended, or a [Local] one has.
// Replies that were decided by then are still delivered, within the bound
// that [sessions.Store.Deliver] sets. An adapter whose Run fails does not stop
// the others; one whose replies cannot be delivered any more ends the bot. The
// error joins what ended them.
func (b *Bot) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	outbox, stopOutbox := context.WithCancel(context.WithoutCancel(ctx))
	defer stopOutbox()

	var delivering, watching, running sync.WaitGroup
	errs := make(chan error, 2*len(b.adapters))
	watching.Go(func() { b.watchStore(ctx) })
	watching.Go(func() { b.keepNotes(ctx) })
	watching.Go(func() { b.keepAwake(ctx) })
	for _, a := range b.adapters {
		delivering.Go(func() {
			errs <- b.deliver(outbox, a)
			if outbox.Err() == nil {
				stop() // a lane that cannot be delivered to any more
			}
		})
		running.Go(func() {
			errs <- b.serve(ctx, a)
			if _, ok := a.(Local); ok {
				stop()
			}
		})
	}
	if len(b.adapters) == 0 {
		<-ctx.Done()
	}
	running.Wait()
	stop()
	stopOutbox()
	delivering.Wait()
	watching.Wait()
	b.finishAlone()
	close(errs)
	var joined error
	for err := range errs {
		joined = errors.Join(joined, err)
	}
	return joined
}

// finishAlone waits, but not for long, for what is sent without the store.
func (b *Bot) finishAlone() {
	giveUp := time.AfterFunc(aloneGrace, b.stopAlone)
	defer giveUp.Stop()
	b.pending.Wait()
}

// serve runs one adapter to its end.
func (b *Bot) serve(ctx context.Context, a Adapter) error {
	b.Log.Info("adapter starts", "adapter", a.Name())
	err := a.Run(ctx, b.Accept)
	if err != nil {
		b.health.adapter(a.Name(), err)
		b.Log.Error("adapter ended", "adapter", a.Name(), "err", err)
		return fmt.Errorf("bot: run adapter %s: %w", a.Name(), err)
	}
	b.Log.Info("adapter ended", "adapter", a.Name())
	return nil
}

// lane returns where the replies of an adapter wait.
func lane(a Adapter) sessions.Lane {
	if l, ok := a.(Local); ok {
		return sessions.Lane{Name: a.Name() + "/" + l.Home(), Local: true}
	}
	return sessions.Lane{Name: a.Name()}
}
