package slacktest

import (
	"encoding/json"
	"net/http"
	"time"
)

const (
	triggerLife  = 3 * time.Second
	responseLife = 30 * time.Minute
	responseUses = 5
)

// ui is what people do with the app beside writing.
type ui struct {
	triggers  map[string]*trigger
	responses map[string]*response // by path
	views     map[string]*View     // by id, those that stand open and Home tabs
}

func newUI() ui {
	return ui{triggers: map[string]*trigger{}, responses: map[string]*response{}, views: map[string]*View{}}
}

// A trigger lets the app open a view for a person once, for a short time.
type trigger struct {
	u    *User
	in   *install
	from *View // the view it was pressed in
	born time.Time
	used bool
}

func (s *Server) trigger(u *User, in *install, from *View) string {
	id := s.id("") + "." + s.id("") + "." + secret(32)
	s.ui.triggers[id] = &trigger{u: u, in: in, from: from, born: s.o.Clock()}
	return id
}

// An Interaction is something a person did that the app must acknowledge.
type Interaction struct {
	TriggerID   string
	ResponseURL string // empty where Slack gives none

	s     *Server
	done  chan struct{}
	since time.Time
	took  time.Duration
	ack   json.RawMessage
	err   error
	posts []*Message
}

func (s *Server) interaction() *Interaction {
	return &Interaction{s: s, done: make(chan struct{}), since: time.Now()}
}

// Done is closed once the app has acknowledged, or can't any more.
func (i *Interaction) Done() <-chan struct{} { return i.done }

// Err waits for the acknowledgement. It returns nil if it came, and otherwise
// what the person sees: [ErrTimeout], [ErrDispatch], [ErrNoSuch],
// [ErrCommand] or [ErrInput].
func (i *Interaction) Err() error {
	<-i.done
	return i.err
}

// Ack waits for the acknowledgement and returns its payload, nil if it had
// none.
func (i *Interaction) Ack() json.RawMessage {
	<-i.done
	return i.ack
}

// Took waits for the acknowledgement and returns how long it took.
func (i *Interaction) Took() time.Duration {
	<-i.done
	return i.took
}

// Posts are the messages that came through the acknowledgement and the
// response URL, oldest first.
func (i *Interaction) Posts() []*Message {
	defer i.s.lockQuietly()()
	return copies(i.posts)
}

// finish ends the interaction. The caller holds s.mu.
func (i *Interaction) finish(ack json.RawMessage, err error) {
	i.ack, i.err, i.took = ack, err, time.Since(i.since)
	close(i.done)
}

// refused is an interaction that never reaches the app.
func (i *Interaction) refused(err error) { i.finish(nil, err) }

// ask delivers the payload. then, which may be nil, gets the acknowledgement.
func (s *Server) ask(kind string, accepts bool, payload object, i *Interaction, then func(json.RawMessage)) {
	data, _ := json.Marshal(payload)
	sent := s.deliver(&delivery{kind: kind, payload: data, accepts: accepts, over: func(ack json.RawMessage, err error) {
		if err == nil && then != nil {
			then(ack)
		}
		i.finish(ack, err)
	}})
	if !sent {
		i.refused(ErrDispatch)
	}
}

// common are the fields that every interaction's payload has.
func (s *Server) common(kind string, u *User, in *install) object {
	p := object{
		"type": kind, "token": s.verification, "is_enterprise_install": in.org != nil, "enterprise": nil,
		"user": object{"id": u.ID, "name": u.Name, "team_id": u.w.ID},
	}
	team := s.homeOf(in)
	p["team"] = object{"id": team.ID, "domain": team.domain()}
	if in.org != nil {
		p["team"], p["enterprise"] = nil, object{"id": in.org.ID, "name": in.org.Name}
	}
	if kind != "message_action" && kind != "shortcut" {
		p["api_app_id"] = s.appID
		p["user"] = object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.w.ID}
	}
	return p
}

// A response is a response URL.
type response struct {
	i        *Interaction
	u        *User
	in       *install
	c        *Channel
	original *Message // that was pressed on; nil for commands
	born     time.Time
	uses     int
}

func (s *Server) responseURL(kind string, r *response) string {
	path := "/" + kind + "/" + s.homeOf(r.in).ID + "/" + s.id("") + "/" + secret(24)
	r.born = s.o.Clock()
	s.ui.responses[path] = r
	return s.origin + path
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	c, err := s.read("response_url", r)
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	if p := c.Args["payload"]; p != "" {
		delete(c.Args, "payload")
		_ = c.readObject([]byte(p))
	}
	s.mu.Lock()
	s.calls = append(s.calls, c.Call)
	s.mu.Unlock()
	answer := func(w http.ResponseWriter) { s.respond(w, r.URL.Path, c) }
	if s.fail(w, r, "response_url", func() { answer(blackHole{http.Header{}}) }) {
		return
	}
	answer(w)
}

func (s *Server) respond(w http.ResponseWriter, path string, c *call) {
	if c.Args["delete_original"] != "true" {
		s.checked("response", c.payload())
	}
	defer s.lock()()
	status, code := s.use(path, c.Args)
	if code == "" {
		_, _ = w.Write([]byte("ok"))
		return
	}
	s.complain("response_url: %s", code)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	writeJSON(w, object{"ok": false, "error": code})
}

// use takes one of the URL's uses and shows what was posted.
func (s *Server) use(path string, args map[string]string) (int, string) {
	r := s.ui.responses[path]
	switch {
	case r == nil:
		return http.StatusNotFound, "invalid_url"
	case s.o.Clock().Sub(r.born) >= responseLife:
		return http.StatusNotFound, "expired_url"
	case r.uses >= responseUses:
		return http.StatusNotFound, "used_url"
	}
	r.uses++
	if err := s.show(r, args); err != nil {
		return http.StatusOK, err.Error()
	}
	return http.StatusOK, ""
}
