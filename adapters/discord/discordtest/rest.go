package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Call is one REST call that the app made.
type Call struct {
	Method, Path string // Path is without /api and version
	Query        url.Values
	Body         json.RawMessage // of JSON, or payload_json of a form; nil without
	Files        []string        // names of uploaded ones
	Header       http.Header
	Status       int       // of the answer, 0 if there was none
	At           time.Time // by the real clock
}

// Calls are the app's calls of a route, in order; all of them, if the route is
// empty. A route is as in [Server.Fail].
func (s *Server) Calls(route string) []Call {
	defer s.lockQuietly()()
	var out []Call
	for _, c := range s.calls {
		if route == "" || routeMatches(route, c.Method+" "+c.Path) {
			out = append(out, *c)
		}
	}
	return out
}

// Invalid is how many calls Discord would have counted as invalid requests:
// those answered with 401, 403 or 429 (not of scope shared). At 10,000 in 10
// minutes it bans the address.
func (s *Server) Invalid() int {
	defer s.lockQuietly()()
	return s.invalid
}

// A call is a Call that is being answered.
type call struct {
	*Call
	s *Server
	r *http.Request
}

// id is a variable of the path.
func (c *call) id(name string) string { return c.r.PathValue(name) }

// decode reads the body into v.
func (c *call) decode(v any) error {
	if len(c.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.Body, v); err != nil {
		return &apiError{status: 400, code: 50035, message: "Invalid Form Body", fields: object{"_errors": []object{{"code": "MODEL_TYPE_CONVERT", "message": err.Error()}}}}
	}
	return nil
}

// An apiError is an answer with an error code.
type apiError struct {
	status, code int
	message      string
	fields       object
	after        time.Duration
	global       bool
}

func (e *apiError) Error() string { return e.message }

func refuse(status, code int, message string) error {
	return &apiError{status: status, code: code, message: message}
}

// invalid is 50035 for one field, such as components.0.label.
func invalid(path, code, message string) error {
	fields := object{"_errors": []object{{"code": code, "message": message}}}
	parts := strings.Split(path, ".")
	for _, p := range slices.Backward(parts) {
		fields = object{p: fields}
	}
	return &apiError{status: 400, code: 50035, message: "Invalid Form Body", fields: fields}
}

// A handler answers a call; a nil body is 204. It runs with Server.mu held.
type handler func(*call) (int, any, error)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, table := range []map[string]handler{userRoutes(), messageRoutes(), threadRoutes(), commandRoutes(), interactionRoutes()} {
		for route, h := range table {
			mux.HandleFunc(route, s.answering(h))
		}
	}
	mux.HandleFunc("/", s.answering(func(c *call) (int, any, error) {
		return 0, nil, refuse(http.StatusNotFound, 0, "404: Not Found")
	}))
	return mux
}

// serve finds the version and the route.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimSuffix(r.URL.Path, "/")
	if path == "/gateway" || path == "/resume" {
		s.serveSocket(w, r)
		return
	}
	for _, base := range []string{"/api/v10", "/api/v9"} {
		if rest, ok := strings.CutPrefix(path, base+"/"); ok {
			r = r.Clone(r.Context())
			r.URL.Path, r.URL.RawPath = "/"+rest, ""
			s.rest.ServeHTTP(w, r)
			return
		}
	}
	s.problem("%s %s: not a path of Discord's API", r.Method, r.URL.Path)
	writeJSON(w, http.StatusNotFound, object{"message": "404: Not Found", "code": 0})
}

func (s *Server) answering(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := s.read(r)
		if err != nil {
			writeJSON(w, http.StatusBadRequest, object{"message": "400: Bad Request", "code": 50109})
			return
		}
		s.checked("request", c.Method+" "+c.Path, c.Body)
		f, there := s.takeFault(c.Method + " " + c.Path)
		if !there {
			s.run(w, c, h)
			return
		}
		if f.AfterEffect {
			s.run(blackHole{http.Header{}}, c, h)
			s.lose(c)
		}
		if !s.hold(r, f) {
			return
		}
		if f.harmless() {
			s.run(w, c, h)
			return
		}
		s.record(c, f.status(), f.Scope != "shared")
		f.answer(w)
	}
}

// lose remembers that the app can't know of the call's effect.
func (s *Server) lose(c *call) {
	defer s.lockQuietly()()
	s.lost[c.Method+" "+c.Path] = true
}

// forgiven reports whether the refusal is what a second try of a call ends
// with when the answer to the first was lost.
func (s *Server) forgiven(c *call, e *apiError) bool {
	return s.lost[c.Method+" "+c.Path] && (e.code == 40060 || e.code == 160004 || e.code == 10008)
}

func (s *Server) takeFault(call string) (Fault, bool) {
	defer s.lockQuietly()()
	return s.fault(call)
}

// hold waits the fault's delay, and reports whether there is still somebody to
// answer.
func (s *Server) hold(r *http.Request, f Fault) bool {
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
	return false
}

// record counts the answer.
func (s *Server) record(c *call, status int, counts bool) {
	defer s.lock()()
	c.Status = status
	if counts && (status == 401 || status == 403 || status == 429) {
		s.invalid++
	}
}

// run makes the call and answers.
func (s *Server) run(w http.ResponseWriter, c *call, h handler) {
	status, body, err := s.do(w.Header(), c, h)
	refusal, _ := errors.AsType[*apiError](err)
	if refusal == nil {
		s.record(c, status, true)
		if body == nil {
			w.WriteHeader(status)
			return
		}
		writeJSON(w, status, body)
		return
	}
	s.record(c, refusal.status, true)
	if refusal.after > 0 {
		Fault{RetryAfter: refusal.after, Global: refusal.global}.answer(w)
		return
	}
	e := object{"message": refusal.message, "code": refusal.code}
	if refusal.fields != nil {
		e["errors"] = refusal.fields
	}
	writeJSON(w, refusal.status, e)
}

// do checks the token and the limits, and calls the handler.
func (s *Server) do(header http.Header, c *call, h handler) (status int, body any, err error) {
	defer s.lock()()
	defer func() {
		if err != nil {
			refusal, _ := errors.AsType[*apiError](err)
			if s.forgiven(c, refusal) {
				return
			}
			fields, _ := json.Marshal(refusal.fields)
			s.complain("%s: %d %s %s", routeOf(c), refusal.code, refusal.message, strings.TrimSuffix(string(fields), "null"))
		}
	}()
	if err := s.admit(c); err != nil {
		return 0, nil, err
	}
	if err := s.limit(header, c); err != nil {
		return 0, nil, err
	}
	status, body, err = h(c)
	if err == nil && status == 0 {
		status = http.StatusOK
		if body == nil {
			status = http.StatusNoContent
		}
	}
	if body != nil { // as it is now, not when it is written
		text, _ := json.Marshal(body)
		body = json.RawMessage(text)
	}
	return status, body, err
}

// routeOf is the call's method and path with ids replaced by {}.
func routeOf(c *call) string {
	parts := strings.Split(c.Path, "/")
	for i, p := range parts {
		if i > 0 && (strings.Trim(p, "0123456789") == "" || parts[i-1] == "reactions" || i > 2 && (parts[i-2] == "webhooks" || parts[i-2] == "interactions")) {
			parts[i] = "{}"
		}
	}
	return c.Method + " " + strings.Join(parts, "/")
}

// admit checks the token, where one is needed, and the User-Agent.
func (s *Server) admit(c *call) error {
	if agent := c.Header.Get("User-Agent"); !strings.HasPrefix(agent, "DiscordBot (") {
		s.complain("%s: the User-Agent %q isn't DiscordBot (url, version)", routeOf(c), agent)
	}
	if strings.HasPrefix(c.Path, "/interactions/") || strings.HasPrefix(c.Path, "/webhooks/") || c.Path == "/gateway" {
		return nil
	}
	if c.Header.Get("Authorization") != "Bot "+s.token {
		return refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	return nil
}

// read takes the call apart.
func (s *Server) read(r *http.Request) (*call, error) {
	c := &call{s: s, r: r, Call: &Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), At: time.Now()}}
	s.mu.Lock()
	s.calls = append(s.calls, c.Call)
	s.mu.Unlock()
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return c, c.readForm()
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, 25<<20))
	if data = bytes.TrimSpace(data); len(data) == 0 || err != nil {
		return c, err
	}
	if kind != "application/json" || !json.Valid(data) {
		s.problem("%s: a body of type %q that isn't JSON", routeOf(c), kind)
		return c, errors.New("discordtest: not JSON")
	}
	c.Body = data
	return c, nil
}

func (c *call) readForm() error {
	if err := c.r.ParseMultipartForm(1 << 20); err != nil {
		return err
	}
	if list := c.r.MultipartForm.Value["payload_json"]; len(list) > 0 {
		c.Body = json.RawMessage(list[0])
	}
	for _, files := range c.r.MultipartForm.File {
		for _, f := range files {
			c.Files = append(c.Files, f.Filename)
		}
	}
	return nil
}

// A blackHole takes the answer of a call whose effect counts alone.
type blackHole struct{ header http.Header }

func (b blackHole) Header() http.Header         { return b.header }
func (b blackHole) Write(p []byte) (int, error) { return len(p), nil }
func (b blackHole) WriteHeader(int)             {}
