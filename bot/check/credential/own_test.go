package credential_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/bot/check/credential"
)

func TestOwnKeysAreTakenOut(t *testing.T) {
	own, err := credential.ParseOwn("acme_live_, /ZX-\\d{4}(?:, \\w+)?/\n/k:[a-f/]{8}/ ")
	if err != nil || len(own) != 3 {
		t.Fatalf("got %v, %v, want three patterns", own, err)
	}
	r := credential.New(own...)
	for text, want := range map[string]string{
		"acme_live_abcdefgh fails":            "[redacted] fails",
		"ZX-1234, tail and":                   "[redacted] and",
		"k:abc/def/ x":                        "[redacted] x",
		"a\u200bcme_live_abcdefgh":            "[redacted]",
		"https%3A%2F%2Fx%2Facme_live_abcdef1": "https%3A%2F%2Fx%2F[redacted]",
		"acme_live_ keys start like this":     "acme_live_ keys start like this",
	} {
		got, found := r.Redact(text)
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		if want := []credential.Finding{{Kind: credential.Leaked, Name: "API key"}}; strings.Contains(got, "[") && !cmp.Equal(found, want) {
			t.Errorf("%q: %s", text, cmp.Diff(want, found))
		}
	}
}

func TestEachFaultOfTheOwnPatternsSaysWhatToDo(t *testing.T) {
	own, err := credential.ParseOwn("ok_key_,ab,/[/,/x*/,/open")
	if len(own) != 1 || err == nil {
		t.Fatalf("got %v, %v, want one pattern and faults", own, err)
	}
	for _, want := range []string{`"ab": too short`, `"/[/": correct`, `"/x*/": it matches nothing`, `"/open": end the`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	}
	if own, err := credential.ParseOwn(" \n"); own != nil || err != nil {
		t.Errorf("got %v, %v for no pattern", own, err)
	}
}
