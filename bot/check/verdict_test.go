package check_test

import (
	"testing"
	"time"

	"apihelp/bot/check"
)

// report is one with an auth row, and the credential row that goes with it.
func report(target string, auth check.Status, cause string) check.Report {
	key := check.Result{Check: check.Credential, Status: check.OK}
	if auth == check.Skip && cause != "" {
		key = check.Result{Check: check.Credential, Status: check.Fail, Cause: cause}
	}
	return check.Report{Target: target, OK: auth == check.OK, Rows: []check.Result{key, {Check: check.Auth, Status: auth, Cause: cause}}}
}

func TestPassport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		reports []check.Report
		want    string
	}{
		{"nothing", nil, ""},
		{"one target", []check.Report{report("production", check.OK, "")}, ""},
		{"no key", []check.Report{report("staging", check.Skip, ""), report("production", check.Skip, "")}, ""},
		{"a key of staging", []check.Report{report("staging", check.OK, ""), report("production", check.Fail, "auth.key")},
			"works in staging, unknown in production: you are calling production with a staging key"},
		{"a key of staging, by its looks", []check.Report{report("production", check.Skip, "auth.environment"), report("staging", check.OK, "")},
			"works in staging, unknown in production: you are calling production with a staging key"},
		{"a plain 401", []check.Report{report("staging", check.Fail, "http.401"), report("production", check.OK, "")},
			"works in production, unknown in staging: you are calling staging with a production key"},
		{"everywhere", []check.Report{report("staging", check.OK, ""), report("production", check.OK, "")}, "works in staging and production"},
		{"nowhere", []check.Report{report("staging", check.Fail, "auth.key"), report("production", check.Fail, "auth.key")},
			"unknown in staging and production: no environment knows this key"},
		{"an environment that is down", []check.Report{report("staging", check.Skip, ""), report("production", check.Fail, "auth.key")}, "unknown in production"},
		{"expired at home", []check.Report{report("staging", check.Fail, "auth.expired"), report("production", check.Fail, "auth.key")},
			"expired in staging, unknown in production: you are calling production with a staging key"},
		{"regions", []check.Report{report("eu", check.OK, ""), report("us", check.Fail, "auth.key"), report("asia", check.Fail, "authz.denied")},
			"works in eu, without permission in asia, unknown in us: you are calling us with a eu and asia key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := check.Passport(tt.reports); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAgainProvesOnlyWhatItTested(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 15, 3, 59, 0, time.FixedZone("CET", 3600))
	skipped := []check.Result{{Check: check.HTTP, Status: check.OK}, {Check: check.Auth, Status: check.Skip}, {Check: check.Limits, Status: check.Skip}}
	tests := []struct {
		name  string
		broke string
		r     check.Report
		want  string
		fixed bool
	}{
		{"it works", check.HTTP, check.Report{OK: true, Code: 200, Rows: skipped}, "200 at 14:03 UTC: fixed", true},
		{"the limit is no longer told of", check.Limits, check.Report{OK: true, Code: 200, Rows: skipped}, "200 at 14:03 UTC: fixed", true},
		{"no key the second time", check.Auth, check.Report{OK: true, Code: 401, Rows: skipped}, "not proven at 14:03 UTC: auth was not tested", false},
		{"as before", check.TCP, check.Report{Rows: []check.Result{{Check: check.TCP, Status: check.Fail, Detail: "refused"}}}, "still broken at 14:03 UTC: refused", false},
		{"further, but not there", check.TCP, check.Report{Rows: []check.Result{{Check: check.TCP, Status: check.OK}, {Check: check.TLS, Status: check.Fail, Detail: "expired"}}},
			"still broken at 14:03 UTC: expired", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.r.At = at
			if got, fixed := check.Again(tt.broke, tt.r); got != tt.want || fixed != tt.fixed {
				t.Errorf("got %q, %v, want %q, %v", got, fixed, tt.want, tt.fixed)
			}
		})
	}
}
