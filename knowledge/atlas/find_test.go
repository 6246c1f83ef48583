package atlas

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// wellFormed checks what holds for the hits of any text.
func wellFormed(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	hits := Find(text)
	for i, h := range hits {
		if h.Row == nil || h.Start < 0 || h.Start >= h.End || h.End > len(text) || h.Strong < 1 || h.Strong > 100 {
			t.Fatalf("%q: bad hit %+v", text, h)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[h.Start:h.End]) {
			t.Fatalf("%q: a hit cuts a rune: %+v", text, h)
		}
		if i > 0 && (h.Start < hits[i-1].Start || h.Start == hits[i-1].Start && h.End > hits[i-1].End) {
			t.Fatalf("%q: hits out of order: %+v", text, hits)
		}
		for _, o := range hits[:i] {
			if o.Row.Concept == h.Row.Concept && o.End >= h.End && i < around {
				t.Fatalf("%q: %+v lies in %+v", text, h, o)
			}
		}
	}
	again := Find(text)
	if len(again) != len(hits) {
		t.Fatalf("%q: %d hits, then %d", text, len(hits), len(again))
	}
	for i := range again {
		if again[i] != hits[i] {
			t.Fatalf("%q: %+v, then %+v", text, hits[i], again[i])
		}
	}
}

func TestHitsOfRowsInNoiseAreSortedAndInBounds(t *testing.T) {
	all := Rows()
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			if rapid.Bool().Draw(t, "row") {
				b.WriteString(filled(all[rapid.IntRange(0, len(all)-1).Draw(t, "n")].Pattern))
			} else {
				b.WriteString(rapid.String().Draw(t, "noise"))
			}
			b.WriteString(rapid.SampledFrom([]string{" ", "", "\n", `\n`, "\n  at ", "_", "\x1b[", "\xff"}).Draw(t, "between"))
		}
		wellFormed(t, b.String())
	})
}

func TestWhatStandsAroundDoesNotMoveAHit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringMatching(`[ -~\n]{0,40}`).Draw(t, "before") + "\n; "
		text := before + "ERR_CERT_DATE_INVALID ;"
		for _, h := range Find(text) {
			if h.Start == len(before) && text[h.Start:h.End] == "ERR_CERT_DATE_INVALID" {
				return
			}
		}
		t.Fatalf("%q: not found where it is: %v", text, Find(text))
	})
}

func FuzzFind(f *testing.F) {
	for _, r := range Rows()[:50] {
		f.Add(filled(r.Pattern))
	}
	for _, s := range []string{javaTrace, `\`, `\u`, `\u001b[`, "\x1b", "&", "&#", "\\n\\nat x(", "File \"", ":closed", "curl: (", "\xe2\x80", "{:error, :timeout}", "from x.rb:1:in `a'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { wellFormed(t, text) })
}

func TestFramesAreSkippedAndMessagesAreNot(t *testing.T) {
	tests := []struct{ text, pattern string }{
		{javaTrace, "unable to find valid certification path to requested target"},
		{"Traceback\n  File \"a.py\", line 3, in f\n    raise ECONNRESET\nECONNREFUSED", "ECONNREFUSED"},
		{"panic: x509: certificate signed by unknown authority\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d", "x509: certificate signed by unknown authority"},
		{"Error: connect ECONNREFUSED 10.0.0.1:443\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)\n    at node:net:1:2", "ECONNREFUSED"},
		{`Error: x\n    at TimedOut.ETIMEDOUT (node:net:1555:16)\n ECONNREFUSED`, "ECONNREFUSED"},
		{"at ECONNREFUSED", "ECONNREFUSED"},
		{"from ECONNREFUSED to nowhere", "ECONNREFUSED"},
	}
	for _, tt := range tests {
		hits := Find(tt.text)
		if len(hits) == 0 || hits[len(hits)-1].Row.Pattern != tt.pattern {
			t.Errorf("%.50q: got %v, want %q last", tt.text, patterns(hits), tt.pattern)
		}
	}
	for _, frames := range []string{
		"  at a.b.ECONNREFUSED.c(ECONNRESET.java:12)\n",
		"  File \"a.py\", line 3, in f\n    raise ECONNRESET\n",
		`\n    at ECONNRESET (node:net:1555:16)\n`,
		"   at System.Net.Http.ECONNRESET.Connect(String host)\n",
		"#0 /app/ECONNRESET.php(12): f()\nfrom /a/ECONNRESET.rb:12:in `x'",
	} {
		if got := Find(frames); len(got) != 0 {
			t.Errorf("the frames %q have hits: %v", frames, patterns(got))
		}
	}
}
