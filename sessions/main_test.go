package sessions_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"apihelp/sessions"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// Most tests wait most of the time, so more of them than processors fit.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	stop := startShared()
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		stop()
		os.Exit(code)
	}))
}

// quick is fast enough for tests and slow enough for a loaded machine.
var quick = sessions.Timing{
	Lease: time.Second, Poll: 100 * time.Millisecond, Block: 100 * time.Millisecond,
	Backoff: 20 * time.Millisecond, BackoffMax: 200 * time.Millisecond, Grace: 2 * time.Second,
}

// open opens a store that is closed when the test ends.
func open(t testing.TB, url string) *sessions.Store {
	t.Helper()
	return openLogged(t, url, t.Output())
}

func openLogged(t testing.TB, url string, log io.Writer) *sessions.Store {
	t.Helper()
	o := sessions.Options{URL: url, TTL: time.Hour, Log: slog.New(slog.NewTextHandler(log, nil))}
	s, err := sessions.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	s.SetTiming(quick)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// replica opens another store on the Redis of s.
func replica(t testing.TB, s *sessions.Store) *sessions.Store {
	r := s.Replica()
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// lane returns a lane that no other test uses, as tests share servers.
func lane(t testing.TB) sessions.Lane { return sessions.Lane{Name: t.Name()} }

// commit saves a turn of a conversation with replies, whatever its version.
func commit(t testing.TB, s *sessions.Store, k sessions.Key, replies ...string) {
	t.Helper()
	sess, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), k, sessions.Change{Session: sess, Replies: payloads(replies)}); err != nil {
		t.Fatal(err)
	}
}

// back waits until Redis answers again.
func back(t testing.TB, s *sessions.Store) {
	t.Helper()
	eventually(t, func() error { return s.Ping(t.Context()) })
}

func payloads(replies []string) [][]byte {
	var p [][]byte
	for _, r := range replies {
		p = append(p, []byte(r))
	}
	return p
}

// An inbox is what was delivered.
type inbox struct {
	mu  sync.Mutex
	got []sessions.Delivery
}

// take is a deliver function that always works.
func (i *inbox) take(_ context.Context, d sessions.Delivery) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.got = append(i.got, d)
	return nil
}

// all returns what was delivered so far, as payloads.
func (i *inbox) all() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all []string
	for _, d := range i.got {
		all = append(all, string(d.Payload))
	}
	return all
}

// in returns what was delivered to one conversation, in order.
func (i *inbox) in(conversation string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var got []string
	for _, d := range i.got {
		if d.Conversation == conversation {
			got = append(got, string(d.Payload))
		}
	}
	return got
}

// waitFor waits until n replies were delivered, and fails if more come.
func (i *inbox) waitFor(t testing.TB, n int) []string {
	t.Helper()
	eventually(t, func() error {
		if got := i.all(); len(got) < n {
			return fmt.Errorf("got %d replies, want %d", len(got), n)
		}
		return nil
	})
	got := i.all()
	if len(got) != n {
		t.Fatalf("got %d replies, want %d: %q", len(got), n, got)
	}
	return got
}

// A running Deliver.
type running struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error
}

// run starts delivering, until the end of the test at the latest.
func run(t testing.TB, s *sessions.Store, l sessions.Lane, deliver func(context.Context, sessions.Delivery) error) *running {
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.err = s.Deliver(ctx, l, deliver)
	}()
	t.Cleanup(func() { _ = r.stop() })
	return r
}

// stop ends it and waits for its end.
func (r *running) stop() error {
	r.cancel()
	<-r.done
	return r.err
}

// eventually waits until ok returns nil.
func eventually(t testing.TB, ok func() error) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(15 * time.Second)
	for err := ok(); err != nil; err = ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(err)
		}
	}
}

// outboxLen returns how many replies a lane holds.
func outboxLen(t testing.TB, s *sessions.Store, l sessions.Lane) (sum int64) {
	t.Helper()
	for _, key := range sessions.OutboxKeys(l) {
		n, err := s.Client().XLen(context.Background(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// empty waits until everything delivered is forgotten.
func empty(t testing.TB, s *sessions.Store, l sessions.Lane) {
	t.Helper()
	eventually(t, func() error {
		for _, key := range sessions.OutboxKeys(l) {
			n, err := s.Client().XLen(context.Background(), key).Result()
			if err != nil || n != 0 {
				return errors.Join(fmt.Errorf("got %d replies left in %q, want 0", n, key), err)
			}
		}
		return nil
	})
}

// holds waits until somebody delivers the whole lane.
func holds(t testing.TB, s *sessions.Store, l sessions.Lane) {
	t.Helper()
	eventually(t, func() error {
		for _, key := range sessions.LeaseKeys(l) {
			if n, err := s.Client().Exists(context.Background(), key).Result(); err != nil || n == 0 {
				return errors.Join(fmt.Errorf("lease %q is free", key), err)
			}
		}
		return nil
	})
}

// numbered returns prefix0 … prefix(n-1).
func numbered(prefix string, n int) []string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprint(prefix, i))
	}
	return s
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
