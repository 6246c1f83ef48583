package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

const viewDepth = 3 // modals on top of each other

// A View is a modal or a Home tab as it stood when it was asked for.
type View struct {
	ID, Hash                                string
	Type                                    string // modal or home
	Title                                   string
	CallbackID, PrivateMetadata, ExternalID string
	Blocks                                  json.RawMessage
	Errors                                  map[string]string // by block_id, after a refused submission

	u                    *User
	in                   *install
	title, submit, close json.RawMessage
	notify, clear        bool
	root, previous       string
	state                object
}

func (v *View) copy() *View {
	c := *v
	return &c
}

func (v *View) wire() object {
	s := v.u.s
	installed := s.homeOf(v.in)
	state := v.state
	if state == nil {
		state = object{}
	}
	orNull := func(id string) any {
		if id == "" {
			return nil
		}
		return id
	}
	w := object{
		"id": v.ID, "team_id": v.u.w.ID, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID,
		"external_id": v.ExternalID, "state": object{"values": state}, "hash": v.Hash, "title": v.title, "submit": v.submit, "close": v.close,
		"clear_on_close": v.clear, "notify_on_close": v.notify, "submit_disabled": false, "root_view_id": v.root, "previous_view_id": orNull(v.previous),
		"app_id": s.appID, "app_installed_team_id": installed.ID, "bot_id": v.in.botID,
	}
	for _, k := range []string{"title", "submit", "close"} {
		if raw := w[k].(json.RawMessage); len(raw) == 0 {
			w[k] = nil
		}
	}
	return w
}

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {"bot", "", "trigger_id interactivity_pointer view", (*call).openView},
		"views.push":    {"bot", "", "trigger_id interactivity_pointer view", (*call).pushView},
		"views.update":  {"bot", "", "view_id external_id hash view", (*call).updateView},
		"views.publish": {"bot", "", "user_id hash view", (*call).publishView},
	}
}

// exchange takes the call's trigger. It works once, for three seconds, and for
// the installation it was made for.
func (c *call) exchange() (*trigger, error) {
	t := c.s.ui.triggers[c.Args["trigger_id"]]
	switch {
	case t == nil || t.in != c.in:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case c.s.o.Clock().Sub(t.born) >= triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

func (c *call) openView() (object, error) { return c.stack(false) }
func (c *call) pushView() (object, error) { return c.stack(true) }

func (c *call) stack(push bool) (object, error) {
	v, err := c.s.viewOf(c.Args["view"])
	if err != nil {
		return nil, err
	}
	t, err := c.exchange()
	if err != nil {
		return nil, err
	}
	if v.Type != "modal" {
		return nil, invalidArguments("only a modal can be opened")
	}
	if push && (t.from == nil || !slices.Contains(t.u.views, t.from)) {
		return nil, refuse("not_found")
	}
	if push && len(t.u.views) >= viewDepth {
		return nil, refuse("push_limit_reached")
	}
	t.used = true
	if !push && len(t.u.views) > 0 {
		t.u.drop(t.u.views[0])
	}
	t.u.raise(v, c.in)
	return object{"view": v.wire()}, nil
}

// raise puts the view on top of those of the person.
func (u *User) raise(v *View, in *install) {
	v.ID, v.u, v.in, v.Hash = u.s.id("V"), u, in, u.s.hash()
	v.root = v.ID
	if n := len(u.views); n > 0 {
		v.previous, v.root = u.views[n-1].ID, u.views[0].ID
	}
	u.views = append(u.views, v)
	u.s.ui.views[v.ID] = v
}

func (s *Server) hash() string { return s.ts()[:10] + "." + secret(8) }

func (c *call) updateView() (object, error) {
	next, err := c.s.viewOf(c.Args["view"])
	if err != nil {
		return nil, err
	}
	v := c.s.ui.views[c.Args["view_id"]]
	if id := c.Args["external_id"]; id != "" {
		for _, x := range c.s.ui.views {
			if x.ExternalID == id {
				v = x
			}
		}
	}
	if v == nil || v.in != c.in {
		return nil, refuse("not_found")
	}
	if hash := c.Args["hash"]; hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	v.become(next)
	return object{"view": v.wire()}, nil
}

// become replaces what the view shows; it stays where it is.
func (v *View) become(next *View) {
	next.ID, next.u, next.in, next.root, next.previous, next.Hash = v.ID, v.u, v.in, v.root, v.previous, v.u.s.hash()
	*v = *next
}

func (c *call) publishView() (object, error) {
	v, err := c.s.viewOf(c.Args["view"])
	if err != nil {
		return nil, err
	}
	u := c.s.world.users[c.Args["user_id"]]
	switch {
	case u == nil || !u.meets(c.in):
		return nil, invalidArguments("no such user [json-pointer:/user_id]")
	case v.Type != "home":
		return nil, invalidArguments("only a home view can be published")
	}
	old := u.homes[c.in]
	if hash := c.Args["hash"]; hash != "" && (old == nil || hash != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	if old != nil {
		old.become(v)
		return object{"view": old.wire()}, nil
	}
	v.ID, v.u, v.in, v.Hash = c.s.id("V"), u, c.in, c.s.hash()
	v.root = v.ID
	u.homes[c.in] = v
	c.s.ui.views[v.ID] = v
	return object{"view": v.wire()}, nil
}

// A Submission is a modal that a person submitted.
type Submission struct{ *Interaction }

// Submit fills in the view's inputs, by block_id or action_id, and submits it
// as it stands now. Choices are given by label or value, several with a line
// each. What Slack's own client refuses (an empty required input, too many
// characters) ends in [ErrInput] and doesn't reach the app.
func (u *User) Submit(v *View, values map[string]string) *Submission {
	defer u.s.lock()()
	s := u.s
	x := &Submission{s.interaction()}
	live := s.ui.views[v.ID]
	if live == nil || live.u != u || live.Type != "modal" {
		x.refused(ErrNoSuch)
		return x
	}
	state, err := fill(live.Blocks, values)
	if err != nil {
		x.refused(err)
		return x
	}
	live.state, live.Errors = state, nil
	x.TriggerID = s.trigger(u, live.in, live)
	p := s.common("view_submission", u, live.in)
	if live.in.org == nil {
		p["team"] = object{"id": u.w.ID, "domain": u.w.domain()}
	}
	p["trigger_id"], p["view"], p["response_urls"] = x.TriggerID, live.wire(), []any{}
	s.ask("interactive", true, p, x.Interaction, func(ack json.RawMessage) { s.submitted(live, ack) })
	return x
}

// submitted does what the acknowledgement of a submission says.
func (s *Server) submitted(v *View, ack json.RawMessage) {
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(ack) == 0 {
		ack = []byte("null")
	}
	if json.Unmarshal(ack, &a) != nil {
		s.complain("acknowledgement of a submission: not an object")
		return
	}
	if s.check != nil && len(a.View) > 0 {
		if err := s.check("view", a.View); err != nil {
			s.complain("check of a view: %v", err)
		}
	}
	switch a.Action {
	case "":
		if body := strings.TrimSpace(string(ack)); body != "" && body != "{}" && body != "null" {
			s.complain("acknowledgement of a submission: no response_action")
		}
		v.u.drop(v)
	case "clear":
		v.u.drop(v.u.views[0])
	case "errors":
		s.refuseInput(v, a.Errors)
	case "update", "push":
		s.replaceView(v, a.Action, string(a.View))
	default:
		s.complain("acknowledgement of a submission: unknown response_action %s", a.Action)
	}
}

func (s *Server) refuseInput(v *View, errors map[string]string) {
	inputs := inputsOf(v.Blocks)
	for id := range errors {
		if !slices.ContainsFunc(inputs, func(i input) bool { return i.Block == id }) {
			s.complain("acknowledgement of a submission: errors for %s, which is no input block", id)
		}
	}
	if len(errors) == 0 {
		s.complain("acknowledgement of a submission: no errors in errors")
	}
	v.Errors = errors
}

func (s *Server) replaceView(v *View, action, data string) {
	next, err := s.viewOf(data)
	if err != nil {
		s.complain("acknowledgement of a submission: %v", err)
		return
	}
	switch {
	case action == "update":
		v.become(next)
	case len(v.u.views) >= viewDepth:
		s.complain("acknowledgement of a submission: push_limit_reached")
	default:
		v.u.raise(next, v.in)
	}
}

// CloseView closes a modal. The app hears of it (view_closed) if the view has
// notify_on_close.
func (u *User) CloseView(v *View) *Press {
	defer u.s.lock()()
	s := u.s
	x := &Press{s.interaction()}
	live := s.ui.views[v.ID]
	if live == nil || live.u != u || live.Type != "modal" {
		x.refused(ErrNoSuch)
		return x
	}
	payload := s.common("view_closed", u, live.in)
	payload["view"], payload["is_cleared"] = live.wire(), live.clear
	if live.clear && len(u.views) > 0 {
		live = u.views[0]
	}
	notify := s.ui.views[v.ID].notify
	u.drop(live)
	if !notify {
		x.finish(nil, nil)
		return x
	}
	s.ask("interactive", false, payload, x.Interaction, nil)
	return x
}
