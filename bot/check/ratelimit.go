package check

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An allowance is how much of a limit is left.
type allowance struct {
	left, of int64         // of is negative if not told
	reset    time.Duration // until there is more; negative if not told
}

// share is how much is left, from 0 to 1. Of a limit that is not told, anything
// but nothing counts as all.
func (l allowance) share() float64 {
	switch {
	case l.of == 0 && l.left == 0: // how some say that there is no limit
		return 1
	case l.left == 0:
		return 0
	case l.of <= 0:
		return 1
	default:
		return float64(l.left) / float64(l.of)
	}
}

// rateLimitPrefixes begin the fields in which a limit has three fields: that of
// draft-ietf-httpapi-ratelimit-headers up to 06, and what was there before it.
var rateLimitPrefixes = []string{"RateLimit-", "X-RateLimit-", "X-Rate-Limit-"}

// tightest returns the limit of which the least is left.
func tightest(h http.Header, now time.Time) (least allowance, told bool) {
	consider := func(l allowance, ok bool) {
		if ok && (!told || l.share() < least.share()) {
			least, told = l, true
		}
	}
	for _, l := range structured(h) {
		consider(l, true)
	}
	consider(dictionary(h))
	for _, prefix := range rateLimitPrefixes {
		consider(threeFields(h, prefix, now))
	}
	return least, told
}

// structured reads draft-ietf-httpapi-ratelimit-headers from 08 on: RateLimit
// is a list of policies with what is left (r) and the seconds until the reset
// (t); RateLimit-Policy has their quota (q).
func structured(h http.Header) []allowance {
	quota := map[string]int64{}
	for _, item := range splitQuoted(strings.Join(h.Values("RateLimit-Policy"), ","), ',') {
		name, params := parameters(item)
		if q, ok := number(params["q"]); ok {
			quota[name] = q
		}
	}
	var limits []allowance
	for _, item := range splitQuoted(strings.Join(h.Values("RateLimit"), ","), ',') {
		name, params := parameters(item)
		left, ok := number(params["r"])
		if !ok {
			continue
		}
		l := allowance{left: left, of: -1, reset: -1}
		if q, ok := quota[name]; ok {
			l.of = q
		}
		if t, ok := number(params["t"]); ok {
			l.reset = seconds(t)
		}
		limits = append(limits, l)
	}
	return limits
}

// dictionary reads draft 07: RateLimit: limit=100, remaining=50, reset=5.
func dictionary(h http.Header) (allowance, bool) {
	_, params := parameters(strings.ReplaceAll(";"+strings.Join(h.Values("RateLimit"), ","), ",", ";"))
	left, ok := number(params["remaining"])
	if !ok {
		return allowance{}, false
	}
	l := allowance{left: left, of: -1, reset: -1}
	if of, ok := number(params["limit"]); ok {
		l.of = of
	}
	if t, ok := number(params["reset"]); ok {
		l.reset = seconds(t)
	}
	return l, true
}

// threeFields reads X-RateLimit-Limit, -Remaining and -Reset and their like.
func threeFields(h http.Header, prefix string, now time.Time) (allowance, bool) {
	left, ok := number(h.Get(prefix + "Remaining"))
	if !ok {
		return allowance{}, false
	}
	l := allowance{left: left, of: -1, reset: resetIn(h.Get(prefix+"Reset"), now)}
	// "100, 100;w=60" is the limit and its policies.
	limit, _, _ := strings.Cut(h.Get(prefix+"Limit"), ",")
	limit, _, _ = strings.Cut(limit, ";")
	if of, ok := number(limit); ok {
		l.of = of
	}
	return l, true
}

// Resets are told as seconds from now, as a Unix time in seconds, or in
// milliseconds. No window is longer than a year, and no Unix time of a reset
// is before 2001 (1e9), so the size tells which.
const (
	leastEpoch  = 1e9
	leastMillis = 1e11
)

// resetIn reads when a limit resets; negative if it can't.
func resetIn(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if d, err := time.ParseDuration(value); err == nil && d >= 0 {
		return min(d, maxReset) // "6m0s", as OpenAI writes it
	}
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || math.IsNaN(n) || n < 0 || n >= 1e15:
		return -1
	case n < leastEpoch:
		return seconds(int64(n))
	case n < leastMillis:
		return until(time.Unix(int64(n), 0), now)
	default:
		return until(time.UnixMilli(int64(n)), now)
	}
}

// maxReset bounds what is believed, and keeps arithmetic from overflowing.
const maxReset = 366 * 24 * time.Hour

func seconds(n int64) time.Duration {
	return time.Duration(min(n, int64(maxReset/time.Second))) * time.Second
}

// until is the time from now to t, not below zero.
func until(t, now time.Time) time.Duration { return min(max(t.Sub(now), 0), maxReset) }

// retryAfter reads Retry-After, which is seconds or a date (RFC 9110, section
// 10.2.3).
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if n, ok := number(value); ok {
		return seconds(n), true
	}
	if t, err := http.ParseTime(value); err == nil {
		return until(t, now), true
	}
	return 0, false
}

// number reads a count: digits, perhaps with a fraction that does not matter.
func number(s string) (int64, bool) {
	whole, _, _ := strings.Cut(strings.TrimSpace(s), ".")
	n, err := strconv.ParseUint(whole, 10, 63)
	return int64(n), err == nil
}

// parameters takes `"name";r=5;t=1` apart.
func parameters(item string) (name string, params map[string]string) {
	parts := splitQuoted(item, ';')
	params = make(map[string]string, len(parts))
	for i, part := range parts {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if i > 0 && ok {
			params[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return strings.TrimSpace(parts[0]), params
}

// splitQuoted splits at separators outside of quotes. It returns one part at
// least.
func splitQuoted(s string, separator byte) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[min(start, len(s)):])
}
