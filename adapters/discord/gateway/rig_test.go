package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick is fast where a test waits for it in vain, else patient.
var quick = Timing{
	Hello: patient, Answer: patient, Backoff: 5 * time.Millisecond, BackoffMax: 40 * time.Millisecond,
	Invalid: 10 * time.Millisecond, Identify: 30 * time.Millisecond, Save: 5 * time.Millisecond,
	Lease: 10 * time.Millisecond, Grace: 50 * time.Millisecond,
}

// A process is a Run.
type process struct {
	t      testing.TB
	o      Options
	shelf  *memoryShelf
	log    *logbook
	cancel context.CancelFunc
	done   chan struct{}
	err    error

	mu     sync.Mutex
	got    []Event
	fresh  int
	refuse func(Event) error // may be nil
}

var errRefused = errors.New("refused")

// prepare makes a process that start starts.
func (f *fake) prepare(t testing.TB, m *memory) *process {
	p := &process{t: t, shelf: &memoryShelf{memory: m}, log: &logbook{}, done: make(chan struct{})}
	p.o = Options{
		Token: token, API: f.http.URL, Intents: 513, Shelf: p.shelf, Handle: p.handle, Timing: quick,
		Fresh: func(context.Context, int) { p.mu.Lock(); defer p.mu.Unlock(); p.fresh++ },
		Log:   slog.New(slog.NewTextHandler(io.MultiWriter(p.log, t.Output()), nil)),
	}
	return p
}

func (p *process) start() *process {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() {
		defer close(p.done)
		p.err = Run(ctx, p.o)
	}()
	p.t.Cleanup(func() { cancel(); <-p.done })
	return p
}

// run starts a process on its own memory.
func (f *fake) run(t testing.TB) *process { return f.prepare(t, newMemory()).start() }

// stop ends Run as a signal does, and returns its error.
func (p *process) stop() error {
	p.t.Helper()
	p.cancel()
	return p.ended()
}

// ended waits for the end of Run.
func (p *process) ended() error {
	p.t.Helper()
	receive(p.t, p.done, "the end of Run")
	return p.err
}

// kill ends Run as kill -9 does: nothing is saved.
func (p *process) kill() {
	p.shelf.mu.Lock()
	p.shelf.dead = true
	p.shelf.mu.Unlock()
	p.cancel()
	<-p.done
}

func (p *process) handle(_ context.Context, e Event) error {
	p.mu.Lock()
	refuse := p.refuse
	p.mu.Unlock()
	if refuse != nil {
		if err := refuse(e); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, e)
	return nil
}

// refusing sets what decides about events.
func (p *process) refusing(refuse func(Event) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = refuse
}

// seqs returns the sequence numbers of the messages that were handled.
func (p *process) seqs() (seqs []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.got {
		if e.Type == "MESSAGE_CREATE" {
			seqs = append(seqs, int(e.Seq))
		}
	}
	return seqs
}

// handled waits until just these messages were handled, in this order.
func (p *process) handled(want ...int) {
	p.t.Helper()
	eventually(p.t, func() error {
		if got := p.seqs(); !slices.Equal(got, want) {
			return fmt.Errorf("got messages %v, want %v", got, want)
		}
		return nil
	})
}

// freshened waits until Fresh was called so many times.
func (p *process) freshened(want int) {
	p.t.Helper()
	eventually(p.t, func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.fresh != want {
			return fmt.Errorf("got %d calls of Fresh, want %d", p.fresh, want)
		}
		return nil
	})
}

// saved waits until the sequence is on the shelf.
func (p *process) saved(seq int) {
	p.t.Helper()
	eventually(p.t, func() error {
		if got := p.shelf.memory.has(p.t, "gateway:0/1").Seq; int(got) != seq {
			return fmt.Errorf("got sequence %d on the shelf, want %d", got, seq)
		}
		return nil
	})
}

// eventually waits until ok returns nil.
func eventually(t testing.TB, ok func() error) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patient)
	for err := ok(); err != nil; err = ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(err)
		}
	}
}
