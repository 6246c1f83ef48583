package sessions_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
)

// arm saves a session that is due then, or never.
func arm(t testing.TB, s *sessions.Store, k sessions.Key, then time.Time) {
	t.Helper()
	sess, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	sess.Due = then
	if _, err := s.Commit(t.Context(), k, sessions.Change{Session: sess}); err != nil {
		t.Fatal(err)
	}
}

// due fails unless exactly want are due.
func due(t testing.TB, s *sessions.Store, l sessions.Lane, now time.Time, limit int, want ...string) {
	t.Helper()
	got, err := s.Due(t.Context(), l, now, limit)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q due, want %q", got, want)
	}
}

func testDue(t *testing.T, s *sessions.Store) {
	l, other := lane(t), lane(t)
	other.Name += "2"
	const n = 20 // over all partitions
	names := numbered("c", n)
	base := time.Now().Truncate(time.Second)
	for i := range n {
		at := (i * 7) % n // in no order
		arm(t, s, sessions.Key{Lane: l, Conversation: names[at]}, base.Add(time.Duration(at)*time.Second))
	}
	arm(t, s, sessions.Key{Lane: l, Conversation: "never"}, time.Time{})
	arm(t, s, sessions.Key{Lane: other, Conversation: "other"}, base)
	half := base.Add(time.Minute + 500*time.Microsecond)
	arm(t, s, sessions.Key{Lane: l, Conversation: "half"}, half)

	due(t, s, l, base.Add(-time.Millisecond), 100)
	due(t, s, l, base, 100, "c0")
	due(t, s, l, base.Add(4500*time.Millisecond), 100, names[:5]...)
	due(t, s, l, base.Add(time.Minute), 100, names...)
	due(t, s, l, base.Add(time.Minute), 7, names[:7]...)
	due(t, s, l, base.Add(time.Minute), 0)
	due(t, s, l, base.Add(time.Minute), -1)
	due(t, s, l, half, 100, append(slices.Clone(names), "half")...)
	due(t, s, other, base, 100, "other")
	due(t, s, l, base, 100, "c0") // asking changed nothing
}

func testDueMoves(t *testing.T, s *sessions.Store) {
	k, now := sessions.Key{Lane: lane(t), Conversation: "c"}, time.Now()
	arm(t, s, k, now)
	due(t, s, k.Lane, now, 9, "c")
	arm(t, s, k, now.Add(time.Minute))
	due(t, s, k.Lane, now, 9)
	due(t, s, k.Lane, now.Add(time.Minute), 9, "c")
	got, err := s.Load(t.Context(), k)
	if err != nil || !got.Due.Equal(now.Add(time.Minute)) {
		t.Errorf("got a session due at %v, %v, want %v", got.Due, err, now.Add(time.Minute))
	}
	arm(t, s, k, time.Time{})
	due(t, s, k.Lane, now.Add(time.Hour), 9)
}

// testDueKeepsTheSession: the time to live is an hour.
func testDueKeepsTheSession(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Local = true // one partition, and so one set of alarms
	k, now := sessions.Key{Lane: l, Conversation: "c"}, time.Now()
	for _, tt := range []struct {
		then         time.Time
		want, alarms time.Duration // to live; negative for no set at all
	}{
		{now.Add(-time.Hour), time.Hour, time.Hour},
		{now.Add(3 * time.Hour), 4 * time.Hour, 4 * time.Hour},
		{now.Add(time.Minute), time.Hour + time.Minute, 4 * time.Hour}, // others may be in the set
		{time.Time{}, time.Hour, -2},
		{time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC), 106_000 * 24 * time.Hour, 106_000 * 24 * time.Hour},
	} {
		arm(t, s, k, tt.then)
		session := s.Client().PTTL(t.Context(), sessions.SessionKey(k)).Val()
		alarms := s.Client().PTTL(t.Context(), sessions.DueKeys(l)[0]).Val()
		if !about(session, tt.want) || !about(alarms, tt.alarms) {
			t.Errorf("due at %v: got %v and %v to live, want %v and %v", tt.then, session, alarms, tt.want, tt.alarms)
		}
	}
}

// about reports whether got is what is left of want after less than a minute,
// or of what a Duration can hold.
func about(got, want time.Duration) bool {
	return got <= want && got > want-time.Minute || want > 100_000*24*time.Hour && got > want
}

func testDueOfTheGone(t *testing.T, s *sessions.Store) {
	l, now, ctx := lane(t), time.Now(), t.Context()
	key := func(c string) sessions.Key { return sessions.Key{Lane: l, Conversation: c} }
	expire := func(c string) {
		if err := s.Client().Del(ctx, sessions.SessionKey(key(c))).Err(); err != nil {
			t.Fatal(err)
		}
	}
	all := []string{"expired", "kept", "removed", "slack:T1*:a", "slack:T1*:b", "slack:T1x:c"}
	for _, c := range all {
		arm(t, s, key(c), now)
	}
	due(t, s, l, now, 9, all...)
	expire("expired")
	expire("slack:T1*:b")
	due(t, s, l, now, 9, all...) // nobody has looked yet

	if err := s.Purge(ctx, l, "slack:T1*:"); err != nil {
		t.Fatal(err)
	}
	due(t, s, l, now, 9, "expired", "kept", "removed", "slack:T1x:c")
	if err := s.Remove(ctx, key("removed")); err != nil {
		t.Fatal(err)
	}
	due(t, s, l, now, 9, "expired", "kept", "slack:T1x:c")
	for _, c := range []string{"expired", "kept", "never seen"} {
		if err := s.Disarm(ctx, key(c)); err != nil {
			t.Fatal(err)
		}
	}
	due(t, s, l, now, 9, "kept", "slack:T1x:c")
}

// testTwoWoken lets two replicas find the same alarms and act on them at once.
func testTwoWoken(t *testing.T, s *sessions.Store) {
	const n = 20
	l, now := lane(t), time.Now()
	for _, c := range numbered("c", n) {
		arm(t, s, sessions.Key{Lane: l, Conversation: c}, now)
	}
	var won, lost atomic.Int64
	var ready, done sync.WaitGroup
	ready.Add(2)
	for _, r := range []*sessions.Store{s, replica(t, s)} {
		done.Go(func() {
			woken, err := r.Due(t.Context(), l, now, n)
			held := map[string]sessions.Session{}
			for _, c := range woken {
				var e error
				held[c], e = r.Load(t.Context(), sessions.Key{Lane: l, Conversation: c})
				err = errors.Join(err, e)
			}
			ready.Done()
			ready.Wait() // now both know the same
			for _, c := range woken {
				sess := held[c]
				sess.Due = time.Time{}
				change := sessions.Change{Session: sess, Replies: payloads([]string{"r"}), Records: records(c, 1)}
				switch _, e := r.Commit(t.Context(), sessions.Key{Lane: l, Conversation: c}, change); {
				case e == nil:
					won.Add(1)
				case errors.Is(e, sessions.ErrConflict):
					lost.Add(1)
				default:
					err = errors.Join(err, e)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	got := fmt.Sprint(won.Load(), lost.Load(), outboxLen(t, s, l), len(ledger(t, s, l, time.Time{})))
	if want := fmt.Sprint(n, n, n, n); got != want {
		t.Errorf("got %s won, lost, replies and records, want %s", got, want)
	}
	due(t, s, l, now, n)
}

func testDueOfAnOldSession(t *testing.T, s *sessions.Store) {
	k, now := sessions.Key{Lane: lane(t), Conversation: "c"}, time.Now()
	if err := s.Client().HSet(t.Context(), sessions.SessionKey(k), "v", 3, "data", `{"seen":["m1"],"asked":"t"}`).Err(); err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sessions.Session{Version: 3, Seen: []string{"m1"}, Asked: "t"}, got); diff != "" {
		t.Error(diff)
	}
	arm(t, s, k, now)
	due(t, s, k.Lane, now, 9, "c")
}
