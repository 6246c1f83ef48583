package sessions_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
)

// A logBuffer is a log that may be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), s)
}

// persistent are the arguments of a server that forgets nothing in a crash.
var persistent = []string{"--appendonly", "yes", "--appendfsync", "always"}

func TestDeliverOutlivesRedis(t *testing.T) {
	t.Parallel()
	r := ownServer(t, persistent...)
	log := &logBuffer{}
	s := openLogged(t, "redis://"+r.addr(), log)
	l := lane(t)
	k := sessions.Key{Lane: l, Conversation: "c"}
	var in inbox
	run(t, s, l, in.take)
	commit(t, s, k, "r0")
	in.waitFor(t, 1)
	empty(t, s, l)
	for outage := 1; outage <= 2; outage++ {
		warned, recovered := log.count("does not answer"), log.count("answers again")
		r.kill()
		eventually(t, func() error {
			if log.count("does not answer") == warned { // a loaded machine may see it away once more
				return errors.New("got no warning")
			}
			return nil
		})
		if err := r.start(); err != nil {
			t.Fatal(err)
		}
		back(t, s)
		commit(t, s, k, fmt.Sprint("r", outage))
		if diff := cmp.Diff(numbered("r", outage+1), in.waitFor(t, outage+1)); diff != "" {
			t.Error(diff)
		}
		eventually(t, func() error {
			if log.count("answers again") == recovered {
				return errors.New("got no recovery")
			}
			return nil
		})
	}
}

func TestARedisThatCameBackEmptyWorks(t *testing.T) {
	t.Parallel()
	r := ownServer(t)
	s := open(t, "redis://"+r.addr())
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	var in inbox
	run(t, s, k.Lane, in.take)
	commit(t, s, k, "r0")
	in.waitFor(t, 1)
	r.kill()
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	back(t, s)
	commit(t, s, k, "r1")
	in.waitFor(t, 2)
	// The same without a restart: the group is gone in the middle of a read.
	if err := s.Client().FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	commit(t, s, k, "r2")
	if diff := cmp.Diff(numbered("r", 3), in.waitFor(t, 3)); diff != "" {
		t.Error(diff)
	}
	empty(t, s, k.Lane)
}

func TestAReplyDeliveredDuringAnOutageIsNotRepeated(t *testing.T) {
	t.Parallel()
	r := ownServer(t, persistent...)
	s := open(t, "redis://"+r.addr())
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	var in inbox
	var crash sync.Once
	run(t, s, k.Lane, func(ctx context.Context, d sessions.Delivery) error {
		crash.Do(r.kill) // now nothing can be acknowledged
		return in.take(ctx, d)
	})
	holds(t, s, k.Lane)
	if _, err := s.Commit(t.Context(), k, sessions.Change{Replies: payloads(numbered("r", 3))}); err != nil {
		t.Fatal(err)
	}
	in.waitFor(t, 1)
	<-time.After(2 * quick.Lease) // the lease is over: what is pending is claimed anew
	in.waitFor(t, 1)
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	empty(t, s, k.Lane)
	if diff := cmp.Diff(numbered("r", 3), in.all()); diff != "" {
		t.Error(diff)
	}
}

func TestCallsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	hole, closed := blackHole(t), closedPort(t)
	for _, tt := range []struct{ name, url string }{
		{"silent server", "redis://" + hole},
		{"silent server with TLS", "rediss://" + hole},
		{"silent server with a password", "redis://:secret@" + hole},
		{"silent cluster", hole + "," + hole},
		{"silent sentinel", "sentinel://" + hole + "/main"},
		{"refusing server", "redis://" + closed},
		{"refusing cluster", closed + "," + closed},
		{"refusing sentinel", "sentinel://" + closed + "/main"},
		{"no socket", "unix:///nowhere/redis.sock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, tt.url)
			k := sessions.Key{Lane: lane(t), Conversation: "c"}
			for range 3 {
				bounded(t, "load", func(ctx context.Context) error { _, err := s.Load(ctx, k); return err })
				bounded(t, "commit", func(ctx context.Context) error {
					_, err := s.Commit(ctx, k, sessions.Change{Replies: payloads([]string{"r"})})
					return err
				})
				bounded(t, "ping", s.Ping)
			}
			bounded(t, "due", func(ctx context.Context) error { _, err := s.Due(ctx, k.Lane, time.Now(), 1); return err })
			bounded(t, "disarm", func(ctx context.Context) error { return s.Disarm(ctx, k) })
			bounded(t, "ledger", func(ctx context.Context) (err error) {
				for _, err = range s.Ledger(ctx, k.Lane, time.Time{}) {
				}
				return err
			})
		})
	}
}

// bounded checks that call fails within its 250 ms, more or less.
func bounded(t *testing.T, name string, call func(context.Context) error) {
	t.Helper()
	const limit, slack = 250 * time.Millisecond, time.Second // less than any time limit of the client's own
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	start := time.Now()
	err := call(ctx)
	if took := time.Since(start); took > limit+slack {
		t.Errorf("%s: got an answer after %s, want one within %s", name, took, limit)
	}
	if err == nil || errors.Is(err, sessions.ErrConflict) || strings.Contains(err.Error(), "secret") {
		t.Errorf("%s: got error %v", name, err)
	}
}

// blackHole listens, accepts and never answers.
func blackHole(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns = append(conns, c)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
		for _, c := range conns {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestACommitWhoseAnswerWasLostIsNotDoubled(t *testing.T) {
	t.Parallel()
	r := ownServer(t)
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	direct := open(t, "redis://"+r.addr())
	var sess sessions.Session
	sess.Observe("m1")
	if _, err := direct.Commit(t.Context(), sessions.Key{Lane: k.Lane, Conversation: "warm up"}, sessions.Change{Session: sess}); err != nil {
		t.Fatal(err)
	}
	s := open(t, "redis://"+deaf(t, r.addr()))
	ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
	defer cancel()
	if _, err := s.Commit(ctx, k, sessions.Change{Session: sess, Replies: payloads([]string{"r"})}); err == nil || errors.Is(err, sessions.ErrConflict) {
		t.Errorf("got %v, want a timeout", err)
	}
	if _, err := direct.Commit(t.Context(), k, sessions.Change{Session: sess, Replies: payloads([]string{"r"})}); !errors.Is(err, sessions.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	got, err := direct.Load(t.Context(), k)
	if err != nil || got.Version != 1 || got.Observe("m1") {
		t.Errorf("got %+v, %v, want m1 seen at version 1", got, err)
	}
	if n := outboxLen(t, direct, k.Lane); n != 1 {
		t.Errorf("got %d replies, want 1", n)
	}
}

// deaf forwards to addr, and back only what answers the handshake.
func deaf(t *testing.T, addr string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", addr)
			if err != nil {
				_ = c.Close()
				return
			}
			wg.Go(func() { forwardUntilScript(c, up) })
		}
	})
	return l.Addr().String()
}

func forwardUntilScript(c, up net.Conn) {
	defer c.Close()
	defer up.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		request := string(buf[:n])
		if _, err := up.Write(buf[:n]); err != nil {
			return
		}
		m, err := up.Read(buf)
		if err != nil {
			return
		}
		if strings.Contains(strings.ToLower(request), "evalsha") {
			continue // carried out, but the answer never arrives
		}
		if _, err := c.Write(buf[:m]); err != nil {
			return
		}
	}
}

func TestAPausedProcessKnowsThatItsLeaseIsOver(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	for _, tt := range []struct {
		pause time.Duration
		want  bool
	}{{0, true}, {quick.Lease / 2, true}, {quick.Lease, false}, {time.Hour, false}} {
		got, err := sessions.LeaseAfterPause(t.Context(), s, fmt.Sprint("lease", tt.pause), tt.pause)
		if err != nil || got != tt.want {
			t.Errorf("after %s: got %t, %v, want %t", tt.pause, got, err, tt.want)
		}
	}
}

func TestAnEmbeddedStoreExpiresSessions(t *testing.T) {
	t.Parallel()
	s, err := sessions.Open(sessions.Options{TTL: 1500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	commit(t, s, k)
	other := sessions.Key{Lane: k.Lane, Conversation: "other"}
	commit(t, s, other)
	eventually(t, func() error { // by its own clock
		if sess, err := s.Load(t.Context(), k); err != nil || sess.Version != 0 {
			return errors.Join(fmt.Errorf("got version %d, want 0", sess.Version), err)
		}
		return nil
	})
	commit(t, s, k)
	sessions.FastForward(s, time.Hour)
	if n := s.Client().Exists(t.Context(), sessions.SessionKey(k)).Val(); n != 0 {
		t.Errorf("got %d keys after an hour, want 0", n)
	}
}

func TestRetriesBackOff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		attempt  int
		err      error
		min, max time.Duration
	}{
		{1, errAway, 500 * time.Millisecond, 625 * time.Millisecond},
		{2, errAway, time.Second, 1250 * time.Millisecond},
		{7, errAway, 30 * time.Second, 37500 * time.Millisecond},
		{1000, errAway, 30 * time.Second, 37500 * time.Millisecond},
		{1, &sessions.RetryError{After: time.Minute, Err: errAway}, time.Minute, 75 * time.Second},
		{3, &sessions.RetryError{After: time.Millisecond, Err: errAway}, 2 * time.Second, 2500 * time.Millisecond},
	} {
		if got := sessions.RetryDelay(tt.attempt, tt.err); got < tt.min || got > tt.max+time.Millisecond {
			t.Errorf("attempt %d, %v: got %s, want %s to %s", tt.attempt, tt.err, got, tt.min, tt.max)
		}
	}
}
