package sessions_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"
)

// records returns n records of a question, numbered by their steps.
func records(question string, n int) []sessions.Record {
	var all []sessions.Record
	for i := range n {
		all = append(all, sessions.Record{Question: question, Event: "not_helped", Topic: "t", Step: i, Reason: "same_error"})
	}
	return all
}

// record commits records of a conversation.
func record(t testing.TB, s *sessions.Store, k sessions.Key, all ...sessions.Record) {
	t.Helper()
	sess, err := s.Load(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), k, sessions.Change{Session: sess, Records: all}); err != nil {
		t.Fatal(err)
	}
}

// ledger reads a ledger to its end.
func ledger(t testing.TB, s *sessions.Store, l sessions.Lane, since time.Time) []sessions.Record {
	t.Helper()
	var all []sessions.Record
	for r, err := range s.Ledger(t.Context(), l, since) {
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 0 && r.At.Before(all[len(all)-1].At) {
			t.Fatalf("got %+v after %+v", r, all[len(all)-1])
		}
		all = append(all, r)
	}
	return all
}

// sameRecords compares records but for their times.
func sameRecords(want, got []sessions.Record) string {
	return cmp.Diff(want, got, cmpopts.IgnoreFields(sessions.Record{}, "At"), cmpopts.EquateEmpty())
}

func testLedgerOrder(t *testing.T, s *sessions.Store) {
	l, start := lane(t), time.Now().Truncate(time.Millisecond)
	if got := ledger(t, s, l, time.Time{}); len(got) != 0 {
		t.Errorf("got %v at first", got)
	}
	var want []sessions.Record
	for i := range 20 { // over all partitions
		c := fmt.Sprint("c", i%15)
		these := records(c, 2)
		these[0].At = time.Unix(1, 0) // not the caller's to set
		record(t, s, sessions.Key{Lane: l, Conversation: c}, these...)
		want = append(want, these...)
		now := time.Now().UnixMilli()
		eventually(t, func() error { // so that the time tells which came first
			if time.Now().UnixMilli() == now {
				return errors.New("the clock stands still")
			}
			return nil
		})
	}
	got := ledger(t, s, l, time.Time{})
	if diff := sameRecords(want, got); diff != "" {
		t.Fatal(diff)
	}
	if got[0].At.Before(start) || got[39].At.After(time.Now()) {
		t.Errorf("got times %v to %v, want them since %v", got[0].At, got[39].At, start)
	}
	for _, since := range []time.Time{got[10].At, got[10].At.Add(-time.Microsecond), got[9].At.Add(time.Microsecond)} {
		if diff := cmp.Diff(got[10:], ledger(t, s, l, since)); diff != "" {
			t.Errorf("since %v: %s", since, diff)
		}
	}
	for r := range s.Ledger(t.Context(), l, got[30].At) {
		if diff := cmp.Diff(got[30], r); diff != "" {
			t.Error(diff)
		}
		break // before the end
	}
}

func testLongLedger(t *testing.T, s *sessions.Store) {
	for _, n := range []int{127, 128, 129, 256, 600} { // it is read by 128
		l := lane(t)
		l.Name, l.Local = fmt.Sprint(l.Name, n), true // one partition
		want := records("q", n)
		record(t, s, sessions.Key{Lane: l, Conversation: "c"}, want[:n-100]...)
		foreign := &redis.XAddArgs{Stream: sessions.LedgerKeys(l)[0], Values: []string{"d", "no record"}}
		if err := s.Client().XAdd(t.Context(), foreign).Err(); err != nil {
			t.Fatal(err)
		}
		record(t, s, sessions.Key{Lane: l, Conversation: "c"}, want[n-100:]...)
		if diff := sameRecords(want, ledger(t, s, l, time.Time{})); diff != "" {
			t.Errorf("%d records: %s", n, diff)
		}
	}
}

func testLedgerLimit(t *testing.T, s *sessions.Store) {
	const limit, more = sessions.LedgerLimit, 1000
	l := lane(t)
	l.Local = true // one partition
	k, key := sessions.Key{Lane: l, Conversation: "c"}, sessions.LedgerKeys(l)[0]
	fill := `for i = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', 'd', '{}') end` // quicker than commits
	if err := s.Client().Eval(t.Context(), fill, []string{key}, limit-1).Err(); err != nil && !errors.Is(err, redis.Nil) {
		t.Fatal(err)
	}
	record(t, s, k, records("q", 1)...)
	if got := s.Client().XLen(t.Context(), key).Val(); got != limit {
		t.Errorf("got %d records, want %d", got, limit)
	}
	record(t, s, k, records("q", more)...)
	if got := s.Client().XLen(t.Context(), key).Val(); got < limit || got > limit+100 {
		t.Errorf("got %d records, want %d or up to a hundred more", got, limit)
	}
	last := fmt.Sprint(s.Client().XRevRangeN(t.Context(), key, "+", "-", 1).Val())
	if want := fmt.Sprintf(`"step":%d,`, more-1); !strings.Contains(last, want) {
		t.Errorf("got %s last, want %s", last, want)
	}
}

func testLedgerTellsNobody(t *testing.T, s *sessions.Store) {
	k := sessions.Key{Lane: lane(t), Conversation: "slack:T1:C1:"}
	record(t, s, k, records("q", 3)...)
	for _, key := range sessions.LedgerKeys(k.Lane) {
		kept, err := s.Client().XRange(t.Context(), key, "-", "+").Result()
		if text := fmt.Sprint(kept); err != nil || strings.Contains(text, "T1") || strings.Contains(text, "C1") {
			t.Errorf("got %s, %v", text, err)
		}
	}
	if err := s.Purge(t.Context(), k.Lane, "slack:T1:"); err != nil {
		t.Fatal(err)
	}
	if diff := sameRecords(records("q", 3), ledger(t, s, k.Lane, time.Time{})); diff != "" {
		t.Error(diff)
	}
}
