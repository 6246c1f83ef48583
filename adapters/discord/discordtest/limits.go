package discordtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// limits count calls, by the real clock.
type limits struct {
	enforced bool
	buckets  map[string][]time.Time
	all      []time.Time
}

func newLimits() limits { return limits{buckets: map[string][]time.Time{}} }

const globalLimit = 50 // calls a second, interactions exempt: [D:topics/rate-limits]

// RateLimit makes the server enforce rate limits: 50 calls a second in all,
// and for each route and channel what its X-RateLimit headers say. Without it
// the headers are there too, with limits nobody reaches.
func (s *Server) RateLimit(on bool) {
	defer s.lock()()
	s.limits = newLimits()
	s.limits.enforced = on
}

// limit counts the call, sets the headers, and refuses what is too much.
func (s *Server) limit(h http.Header, c *call) error {
	now := time.Now()
	exempt := strings.HasPrefix(c.Path, "/interactions/") || strings.HasPrefix(c.Path, "/webhooks/")
	if s.limits.enforced && !exempt {
		s.limits.all = recent(s.limits.all, now, time.Second)
		if len(s.limits.all) >= globalLimit {
			return &apiError{status: 429, message: "You are being rate limited.", after: s.limits.all[0].Add(time.Second).Sub(now), global: true}
		}
		s.limits.all = append(s.limits.all, now)
	}
	key, most, per := bucketOf(c)
	if !s.limits.enforced {
		most = 10_000
	}
	used := recent(s.limits.buckets[key], now, per)
	reset := per
	if len(used) > 0 {
		reset = used[0].Add(per).Sub(now)
	}
	if len(used) >= most {
		return &apiError{status: 429, message: "You are being rate limited.", after: reset}
	}
	s.limits.buckets[key] = append(used, now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(most))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(most-len(used)-1))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(now.Add(reset).UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(reset.Seconds(), 'f', 3, 64))
	h.Set("X-RateLimit-Bucket", bucketHash(c))
	return nil
}

func recent(list []time.Time, now time.Time, per time.Duration) []time.Time {
	return slices.DeleteFunc(list, func(t time.Time) bool { return now.Sub(t) >= per })
}

// bucketOf is the bucket of a call with its limit. The numbers are those that
// Discord has been seen to send; an app must go by the headers.
func bucketOf(c *call) (key string, most int, per time.Duration) {
	parts := strings.Split(c.Path, "/")
	key = routeOf(c)
	for i, p := range parts[:len(parts)-1] {
		if p == "channels" || p == "guilds" {
			key += " " + parts[i+1]
		}
		if (p == "webhooks" || p == "interactions") && i+2 < len(parts) {
			key += " " + parts[i+2]
		}
	}
	switch {
	case strings.Contains(c.Path, "/reactions/"):
		return key, 1, 250 * time.Millisecond
	case strings.HasSuffix(c.Path, "/messages") || strings.HasPrefix(c.Path, "/webhooks/"):
		return key, 5, 5 * time.Second
	}
	return key, 10, 10 * time.Second
}

func bucketHash(c *call) string {
	h := uint64(14695981039346656037)
	for _, b := range []byte(routeOf(c)) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return strconv.FormatUint(h, 16)
}
