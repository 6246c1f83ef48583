package slacktest

import (
	"encoding/json"
	"slices"
)

// Say posts as a person would type it: "@apihelp" becomes a mention of the
// bot, "@name" of a member and "@here" of everybody; what looks like markup is
// escaped. The app gets a message event (with [Options.History]) and, if it is
// mentioned, an app_mention event for the same timestamp.
func (u *User) Say(c *Channel, text string) *Message {
	defer u.s.lock()()
	return u.post(c, text, &Message{}).copy()
}

// Reply answers in m's thread.
func (u *User) Reply(m *Message, text string) *Message {
	defer u.s.lock()()
	return u.post(m.Channel, text, &Message{ThreadTS: m.parent()}).copy()
}

// Broadcast answers in m's thread and shows the answer in the channel as well.
func (u *User) Broadcast(m *Message, text string) *Message {
	defer u.s.lock()()
	return u.post(m.Channel, text, &Message{ThreadTS: m.parent(), Subtype: "thread_broadcast"}).copy()
}

// Share posts a file with a comment.
func (u *User) Share(c *Channel, file, text string) *Message {
	defer u.s.lock()()
	return u.post(c, text, &Message{Subtype: "file_share", file: file}).copy()
}

// Join makes the notice that the person joined the channel.
func (u *User) Join(c *Channel) *Message {
	defer u.s.lock()()
	m := &Message{TS: u.s.ts(), User: u.ID, team: u.w.ID, Subtype: "channel_join", Text: "<@" + u.ID + "> has joined the channel"}
	c.add(m)
	u.s.emitMessage(m, true)
	return m.copy()
}

// DM posts in the direct message with the bot of the person's workspace, or,
// for a person from outside, with the bot met in a shared channel.
func (u *User) DM(text string) *Message {
	defer u.s.lock()()
	in := u.bot()
	if in == nil {
		return nil
	}
	return u.post(u.dm(in), text, &Message{}).copy()
}

// bot is the installation whose bot the person can write to.
func (u *User) bot() *install {
	if u.w.in != nil {
		return u.w.in
	}
	for _, in := range u.s.world.installs {
		if u.meets(in) {
			return in
		}
	}
	return nil
}

// post stores what u typed and tells the app. m holds the particulars.
func (u *User) post(c *Channel, text string, m *Message) *Message {
	m.TS, m.User, m.team, m.client = u.s.ts(), u.ID, u.w.ID, uuid()
	m.Text, m.Blocks = u.typed(c, text)
	c.add(m)
	u.s.emitMessage(m, true)
	return m
}

func (u *User) typed(c *Channel, text string) (string, json.RawMessage) {
	resolve := func(name string) string {
		if name == u.s.o.Name {
			return u.mentioned(c)
		}
		for _, w := range append([]*Workspace{c.w}, c.shared...) {
			if other := w.users[name]; other != nil {
				return other.ID
			}
		}
		return ""
	}
	return typed(text, resolve)
}

// mentioned is the bot that "@apihelp" means to the person: that of the own
// workspace if it is there, else the first in the channel.
func (u *User) mentioned(c *Channel) string {
	if u.w.in != nil && (slices.Contains(c.bots, u.w.in) || len(c.bots) == 0) {
		return u.w.in.botUser
	}
	if len(c.bots) > 0 {
		return c.bots[0].botUser
	}
	return ""
}

// Edit replaces the text of the person's own message. The app gets
// message_changed, and app_mention again if it is mentioned.
func (u *User) Edit(m *Message, text string) {
	defer u.s.lock()()
	live := m.live()
	if live == nil || live.User != u.ID {
		return
	}
	before := live.wire()
	live.Text, live.Blocks = u.typed(m.Channel, text)
	live.Edited, live.editedTS = true, u.s.ts()
	u.s.emitChange(live, before, true)
	u.s.emitMentions(live, true)
}

// Delete takes the person's own message away. With replies under it, a stone
// stays in its place.
func (u *User) Delete(m *Message) {
	defer u.s.lock()()
	if live := m.live(); live != nil && live.User == u.ID {
		u.s.remove(live, true)
	}
}

func (s *Server) remove(m *Message, last bool) {
	before := m.wire()
	c := m.Channel
	if len(c.replies(m.TS)) > 0 {
		m.Text, m.Blocks, m.Subtype, m.User = "This message was deleted.", nil, "tombstone", "USLACKBOT"
		s.emitChange(m, before, last)
		return
	}
	c.messages = slices.DeleteFunc(c.messages, func(x *Message) bool { return x == m })
	s.emitDeletion(m, before, last)
}

// BotSay posts as another app's bot does: a bot_message without a user.
func (c *Channel) BotSay(name, text string) *Message {
	defer c.s.lock()()
	m := &Message{TS: c.s.ts(), BotID: c.s.id("B"), Subtype: "bot_message", username: name, Text: escape(text)}
	c.add(m)
	c.s.emitMessage(m, true)
	return m.copy()
}
