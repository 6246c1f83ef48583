package slacktest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

const responseArgs = "text blocks attachments response_type replace_original delete_original thread_ts mrkdwn unfurl_links unfurl_media metadata parse link_names"

// show does what a post to a response URL, or the acknowledgement of a
// command, asks for.
func (s *Server) show(r *response, args map[string]string) error {
	for name := range args {
		if !slices.Contains(strings.Fields(responseArgs), name) {
			s.complain("response_url: unknown argument %s", name)
		}
	}
	if args["delete_original"] == "true" {
		r.erase()
		return nil
	}
	c := &call{s: s, in: r.in, Call: Call{Method: "response_url", Args: args}}
	m, err := c.content(false)
	if err != nil {
		return err
	}
	public := args["response_type"] == "in_channel"
	if args["replace_original"] == "true" && r.original != nil {
		r.replace(m)
		return nil
	}
	if thread := args["thread_ts"]; thread != "" && (!public || args["replace_original"] != "false") {
		s.complain("response_url: thread_ts needs response_type in_channel and replace_original false")
	}
	if public {
		r.i.posts = append(r.i.posts, s.botMessage(r.in, r.c, m, args["thread_ts"], "response_url"))
		return nil
	}
	if r.original != nil && r.original.ThreadTS != "" {
		m.ThreadTS = r.original.ThreadTS
	}
	s.whisper(r.in, r.c, r.u, m)
	r.i.posts = append(r.i.posts, m)
	return nil
}

// replace puts m's content in the place of the message that was pressed on. It
// stays as public or private as it was.
func (r *response) replace(m *Message) {
	live := r.original.live()
	if live == nil {
		return
	}
	before := live.wire()
	live.Text, live.Blocks, live.Edited, live.editedTS = m.Text, m.Blocks, true, r.i.s.ts()
	if !live.Ephemeral {
		r.i.s.emitChange(live, before, false)
	}
}

func (r *response) erase() {
	if r.original == nil {
		return
	}
	live := r.original.live()
	if live == nil {
		return
	}
	if live.Ephemeral {
		r.u.ephemerals = slices.DeleteFunc(r.u.ephemerals, func(m *Message) bool { return m == live })
		return
	}
	r.i.s.remove(live, false)
}

// A Slash is a slash command that a person entered.
type Slash struct{ *Interaction }

// Slash enters "/apihelp text" in the channel; in the direct message with the
// bot if c is nil. A person from outside has no such command.
func (u *User) Slash(c *Channel, text string) *Slash {
	defer u.s.lock()()
	s := u.s
	x := &Slash{s.interaction()}
	in := u.w.in
	if in == nil {
		x.refused(ErrCommand)
		return x
	}
	if c == nil {
		c = u.dm(in)
	}
	r := &response{i: x.Interaction, u: u, in: in, c: c}
	x.TriggerID, x.ResponseURL = s.trigger(u, in, nil), s.responseURL("commands", r)
	name := c.Name
	switch {
	case c.im != nil:
		name = "directmessage"
	case c.private:
		name = "privategroup"
	}
	p := object{
		"token": s.verification, "team_id": u.w.ID, "team_domain": u.w.domain(), "channel_id": c.ID, "channel_name": name,
		"user_id": u.ID, "user_name": u.Name, "command": "/" + s.o.Name, "text": u.entered(c, text), "api_app_id": s.appID,
		"is_enterprise_install": map[bool]string{true: "true", false: "false"}[in.org != nil],
		"response_url":          x.ResponseURL, "trigger_id": x.TriggerID,
	}
	if u.w.org != nil {
		p["enterprise_id"], p["enterprise_name"] = u.w.org.ID, u.w.org.Name
	}
	s.ask("slash_commands", true, p, x.Interaction, func(ack json.RawMessage) { s.showAck(r, ack) })
	return x
}

// entered is a command's text with should_escape on: mentions, links and the
// characters of markup are escaped.
func (u *User) entered(c *Channel, text string) string {
	markup, _ := u.typed(c, text)
	return mention.ReplaceAllStringFunc(markup, func(m string) string {
		id := m[2 : len(m)-1]
		if other := u.s.world.users[id]; other != nil {
			return "<@" + id + "|" + other.Name + ">"
		}
		return "<@" + id + "|" + u.s.o.Name + ">"
	})
}

var mention = regexp.MustCompile(`<@U[0-9A-Z]+>`)

// showAck shows what the acknowledgement of a command holds.
func (s *Server) showAck(r *response, ack json.RawMessage) {
	c := &call{s: s, Call: Call{Args: map[string]string{}}}
	if len(ack) == 0 || c.readObject(ack) != nil || len(c.Args) == 0 {
		return
	}
	if check := s.check; check != nil {
		if err := check("response", ack); err != nil {
			s.complain("check of a response: %v", err)
		}
	}
	if err := s.show(r, c.Args); err != nil {
		s.complain("acknowledgement of a command: %v", err)
	}
}
