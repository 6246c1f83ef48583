package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"apihelp/bot/check"
	"apihelp/bot/check/lab"
)

// labKey is a key that must be found nowhere.
const labKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"

// labTarget is a fault of the lab as the setting has it.
type labTarget struct {
	Name         string            `json:"name"`
	URL          string            `json:"url"`
	Header       map[string]string `json:"header"`
	CAFile       string            `json:"ca_file,omitempty"`
	AllowPrivate bool              `json:"allow_private"`
}

// setTargets configures the faults of the lab that need no name server, and
// returns them by the names of their targets.
func setTargets(t *testing.T, wanted func(lab.Fault) bool) map[string]lab.Fault {
	t.Helper()
	faults := map[string]lab.Fault{}
	var targets []labTarget
	for _, f := range lab.Start(t).Faults {
		if strings.Contains(f.URL, "lab.test") || !wanted(f) {
			continue
		}
		name := strings.NewReplacer(" ", "-", "/", "-", "(", "", ")", "", ",", "", "'", "", ":", "").Replace(f.Name)
		faults[name] = f
		targets = append(targets, labTarget{name, f.URL, map[string]string{"Authorization": "Bearer {key}"}, f.CAFile, true})
	}
	setting, err := json.Marshal(targets)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("APIHELP_CHECK_TARGETS", string(setting))
	return faults
}

// checkWith runs the command with a key on standard input.
func checkWith(t *testing.T, key string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"check"}, args...), stdio{strings.NewReader(key), &out, &errs})
	if strings.Contains(out.String()+errs.String(), labKey) {
		t.Error("the key is shown")
	}
	return code, out.String(), errs.String()
}

func TestCheckNamesEveryFaultOfTheLab(t *testing.T) {
	faults := setTargets(t, func(lab.Fault) bool { return true })
	code, stdout, stderr := checkWith(t, labKey+"\n", "--json")
	var out checkOutput
	if err := json.Unmarshal([]byte(stdout), &out); err != nil || code != exitFailed || stderr != "" {
		t.Fatalf("got exit code %d, error %v, standard error %q", code, err, stderr)
	}
	if len(out.Targets) != len(faults) || len(faults) < 50 {
		t.Errorf("got %d targets for %d faults", len(out.Targets), len(faults))
	}
	for _, target := range out.Targets {
		f := faults[target.Name]
		row := target.Rows[slices.IndexFunc(target.Rows, func(r checkedRow) bool { return r.Check == f.Check })]
		if string(row.Status) != f.Status || !strings.Contains(row.Detail, f.Says) || f.Status == "fail" && row.Topic == "" {
			t.Errorf("%s: got %+v, want %s that says %q", f.Name, row, f.Status, f.Says)
		}
		if target.OK != (f.Status != "fail") || target.Verdict == "" || len(target.Rows) != 7 {
			t.Errorf("%s: got %+v", f.Name, target)
		}
	}
}

func TestCheckPrintsRowsAndAdvice(t *testing.T) {
	faults := setTargets(t, func(f lab.Fault) bool { return f.Name == "closed port" || f.Name == "self-signed" })
	if len(faults) != 2 {
		t.Fatalf("got %v", slices.Collect(maps.Keys(faults)))
	}
	code, stdout, _ := checkWith(t, "")
	for _, want := range []string{"closed-port", "refuses the connection", "Connection Timeout Error, step 3:", "SSL/TLS Certificate Errors, step 2:", "not reached", "no key given"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the output lacks %q:\n%s", want, stdout)
		}
	}
	if code != exitFailed {
		t.Errorf("got exit code %d", code)
	}
	t.Log(stdout)
}

func TestCheckSaysWhenAllIsWellAndWhatCannotBeMeant(t *testing.T) {
	faults := setTargets(t, func(f lab.Fault) bool { return f.Status == string(check.OK) && strings.HasPrefix(f.URL, "https") })
	if code, stdout, stderr := checkWith(t, labKey); code != exitOK || stderr != "" || len(faults) == 0 {
		t.Errorf("got exit code %d, %s%s", code, stdout, stderr)
	}
	if code, _, stderr := checkWith(t, "", "--target", "nowhere"); code != exitUsage || !strings.Contains(stderr, "there are: ") {
		t.Errorf("for an unknown target, got exit code %d, %q", code, stderr)
	}
	if code, _, stderr := checkWith(t, "", labKey); code != exitUsage || stderr == "" {
		t.Errorf("for a key as an argument, got exit code %d, %q", code, stderr)
	}
	if code, _, _ := checkWith(t, strings.Repeat("x", keyLimit+1)); code != exitUsage {
		t.Errorf("for a key of 16 KiB, got exit code %d", code)
	}
	t.Setenv("APIHELP_CHECK_TARGETS", `[{"name":"a","url":"http://127.0.0.1/"},{"name":"b","url":"ftp://x"}]`)
	if code, _, stderr := checkWith(t, ""); code != exitUsage || !strings.Contains(stderr, `"a"`) || !strings.Contains(stderr, `"b"`) {
		t.Errorf("for two faults, got exit code %d, %q", code, stderr)
	}
}
