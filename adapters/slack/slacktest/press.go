package slacktest

import (
	"encoding/json"
	"slices"
)

// A Press is a button pressed, an option chosen, or a shortcut taken.
type Press struct{ *Interaction }

// Press presses the button with this visible label on a message of the bot as
// it stands now, or chooses the option of this label.
func (u *User) Press(m *Message, label string) *Press {
	defer u.s.lock()()
	live := m.live()
	if live == nil || live.in == nil || live.to != nil && live.to != u || !u.in(live.Channel) {
		return u.nothing()
	}
	return u.press(live, action(live.Blocks, func(a object) bool { return a["label"] == label }))
}

// PressAction presses what the message may or may not have, as a forger or a
// person with an old screen would.
func (u *User) PressAction(m *Message, actionID, value string) *Press {
	defer u.s.lock()()
	if m.in == nil {
		return u.nothing()
	}
	a := action(m.Blocks, func(a object) bool { return a["action_id"] == actionID })
	if a == nil {
		a = object{"type": "button", "block_id": blockID(), "text": object{"type": "plain_text", "text": actionID, "emoji": true}}
	}
	a["action_id"], a["value"] = actionID, value
	target := m.live()
	if target == nil {
		target = m
	}
	return u.press(target, a)
}

// PressIn presses a button in a modal or the Home tab.
func (u *User) PressIn(v *View, label string) *Press {
	defer u.s.lock()()
	s := u.s
	live := s.ui.views[v.ID]
	if live == nil || live.u != u {
		return u.nothing()
	}
	a := action(live.Blocks, func(a object) bool { return a["label"] == label })
	if a == nil {
		return u.nothing()
	}
	x := &Press{s.interaction()}
	x.TriggerID = s.trigger(u, live.in, live)
	p := s.common("block_actions", u, live.in)
	p["container"] = object{"type": "view", "view_id": live.ID}
	p["trigger_id"], p["view"], p["actions"] = x.TriggerID, live.wire(), []any{s.acted(a)}
	s.ask("interactive", false, p, x.Interaction, nil)
	return x
}

func (u *User) nothing() *Press {
	x := &Press{u.s.interaction()}
	x.refused(ErrNoSuch)
	return x
}

func (u *User) press(m *Message, a object) *Press {
	if a == nil {
		return u.nothing()
	}
	s := u.s
	x := &Press{s.interaction()}
	x.TriggerID = s.trigger(u, m.in, nil)
	x.ResponseURL = s.responseURL("actions", &response{i: x.Interaction, u: u, in: m.in, c: m.Channel, original: m})
	p := s.common("block_actions", u, m.in)
	container := object{"type": "message", "message_ts": m.TS, "channel_id": m.Channel.ID, "is_ephemeral": m.Ephemeral}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["channel"], p["actions"] = container, m.Channel.short(), []any{s.acted(a)}
	p["trigger_id"], p["response_url"], p["state"] = x.TriggerID, x.ResponseURL, object{"values": object{}}
	if !m.Ephemeral {
		p["message"] = m.wire()
	}
	s.ask("interactive", false, p, x.Interaction, nil)
	return x
}

func (c *Channel) short() object {
	switch {
	case c.im != nil:
		return object{"id": c.ID, "name": "directmessage"}
	case c.private:
		return object{"id": c.ID, "name": "privategroup"}
	}
	return object{"id": c.ID, "name": c.Name}
}

func (s *Server) acted(a object) object {
	delete(a, "label")
	a["action_ts"] = s.ts()
	return a
}

// action finds what can be pressed in blocks, as it stands in the payload's
// actions plus its label.
func action(blocks json.RawMessage, wanted func(object) bool) object {
	var list []object
	_ = json.Unmarshal(blocks, &list)
	for _, b := range list {
		elements, _ := b["elements"].([]any)
		for _, e := range append(elements, b["accessory"]) {
			x, _ := e.(object)
			for _, a := range pressable(x) {
				a["block_id"] = b["block_id"]
				if wanted(a) {
					return a
				}
			}
		}
	}
	return nil
}

// pressable are the actions of an element: one of a button, one for each
// option of a menu.
func pressable(e object) []object {
	kind, _ := e["type"].(string)
	base := func(label any) object {
		return object{"type": kind, "action_id": e["action_id"], "label": label}
	}
	switch kind {
	case "button", "icon_button":
		text, _ := e["text"].(object)
		a := base(text["text"])
		a["text"] = text
		for _, k := range []string{"value", "style", "url"} {
			if e[k] != nil {
				a[k] = e[k]
			}
		}
		return []object{a}
	case "feedback_buttons":
		var out []object
		for _, k := range []string{"positive_button", "negative_button"} {
			b, _ := e[k].(object)
			text, _ := b["text"].(object)
			a := base(text["text"])
			a["value"], a["text"] = b["value"], text
			out = append(out, a)
		}
		return out
	}
	var out []object
	options, _ := e["options"].([]any)
	for _, o := range options {
		option, _ := o.(object)
		a := base(plainNode(option["text"]))
		a["selected_option"] = option
		out = append(out, a)
	}
	return out
}

// Shortcut takes a message shortcut on m. A person from outside has none.
func (u *User) Shortcut(m *Message, callbackID string) *Press {
	defer u.s.lock()()
	s, in := u.s, u.w.in
	x := &Press{s.interaction()}
	live := m.live()
	if in == nil || live == nil {
		x.refused(map[bool]error{true: ErrCommand, false: ErrNoSuch}[in == nil])
		return x
	}
	x.TriggerID = s.trigger(u, in, nil)
	x.ResponseURL = s.responseURL("actions", &response{i: x.Interaction, u: u, in: in, c: m.Channel})
	p := s.common("message_action", u, in)
	p["callback_id"], p["action_ts"], p["message_ts"] = callbackID, s.ts(), m.TS
	p["trigger_id"], p["response_url"], p["channel"], p["message"] = x.TriggerID, x.ResponseURL, m.Channel.short(), live.wire()
	s.ask("interactive", false, p, x.Interaction, nil)
	return x
}

// GlobalShortcut takes a shortcut from the menu. It has no channel and no
// response URL.
func (u *User) GlobalShortcut(callbackID string) *Press {
	defer u.s.lock()()
	s, in := u.s, u.w.in
	x := &Press{s.interaction()}
	if in == nil {
		x.refused(ErrCommand)
		return x
	}
	x.TriggerID = s.trigger(u, in, nil)
	p := s.common("shortcut", u, in)
	p["callback_id"], p["action_ts"], p["trigger_id"] = callbackID, s.ts(), x.TriggerID
	s.ask("interactive", false, p, x.Interaction, nil)
	return x
}

// OpenHome opens the app's Home tab: app_home_opened comes.
func (u *User) OpenHome() { u.openTab("home") }

// OpenMessages opens the direct message with the bot: app_home_opened comes.
func (u *User) OpenMessages() { u.openTab("messages") }

func (u *User) openTab(tab string) {
	defer u.s.lock()()
	in := u.w.in
	if in == nil {
		return
	}
	event := object{"type": "app_home_opened", "user": u.ID, "channel": u.dm(in).ID, "tab": tab, "event_ts": u.s.ts()}
	if v := u.homes[in]; v != nil && tab == "home" {
		event["view"] = v.wire()
	}
	u.s.emit(in, nil, event, true)
}

// Views are the modals that stand open for the person, the top one last.
func (u *User) Views() []*View {
	defer u.s.lockQuietly()()
	out := make([]*View, 0, len(u.views))
	for _, v := range u.views {
		out = append(out, v.copy())
	}
	return out
}

// Home is the person's Home tab, nil if none was published.
func (u *User) Home() *View {
	defer u.s.lockQuietly()()
	for _, in := range u.s.world.installs {
		if v := u.homes[in]; v != nil {
			return v.copy()
		}
	}
	return nil
}

// drop closes the view and those above it, as the last of which it goes.
func (u *User) drop(v *View) {
	i := slices.Index(u.views, v)
	if i < 0 {
		return
	}
	for _, x := range u.views[i:] {
		delete(u.s.ui.views, x.ID)
	}
	u.views = u.views[:i]
}
