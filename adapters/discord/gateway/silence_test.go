package gateway

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestASilentServerIsLeft(t *testing.T) {
	t.Parallel()
	const short, interval = 100 * time.Millisecond, 100 * time.Millisecond
	for _, tt := range []struct {
		name   string
		timing func(*Timing)
		play   func(*peer)
	}{
		{"no HELLO", func(t *Timing) { t.Hello = short }, func(*peer) {}},
		{"no READY", func(t *Timing) { t.Answer = short }, func(p *peer) { p.hello(20 * time.Millisecond); p.want(opIdentify) }},
		{"no acknowledgement", func(*Timing) {}, func(p *peer) {
			p.setDeaf()
			p.hello(interval)
			p.want(opIdentify)
			p.write(`{"op":0,"s":1,"t":"READY","d":{"session_id":"S"}}`)
		}},
		{"no acknowledgement before READY", func(*Timing) {}, func(p *peer) { p.setDeaf(); p.hello(interval) }},
		{"HELLO without an interval", func(*Timing) {}, func(p *peer) { p.hello(0) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			r := f.prepare(t, newMemory())
			tt.timing(&r.o.Timing)
			r.start()
			p := f.accept(t)
			tt.play(p)
			if code := p.closed(); code != closeKeeps {
				t.Errorf("got close code %d, want %d", code, closeKeeps)
			}
			if n := len(p.heartbeats()); tt.name == "no acknowledgement" && n != 1 {
				t.Errorf("got %d heartbeats, want to leave after the first", n)
			}
			if p = f.accept(t); tt.name == "no acknowledgement" {
				p.resumed("S", 1, 2)
			} else {
				p.ready("S", "")
				p.messages(2)
			}
			r.handled(2)
		})
	}
}

func TestAServerThatIgnoresResumeGetsAnIdentify(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	r.o.Timing.Answer = 100 * time.Millisecond
	r.start()
	p := f.accept(t)
	p.ready("S", "")
	r.freshened(1)
	p.cut()
	for range 3 {
		p = f.accept(t)
		p.hello(10 * time.Millisecond) // acknowledgements are no answer
		p.want(opResume)
		p.closed()
	}
	f.accept(t).ready("T", "")
	r.freshened(2)
}

func TestAHeartbeatOnRequestCarriesTheHandledSequence(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	blocked := make(chan struct{})
	r.refusing(func(e Event) error {
		if e.Seq == 3 {
			<-blocked
		}
		return nil
	})
	defer close(blocked)
	r.start()
	p := f.accept(t)
	p.hello(time.Hour)
	p.want(opIdentify)
	p.write(`{"op":1}`)
	beats := func(want ...string) {
		t.Helper()
		eventually(t, func() error {
			if got := p.heartbeats(); !slices.Equal(got, want) {
				return fmt.Errorf("got heartbeats %q, want %q", got, want)
			}
			return nil
		})
	}
	beats("null")
	p.write(`{"op":0,"s":1,"t":"READY","d":{"session_id":"S"}}`)
	p.messages(2, 3)
	r.handled(2)
	r.saved(2)
	p.write(`{"op":1}`)
	beats("null", "2")
}

func TestASlowHandleStopsReadingButNotTheHeartbeat(t *testing.T) {
	t.Parallel()
	const events = 3 * windowLimit
	f := newFake(t)
	r := f.prepare(t, newMemory())
	blocked := make(chan struct{})
	r.refusing(func(e Event) error {
		if e.Seq == 2 {
			<-blocked
		}
		return nil
	})
	r.start()
	p := f.accept(t)
	p.hello(200 * time.Millisecond)
	p.want(opIdentify)
	p.write(`{"op":0,"s":1,"t":"READY","d":{"session_id":"S"}}`)
	want := []int{}
	for seq := 2; seq < 2+events; seq++ {
		want = append(want, seq)
	}
	p.messages(want...)
	before := len(p.heartbeats())
	eventually(t, func() error {
		if n := len(p.heartbeats()); n < before+4 {
			return fmt.Errorf("got %d heartbeats, want %d", n-before, 4)
		}
		return nil
	})
	close(blocked)
	eventually(t, func() error { // on the same connection
		if n := len(r.seqs()); n < events {
			return fmt.Errorf("got %d messages, want %d", n, events)
		}
		return nil
	})
	if !slices.Equal(r.seqs(), want) {
		t.Error("got messages out of order")
	}
	if len(f.peers) > 0 {
		t.Error("got another connection, want to keep the first")
	}
}

func TestAnInteractionOvertakes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	blocked, pressed := make(chan struct{}), make(chan struct{})
	r.refusing(func(e Event) error {
		switch e.Type {
		case "MESSAGE_CREATE":
			<-blocked
		case "INTERACTION_CREATE":
			close(pressed)
		}
		return nil
	})
	r.start()
	p := f.accept(t)
	p.ready("S", "")
	for seq := 2; seq < 2+2*handlers; seq++ {
		p.event(seq, "MESSAGE_CREATE", fmt.Sprint(seq)) // every slot is taken
	}
	p.event(500, "INTERACTION_CREATE", "2")
	receive(t, pressed, "the interaction")
	close(blocked)
}
