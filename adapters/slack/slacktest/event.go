package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

// emitMessage tells the app of a new message. last marks it for [Server.Twice]
// and [Server.Redeliver]. The caller holds s.mu, as for all emit functions.
func (s *Server) emitMessage(m *Message, last bool) {
	if readers := s.readers(m.Channel); len(readers) > 0 { // one event however many may see it
		event := m.event(m.wire())
		event["event_ts"] = m.TS
		s.emit(readers[0], m.Channel, event, last)
	}
	s.emitMentions(m, last)
}

// readers are the installations that get message events of the channel.
func (s *Server) readers(c *Channel) []*install {
	if c.im == nil && !s.o.History {
		return nil
	}
	return c.bots
}

func (m *Message) event(wire object) object {
	wire["channel"], wire["channel_type"] = m.Channel.ID, m.Channel.kind()
	return wire
}

// emitMentions tells each bot that the message names and that is in the
// channel. There are no mentions in direct messages.
func (s *Server) emitMentions(m *Message, last bool) {
	if m.Channel.im != nil || m.Subtype == "bot_message" {
		return
	}
	for _, in := range m.Channel.bots {
		if !strings.Contains(m.Text, "<@"+in.botUser+">") || m.in == in {
			continue
		}
		event := m.wire()
		event["type"], event["channel"], event["event_ts"] = "app_mention", m.Channel.ID, m.TS
		delete(event, "parent_user_id")
		delete(event, "metadata")
		if m.Edited {
			event["event_ts"] = m.editedTS
		}
		if m.Channel.ext() {
			event["user_team"], event["source_team"] = m.team, m.team
		}
		s.emit(in, m.Channel, event, last)
	}
}

func (s *Server) emitChange(m *Message, before object, last bool) {
	s.emitHidden(m, object{"subtype": "message_changed", "message": m.wire(), "previous_message": before}, last)
}

func (s *Server) emitDeletion(m *Message, before object, last bool) {
	s.emitHidden(m, object{"subtype": "message_deleted", "deleted_ts": m.TS, "previous_message": before}, last)
}

func (s *Server) emitHidden(m *Message, event object, last bool) {
	readers := s.readers(m.Channel)
	if len(readers) == 0 {
		return
	}
	ts := s.ts()
	event["type"], event["hidden"], event["ts"], event["event_ts"] = "message", true, ts, ts
	s.emit(readers[0], m.Channel, m.event(event), last)
}

// emit sends an event of the installation; c may be nil.
func (s *Server) emit(in *install, c *Channel, event object, last bool) {
	payload, _ := json.Marshal(s.envelope(in, c, event))
	d := &delivery{kind: "events_api", payload: payload, retry: true}
	if last {
		s.line.last = d
	}
	s.deliver(d)
}

func (s *Server) envelope(in *install, c *Channel, event object) object {
	w := s.seat(in, c)
	context := w
	if c != nil {
		context = c.w
	}
	auth := object{"enterprise_id": w.enterpriseID(), "team_id": w.ID, "user_id": in.botUser, "is_bot": true, "is_enterprise_install": in.org != nil}
	if in.org != nil {
		auth["team_id"] = nil
	}
	return object{
		"token": s.verification, "type": "event_callback", "api_app_id": s.appID,
		"team_id": w.ID, "enterprise_id": w.enterpriseID(), "context_team_id": context.ID, "context_enterprise_id": context.enterpriseID(),
		"event_id": s.id("Ev"), "event_time": s.o.Clock().Unix(), "event_context": "4-" + secret(20),
		"authorizations": []any{auth}, "authed_users": []string{in.botUser}, "authed_teams": []string{w.ID}, "is_ext_shared_channel": c != nil && c.ext(), "event": event,
	}
}

// seat is the workspace of the installation through which the channel is seen.
func (s *Server) seat(in *install, c *Channel) *Workspace {
	if c == nil {
		return s.homeOf(in)
	}
	for _, w := range append([]*Workspace{c.w}, c.shared...) {
		if in.serves(w) {
			return w
		}
	}
	return s.homeOf(in)
}

// Emit sends the app an event of this workspace as it stands, such as
// channel_id_changed, channel_shared, app_rate_limited or one nobody knows.
func (w *Workspace) Emit(event map[string]any) {
	defer w.s.lock()()
	if w.in != nil {
		w.s.emit(w.in, nil, event, true)
	}
}

// Uninstall takes the app out of the workspace, or out of its organization:
// its tokens die, and app_uninstalled and tokens_revoked come.
func (w *Workspace) Uninstall() {
	defer w.s.lock()()
	if w.in != nil {
		w.s.uninstall(w.in)
	}
}

func (s *Server) uninstall(in *install) {
	s.retire(in, "account_inactive")
	s.emit(in, nil, object{"type": "app_uninstalled"}, true)
	s.emit(in, nil, object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{in.botUser}}}, true)
}

// retire ends the installation; its tokens give the error code from now on.
func (s *Server) retire(in *install, code string) {
	in.dead = code
	s.world.installs = slices.DeleteFunc(s.world.installs, func(x *install) bool { return x == in })
	for _, w := range s.world.workspaces {
		if w.in == in {
			w.in = nil
		}
	}
	for _, c := range s.world.channels {
		c.bots = slices.DeleteFunc(c.bots, func(x *install) bool { return x == in })
	}
}

// RevokeTokens kills the installation's tokens; tokens_revoked comes.
func (w *Workspace) RevokeTokens() {
	defer w.s.lock()()
	if w.in != nil {
		w.s.revoke(w.in)
	}
}

func (s *Server) revoke(in *install) {
	s.retire(in, "token_revoked")
	s.emit(in, nil, object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{in.botUser}}}, true)
}
