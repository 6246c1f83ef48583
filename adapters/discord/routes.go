package discord

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	routeLimit = 4096            // routes that are remembered
	routeWait  = 2 * time.Second // longer, and others would wait behind it
)

// routes keep the limits of Discord's routes, which come with every answer.
type routes struct {
	next http.RoundTripper
	full *bounded[string, time.Time] // until when a route takes no more

	global atomic.Bool // the last refusal was for all routes
}

// crowded means that a route takes no more for a while.
type crowded struct{ after time.Duration }

func (c *crowded) Error() string { return fmt.Sprintf("the route is full for %v", c.after) }

// minor are the IDs in a path beside that of the channel or server it is about.
var minor = regexp.MustCompile(`(/(?:channels|guilds)/\d+|/webhooks/\d+/[^/]+)?(.*)`)

// routeOf is the part of a request that its limit goes by.
func routeOf(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	m := minor.FindStringSubmatch(path)
	return method + m[1] + numbers.ReplaceAllString(m[2], "/{}")
}

var numbers = regexp.MustCompile(`/\d+`)

// allRoutes is the route that stands for all.
const allRoutes = "*"

// block keeps a route from being used for a while, or all of them if Discord
// said that the limit is for all.
func (r *routes) block(method, path string, d time.Duration) {
	route := routeOf(method, path)
	if r.global.Swap(false) {
		route = allRoutes
	}
	r.full.put(route, time.Now().Add(d))
}

// wait waits until a route takes another request, or returns a *crowded if that
// takes too long.
func (r *routes) wait(ctx context.Context, method, path string) error {
	until, _ := r.full.get(routeOf(method, path))
	if all, _ := r.full.get(allRoutes); all.After(until) && !strings.HasPrefix(path, "/interactions/") && !strings.HasPrefix(path, "/webhooks/") {
		until = all
	}
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	if left > routeWait {
		return &crowded{after: left}
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// RoundTrip implements [http.RoundTripper]: it reads the limits of the answer.
func (r *routes) RoundTrip(q *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	if resp.Header.Get("X-RateLimit-Global") == "true" {
		r.global.Store(true)
	}
	if resp.Header.Get("X-RateLimit-Remaining") == "0" {
		if seconds, err := strconv.ParseFloat(resp.Header.Get("X-RateLimit-Reset-After"), 64); err == nil && seconds > 0 {
			_, path, _ := strings.Cut(strings.TrimPrefix(q.URL.Path, "/api/"), "/")
			r.full.put(routeOf(q.Method, "/"+path), time.Now().Add(time.Duration(seconds*float64(time.Second))))
		}
	}
	return resp, nil
}
