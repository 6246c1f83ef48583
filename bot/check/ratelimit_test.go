package check

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// fields reads header fields, one a line.
func fields(text string) http.Header {
	h := http.Header{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
	return h
}

var limitTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) // Unix time 1795348800

func TestLimitsAreReadInAllTheirForms(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, header, want string }{
		{"none", "Content-Type: application/json", ""},
		{"seconds from now", "X-RateLimit-Limit: 1000\nX-RateLimit-Remaining: 12\nX-RateLimit-Reset: 40", "12 of 1000 left, resets in 40 s"},
		{"Unix time", "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nX-RateLimit-Reset: 1795348860", "59 of 60 left, resets in 60 s"},
		{"Unix time in milliseconds", "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nX-RateLimit-Reset: 1795348860000", "59 of 60 left, resets in 60 s"},
		{"Unix time with a fraction", "X-RateLimit-Limit: 5\nX-RateLimit-Remaining: 1\nX-RateLimit-Reset: 1795348803.250", "1 of 5 left, resets in 3 s"},
		{"a reset that is over", "X-RateLimit-Limit: 5\nX-RateLimit-Remaining: 1\nX-RateLimit-Reset: 1795348000", "1 of 5 left, resets in 0 s"},
		{"a duration", "X-RateLimit-Limit: 5\nX-RateLimit-Remaining: 1\nX-RateLimit-Reset: 6m0s", "1 of 5 left, resets in 6 min"},
		{"the other hyphen", "X-Rate-Limit-Limit: 15\nX-Rate-Limit-Remaining: 3\nX-Rate-Limit-Reset: 1795349700", "3 of 15 left, resets in 15 min"},
		{"draft 03, with policies", "RateLimit-Limit: 100, 100;w=60\nRateLimit-Remaining: 50\nRateLimit-Reset: 5", "50 of 100 left, resets in 5 s"},
		{"draft 07", "RateLimit: limit=100, remaining=50, reset=5", "50 of 100 left, resets in 5 s"},
		{"draft 10", "RateLimit-Policy: \"default\";q=100;w=60\nRateLimit: \"default\";r=50;t=30", "50 of 100 left, resets in 30 s"},
		{"draft 10, the tighter of two", "RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400\nRateLimit: \"burst\";r=90;t=30, \"daily\";r=12;t=7300", "12 of 1000 left, resets in 2 h"},
		{"draft 10, in two fields", "RateLimit-Policy: \"a\";q=100\nRateLimit-Policy: \"b\";q=10\nRateLimit: \"a\";r=50\nRateLimit: \"b\";r=1", "1 of 10 left"},
		{"draft 10, odd names", "RateLimit-Policy: \"a,b;c\\\"d\";q=10;w=1\nRateLimit: \"a,b;c\\\"d\";t=9;r=4", "4 of 10 left, resets in 9 s"},
		{"draft 10, no policy", "RateLimit: \"default\";r=50;t=30", "50 left, resets in 30 s"},
		{"only what remains", "X-RateLimit-Remaining: 7", "7 left"},
		{"only the limit", "X-RateLimit-Limit: 7", ""},
		{"nonsense", "X-RateLimit-Remaining: many\nRateLimit: r=x;;=,\"", ""},
		{"negative", "X-RateLimit-Remaining: -1\nX-RateLimit-Reset: -5", ""},
		{"a reset out of bounds", "X-RateLimit-Remaining: 1\nX-RateLimit-Reset: 1e300", "1 left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if l, told := tightest(fields(tt.header), limitTime); told {
				got = l.String()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"120", 2 * time.Minute, true},
		{"0", 0, true},
		{"Sun, 22 Nov 2026 12:00:30 GMT", 30 * time.Second, true},
		{"Sun, 22 Nov 2026 11:00:00 GMT", 0, true},
		{"9223372036854775807", maxReset, true},
		{"99999999999999999999", 0, false},
		{"soon", 0, false},
		{"-3", 0, false},
		{"", 0, false},
	}
	for _, tt := range tests {
		h := http.Header{"Retry-After": {tt.value}}
		if got, ok := retryAfter(h, limitTime); got != tt.want || ok != tt.ok {
			t.Errorf("%q: got %s, %v, want %s, %v", tt.value, got, ok, tt.want, tt.ok)
		}
	}
}

func TestALimitIsNearlyUsedAtATenth(t *testing.T) {
	t.Parallel()
	for remaining, want := range map[string]Status{"0": Warn, "10": Warn, "11": OK, "100": OK} {
		p := &Probe{answer: &answer{status: 200, header: fields("X-RateLimit-Limit: 100\nX-RateLimit-Remaining: " + remaining)}}
		if got := (limitsCheck{}).Run(t.Context(), p); got.Status != want {
			t.Errorf("%s of 100: got %s, want %s", remaining, got.Status, want)
		}
	}
}

func TestAResetIsToldByTheServersClock(t *testing.T) {
	t.Parallel()
	h := fields("Date: Sun, 22 Nov 2026 12:00:00 GMT\nX-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nX-RateLimit-Reset: 1795348840")
	p := &Probe{answer: &answer{status: 200, header: h, at: limitTime.Add(3 * time.Hour)}}
	if got, want := (limitsCheck{}).Run(t.Context(), p).Detail, "59 of 60 left, resets in 40 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAClockIsJudgedWithTheAgeOfACachedAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		at     time.Time
		want   string
	}{
		{"", limitTime, ""},
		{"Date: yesterday", limitTime, ""},
		{"Date: Sun, 22 Nov 2026 12:00:00 GMT", limitTime.Add(time.Minute), ""},
		{"Date: Sun, 22 Nov 2026 12:00:00 GMT", limitTime.Add(61 * time.Second), "the clock here is 61 s ahead of the server's"},
		{"Date: Sun, 22 Nov 2026 12:00:00 GMT", limitTime.Add(-3 * time.Minute), "the clock here is 3 min behind the server's"},
		{"Date: Sun, 22 Nov 2026 12:00:00 GMT\nAge: 3600", limitTime.Add(time.Hour), ""},
		{"Date: Sun, 22 Nov 2026 12:00:00 GMT\nAge: 3600", limitTime, "the clock here is 60 min behind the server's"},
	}
	for _, tt := range tests {
		got := ""
		if f := judgeClock(&answer{header: fields(tt.header), at: tt.at}); f != nil {
			got = f.detail
		}
		if got != tt.want {
			t.Errorf("%s at %s: got %q, want %q", tt.header, tt.at, got, tt.want)
		}
	}
}

func TestA429IsOfTheRateWhereItSaysSo(t *testing.T) {
	t.Parallel()
	tests := []struct{ header, body, want string }{
		{"", "", "http.429"},
		{"Retry-After: 3", "", "rate.limit"},
		{"X-RateLimit-Remaining: 0", "", "rate.limit"},
		{"", `{"message":"API rate limit exceeded"}`, "rate.limit"},
		{"", `{"code":"ThrottlingException"}`, "rate.limit"},
		{"", `{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded"}`, "rate.limit"},
		{"", `{"error":{"code":"insufficient_quota"}}`, "rate.quota"},
		{"Retry-After: 86400", `{"message":"Your monthly quota has been reached"}`, "rate.quota"},
	}
	for _, tt := range tests {
		p := &Probe{answer: &answer{status: 429, header: fields(tt.header), body: []byte(tt.body)}}
		if got := (limitsCheck{}).Run(t.Context(), p); got.Cause != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.header, tt.body, got.Cause, tt.want)
		}
	}
}

func FuzzLimits(f *testing.F) {
	f.Add("1000", "12", "40", `"a";r=1;t=2`, `"a";q=5`, "30")
	f.Add("100, 100;w=60", "1e9", "1795348860000", "limit=100, remaining=50, reset=5", `"`, "Sun, 22 Nov 2026 12:00:30 GMT")
	f.Add("", "9223372036854775807", "9999999999999999", `"\`, `\";q=`, "-1")
	f.Add("NaN", "0x10", "+Inf", ";;;=;,", ",", "1e400")
	f.Add("5", "1", "9999h", `"x";r=9223372036854775807;t=9223372036854775807`, `"x";q=0`, "99999999999")
	f.Fuzz(func(t *testing.T, limit, remaining, reset, rate, policy, retry string) {
		h := http.Header{
			"X-Ratelimit-Limit": {limit}, "X-Ratelimit-Remaining": {remaining}, "X-Ratelimit-Reset": {reset},
			"Ratelimit": {rate, limit}, "Ratelimit-Policy": {policy}, "Retry-After": {retry},
		}
		l, told := tightest(h, limitTime)
		if told && (l.left < 0 || l.reset > maxReset || l.share() < 0 || l.share() != l.share()) {
			t.Errorf("got %+v, want what a limit can be", l)
		}
		if after, ok := retryAfter(h, limitTime); ok && (after < 0 || after > maxReset) {
			t.Errorf("got %s, want a time within a year", after)
		}
		for _, status := range []int{200, 429} {
			p := &Probe{answer: &answer{status: status, header: h, at: limitTime}}
			if row := (limitsCheck{}).Run(t.Context(), p); row.Detail == "" || status == 429 && row.Status != Fail {
				t.Errorf("got %+v for %d", row, status)
			}
		}
	})
}
