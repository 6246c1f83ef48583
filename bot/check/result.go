package check

import "time"

// A Status is how a check came out.
type Status string

// The statuses of a [Result].
const (
	OK   Status = "ok"
	Fail Status = "fail" // it broke here
	Warn Status = "warn" // works, but not for long or not as it should
	Skip Status = "skip" // not reached, or nothing to check
)

// The names of the checks, in the order in which they run.
const (
	Credential = "credential"
	DNS        = "dns"
	TCP        = "tcp"
	TLS        = "tls"
	HTTP       = "http"
	Auth       = "auth"
	Limits     = "limits"
)

// A Result is what one check found. It contains no more of a key than its
// first four and last four characters.
type Result struct {
	Check  string // name of the check
	Status Status
	Detail string // one line for people, a sentence without its full stop
	Took   time.Duration

	// Cause is what is wrong in the terms of package knowledge: a concept
	// such as "tls.expired", or "http." and a status; empty where nothing is.
	Cause string

	// Hint is what is wrong in the words that the step of a guide would use
	// which mends it, such as "port 443 firewall blocked".
	Hint string
}

// A Report is what a run found out about one target.
type Report struct {
	Target  string    // name of the target
	OK      bool      // no row has failed
	Verdict string    // one sentence for people
	Rows    []Result  // one of every check, in their order
	Code    int       // status of the HTTP answer; 0 for none
	At      time.Time // when the run ended
}

// Broke returns the row at which the run ended, if one failed.
func (r Report) Broke() (row Result, broke bool) {
	for _, row := range r.Rows {
		if row.Status == Fail {
			return row, true
		}
	}
	return Result{}, false
}

// Row returns the row of a check.
func (r Report) Row(check string) Result {
	for _, row := range r.Rows {
		if row.Check == check {
			return row
		}
	}
	return Result{Check: check, Status: Skip, Detail: notReached}
}

// notReached is the detail of the rows behind the one that broke.
const notReached = "not reached"

// A finding is what is wrong at a layer: Cause, Hint and Detail of a Result.
type finding struct{ cause, hint, detail string }

func (f *finding) fail() Result {
	return Result{Status: Fail, Detail: f.detail, Cause: f.cause, Hint: f.hint}
}

func (f *finding) warn() Result {
	r := f.fail()
	r.Status = Warn
	return r
}

func okay(detail string) Result { return Result{Status: OK, Detail: detail} }

func skip(detail string) Result { return Result{Status: Skip, Detail: detail} }
