package slacktest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A Fault is what goes wrong with a call. Without any field but Times the call
// ends with status 500.
type Fault struct {
	Times       int           // calls it is for; 0 = one, -1 = all from now on
	Error       string        // {"ok":false,"error":…}
	RetryAfter  time.Duration // 429; whole seconds on the wire, rounded up
	Status      int           // of the HTTP answer
	Delay       time.Duration // before the answer; alone, the call then works
	Cut         bool          // the connection ends without an answer
	HTML        bool          // the body is a page; status 503 unless Status says otherwise
	AfterEffect bool          // the call works before it fails
}

// Fail makes calls of a Web API method fail. Beside methods there are
// "response_url"; "socket", the Socket Mode connection itself; and "hello",
// for which any fault makes a new socket say nothing, ever. Faults of one
// method are used up in the order they came.
func (s *Server) Fail(method string, f Fault) {
	defer s.lock()()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults[method] = append(s.faults[method], f)
}

// Heal takes back what Fail said about the method.
func (s *Server) Heal(method string) {
	defer s.lock()()
	delete(s.faults, method)
}

// fault takes the next fault of the method. The caller holds s.mu.
func (s *Server) fault(method string) (Fault, bool) {
	list := s.faults[method]
	if len(list) == 0 {
		return Fault{}, false
	}
	f := list[0]
	if f.Times > 0 {
		if list[0].Times--; list[0].Times == 0 {
			s.faults[method] = list[1:]
		}
	}
	return f, true
}

// fail answers with the method's next fault, if there is one, and reports
// whether it did. effect, which may be nil, is the call itself.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, method string, effect func()) bool {
	s.mu.Lock()
	f, there := s.fault(method)
	s.mu.Unlock()
	if !there {
		return false
	}
	if f.AfterEffect && effect != nil {
		effect()
	}
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return true
		case <-s.ctx.Done():
			return true
		}
		if f.harmless() {
			return false
		}
	}
	f.answer(w)
	return true
}

func (f Fault) harmless() bool {
	return f.Error == "" && f.RetryAfter == 0 && f.Status == 0 && !f.Cut && !f.HTML && !f.AfterEffect
}

func (f Fault) answer(w http.ResponseWriter) {
	switch {
	case f.Cut:
		panic(http.ErrAbortHandler) // net/http's way to end a connection
	case f.RetryAfter > 0:
		tooMany(w, f.RetryAfter)
	case f.HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(cmp.Or(f.Status, http.StatusServiceUnavailable))
		_, _ = fmt.Fprint(w, "<!DOCTYPE html><html><title>Slack</title><h1>Something went wrong</h1></html>")
	case f.Error != "":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(cmp.Or(f.Status, http.StatusOK))
		writeJSON(w, object{"ok": false, "error": f.Error})
	case f.Status != 0:
		w.WriteHeader(f.Status)
	default:
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func tooMany(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = fmt.Fprint(w, `{"ok":false,"error":"ratelimited"}`)
}

func writeJSON(w http.ResponseWriter, body any) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	_ = json.NewEncoder(w).Encode(body)
}

// Check has f called with every payload that the app sends for people to see:
// kind is message, view or response (to a response URL or in an
// acknowledgement). Its errors are among [Server.Problems]. f must not call the
// server.
func (s *Server) Check(f func(kind string, payload []byte) error) {
	defer s.lock()()
	s.check = f
}

// checked calls the function of Check. The caller doesn't hold s.mu.
func (s *Server) checked(kind string, payload []byte) {
	s.mu.Lock()
	check := s.check
	s.mu.Unlock()
	if check == nil || len(payload) == 0 {
		return
	}
	if err := check(kind, payload); err != nil {
		s.problem("check of a %s: %v", kind, err)
	}
}

// Problems are all the things the app did that Slack refuses or silently
// drops, and the errors of [Server.Check].
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
