package slacktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Call is one call that the app made.
type Call struct {
	Method string            // such as chat.postMessage; response_url for a post to one
	Args   map[string]string // form or top-level JSON, without the token; objects as JSON text
	Token  string
	At     time.Time // by the real clock
}

// Calls are the app's calls of a method, in order; of all methods, if the name
// is empty.
func (s *Server) Calls(method string) []Call {
	defer s.lockQuietly()()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// A call is a Call that is being answered.
type call struct {
	Call
	s      *Server
	in     *install // nil for app-level tokens and methods without a token
	scopes string   // of in
	basic  [2]string
}

// An apiError is an answer with ok false.
type apiError struct {
	code  string
	more  object
	after time.Duration // 429
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// A method is one of the Web API. do runs with s.mu held.
type method struct {
	access string // bot, app or none: the token it needs
	scope  string
	args   string // space-separated
	do     func(*call) (object, error)
}

func methods() map[string]method {
	all := map[string]method{}
	maps.Copy(all, chatMethods())
	maps.Copy(all, conversationMethods())
	maps.Copy(all, viewMethods())
	maps.Copy(all, oauthMethods())
	all["auth.test"] = method{access: "any", do: (*call).authTest}
	all["api.test"] = method{access: "none", args: "error foo", do: func(*call) (object, error) { return object{}, nil }}
	all["apps.connections.open"] = method{access: "app", args: "debug_reconnects", do: (*call).openConnection}
	all["users.info"] = method{access: "bot", scope: "users:read", args: "user include_locale", do: (*call).userInfo}
	return all
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	c, err := s.read(name, r)
	if err != nil {
		writeJSON(w, object{"ok": false, "error": "invalid_form_data"})
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, c.Call)
	s.mu.Unlock()
	if s.fail(w, r, name, func() { s.run(blackHole{http.Header{}}, c) }) {
		return
	}
	s.run(w, c)
}

func (s *Server) run(w http.ResponseWriter, c *call) {
	s.examine(c)
	body, err := s.dispatch(c)
	refusal, _ := errors.AsType[*apiError](err)
	if refusal != nil && refusal.after > 0 {
		tooMany(w, refusal.after)
		return
	}
	if c.scopes != "" {
		w.Header().Set("X-OAuth-Scopes", c.scopes)
	}
	if err != nil {
		body = object{"ok": false, "error": err.Error()}
		if refusal != nil {
			maps.Copy(body, refusal.more)
		}
	} else {
		body["ok"] = true
	}
	writeJSON(w, body)
}

// dispatch finds the method, checks the token and makes the call.
func (s *Server) dispatch(c *call) (object, error) {
	defer s.lock()()
	m, known := methods()[c.Method]
	if !known {
		s.complain("%s: unknown method", c.Method)
		return nil, refuse("unknown_method")
	}
	for name := range c.Args {
		if name != "team_id" && !slices.Contains(strings.Fields(m.args), name) { // every method takes a team_id
			s.complain("%s: unknown argument %s", c.Method, name)
		}
	}
	if err := s.admit(c, m); err != nil {
		return nil, err
	}
	body, err := m.do(c)
	if err != nil {
		s.complain("%s: %v", c.Method, err)
	}
	return body, err
}

// admit checks the token.
func (s *Server) admit(c *call, m method) error {
	if m.access == "none" {
		return nil
	}
	if c.Token == "" {
		return refuse("not_authed")
	}
	t := s.tokens[c.Token]
	switch {
	case t == nil:
		return refuse("invalid_auth")
	case t.app && m.access == "bot" || !t.app && m.access == "app":
		s.complain("%s: wrong kind of token", c.Method)
		return refuse("not_allowed_token_type")
	case t.dead != "":
		return refuse(t.dead)
	case t.in != nil && t.in.dead != "":
		return refuse(t.in.dead)
	case t.expires != 0 && s.o.Clock().Unix() >= t.expires:
		return refuse("token_expired")
	}
	if c.in = t.in; c.in == nil {
		return nil
	}
	c.scopes = strings.Join(c.in.granted(), ",")
	if m.scope != "" && !slices.Contains(c.in.granted(), m.scope) {
		return &apiError{code: "missing_scope", more: object{"needed": m.scope, "provided": c.scopes}}
	}
	return nil
}

// granted are the installation's scopes.
func (in *install) granted() []string {
	if in.scopes != nil {
		return in.scopes
	}
	return strings.Fields("app_mentions:read channels:history channels:read chat:write commands files:read groups:history groups:read im:history im:read im:write reactions:write users:read")
}

// read takes the arguments and the token from a form or JSON.
func (s *Server) read(name string, r *http.Request) (*call, error) {
	c := &call{s: s, Call: Call{Method: name, Args: map[string]string{}, At: time.Now()}}
	c.basic[0], c.basic[1], _ = r.BasicAuth()
	c.Token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if c.basic[0] != "" {
		c.Token = ""
	}
	for k, v := range r.URL.Query() {
		c.Args[k] = v[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/json":
		err = c.readJSON(r.Body)
	case "multipart/form-data":
		if err = r.ParseMultipartForm(1 << 20); err == nil {
			c.readForm(r.MultipartForm.Value)
		}
	default:
		r.Body = http.MaxBytesReader(nil, r.Body, 4<<20)
		if err = r.ParseForm(); err == nil {
			c.readForm(r.PostForm)
		}
	}
	if token, there := c.Args["token"]; there {
		delete(c.Args, "token")
		if c.Token == "" {
			c.Token = token
		}
	}
	return c, err
}

func (c *call) readForm(values url.Values) {
	for k, v := range values {
		c.Args[k] = v[0]
	}
}

func (c *call) readJSON(body io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(body, 4<<20))
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return err
	}
	return c.readObject(data)
}

func (c *call) readObject(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for k, v := range fields {
		var text string
		if json.Unmarshal(v, &text) != nil {
			text = string(v)
		}
		if string(v) != "null" {
			c.Args[k] = text
		}
	}
	return nil
}

// examine hands what the call shows to people to the function of Check.
func (s *Server) examine(c *call) {
	switch {
	case strings.HasPrefix(c.Method, "views.") && c.Args["view"] != "":
		s.checked("view", []byte(c.Args["view"]))
	case c.Method == "chat.postMessage", c.Method == "chat.update", c.Method == "chat.postEphemeral":
		s.checked("message", c.payload())
	}
}

// payload is the call's arguments as one JSON object.
func (c *call) payload() []byte {
	body := object{}
	for k, v := range c.Args {
		body[k] = v
		if raw := json.RawMessage(v); json.Valid(raw) && len(v) > 0 && strings.ContainsAny(v[:1], "[{tf") {
			body[k] = raw
		}
	}
	if text, there := c.Args["text"]; there {
		body["text"] = text
	}
	data, _ := json.Marshal(body)
	return data
}

// A blackHole takes the answer of a call whose effect counts alone.
type blackHole struct{ header http.Header }

func (b blackHole) Header() http.Header         { return b.header }
func (b blackHole) Write(p []byte) (int, error) { return len(p), nil }
func (b blackHole) WriteHeader(int)             {}

func (c *call) authTest() (object, error) {
	if c.in == nil {
		return object{"app_id": c.s.appID, "app_name": c.s.o.Name}, nil
	}
	w := c.s.homeOf(c.in)
	body := object{
		"url": "https://" + w.domain() + ".slack.com/", "team": w.Name, "user": c.in.name, "team_id": w.ID,
		"user_id": c.in.botUser, "bot_id": c.in.botID, "is_enterprise_install": c.in.org != nil,
	}
	if c.in.org != nil {
		body["enterprise_id"] = c.in.org.ID
	}
	return body, nil
}

func (c *call) openConnection() (object, error) {
	ticket := uuid()
	c.s.line.tickets[ticket] = true
	return object{"url": "ws" + strings.TrimPrefix(c.s.origin, "http") + "/link/?ticket=" + ticket + "&app_id=" + c.s.appID}, nil
}

func (c *call) userInfo() (object, error) {
	id := c.Args["user"]
	for _, in := range c.s.world.installs {
		if in.botUser == id && in == c.in {
			return object{"user": object{
				"id": id, "team_id": c.s.homeOf(in).ID, "name": in.name, "real_name": in.name, "deleted": false, "is_bot": true, "is_app_user": false,
				"profile": object{"real_name": in.name, "display_name": "", "bot_id": in.botID, "api_app_id": c.s.appID},
			}}, nil
		}
	}
	u := c.s.world.users[id]
	if u == nil || !u.meets(c.in) {
		return nil, refuse("user_not_found")
	}
	return object{"user": u.info(c.in)}, nil
}
