package check

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	wellRun    = Report{Target: "t", OK: true, Rows: []Result{{Check: TCP, Status: OK}, {Check: HTTP, Status: OK}}}
	refusedRun = Report{Target: "t", Rows: []Result{{Check: TCP, Status: Fail, Detail: "connection refused"}}}
	badKeyRun  = Report{Target: "t", Rows: []Result{{Check: HTTP, Status: OK}, {Check: Auth, Status: Fail, Cause: "http.401"}}}
)

// run allows a run and ends it at once.
func run(t *testing.T, q *Quota, user, target string, r Report) {
	t.Helper()
	done, err := q.Allow(user, target)
	if err != nil {
		t.Fatalf("%s on %s: %v", user, target, err)
	}
	done(r)
}

// busy fails unless a run may not start now, for that reason and that long.
func busy(t *testing.T, q *Quota, user, target string, want BusyError) {
	t.Helper()
	_, err := q.Allow(user, target)
	got, ok := errors.AsType[*BusyError](err)
	if !ok {
		t.Fatalf("%s on %s: got %v, want %v", user, target, err, &want)
	}
	if got.Why != want.Why || got.After.Round(time.Millisecond) != want.After {
		t.Errorf("%s on %s: got %s after %v, want %s after %v", user, target, got.Why, got.After, want.Why, want.After)
	}
}

func TestAUserGetsABurstAndThenOneRunEverySixSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		for i := range 10 {
			run(t, q, "ann", fmt.Sprint("t", i), wellRun)
		}
		busy(t, q, "ann", "t1", BusyError{After: 6 * time.Second, Target: "t1", Why: UserLimit})
		run(t, q, "bob", "t1", wellRun)
		time.Sleep(4 * time.Second)
		busy(t, q, "ann", "t1", BusyError{After: 2 * time.Second, Target: "t1", Why: UserLimit}) // to ask costs nothing
		busy(t, q, "ann", "t1", BusyError{After: 2 * time.Second, Target: "t1", Why: UserLimit})
		time.Sleep(2 * time.Second)
		run(t, q, "ann", "t1", wellRun)
		busy(t, q, "ann", "t1", BusyError{After: 6 * time.Second, Target: "t1", Why: UserLimit})
	})
}

func TestATargetGetsABurstAndThenOneRunASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		for i := range 10 {
			run(t, q, fmt.Sprint("user", i), "t", badKeyRun)
		}
		busy(t, q, "ann", "t", BusyError{After: time.Second, Target: "t", Why: TargetLimit})
		run(t, q, "ann", "other", wellRun)
		time.Sleep(time.Second)
		run(t, q, "ann", "t", wellRun)
	})
}

func TestAllTogetherGetABurstAndThenFiveRunsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		for i := range 32 {
			run(t, q, fmt.Sprint("user", i), fmt.Sprint("t", i), wellRun)
		}
		busy(t, q, "ann", "t", BusyError{After: 200 * time.Millisecond, Target: "t", Why: GlobalLimit})
		time.Sleep(200 * time.Millisecond)
		run(t, q, "ann", "t", wellRun)
	})
}

func TestAThousandRunsAtOnceAreNoMoreThanSixteen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		var all sync.WaitGroup
		var mu sync.Mutex
		started, running, most := 0, 0, 0
		for i := range 1000 {
			all.Go(func() {
				done, err := q.Allow(fmt.Sprint("user", i), fmt.Sprint("t", i%100))
				if err != nil {
					return
				}
				mu.Lock()
				started, running = started+1, running+1
				most = max(most, running)
				mu.Unlock()
				time.Sleep(3 * time.Second)
				mu.Lock()
				running--
				mu.Unlock()
				done(wellRun)
				done(wellRun) // must not free a second slot
			})
		}
		synctest.Wait()
		busy(t, q, "ann", "t", BusyError{After: 5 * time.Second, Target: "t", Why: Running})
		all.Wait()
		if started != 16 || most != 16 || q.running != 0 {
			t.Errorf("got %d started, %d at once, %d left, want 16, 16, 0", started, most, q.running)
		}
	})
}

func TestATargetRestsAfterFiveBrokenRunsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		for i := range 5 {
			run(t, q, fmt.Sprint("user", i), "t", refusedRun)
		}
		busy(t, q, "ann", "t", BusyError{After: 30 * time.Second, Target: "t", Why: Resting})
		run(t, q, "ann", "other", wellRun)
		time.Sleep(12 * time.Second)
		busy(t, q, "ann", "t", BusyError{After: 18 * time.Second, Target: "t", Why: Resting})
		last, at, ok := q.Last("t")
		if !ok || time.Since(at) != 12*time.Second || last.Verdict != "connection refused" || last.OK {
			t.Errorf("got %+v, %v ago, %v", last, time.Since(at), ok)
		}

		time.Sleep(18*time.Second + 1)
		done, err := q.Allow("ann", "t")
		if err != nil {
			t.Fatal(err)
		}
		busy(t, q, "bob", "t", BusyError{After: 5 * time.Second, Target: "t", Why: Resting}) // one run finds out
		done(refusedRun)
		busy(t, q, "bob", "t", BusyError{After: 30 * time.Second, Target: "t", Why: Resting})

		time.Sleep(30*time.Second + 1)
		run(t, q, "ann", "t", wellRun)
		for range 4 {
			run(t, q, "bob", "t", refusedRun)
		}
		run(t, q, "bob", "t", badKeyRun) // the API has answered
		for range 4 {
			run(t, q, "eve", "t", refusedRun)
		}
	})
}

func TestARunThatCameToNothingNeitherMendsNorBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		for range 4 {
			run(t, q, "ann", "t", refusedRun)
		}
		run(t, q, "ann", "t", Report{})
		run(t, q, "bob", "t", refusedRun)
		busy(t, q, "bob", "t", BusyError{After: 30 * time.Second, Target: "t", Why: Resting})
		time.Sleep(30*time.Second + 1)
		run(t, q, "bob", "t", Report{})
		run(t, q, "bob", "t", wellRun) // the slot for finding out is free again
		if last, _, _ := q.Last("t"); !last.OK {
			t.Errorf("got %+v", last)
		}
	})
}

func TestOnlyTheAPIsOwnFailuresCount(t *testing.T) {
	tests := []struct {
		name string
		row  Result
		want bool
	}{
		{"name not found", Result{Check: DNS, Status: Fail}, false},
		{"refused", Result{Check: TCP, Status: Fail}, true},
		{"bad certificate", Result{Check: TLS, Status: Fail}, true},
		{"certificate ends soon", Result{Check: TLS, Status: Warn}, false},
		{"500", Result{Check: HTTP, Status: Fail, Cause: "http.500"}, true},
		{"503", Result{Check: HTTP, Status: Fail, Cause: "http.503"}, true},
		{"no answer", Result{Check: HTTP, Status: Fail, Cause: "net.timeout"}, true},
		{"404", Result{Check: HTTP, Status: Fail, Cause: "http.404"}, false},
		{"499", Result{Check: HTTP, Status: Fail, Cause: "http.499"}, false},
		{"401", Result{Check: Auth, Status: Fail, Cause: "http.401"}, false},
		{"a bad key", Result{Check: Credential, Status: Fail}, false},
		{"429", Result{Check: Limits, Status: Fail, Cause: "http.429"}, false},
		{"not reached", Result{Check: HTTP, Status: Skip}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := broken(Report{Rows: []Result{{Check: DNS, Status: OK}, tt.row}}); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheLastReportTellsNothingOfAKey(t *testing.T) {
	q := NewQuota()
	if _, _, ok := q.Last("t"); ok {
		t.Error("a report before any run")
	}
	run(t, q, "ann", "t", Report{Target: "t", Verdict: "key sk_l…4242 is cut off", Rows: []Result{
		{Check: Credential, Status: Fail, Detail: "sk_l…4242 is cut off"},
		{Check: DNS, Status: OK, Detail: "one address"},
		{Check: HTTP, Status: Fail, Detail: "503 from the gateway", Cause: "http.503"},
		{Check: Auth, Status: Skip, Detail: "sk_l…4242 not tried"},
		{Check: Limits, Status: OK, Detail: "3 left for sk_l…4242"},
	}})
	got, _, _ := q.Last("t")
	want := Report{Target: "t", Verdict: "503 from the gateway", Rows: []Result{
		{Check: DNS, Status: OK, Detail: "one address"},
		{Check: HTTP, Status: Fail, Detail: "503 from the gateway", Cause: "http.503"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(got), "4242") {
		t.Errorf("got %v", got)
	}
}

func TestIdleUsersAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		most := 0
		for i := range 20000 { // for over an hour, as fast as the global limit lets
			if done, err := q.Allow(fmt.Sprint("user", i), fmt.Sprint("t", i%10)); err == nil {
				done(wellRun)
			}
			most = max(most, len(q.users))
			time.Sleep(200 * time.Millisecond)
		}
		if bound := 2*int(forgetAfter/globalEvery) + globalBurst; most > bound || most < 100 {
			t.Errorf("got %d users in memory, want at most %d", most, bound)
		}
		for i := range 20000 {
			_, _ = q.Allow(fmt.Sprint("refused", i), "t")
		}
		if len(q.users) > 1000 {
			t.Errorf("got %d users in memory after a flood", len(q.users))
		}
	})
}

func TestARunAgainstManyTargetsCostsItsUserOneAndWastesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota()
		names := make([]string, 20)
		for i := range names {
			names[i] = fmt.Sprint("t", i)
		}
		for range userBurst {
			dones, err := q.AllowAll("ann", names)
			if err != nil || len(dones) != len(names) {
				t.Fatalf("got %d, %v", len(dones), err)
			}
			for _, done := range dones {
				done(wellRun)
			}
		}
		for range 50 { // to ask costs nothing, and the wait that is told is long enough
			dones, err := q.AllowAll("ann", names)
			for _, done := range dones {
				done(wellRun)
			}
			busy, ok := errors.AsType[*BusyError](err)
			if !ok {
				break
			}
			time.Sleep(busy.After)
		}
		if q.running != 0 {
			t.Errorf("got %d runs that have not ended", q.running)
		}
		if _, err := q.AllowAll("ann", names); err == nil {
			t.Error("a run more than there is a share for")
		}
	})
}

func TestAKeyThatIsRefusedWithA400IsNoFailureOfTheAPI(t *testing.T) {
	q := NewQuota()
	refused := Report{Rows: []Result{{Check: HTTP, Status: Fail, Cause: "auth.key"}}}
	for i := range 2 * tripAfter {
		done, err := q.Allow(fmt.Sprint("user", i), "t")
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		done(refused)
	}
}
