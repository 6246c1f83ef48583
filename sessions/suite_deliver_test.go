package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// errAway is a platform that cannot be reached.
var errAway = errors.New("platform is away")

func testRetry(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Local = true // one partition, so that the others share its queue
	commit(t, s, sessions.Key{Lane: l, Conversation: "bad"}, "b0", "b1", "b2")
	commit(t, s, sessions.Key{Lane: l, Conversation: "good"}, "g0")
	var in inbox
	attempts := make(chan int, 10)
	run(t, s, l, func(ctx context.Context, d sessions.Delivery) error {
		if string(d.Payload) == "b0" {
			attempts <- d.Attempt
			if d.Attempt < 4 || len(in.in("good")) == 0 {
				return errAway
			}
		}
		return in.take(ctx, d)
	})
	in.waitFor(t, 4)
	if diff := cmp.Diff([]string{"b0", "b1", "b2"}, in.in("bad")); diff != "" {
		t.Error(diff)
	}
	for want := 1; want <= 4; want++ {
		if got := <-attempts; got != want {
			t.Errorf("got attempt %d, want %d", got, want)
		}
	}
	empty(t, s, l)
}

func testRetryAfter(t *testing.T, s *sessions.Store) {
	l := lane(t)
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r")
	times := make(chan time.Time, 10)
	const after = 300 * time.Millisecond
	run(t, s, l, func(_ context.Context, d sessions.Delivery) error {
		times <- time.Now()
		if d.Attempt == 1 {
			return fmt.Errorf("send: %w", &sessions.RetryError{After: after, Err: errAway})
		}
		return nil
	})
	first, second := <-times, <-times
	if got := second.Sub(first); got < after {
		t.Errorf("got a second attempt after %s, want at least %s", got, after)
	}
}

func testPanic(t *testing.T, s *sessions.Store) {
	l := lane(t)
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r0", "r1")
	var in inbox
	run(t, s, l, func(ctx context.Context, d sessions.Delivery) error {
		if d.Attempt == 1 && string(d.Payload) == "r0" {
			panic("boom")
		}
		return in.take(ctx, d)
	})
	if diff := cmp.Diff([]string{"r0", "r1"}, in.waitFor(t, 2)); diff != "" {
		t.Error(diff)
	}
}

func testPoison(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	add := &redis.XAddArgs{Stream: sessions.OutboxKey(k), Values: []string{"what", "is this"}}
	if err := s.Client().XAdd(t.Context(), add).Err(); err != nil {
		t.Fatal(err)
	}
	commit(t, s, k, "r")
	var in inbox
	run(t, s, k.Lane, in.take)
	in.waitFor(t, 1)
	empty(t, s, k.Lane)
}

func testTakeover(t *testing.T, s *sessions.Store) {
	l := lane(t)
	k := sessions.Key{Lane: l, Conversation: "c"}
	dead := replica(t, s)
	commit(t, s, k, numbered("r", 5)...)
	hung, release := make(chan string, 10), make(chan struct{})
	defer close(release)
	run(t, dead, l, func(_ context.Context, d sessions.Delivery) error {
		hung <- string(d.Payload)
		<-release
		return errAway
	})
	if got := <-hung; got != "r0" {
		t.Errorf("got %q first, want r0", got)
	}
	var in inbox
	run(t, s, l, in.take)
	commit(t, s, k, "r5")
	if got := in.all(); len(got) > 0 {
		t.Errorf("got %q while the lease is held, want nothing", got)
	}
	dead.Crash()
	if diff := cmp.Diff(numbered("r", 6), in.waitFor(t, 6)); diff != "" {
		t.Error(diff)
	}
	empty(t, s, l)
}

func testTwoReplicas(t *testing.T, s *sessions.Store) {
	l := lane(t)
	var in inbox
	run(t, s, l, in.take)
	run(t, replica(t, s), l, in.take)
	const n = 100
	for i := range n {
		commit(t, s, sessions.Key{Lane: l, Conversation: fmt.Sprint("c", i%10)}, fmt.Sprintf("r%03d", i))
	}
	got := in.waitFor(t, n)
	empty(t, s, l)
	if sorted := sorted(got); sorted[0] != "r000" || sorted[n-1] != fmt.Sprintf("r%03d", n-1) {
		t.Errorf("got %q … %q", sorted[0], sorted[n-1])
	}
	in.waitFor(t, n) // and not one more
}

func testGracefulRelease(t *testing.T, s *sessions.Store) {
	l := lane(t)
	var first, second inbox
	old := run(t, s, l, first.take)
	holds(t, s, l)
	if err := old.stop(); err != nil {
		t.Error(err)
	}
	for _, key := range sessions.LeaseKeys(l) {
		if n := s.Client().Exists(t.Context(), key).Val(); n != 0 {
			t.Errorf("got lease %q held, want it free", key)
		}
	}
	run(t, replica(t, s), l, second.take)
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r")
	second.waitFor(t, 1)
}

func testDrain(t *testing.T, s *sessions.Store) {
	patient := quick
	patient.Lease, patient.Grace = 5*time.Second, time.Minute // however loaded the machine is
	s.SetTiming(patient)
	l := lane(t)
	l.Local = true
	for c := range 5 {
		commit(t, s, sessions.Key{Lane: l, Conversation: fmt.Sprint("c", c)}, numbered("r", 40)...)
	}
	var in inbox
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // it has to deliver even if it was told to end before it began
	if err := s.Deliver(ctx, l, in.take); err != nil {
		t.Error(err)
	}
	in.waitFor(t, 200)
	if n := outboxLen(t, s, l); n != 0 {
		t.Errorf("got %d replies left, want 0", n)
	}
}

func testDrainGivesUp(t *testing.T, s *sessions.Store) {
	l := lane(t)
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r")
	tried := make(chan struct{}, 1)
	r := run(t, s, l, func(context.Context, sessions.Delivery) error {
		tried <- struct{}{}
		return &sessions.RetryError{After: time.Hour, Err: errAway}
	})
	<-tried
	start := time.Now()
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > quick.Grace {
		t.Errorf("got the end after %s, want it before %s", took, quick.Grace)
	}
	if n := outboxLen(t, s, l); n != 1 {
		t.Errorf("got %d replies left, want 1", n)
	}
}

func testLocalTakeover(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Local = true
	var first, second inbox
	old := run(t, s, l, first.take)
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r0")
	first.waitFor(t, 1)
	empty(t, s, l)
	run(t, replica(t, s), l, second.take)
	<-old.done
	if !errors.Is(old.err, sessions.ErrTakenOver) {
		t.Errorf("got %v, want ErrTakenOver", old.err)
	}
	commit(t, s, sessions.Key{Lane: l, Conversation: "c"}, "r1")
	second.waitFor(t, 1)
}

// believing is a timing with which a process believes in its lease for long.
func believing() sessions.Timing {
	slow := quick
	slow.Lease, slow.Block = 20*time.Second, 5*time.Second
	return slow
}

// testNoStealing commits right after a takeover, while the old process still
// waits for replies.
func testNoStealing(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: sessions.Lane{Name: t.Name(), Local: true}, Conversation: "c"}
	s.SetTiming(believing())
	commit(t, s, k, "r0", "r1")
	var second inbox
	hung := make(chan struct{}, 1)
	run(t, s, k.Lane, func(ctx context.Context, _ sessions.Delivery) error {
		hung <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	<-hung
	run(t, replica(t, s), k.Lane, second.take)
	second.waitFor(t, 2)
	for i := 2; i < 20; i++ {
		commit(t, s, k, fmt.Sprint("r", i))
	}
	if diff := cmp.Diff(numbered("r", 20), second.waitFor(t, 20)); diff != "" {
		t.Error(diff)
	}
}

// testNoRetryAfterTakeover has a reply in the old process that it would try
// again, and that the new one has delivered.
func testNoRetryAfterTakeover(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: sessions.Lane{Name: t.Name(), Local: true}, Conversation: "c"}
	s.SetTiming(believing())
	commit(t, s, k, "r")
	var first, second inbox
	var taken atomic.Bool
	tried := make(chan struct{}, 1000)
	run(t, s, k.Lane, func(ctx context.Context, d sessions.Delivery) error {
		tried <- struct{}{}
		if taken.Load() {
			return first.take(ctx, d)
		}
		return errAway
	})
	<-tried
	run(t, replica(t, s), k.Lane, second.take)
	second.waitFor(t, 1)
	<-time.After(quick.BackoffMax) // what the old process had begun before
	taken.Store(true)
	<-time.After(2 * quick.BackoffMax) // it would have tried again
	if got := first.all(); len(got) > 0 {
		t.Errorf("got %q from the old process, want nothing", got)
	}
}

func testFullQueue(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Local = true
	const n = 600 // more than the queue holds
	var in inbox
	open := make(chan struct{})
	first := make(chan struct{}, n)
	r := run(t, s, l, func(ctx context.Context, d sessions.Delivery) error {
		first <- struct{}{}
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
		return in.take(ctx, d)
	})
	for c := range n / 100 {
		commit(t, s, sessions.Key{Lane: l, Conversation: fmt.Sprint("c", c)}, numbered("r", 100)...)
	}
	<-first
	select { // the lease ends several times over
	case <-r.done:
		t.Fatal(r.err)
	case <-time.After(2 * quick.Lease):
	}
	close(open)
	in.waitFor(t, n)
	for c := range n / 100 {
		if diff := cmp.Diff(numbered("r", 100), in.in(fmt.Sprint("c", c))); diff != "" {
			t.Error(diff)
		}
	}
	empty(t, s, l)
}
