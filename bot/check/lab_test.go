package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/bot/check"
	"apihelp/bot/check/lab"
)

// key is unique, so that it can be looked for.
const key = "sk_live_Zq8vX2mT6nRw4yLp"

var order = []string{check.Credential, check.DNS, check.TCP, check.TLS, check.HTTP, check.Auth, check.Limits}

// target is the target of a fault as an operator would configure it.
func target(f lab.Fault) check.Target {
	return check.Target{
		Name: f.Name, URL: f.URL, Method: "GET", CAFile: f.CAFile, AllowPrivate: true, Expect: []int{200},
		Header: map[string]string{"Authorization": "Bearer {key}"},
	}
}

// run checks one target and fails for what no report may be.
func run(t *testing.T, target check.Target, o check.Options, secret check.Secret) check.Report {
	t.Helper()
	var rows []check.Result
	start := time.Now()
	reports, err := check.NewRunner([]check.Target{target}, o).Run(t.Context(), check.Request{
		Key: secret, Progress: func(_ string, row check.Result) { rows = append(rows, row) },
	})
	if err != nil || len(reports) != 1 {
		t.Fatalf("got %d reports and error %v, want one", len(reports), err)
	}
	r := reports[0]
	if took, most := time.Since(start), 5500*time.Millisecond; took > most {
		t.Errorf("took %s, want at most %s", took, most)
	}
	if diff := cmp.Diff(r.Rows, rows); diff != "" {
		t.Errorf("progress told other rows than the report (-report +progress):\n%s", diff)
	}
	wellFormed(t, r)
	return r
}

// wellFormed checks what holds for every report.
func wellFormed(t *testing.T, r check.Report) {
	t.Helper()
	var names []string
	broke := false
	for _, row := range r.Rows {
		names = append(names, row.Check)
		if broke && (row.Status != check.Skip || row.Detail != "not reached") {
			t.Errorf("%s: got %s %q behind the row that broke, want it not reached", row.Check, row.Status, row.Detail)
		}
		broke = broke || row.Status == check.Fail
		if row.Detail == "" || strings.HasSuffix(row.Detail, ".") {
			t.Errorf("%s: got detail %q, want a sentence without its full stop", row.Check, row.Detail)
		}
		if wrong := row.Status == check.Fail || row.Status == check.Warn; wrong != (row.Cause != "") {
			t.Errorf("%s: got status %s with cause %q", row.Check, row.Status, row.Cause)
		}
		if strings.Contains(strings.ToLower(row.Detail+row.Hint+r.Verdict), strings.ToLower(key)) {
			t.Errorf("%s: the key is in %q", row.Check, row.Detail)
		}
	}
	if diff := cmp.Diff(order, names); diff != "" {
		t.Errorf("wrong rows (-want +got):\n%s", diff)
	}
	if r.OK == broke {
		t.Errorf("got OK %v, and a failed row: %v", r.OK, broke)
	}
	if !strings.HasPrefix(r.Verdict, r.Target+": ") {
		t.Errorf("got verdict %q, want it to name the target first", r.Verdict)
	}
}

func TestEveryFaultIsNamed(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	for _, f := range l.Faults {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			secret := check.NewSecret(key)
			r := run(t, target(f), check.Options{Nameserver: l.Nameserver}, secret)
			row := r.Row(f.Check)
			got := lab.Fault{Check: row.Check, Status: string(row.Status), Cause: row.Cause}
			if diff := cmp.Diff(lab.Fault{Check: f.Check, Status: f.Status, Cause: f.Cause}, got); diff != "" {
				t.Errorf("wrong row (-want +got):\n%s%+v", diff, r)
			}
			if !strings.Contains(row.Detail, f.Says) {
				t.Errorf("got %q, want it to say %q", row.Detail, f.Says)
			}
			if broke, _ := r.Broke(); f.Status == "fail" && broke.Check != f.Check {
				t.Errorf("got the break at %s: %s, want it at %s", broke.Check, broke.Detail, f.Check)
			} else if f.Status != "fail" && !r.OK {
				t.Errorf("got %q, want it to go through", r.Verdict)
			}
			for _, row := range r.Rows {
				most := 2500 * time.Millisecond // two fifths of 5 s, and some for a busy machine
				if row.Check == check.HTTP {
					most = 4500 * time.Millisecond // four fifths
				}
				if row.Took > most {
					t.Errorf("%s: took %s, want at most %s", row.Check, row.Took, most)
				}
			}
			if !secret.IsZero() {
				t.Errorf("the key is still there after the run")
			}
		})
	}
}

func TestWithoutAKeyARefusalIsNoFailure(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	for _, name := range []string{"401 invalid key", "401 bare", "403 scope"} {
		r := run(t, target(l.Fault(name)), check.Options{}, check.Secret{})
		if !r.OK || r.Row(check.Auth).Status != check.Skip || r.Row(check.Auth).Detail != "no key given" {
			t.Errorf("%s: got %q with auth %+v, want no failure", name, r.Verdict, r.Row(check.Auth))
		}
		if r.Row(check.Credential).Status != check.Skip || !strings.HasSuffix(r.Verdict, "no key given") {
			t.Errorf("%s: got %q, want it to say that no key was given", name, r.Verdict)
		}
	}
}

func TestANameThatIsInternalIsNotConnectedTo(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	internal := check.Target{Name: "production", URL: "https://internal.lab.test/"}
	r := run(t, internal, check.Options{Nameserver: l.Nameserver}, check.NewSecret(key))
	row := r.Row(check.TCP)
	if row.Status != check.Fail || row.Cause != "net.blocked" || !strings.Contains(row.Detail, "resolves to 10.0.0.5, an internal address (private use): not connected") {
		t.Errorf("got %+v, want 10.0.0.5 not connected to", row)
	}
}

func TestTheLabIsWhatItShouldBe(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	var names []string
	for _, f := range l.Faults {
		if slices.Contains(names, f.Name) {
			t.Errorf("two faults are called %q", f.Name)
		}
		names = append(names, f.Name)
	}
	if got, want := len(names), 55; got < want {
		t.Errorf("got %d faults, want at least %d", got, want)
	}
}
