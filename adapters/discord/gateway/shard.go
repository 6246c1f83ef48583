package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	keptFor   = time.Hour       // on the shelf; Discord ends a session without a connection after minutes
	shelfWait = 2 * time.Second // for an answer of the shelf
	unheeded  = 3               // RESUMEs without any event, after which a session is given up
)

// A shard keeps one shard connected while this process holds its lease.
type shard struct {
	Options
	gate      *gate
	id, count int
	name      string // key on the shelf, and entry in logs
	session   *session
	gap       chan struct{} // told of a gap to back-fill

	// Of the goroutine that connects.
	failed int       // connections since one that proved good
	mute   int       // RESUMEs without any event
	up     time.Time // when the connection was established; zero if it was not
}

func newShard(o Options, g *gate, id, count int) *shard {
	return &shard{
		Options: o, gate: g, id: id, count: count, name: fmt.Sprintf("gateway:%d/%d", id, count),
		session: newSession(), gap: make(chan struct{}, 1),
	}
}

// run holds the shard whenever it can, until ctx is done or it is hopeless.
func (s *shard) run(ctx context.Context) error {
	var away time.Time // since when the shelf is out of reach
	for ctx.Err() == nil {
		held, began := false, time.Now()
		err := s.Shelf.Lock(ctx, s.name, func(lease context.Context) (err error) {
			held, err = s.hold(ctx, lease)
			return err
		})
		if endingOf(err).hopeless || ctx.Err() != nil {
			return hopeless(err)
		}
		s.Log.Warn("lease of the shard not held", "entry", s.name, "err", err)
		if held || time.Since(began) > 3*s.Timing.Lease || away.IsZero() {
			away = time.Now()
		}
		if err := s.alone(ctx, away); err != nil {
			return err
		}
	}
	return nil
}

// hopeless returns err if it is hopeless, else nil.
func hopeless(err error) error {
	if endingOf(err).hopeless {
		return err
	}
	return nil
}

// alone goes on while the shelf is out of reach, because the bot can answer
// single questions without it. A session that this process has goes on at once,
// another begins only in a long outage: other processes do the same.
func (s *shard) alone(ctx context.Context, away time.Time) error {
	if _, err := s.load(ctx); err == nil {
		pause(ctx, s.Timing.backoff(1))
		return nil
	}
	if s.session.current().ID == "" && time.Since(away) < 3*s.Timing.Lease {
		pause(ctx, s.Timing.Lease)
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		defer cancel()
		for pause(ctx, s.Timing.Lease) {
			if _, err := s.load(ctx); err == nil {
				return
			}
		}
	})
	defer watch.Wait()
	defer cancel()
	return s.connect(ctx)
}

// hold goes on with what the shelf has of the session, and keeps it there,
// while lease is not done; ctx is what lease was made of. It reports whether
// the shelf could be read.
func (s *shard) hold(ctx, lease context.Context) (held bool, err error) {
	k, err := s.load(lease)
	if err != nil {
		return false, err
	}
	if k.Intents == s.Intents {
		s.session.adopt(k)
	}
	var saver sync.WaitGroup
	saving, stop := context.WithCancel(lease)
	saver.Go(func() {
		for pause(saving, s.Timing.Save) {
			s.save(lease)
		}
	})
	err = s.connect(lease)
	stop()
	saver.Wait()
	if cause := context.Cause(lease); cause == nil || errors.Is(cause, context.Cause(ctx)) {
		s.save(context.WithoutCancel(lease)) // the lease is not lost
	}
	return true, err
}

// load reads the session from the shelf. What can't be read is no session.
func (s *shard) load(ctx context.Context) (k kept, err error) {
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	value, err := s.Shelf.Get(ctx, s.name)
	if err != nil {
		return k, fmt.Errorf("gateway: read session: %w", err)
	}
	if value != nil && json.Unmarshal(value, &k) != nil {
		s.Log.Warn("kept session unreadable, starting another", "entry", s.name)
		return kept{}, nil
	}
	return k, nil
}

// save keeps the session on the shelf if it changed.
func (s *shard) save(ctx context.Context) {
	k, dirty := s.session.unsaved()
	if !dirty {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	value, err := json.Marshal(k)
	if err == nil {
		err = s.Shelf.Put(ctx, s.name, value, keptFor)
	}
	if err != nil {
		s.session.soil()
		s.Log.Warn("session not saved", "entry", s.name, "err", err)
	}
}

// connect keeps the shard connected until ctx is done or it is hopeless.
func (s *shard) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var filling sync.WaitGroup
	filling.Go(func() { s.fill(ctx) })
	defer filling.Wait()
	defer cancel()
	for ctx.Err() == nil {
		err := s.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		e := endingOf(err)
		if e.hopeless {
			return err
		}
		if e.forget {
			s.session.start(kept{})
		}
		failing := s.session.worst()
		wait := max(e.wait, s.Timing.backoff(max(s.failed, failing)))
		level := slog.LevelInfo
		if s.failed > 1 || failing > 0 {
			level = slog.LevelWarn
		}
		s.Log.Log(ctx, level, "gateway connection ended, reconnecting", "entry", s.name, "took", wait, "err", err)
		pause(ctx, wait)
	}
	return nil
}

// backoff returns how long to wait after so many failures.
func (t Timing) backoff(failures int) time.Duration {
	longest := t.BackoffMax
	if n := max(failures-1, 0); n < 16 {
		longest = min(longest, t.Backoff<<n)
	}
	return rand.N(longest) + 1
}

// once connects once, and returns why the connection ended.
func (s *shard) once(ctx context.Context) error {
	resuming := s.session.current()
	over := func(bool) {}
	if resuming.ID == "" {
		var err error
		if over, err = s.gate.turn(ctx, s.id); err != nil {
			s.failed++
			return err
		}
	}
	s.failed++
	url := resuming.URL
	if url == "" {
		url = s.gate.known()
	}
	conn, err := dial(ctx, url)
	if err != nil {
		over(false)
		s.session.change(resuming.ID, func(k *kept) { k.URL = "" }) // the usual one may work
		return err
	}
	l := &link{shard: s, conn: conn, resuming: resuming, turnOver: over, asked: make(chan struct{}, 1)}
	s.up = time.Time{}
	return s.judge(l, l.run(ctx))
}

// judge learns from a connection that ended.
func (s *shard) judge(l *link, err error) error {
	if !s.up.IsZero() && time.Since(s.up) > s.Timing.BackoffMax {
		s.failed = 0
	}
	if l.heard || l.stage != "RESUMED" {
		s.mute = 0
		return err
	}
	s.mute++
	if e := endingOf(err); s.mute >= unheeded && !e.hopeless {
		s.mute, e.forget = 0, true
		return e
	}
	return err
}

// fill calls Fresh for every gap.
func (s *shard) fill(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.gap:
		}
		id := s.session.current().ID
		s.fresh(ctx)
		if ctx.Err() == nil {
			s.session.change(id, func(k *kept) { k.Gap = false })
		}
	}
}

func (s *shard) fresh(ctx context.Context) {
	defer func() {
		if r := recover(); r != nil { // it must not end the bot
			s.Log.Error("back-fill panicked", "entry", s.name, "err", fmt.Sprintf("%T", r))
		}
	}()
	s.Fresh(ctx, s.id)
}
