package discordtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Fault is what goes wrong with a call. Without any field but Times the call
// ends with status 500.
type Fault struct {
	Times       int           // calls it is for; 0 = one, -1 = all from now on
	Status      int           // of the HTTP answer; 400 if only Code is set
	Code        int           // JSON error code of the body
	Message     string        // of the body
	RetryAfter  time.Duration // 429, in the header, the body and X-RateLimit-Reset-After
	Global      bool          // the 429 is of the global limit
	Scope       string        // user, global or shared; empty = by Global
	Delay       time.Duration // before the answer; alone, the call then works
	Cut         bool          // the connection ends without an answer
	HTML        bool          // the body is Cloudflare's page; status 502 unless Status or RetryAfter says otherwise
	AfterEffect bool          // the call works before it fails
}

// Fail makes calls of a route fail. A route is a method and a path without
// /api and version; {} stands for any one segment: POST /channels/{}/messages.
// The route "socket" is the gateway's websocket: it can't be opened then.
// Faults of one route are used up in the order they came.
func (s *Server) Fail(route string, f Fault) {
	defer s.lock()()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults[route] = append(s.faults[route], f)
}

// Heal takes back what Fail said about the route.
func (s *Server) Heal(route string) {
	defer s.lock()()
	delete(s.faults, route)
}

// fault takes the next fault for the call. The caller holds s.mu.
func (s *Server) fault(call string) (Fault, bool) {
	var patterns []string
	for route, list := range s.faults {
		if len(list) > 0 && routeMatches(route, call) {
			patterns = append(patterns, route)
		}
	}
	if len(patterns) == 0 {
		return Fault{}, false
	}
	route := slices.MinFunc(patterns, func(a, b string) int { // the most particular one
		return cmp.Or(cmp.Compare(strings.Count(a, "{}"), strings.Count(b, "{}")), cmp.Compare(a, b))
	})
	list := s.faults[route]
	f := list[0]
	if f.Times > 0 {
		if list[0].Times--; list[0].Times == 0 {
			s.faults[route] = list[1:]
		}
	}
	return f, true
}

// routeMatches reports whether the pattern, where {} is any segment, is of the
// call.
func routeMatches(pattern, call string) bool {
	p, c := strings.Split(pattern, "/"), strings.Split(call, "/")
	if len(p) != len(c) {
		return false
	}
	for i := range p {
		if p[i] != c[i] && p[i] != "{}" {
			return false
		}
	}
	return true
}

// harmless reports whether the fault is a delay alone.
func (f Fault) harmless() bool {
	return f.Delay > 0 && f.Code == 0 && f.RetryAfter == 0 && f.Status == 0 && !f.Cut && !f.HTML && !f.AfterEffect
}

func (f Fault) answer(w http.ResponseWriter) int {
	status := f.status()
	if f.Cut {
		panic(http.ErrAbortHandler) // net/http's way to end a connection
	}
	if f.RetryAfter > 0 {
		f.tooMany(w)
	}
	if f.HTML {
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.Header().Set("Server", "cloudflare")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, "<!DOCTYPE html>\n<html><head><title>discord.com | ", status, "</title></head><body><h1>Error ", status, "</h1><p>cloudflare</p></body></html>")
		return status
	}
	body := object{"message": cmp.Or(f.Message, http.StatusText(status)), "code": f.Code}
	if f.RetryAfter > 0 {
		body = object{"message": "You are being rate limited.", "retry_after": f.RetryAfter.Seconds(), "global": f.Global, "code": f.Code}
	}
	writeJSON(w, status, body)
	return status
}

func (f Fault) status() int {
	switch {
	case f.Status != 0:
		return f.Status
	case f.RetryAfter > 0:
		return http.StatusTooManyRequests
	case f.HTML:
		return http.StatusBadGateway
	case f.Code != 0:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// tooMany sets the headers of a 429. Cloudflare's has Retry-After alone.
func (f Fault) tooMany(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	if f.HTML {
		return
	}
	scope := "user"
	if f.Global {
		scope = "global"
		h.Set("X-RateLimit-Global", "true")
	}
	h.Set("X-RateLimit-Scope", cmp.Or(f.Scope, scope))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(f.RetryAfter.Seconds(), 'f', 3, 64))
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// Check has f called with what the app sends: kind is request (a REST call
// with a JSON body; route is its method and path, without /api and version),
// response (what it answers to an HTTP interaction; route is that of a
// callback) or gateway (a frame; route is its op, such as "op 2"). Its errors
// are among [Server.Problems]. f must not call the server.
func (s *Server) Check(f func(kind, route string, payload []byte) error) {
	defer s.lock()()
	s.check = f
}

// checked calls the function of Check. The caller doesn't hold s.mu.
func (s *Server) checked(kind, route string, payload []byte) {
	s.mu.Lock()
	check := s.check
	s.mu.Unlock()
	if check == nil || len(payload) == 0 {
		return
	}
	if err := check(kind, route, payload); err != nil {
		s.problem("check of a %s: %s: %v", kind, route, err)
	}
}

// Problems are all the things the app did that Discord refuses, counts as an
// invalid request, or shows in a way nobody wants (a message that pings), and
// the errors of [Server.Check]. What [Server.Fail] made fail isn't among them,
// nor 40060, 160004 or 10008 for the second try of a call that worked although
// its answer was a fault.
// A refused call reads "POST /channels/{}/messages: 50013 Missing Permissions".
func (s *Server) Problems() []string {
	defer s.lockQuietly()()
	return slices.Clone(s.problems)
}

func (s *Server) problem(format string, args ...any) {
	defer s.lock()()
	s.complain(format, args...)
}

// complain is problem for those who hold s.mu.
func (s *Server) complain(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}
