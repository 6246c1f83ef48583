package paste

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// samples are the pastes of testdata.
func samples(tb testing.TB) []string {
	archives, _ := filepath.Glob("testdata/*.txtar")
	var all []string
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".want") {
				all = append(all, string(f.Data))
			}
		}
	}
	return all
}

// check fails if what Read found is not inside the text, in order and apart.
func check(t *testing.T, text string) {
	t.Helper()
	p := Read(text)
	if again := Read(text); !reflect.DeepEqual(p, again) {
		t.Fatalf("%q: read twice, found different things", text)
	}
	lists := map[string][]Span{"noise": p.Noise}
	for _, s := range p.Statuses {
		lists["status"] = append(lists["status"], s.Span)
		if s.Code < 100 || s.Code > 599 || s.Where == "" || statusOf(text[s.Start:s.End]) != s.Code {
			t.Fatalf("%q: got status %+v", text, s)
		}
	}
	for _, v := range p.Values {
		lists["value"] = append(lists["value"], v.Span)
		if v.Field == "" || !utf8.ValidString(v.Text) {
			t.Fatalf("%q: got value %+v", text, v)
		}
	}
	if !p.Cause.Empty() {
		lists["cause"] = []Span{p.Cause}
	} else if p.Cause != (Span{}) {
		t.Fatalf("%q: got cause %v, want a zero one", text, p.Cause)
	}
	for name, list := range lists {
		end := 0
		for _, s := range list {
			if s.Start < end || s.Empty() || s.End > len(text) {
				t.Fatalf("%q: %s %v is outside of the text, empty or overlaps", text, name, s)
			}
			end = s.End
		}
	}
}

func TestPositionsAreInsideAndApartWhereverAPasteIsCut(t *testing.T) {
	for _, text := range samples(t) {
		for cut := range text {
			check(t, text[:cut])
			check(t, text[cut:])
		}
	}
}

func TestAPasteIsReadTheSameInAQuoteAndWithWindowsNewlines(t *testing.T) {
	for _, text := range samples(t) {
		if strings.Contains(text, "␛") || strings.HasPrefix(text, "* ") || strings.HasPrefix(text, "> ") {
			continue
		}
		want := render(text)
		for _, changed := range []string{strings.ReplaceAll(text, "\n", "\r\n"), "> " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n> "), "hi all,\n" + text + "\nthanks!"} {
			if got := render(changed); got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s", changed, got, want)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
	}
	f.Add("{\"a\\\\\\\"error\\\":'\xe2\x80")
	f.Fuzz(check)
}

// hostile are pieces that a careless scanner reads over and over.
var hostile = []string{
	"{", `"`, `\`, `{"`, `{"a":`, `{"error":"`, `\"`, `{\"a\":\"`, "'", "{'a':'", "error='a ", `error="`, "[", "<@", "<https://", "Retry-After: ", "Caused by: ", "a.rb:1:in ", "x: ",
	" ", ">", "> ", "at ", "https://?error=&", "NSUnderlyingError=", "http 404 ", "::", "{\n", "\n", "\x1b", "\x1b[", "“", "1.", "2024-", `"error":`, "error={a:", "}", "a=", "\"error\":{\"", "{ ", "{\\n",
}

// quickest is the shortest of three times that Read takes for size bytes.
func quickest(piece string, size int) time.Duration {
	text := strings.Repeat(piece, size/len(piece))
	best := time.Hour
	for range 3 {
		start := time.Now()
		Read(text)
		best = min(best, time.Since(start))
	}
	return best
}

func TestHostileTextTakesLinearTime(t *testing.T) {
	for _, piece := range hostile {
		small, large := quickest(piece, 32<<10), quickest(piece, 256<<10)
		if large > 40*small && large > 100*time.Millisecond { // linear is 8, quadratic 64
			t.Errorf("%q: got %v for 32 KB and %v for 256 KB", piece, small, large)
		}
	}
}

func TestAPlainMessageNeedsOneAllocation(t *testing.T) {
	text := "since this morning our calls fail all the time, can somebody please have a look at what is wrong here"
	if got := testing.AllocsPerRun(100, func() { Read(text) }); got > 1 {
		t.Errorf("got %v allocations, want 1 at most", got)
	}
}

func BenchmarkRead(b *testing.B) {
	java := "Exception in thread \"main\" java.io.IOException: outer\n" +
		strings.Repeat("\tat org.springframework.web.client.RestTemplate.doExecute(RestTemplate.java:791)\n", 45) +
		"Caused by: java.net.ConnectException: Connection refused\n\tat java.base/sun.nio.ch.Net.connect0(Native Method)\n"
	python := "Traceback (most recent call last):\n" + strings.Repeat("  File \"/usr/lib/python3/urllib3/connection.py\", line 203, in _new_conn\n    sock = connection.create_connection(\n", 35) + "ConnectionRefusedError: [Errno 111] Connection refused\n"
	logs := strings.Repeat("2024-05-01T10:00:00Z level=error msg=\"request failed\" status=503 host=api-1 request_id=ab12\n", 44)
	for _, c := range []struct{ name, text string }{
		{"plain100", "since this morning our calls fail all the time, can somebody please have a look at what is wrong her"},
		{"status", "getting HTTP 429 from https://api.example.com/v1/users since 10:00"},
		{"json", `{"error":{"code":"invalid_api_key","message":"Incorrect API key provided","type":"invalid_request_error","status":401}}`},
		{"java4k", java}, {"python4k", python}, {"logs4k", logs}, {"prose4k", strings.Repeat("our calls fail, all the time; please look at it. ", 84)},
		{"json4k", "[" + strings.Repeat(`{"code":"E1001","message":"card \"declined\"","field":"number"},`, 64) + "]"},
		{"hostile16k", strings.Repeat(`{"a":'`, 2700)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				Read(c.text)
			}
		})
	}
}
