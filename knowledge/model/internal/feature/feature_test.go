package feature

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// forms returns the words of a text as the model sees them.
func forms(text string) []string {
	var x Extractor
	x.Extract(text)
	var out []string
	for _, w := range x.words {
		out = append(out, string(x.letters[w.from:w.to]))
	}
	return out
}

func TestWordsAreFoldedAndClassed(t *testing.T) {
	for text, want := range map[string][]string{
		"Don’t STOP":                  {"dont", "stop"},
		"got 401, 7 times in 30s":     {"got", "401", "<n>", "times", "in", "<num>"},
		"see https://a.example/x?y z": {"see", "<url>", "z"},
		"<@U07BOT> order 123456789":   {"order", "<long>"},
		"id a1b2c3d4e5 ÜBER":          {"id", "<id>", "über"},
		"\xffx\xfe":                   {"x"},
		"it's `x`":                    {"its", "x"},
	} {
		if diff := cmp.Diff(want, forms(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestEndingsAreCut(t *testing.T) {
	for word, want := range map[string]string{
		"stopped": "stop", "stopping": "stop", "stops": "stop", "retries": "retr", "retry": "retr",
		"pass": "pass", "is": "is", "using": "using", "": "",
	} {
		if got := word[:stemLen([]byte(word))]; got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestALongTextGivesABoundedNumberOfFeatures(t *testing.T) {
	var x Extractor
	if got := len(x.Extract(strings.Repeat("abc ", 1<<20))); got > 16*MaxEdge {
		t.Errorf("got %d features", got)
	}
}
