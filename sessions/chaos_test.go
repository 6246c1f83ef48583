package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// A post is one arrival of a reply at the platform.
type post struct{ reply, process int }

// A platform remembers who posted what, by conversation.
type platform struct {
	mu    sync.Mutex
	posts map[string][]post
}

// A process delivers until it dies; from then on it posts nothing.
type process struct {
	id    int
	store *sessions.Store
	mu    sync.Mutex
	dead  bool
}

func (p *process) deliverTo(to *platform) func(context.Context, sessions.Delivery) error {
	return func(ctx context.Context, d sessions.Delivery) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.dead {
			return errAway
		}
		var n int
		if _, err := fmt.Sscan(string(d.Payload), &n); err != nil {
			return err
		}
		to.mu.Lock()
		defer to.mu.Unlock()
		to.posts[d.Conversation] = append(to.posts[d.Conversation], post{n, p.id})
		return nil
	}
}

func (p *process) die() {
	p.mu.Lock()
	p.dead = true
	p.mu.Unlock()
	p.store.Crash()
}

// TestChaosLosesNothing commits while connections are killed and delivering
// processes die. Nothing may be lost or come out of order, and only what a
// process delivered last in a conversation before it died may come twice.
func TestChaosLosesNothing(t *testing.T) {
	t.Parallel()
	const conversations, turns, deaths = 20, 60, 4
	r := ownServer(t)
	s := open(t, "redis://"+r.addr())
	l := lane(t)
	to := &platform{posts: map[string][]post{}}
	dead := map[int]bool{}
	spawn := func(id int) *process {
		p := &process{id: id, store: replica(t, s)}
		run(t, p.store, l, p.deliverTo(to))
		return p
	}
	alive := []*process{spawn(0), spawn(1)}

	var writers sync.WaitGroup
	for c := range conversations {
		writers.Go(func() { converse(t, s, sessions.Key{Lane: l, Conversation: fmt.Sprint("c", c)}, turns) })
	}
	admin := r.client()
	defer admin.Close()
	for id := len(alive); id < len(alive)+deaths; id++ {
		for range 3 {
			<-time.After(time.Duration(50+rand.N(50)) * time.Millisecond)
			_ = admin.ClientKillByFilter(t.Context(), "TYPE", "normal", "SKIPME", "yes").Err()
		}
		i := rand.N(len(alive))
		alive[i].die()
		dead[alive[i].id] = true
		alive[i] = spawn(id)
	}
	writers.Wait()
	empty(t, s, l)
	to.mu.Lock()
	defer to.mu.Unlock()
	for c := range conversations {
		check(t, to.posts[fmt.Sprint("c", c)], turns, dead)
	}
}

// converse commits numbered replies as the bot does: after an error it loads
// again and finds out whether its message was taken.
func converse(t *testing.T, s *sessions.Store, k sessions.Key, turns int) {
	for i := 0; i < turns; {
		ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
		sess, err := s.Load(ctx, k)
		if err == nil && !sess.Observe(fmt.Sprint("m", i)) {
			i++
			cancel()
			continue
		}
		if err == nil {
			_, err = s.Commit(ctx, k, sessions.Change{Session: sess, Replies: payloads([]string{fmt.Sprint(i)})})
		}
		cancel()
		if errors.Is(err, context.Canceled) {
			return
		}
		<-time.After(rand.N(20 * time.Millisecond))
	}
}

func check(t *testing.T, posts []post, turns int, dead map[int]bool) {
	t.Helper()
	var got, want []int
	for i := range turns {
		want = append(want, i)
	}
	for i, p := range posts {
		if i > 0 && posts[i-1].reply == p.reply {
			before := posts[i-1].process
			later := slices.ContainsFunc(posts[i:], func(q post) bool { return q.process == before })
			if !dead[before] || later {
				t.Errorf("reply %d was doubled by process %d, dead: %t", p.reply, before, dead[before])
			}
			continue
		}
		got = append(got, p.reply)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestALostAnswerRepeatsNothing cuts all connections while a reply is being
// delivered. What is read again then must not be delivered again.
func TestALostAnswerRepeatsNothing(t *testing.T) {
	t.Parallel()
	r := ownServer(t)
	s := open(t, "redis://"+r.addr())
	k := sessions.Key{Lane: sessions.Lane{Name: "lane", Local: true}, Conversation: "c"}
	commit(t, s, k, "r0", "r1")
	var in inbox
	started, release := make(chan struct{}, 2), make(chan struct{})
	run(t, s, k.Lane, func(ctx context.Context, d sessions.Delivery) error {
		started <- struct{}{}
		select {
		case <-release:
			return in.take(ctx, d)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	<-started
	admin := r.client()
	defer admin.Close()
	eventually(t, func() error { // until the last entry was claimed, after it had been read
		_ = admin.ClientKillByFilter(t.Context(), "TYPE", "normal", "SKIPME", "yes").Err()
		pending, err := admin.XPendingExt(t.Context(), &redis.XPendingExtArgs{
			Stream: sessions.OutboxKey(k), Group: "outbox", Start: "-", End: "+", Count: 2,
		}).Result()
		if err != nil || len(pending) != 2 || pending[1].RetryCount < 2 {
			return fmt.Errorf("got %+v, %v, want the second entry claimed", pending, err)
		}
		return nil
	})
	close(release)
	empty(t, s, k.Lane)
	if diff := cmp.Diff([]string{"r0", "r1"}, in.waitFor(t, 2)); diff != "" {
		t.Error(diff)
	}
}
