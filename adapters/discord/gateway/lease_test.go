package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAnEmptyBudgetIsWaitedFor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.set(0, "remaining", 0)
	f.set(0, "reset_after", 20)
	r := f.run(t)
	eventually(t, func() error {
		if !strings.Contains(r.log.String(), "no session starts left") {
			return errors.New("got nothing in the log about the budget")
		}
		return nil
	})
	if len(f.peers) != 0 {
		t.Fatal("got a connection without a budget")
	}
	f.set(0, "remaining", 1)
	f.accept(t).ready("S", "")
	r.freshened(1)
}

func TestShardsOfOneBucketIdentifyInTurn(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]int{1: 2, 2: 1, 3: 0} { // waits among three shards
		t.Run(fmt.Sprint(concurrency), func(t *testing.T) {
			t.Parallel()
			turn := 200 * time.Millisecond
			if want == 0 {
				turn = time.Hour // nobody waits
			}
			f := newFake(t)
			f.shards = 3
			f.set(0, "max_concurrency", concurrency)
			r := f.prepare(t, newMemory())
			r.o.Timing.Identify = turn
			start := time.Now()
			r.start()
			seen := map[string]bool{}
			for i := range 3 {
				p := f.accept(t)
				p.hello(time.Minute)
				seen[fmt.Sprint(p.want(opIdentify)["shard"])] = true
				p.write(fmt.Sprintf(`{"op":0,"s":1,"t":"READY","d":{"session_id":"S%d"}}`, i))
			}
			if got := int(time.Since(start) / turn); got < want {
				t.Errorf("got three IDENTIFYs in %v, want %d waits of %v", time.Since(start), want, turn)
			}
			if len(seen) != 3 || !seen["[0 3]"] || !seen["[1 3]"] || !seen["[2 3]"] {
				t.Errorf("got shards %v", seen)
			}
			r.freshened(3)
		})
	}
}

func TestOfTwoProcessesOneConnectsAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"stop", "kill"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			f, m := newFake(t), newMemory()
			a := f.prepare(t, m).start()
			p := f.accept(t)
			p.ready("S", "")
			b := f.prepare(t, m).start()
			p.messages(2, 3)
			a.handled(2, 3)
			a.saved(3)
			a.freshened(1)
			if len(f.peers) != 0 {
				t.Fatal("got two connections")
			}
			if end == "kill" {
				a.kill()
			} else if err := a.stop(); err != nil {
				t.Error(err)
			}
			f.accept(t).resumed("S", 3, 4)
			b.handled(4)
			b.freshened(0)
		})
	}
}

func TestALostLeaseEndsTheConnection(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	a := f.prepare(t, m).start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	a.handled(2)
	a.saved(2)
	b := f.prepare(t, m).start()
	eventually(t, func() error {
		if m.waiting() == 0 {
			return errors.New("nobody waits for the lease")
		}
		return nil
	})
	a.shelf.lose()
	if code := p.closed(); code != closeKeeps {
		t.Errorf("got close code %d, want %d", code, closeKeeps)
	}
	f.accept(t).resumed("S", 2, 3)
	b.handled(3)
}

func TestWhoLostTheLeaseSavesNothing(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	a := f.prepare(t, m)
	a.o.Timing.Save = time.Hour // only READY saves, and the end would
	a.start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	a.handled(2)
	a.shelf.lose()
	f.accept(t).resume("S", 2)
	if k := m.has(t, "gateway:0/1"); k.ID != "S" || k.Seq != 1 {
		t.Errorf("got %+v on the shelf, want the session as it began", k)
	}
}

func TestWithoutItsShelfABotGoesOn(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	r := f.prepare(t, m).start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	r.handled(2)
	r.saved(2)
	m.setDown(true)
	p.messages(3)
	r.handled(2, 3)
	r.shelf.lose()
	p.closed()
	p = f.accept(t)
	p.resumed("S", 3, 4)
	r.handled(2, 3, 4)
	m.setDown(false)
	p.closed()
	f.accept(t).resumed("S", 100_003, 100_005)
	r.handled(2, 3, 4, 100_005)
}

func TestABotStartsWithoutItsShelf(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	m.setDown(true)
	r := f.prepare(t, m).start()
	f.accept(t).ready("S", "")
	r.freshened(1)
	m.setDown(false)
	f.accept(t).resumed("S", 1, 2) // the shelf has nothing newer
	r.handled(2)
}

func TestAGapIsFilledByTheNextProcessIfThisOneEnds(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	a := f.prepare(t, m)
	begun := make(chan struct{})
	var once sync.Once
	a.o.Fresh = func(ctx context.Context, _ int) { once.Do(func() { close(begun) }); <-ctx.Done() }
	a.start()
	f.accept(t).ready("S", "")
	receive(t, begun, "a call of Fresh")
	_ = a.stop()
	b := f.prepare(t, m).start()
	f.accept(t).resumed("S", 1)
	b.freshened(1)
	eventually(t, func() error {
		if m.has(t, "gateway:0/1").Gap {
			return errors.New("the gap is still noted")
		}
		return nil
	})
	_ = b.stop()
	c := f.prepare(t, m).start()
	f.accept(t).resumed("S", 100_001, 100_003)
	c.handled(100_003)
	c.freshened(0)
}
