package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestAPoisonousEventIsSkipped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		giveUp time.Duration
		fail   func() error
	}{
		{"that panics", time.Hour, func() error { panic("poison") }},
		{"that fails for long", time.Nanosecond, func() error { return errRefused }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			r := f.prepare(t, newMemory())
			r.o.Timing.GiveUp = tt.giveUp
			r.refusing(func(e Event) error {
				if e.Seq == 2 {
					return tt.fail()
				}
				return nil
			})
			r.start()
			p := f.accept(t)
			p.ready("S", "")
			p.messages(2, 3)
			for range attempts - 1 {
				p.closed()
				p = f.accept(t)
				p.resume("S", 1)
				p.messages(2, 3)
			}
			r.handled(3)
			r.saved(3)
			if !strings.Contains(r.log.String(), "event skipped") {
				t.Error("got nothing in the log about the event")
			}
		})
	}
}

func TestBadFramesAreSkipped(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.run(t)
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	for _, frame := range []string{
		"", "null", "[]", "{", `{"op":null}`, `{"op":"0"}`, `{"op":0}`, `{"op":0,"s":"3","t":"X"}`, `{"op":0,"s":3}`,
		`{"op":77,"d":{}}`, `{"op":10,"d":{"heartbeat_interval":1}}`, "\xff\xfe",
		`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":"private ` + strings.Repeat("x", frameLimit) + `"}`,
		strings.Repeat("[", 20_000),
		`{"op":0,"s":3,"t":"READY","d":{"session_id":"T"}}`,
	} {
		p.write(frame)
	}
	p.write(`{"op":0,"s":4,"t":"ODD","d":7}`)
	p.messages(5)
	r.handled(2, 5)
	r.saved(5)
	if id := r.shelf.memory.has(t, "gateway:0/1").ID; id != "S" {
		t.Errorf("got session %s, want S", id)
	}
	if strings.Contains(r.log.String(), "private") || strings.Contains(r.log.String(), token) {
		t.Error("got a content or the token in the log")
	}
}

// TestNothingIsLostOrOutOfOrder plays a Discord that cuts the connection
// again and again, while Handle fails now and then.
func TestNothingIsLostOrOutOfOrder(t *testing.T) {
	t.Parallel()
	const events, channels, cuts = 10_000, 20, 15
	f := newFake(t)
	r := f.prepare(t, newMemory())
	r.o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	r.refusing(func(Event) error {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(2000) == 0 {
			return errRefused
		}
		return nil
	})
	r.start()
	channel := func(seq int) string { return fmt.Sprint("c", seq*seq%channels) }
	p := f.accept(t)
	p.ready("S", "")
	r.freshened(1)
	p.cut()
	for done := 1; done <= events; {
		p := f.accept(t)
		p.hello(time.Minute)
		from := int(p.want(opResume)["seq"].(float64))
		p.event(from, "RESUMED", "") // of no account, as it was handled
		upTo := min(from+events/cuts, events+1)
		for seq := from + 1; seq <= upTo; seq++ {
			p.event(seq, "MESSAGE_CREATE", channel(seq))
		}
		if upTo < events+1 {
			p.cut()
			continue
		}
		select {
		case <-p.over: // Handle failed
		case <-handledAll(t, r, events):
			done = events + 1
		}
	}
	seen := map[string][]int{}
	for _, seq := range r.seqs() {
		seen[channel(seq)] = append(seen[channel(seq)], seq)
	}
	for c, seqs := range seen {
		if !slices.IsSorted(seqs) || len(slices.Compact(slices.Clone(seqs))) != len(seqs) {
			t.Errorf("got events of %s doubled or out of order", c)
		}
	}
	if n := len(r.seqs()); n != events {
		t.Errorf("got %d events, want %d", n, events)
	}
}

// handledAll is closed when so many events were handled.
func handledAll(t *testing.T, r *process, events int) <-chan struct{} {
	all := make(chan struct{})
	go func() {
		defer close(all)
		for len(r.seqs()) < events && t.Context().Err() == nil {
			<-time.After(5 * time.Millisecond)
		}
	}()
	return all
}

func TestAHandlerMayFinishAfterACut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	r.o.Timing.Grace = patient
	begun := make(chan struct{})
	r.o.Handle = func(ctx context.Context, e Event) error {
		if e.Seq == 2 {
			close(begun)
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
		return ctx.Err()
	}
	r.start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	receive(t, begun, "the event")
	p.cut()
	f.accept(t).resume("S", 2)
}

func TestAHandlerThatHangsIsCancelledSomeTimeAfterACut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	begun, once := make(chan struct{}), sync.Once{}
	handle := r.o.Handle
	r.o.Handle = func(ctx context.Context, e Event) error {
		hung := false
		if e.Seq == 2 {
			once.Do(func() { hung = true; close(begun); <-ctx.Done() })
		}
		if hung {
			return ctx.Err()
		}
		return handle(ctx, e)
	}
	r.start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	receive(t, begun, "the event")
	p.cut()
	f.accept(t).resumed("S", 1, 2)
	r.handled(2)
}

// TestWhatIsHeldIsBounded fills a dispatcher by count and by size.
func TestWhatIsHeldIsBounded(t *testing.T) {
	for name, data := range map[string]json.RawMessage{"count": nil, "size": make(json.RawMessage, bytesLimit/16)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				blocked := make(chan struct{})
				o := Options{Handle: func(context.Context, Event) error { <-blocked; return nil }}.complete()
				s := newShard(o, nil, 0, 1)
				ctx, end := context.WithCancelCause(t.Context())
				defer end(nil)
				d := newDispatcher(ctx, s, end)
				var taken atomic.Int64
				go func() {
					for seq := range int64(2 * windowLimit) {
						d.take(Event{Type: "X", Seq: seq + 1, Data: data})
						taken.Add(1)
					}
				}()
				want := int64(windowLimit)
				if data != nil {
					want = 16
				}
				synctest.Wait()
				if got := taken.Load(); got != want || d.free.Load() != 0 {
					t.Errorf("got %d events taken, free since %d, want %d and not free", got, d.free.Load(), want)
				}
				close(blocked)
				synctest.Wait()
				if got := taken.Load(); got != 2*windowLimit || d.free.Load() == 0 {
					t.Errorf("got %d events taken, free since %d, want all and free", got, d.free.Load())
				}
			})
		})
	}
}

func TestTheLaneIsWhatAnEventIsAbout(t *testing.T) {
	for _, tt := range []struct{ kind, data, want string }{
		{"MESSAGE_CREATE", `{"id":"1","channel_id":"2","guild_id":"3"}`, "2"},
		{"THREAD_CREATE", `{"id":"2","guild_id":"3","parent_id":"4"}`, "2"},
		{"THREAD_LIST_SYNC", `{"guild_id":"3"}`, "3"},
		{"CHANNEL_PINS_UPDATE", `{"channel_id":"2"}`, "2"},
		{"GUILD_ROLE_UPDATE", `{"guild_id":"3"}`, "3"},
		{"GUILD_CREATE", `{"id":"3"}`, "3"},
		{"MESSAGE_CREATE", `{"id":7,"channel_id":"2"}`, "2"},
		{"RESUMED", `7`, ""},
		{"RESUMED", ``, ""},
	} {
		if got := laneOf(Event{Type: tt.kind, Data: json.RawMessage(tt.data)}); got != tt.want {
			t.Errorf("%s %s: got lane %q, want %q", tt.kind, tt.data, got, tt.want)
		}
	}
}

// TestTheSequenceNeverPassesAnEventThatIsNotDone compares with the plain rule.
func TestTheSequenceNeverPassesAnEventThatIsNotDone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSession()
		s.start(kept{ID: "S"})
		seqs := rapid.SliceOfNDistinct(rapid.Int64Range(1, 100), 1, 20, rapid.ID).Draw(t, "seqs")
		slices.Sort(seqs)
		for _, seq := range seqs {
			if !s.begin(Event{Seq: seq}) || s.begin(Event{Seq: seq}) {
				t.Fatalf("got %d not new, or new twice", seq)
			}
		}
		order := rapid.Permutation(seqs).Draw(t, "order")
		left := slices.Clone(seqs)
		for _, seq := range order {
			s.done(seq)
			left = slices.DeleteFunc(left, func(l int64) bool { return l == seq })
			got := s.current().Seq
			if len(left) > 0 && got >= left[0] {
				t.Fatalf("got sequence %d while %d is not done", got, left[0])
			}
			if len(left) == 0 && got != seqs[len(seqs)-1] {
				t.Fatalf("got sequence %d after all, want %d", got, seqs[len(seqs)-1])
			}
		}
	})
}

func TestTheSequenceWaitsForWhatANewConnectionBringsAgain(t *testing.T) {
	s := newSession()
	s.start(kept{ID: "S", Seq: 10})
	for _, seq := range []int64{11, 12} {
		s.begin(Event{Seq: seq})
	}
	s.done(12)
	s.reopen() // 11 is lost
	s.begin(Event{Seq: 10})
	s.done(10)
	if got := s.current().Seq; got != 10 {
		t.Errorf("got sequence %d, want 10", got)
	}
	if !s.begin(Event{Seq: 11}) || s.begin(Event{Seq: 12}) {
		t.Error("want 11 to be new and 12 to be known")
	}
	s.done(11)
	if got := s.current().Seq; got != 12 {
		t.Errorf("got sequence %d, want 12", got)
	}
}

// FuzzFrames feeds frames to a connection that is established: nothing panics,
// no error is a surprise and the sequence never goes back.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		`{"op":0,"s":2,"t":"MESSAGE_CREATE","d":{"channel_id":"c"}}`, `{"op":0,"s":-9,"t":"X","d":null}`, `{"op":1}`,
		`{"op":7}`, `{"op":9,"d":true}`, `{"op":10,"d":{"heartbeat_interval":-1}}`, `{"op":11}`, `{"op":99}`,
		`{"op":0,"s":9223372036854775807,"t":"INTERACTION_CREATE","d":[]}`, `{"op":0,"s":3,"t":"RESUMED"}`, `{`, `[{}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		o := Options{Timing: quick, Handle: func(context.Context, Event) error { return nil }}.complete()
		s := newShard(o, nil, 0, 1)
		s.session.start(kept{ID: "S", Seq: 1})
		ctx, end := context.WithCancelCause(t.Context())
		l := &link{shard: s, stage: "events", end: end, asked: make(chan struct{}, 1)}
		l.events = newDispatcher(ctx, s, end)
		p, err := decode(frame)
		if err != nil {
			if !errors.Is(err, errUnreadable) || p.Op != nil {
				t.Errorf("got %v, %v", p, err)
			}
		} else if err := l.take(ctx, p); err != nil && *p.Op != opReconnect && *p.Op != opInvalidSession {
			t.Errorf("got %v for opcode %d", err, *p.Op)
		}
		l.events.wait()
		end(nil)
		if k := s.session.current(); k.Seq < 1 || k.ID != "S" {
			t.Errorf("got %+v", k)
		}
	})
}
