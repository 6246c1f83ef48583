package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
)

func TestAStoreKeepsItsContract(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		runSuite(t, func(t *testing.T) *sessions.Store {
			s, steps := open(t, ""), quick
			steps.Lease = 5 * time.Second // its clock moves once a second
			s.SetTiming(steps)
			return s
		})
	})
	for name, start := range map[string]func() (string, error){
		"server":   servers.single,
		"sentinel": servers.sentinel,
		"cluster":  servers.cluster,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runSuite(t, func(t *testing.T) *sessions.Store { return open(t, sharedURL(t, start)) })
		})
	}
}

// runSuite says what a Store is, whatever Redis is behind it.
func runSuite(t *testing.T, open func(*testing.T) *sessions.Store) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *sessions.Store)
	}{
		{"a session never saved is the zero session", testUnknownKey},
		{"a session comes back as it was saved", testRoundTrip},
		{"of two writers one conflicts and changes nothing", testConflict},
		{"a commit that cannot put all of it changes nothing", testAtomic},
		{"concurrent writers lose no save", testConcurrentWriters},
		{"a commit may be repeated", testRepeatedCommit},
		{"a session slides and expires", testExpiry},
		{"any text is a key", testOddKeys},
		{"a conversation stays in order", testOrder},
		{"conversations go side by side", testSideBySide},
		{"a failed reply is tried again and holds back its conversation only", testRetry},
		{"a retry waits as long as it was told", testRetryAfter},
		{"a panic is a failure", testPanic},
		{"an entry that is no reply is removed", testPoison},
		{"what a dead process left is delivered in order", testTakeover},
		{"two replicas deliver each reply once", testTwoReplicas},
		{"a released lane is taken at once", testGracefulRelease},
		{"the end of Deliver delivers what is committed", testDrain},
		{"the end of Deliver leaves what cannot be delivered", testDrainGivesUp},
		{"a newer process takes a local lane over", testLocalTakeover},
		{"an old process steals no reply of a local lane", testNoStealing},
		{"an old process tries nothing again in a local lane", testNoRetryAfterTakeover},
		{"a full queue does not stop the lease", testFullQueue},
		{"a session that is removed is gone", testRemove},
		{"a purge takes what begins alike and nothing else", testPurge},
		{"what is due comes earliest first", testDue},
		{"a commit moves the alarm or takes it off", testDueMoves},
		{"a session lives longer than its alarm", testDueKeepsTheSession},
		{"an alarm of nothing ends", testDueOfTheGone},
		{"of two who are woken one acts", testTwoWoken},
		{"a session saved before there were alarms gets one", testDueOfAnOldSession},
		{"the ledger is in order of time", testLedgerOrder},
		{"a long ledger is read whole", testLongLedger},
		{"the ledger drops the oldest", testLedgerLimit},
		{"the ledger does not tell whose it is", testLedgerTellsNobody},
		{"a shelf gives back what was put", testShelfRoundTrip},
		{"a value on a shelf expires or stays for ever", testShelfExpiry},
		{"shelves share nothing, whatever they are named", testShelvesApart},
		{"a lock has one holder at a time", testLockExcludes},
		{"the wait for a lock ends with its context", testLockWaitEnds},
		{"a lock is held until do returns", testLockIsKept},
		{"the lock of a dead holder ends", testLockOfTheDead},
		{"a stolen lock ends the work", testStolenLock},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(t, open(t))
		})
	}
}

func testUnknownKey(t *testing.T, s *sessions.Store) {
	got, err := s.Load(t.Context(), sessions.Key{Lane: lane(t), Conversation: "c"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sessions.Session{}, got); diff != "" {
		t.Error(diff)
	}
}

func testRoundTrip(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	want := sessions.Session{Seen: []string{"m1"}, Talks: []sessions.Talk{{Topic: "t", Step: 2, Tried: []int{1}, Offered: []string{"a", "b"}, Called: &sessions.Call{Again: true}}}}
	saved, err := s.Commit(t.Context(), k, sessions.Change{Session: want})
	if err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	if diff := cmp.Diff(want, saved); diff != "" {
		t.Error("saved:", diff)
	}
	got, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("loaded:", diff)
	}
}

func testConflict(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	commit(t, s, k, "first")
	stale, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, k, "second")
	before, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	stale.Asked, stale.Due = "stale", time.Now()
	change := sessions.Change{Session: stale, Replies: payloads([]string{"stale"}), Records: records("q", 1)}
	if _, err := s.Commit(t.Context(), k, change); !errors.Is(err, sessions.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	after, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	unchanged(t, s, k.Lane, 2)
}

// unchanged checks that a lane has so many replies, no alarm and no record.
func unchanged(t *testing.T, s *sessions.Store, l sessions.Lane, replies int64) {
	t.Helper()
	for _, key := range sessions.OutboxKeys(l) {
		replies -= max(0, s.Client().XLen(t.Context(), key).Val())
	}
	if replies != 0 {
		t.Errorf("got %d replies less than there should be", replies)
	}
	for _, key := range sessions.DueKeys(l) {
		if n := s.Client().ZCard(t.Context(), key).Val(); n != 0 {
			t.Errorf("got %d alarms, want none", n)
		}
	}
	for _, key := range sessions.LedgerKeys(l) {
		if n := s.Client().XLen(t.Context(), key).Val(); n != 0 {
			t.Errorf("got %d records, want none", n)
		}
	}
}

func testAtomic(t *testing.T, s *sessions.Store) {
	for name, keys := range map[string]func(sessions.Lane) []string{
		"replies": sessions.OutboxKeys, "alarm": sessions.DueKeys, "records": sessions.LedgerKeys,
	} {
		l := lane(t)
		l.Name, l.Local = l.Name+name, true // one partition
		k := sessions.Key{Lane: l, Conversation: "c"}
		if err := s.Client().Set(t.Context(), keys(l)[0], "of another type", 0).Err(); err != nil {
			t.Fatal(err)
		}
		change := sessions.Change{
			Session: sessions.Session{Asked: "1", Due: time.Now()}, Replies: payloads([]string{"r"}), Records: records("q", 1),
		}
		if _, err := s.Commit(t.Context(), k, change); err == nil || errors.Is(err, sessions.ErrConflict) {
			t.Errorf("%s: got error %v", name, err)
		}
		if got, err := s.Load(t.Context(), k); err != nil || got.Version != 0 {
			t.Errorf("%s: got version %d, %v, want 0", name, got.Version, err)
		}
		unchanged(t, s, l, 0)
	}
}

func testConcurrentWriters(t *testing.T, s *sessions.Store) {
	const writers, turns = 4, 10
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for saved := 0; saved < turns; {
				sess, err := s.Load(t.Context(), k)
				if err == nil {
					*steps(&sess)++
					_, err = s.Commit(t.Context(), k, sessions.Change{Session: sess, Replies: payloads([]string{"r"})})
				}
				switch {
				case err == nil:
					saved++
				case !errors.Is(err, sessions.ErrConflict):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	got, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if *steps(&got) != writers*turns || got.Version != writers*turns {
		t.Errorf("got %d saves at version %d, want %d", *steps(&got), got.Version, writers*turns)
	}
	if n := outboxLen(t, s, k.Lane); n != writers*turns {
		t.Errorf("got %d replies, want %d", n, writers*turns)
	}
}

// testRepeatedCommit is what a caller does who lost the answer.
func testRepeatedCommit(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	var sess sessions.Session
	sess.Observe("m1")
	if _, err := s.Commit(t.Context(), k, sessions.Change{Session: sess, Replies: payloads([]string{"r"})}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), k, sessions.Change{Session: sess, Replies: payloads([]string{"r"})}); !errors.Is(err, sessions.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	got, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if got.Observe("m1") {
		t.Error("got m1 as new, want it seen")
	}
	if n := outboxLen(t, s, k.Lane); n != 1 {
		t.Errorf("got %d replies, want 1", n)
	}
}

func testExpiry(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "c"}
	elapse := func(d time.Duration) {
		key := sessions.SessionKey(k)
		left, err := s.Client().PTTL(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Client().PExpire(t.Context(), key, left-d).Err(); err != nil {
			t.Fatal(err)
		}
	}
	version := func() int64 {
		sess, err := s.Load(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		return sess.Version
	}
	commit(t, s, k)
	elapse(50 * time.Minute) // the time to live is an hour
	commit(t, s, k)
	elapse(50 * time.Minute)
	if got := version(); got != 2 {
		t.Errorf("got version %d after 50 minutes, want 2", got)
	}
	elapse(11 * time.Minute)
	if got := version(); got != 0 {
		t.Errorf("got version %d after 61 minutes, want 0", got)
	}
	commit(t, s, k)
	if got := version(); got != 1 {
		t.Errorf("got version %d after the end, want 1", got)
	}
}

func testOddKeys(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Name += "}{*.:% ü"
	texts := []string{"", "{}", "}{", "a:b", "a", "é\x00\xff", "{", "session:a", strings.Repeat("x", 10<<10)}
	for i, c := range texts {
		var sess sessions.Session
		*steps(&sess) = i + 1
		if _, err := s.Commit(t.Context(), sessions.Key{Lane: l, Conversation: c}, sessions.Change{Session: sess, Replies: payloads([]string{c})}); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range texts {
		got, err := s.Load(t.Context(), sessions.Key{Lane: l, Conversation: c})
		if err != nil {
			t.Fatal(err)
		}
		if *steps(&got) != i+1 {
			t.Errorf("%.20q: got session %d, want %d", c, *steps(&got), i+1)
		}
	}
	var in inbox
	run(t, s, l, in.take)
	in.waitFor(t, len(texts))
	for _, d := range in.got {
		if string(d.Payload) != d.Conversation {
			t.Errorf("got %.20q in conversation %.20q", d.Payload, d.Conversation)
		}
	}
	empty(t, s, l)
}

func testOrder(t *testing.T, s *sessions.Store) {
	l := lane(t)
	var in inbox
	run(t, s, l, in.take)
	const conversations, turns = 10, 15
	var wg sync.WaitGroup
	for c := range conversations {
		wg.Go(func() {
			k := sessions.Key{Lane: l, Conversation: fmt.Sprint("c", c)}
			for i := range turns {
				commit(t, s, k, fmt.Sprint(2*i), fmt.Sprint(2*i+1))
			}
		})
	}
	wg.Wait()
	in.waitFor(t, conversations*turns*2)
	for c := range conversations {
		if diff := cmp.Diff(numbered("", turns*2), in.in(fmt.Sprint("c", c))); diff != "" {
			t.Error(diff)
		}
	}
	empty(t, s, l)
}

func testSideBySide(t *testing.T, s *sessions.Store) {
	l := lane(t)
	l.Local = true // one partition
	const n = 20
	for c := range n {
		commit(t, s, sessions.Key{Lane: l, Conversation: fmt.Sprint("c", c)}, "r")
	}
	var in inbox
	all := make(chan struct{})
	run(t, s, l, func(ctx context.Context, d sessions.Delivery) error {
		if _ = in.take(ctx, d); len(in.all()) == n {
			close(all)
		}
		select {
		case <-all: // as soon as all are in here at once
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	empty(t, s, l)
	in.waitFor(t, n)
}

// steps returns a number that a session keeps.
func steps(s *sessions.Session) *int {
	if len(s.Talks) == 0 {
		s.Talks = []sessions.Talk{{}}
	}
	return &s.Talks[0].Step
}
