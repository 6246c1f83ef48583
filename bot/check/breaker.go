package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"
)

// What a breaker is told of a run.
var (
	errBroken  = errors.New("check: the target broke")
	errUnknown = errors.New("check: the run came to nothing")
)

// A targetQuota is what a Quota knows of one target. The Quota's lock guards it.
type targetQuota struct {
	limit   *rate.Limiter
	breaker *gobreaker.TwoStepCircuitBreaker[Report]
	until   time.Time // when the rest ends, while the breaker is open
	last    Report
	at      time.Time
}

func newTargetQuota() *targetQuota {
	t := &targetQuota{limit: rate.NewLimiter(rate.Every(targetEvery), targetBurst)}
	t.breaker = gobreaker.NewTwoStepCircuitBreaker[Report](gobreaker.Settings{
		MaxRequests: 1, // one run finds out whether the rest is over
		Timeout:     restTime,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		IsExcluded:  func(err error) bool { return errors.Is(err, errUnknown) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				t.until = time.Now().Add(restTime)
			}
		},
	})
	return t
}

// resting returns the [*BusyError] of a target that is left alone, or nil.
func (t *targetQuota) resting(now time.Time) error {
	if t.breaker.State() != gobreaker.StateOpen {
		return nil
	}
	return &BusyError{After: max(t.until.Sub(now), time.Millisecond), Why: Resting}
}

// start asks the breaker for a run. It refuses a second one while the first
// after a rest is under way.
func (t *targetQuota) start() (report func(error), err error) {
	report, err = t.breaker.Allow()
	if err != nil {
		return nil, &BusyError{After: slotTime, Why: Resting}
	}
	return report, nil
}

// done takes a run's report, and tells the breaker with report how it went.
func (t *targetQuota) done(r Report, report func(error)) {
	if len(r.Rows) == 0 {
		report(errUnknown)
		return
	}
	t.last, t.at = withoutKey(r), time.Now()
	if broken(r) {
		report(errBroken)
		return
	}
	report(nil)
}

// broken reports whether the API is to blame for what a run found: it could
// not be connected to, or answered with a 5xx or not at all. A key that fails
// is no failure of the API, and neither is an unexpected 404.
func broken(r Report) bool {
	return slices.ContainsFunc(r.Rows, func(row Result) bool {
		switch {
		case row.Status != Fail:
			return false
		case row.Check == HTTP:
			return !answered(row.Cause) && !strings.HasPrefix(row.Cause, "auth.")
		}
		return row.Check == TCP || row.Check == TLS
	})
}

// answered reports whether the cause of an HTTP row is a status below 500.
func answered(cause string) bool {
	text, ok := strings.CutPrefix(cause, "http.")
	status, err := strconv.Atoi(text)
	return ok && err == nil && status < 500
}

// withoutKey returns what r says about the API: the rows of the layers up to
// HTTP, and as verdict what the first broken one found.
func withoutKey(r Report) Report {
	about := Report{Target: r.Target, OK: true, Code: r.Code, At: r.At}
	for _, row := range r.Rows {
		if !slices.Contains([]string{DNS, TCP, TLS, HTTP}, row.Check) {
			continue
		}
		about.Rows = append(about.Rows, row)
		if row.Status == Fail && about.OK {
			about.OK, about.Verdict = false, row.Detail
		}
	}
	return about
}
