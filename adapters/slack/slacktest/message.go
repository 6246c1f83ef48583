package slacktest

import (
	"encoding/json"
	"slices"
)

// A Message is a post as it stood when it was asked for.
type Message struct {
	TS, ThreadTS string // ThreadTS is the parent's, also on the parent itself, and empty outside threads
	User, BotID  string // BotID is empty for a person's
	Text         string // as on the wire: & < > escaped, mentions as <@U…>
	Blocks       json.RawMessage
	Metadata     json.RawMessage
	Subtype      string
	Edited       bool
	Ephemeral    bool
	Channel      *Channel

	in        *install // of a bot's
	team      string
	client    string // client_msg_id
	editedTS  string
	reactions map[string][]string
	to        *User // who alone sees it, of an ephemeral one
	file      string
	username  string // of another app's bot
}

func copies(list []*Message) []*Message {
	out := make([]*Message, 0, len(list))
	for _, m := range list {
		out = append(out, m.copy())
	}
	return out
}

func (m *Message) copy() *Message {
	c := *m
	return &c
}

// Thread returns the replies in the message's thread, oldest first, without
// the parent.
func (m *Message) Thread() []*Message {
	defer m.Channel.s.lock()()
	return copies(m.Channel.replies(m.parent()))
}

// Now returns the message as it stands now, nil if it was deleted.
func (m *Message) Now() *Message {
	defer m.Channel.s.lock()()
	if live := m.live(); live != nil {
		return live.copy()
	}
	return nil
}

func (m *Message) live() *Message {
	if m.Ephemeral {
		i := slices.IndexFunc(m.to.ephemerals, func(e *Message) bool { return e.TS == m.TS })
		if i < 0 {
			return nil
		}
		return m.to.ephemerals[i]
	}
	return m.Channel.find(m.TS)
}

// parent is the timestamp of the thread that replies to the message go to.
func (m *Message) parent() string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

func (c *Channel) replies(parent string) []*Message {
	var out []*Message
	for _, m := range c.messages {
		if m.ThreadTS == parent && m.TS != parent {
			out = append(out, m)
		}
	}
	return out
}

// add puts the message into its channel, and into the thread of its parent.
func (c *Channel) add(m *Message) {
	m.Channel = c
	if p := c.find(m.ThreadTS); p != nil {
		p.ThreadTS = p.TS
	}
	c.messages = append(c.messages, m)
}

// wire is the message as the Web API and events show it.
func (m *Message) wire() map[string]any {
	w := object{"type": "message", "text": m.Text, "ts": m.TS}
	set := func(key string, value any, there bool) {
		if there {
			w[key] = value
		}
	}
	set("user", m.User, m.User != "")
	set("bot_id", m.BotID, m.BotID != "")
	set("username", m.username, m.username != "")
	set("team", m.team, m.team != "")
	set("client_msg_id", m.client, m.client != "")
	set("subtype", m.Subtype, m.Subtype != "")
	set("blocks", m.Blocks, len(m.Blocks) > 0)
	set("metadata", m.Metadata, len(m.Metadata) > 0)
	set("thread_ts", m.ThreadTS, m.ThreadTS != "")
	if p := m.Channel.find(m.ThreadTS); p != nil && p.TS != m.TS {
		w["parent_user_id"] = p.User
	}
	if m.Edited {
		w["edited"] = map[string]any{"user": m.User, "ts": m.editedTS}
	}
	if m.in != nil {
		w["app_id"], w["bot_profile"] = m.Channel.s.appID, m.in.profile(m.Channel.s.appID, m.team)
	}
	if m.file != "" {
		w["files"] = []any{map[string]any{"id": "F" + m.TS[5:10], "name": m.file, "mode": "hosted", "file_access": "visible"}}
	}
	return w
}

func (in *install) profile(app, team string) map[string]any {
	return map[string]any{
		"id": in.botID, "deleted": false, "name": in.name, "updated": 1700000000, "app_id": app, "team_id": team,
		"icons": map[string]any{"image_36": "", "image_48": "", "image_72": ""},
	}
}

// stored is the message as history shows it.
func (m *Message) stored() map[string]any {
	w := m.wire()
	if replies := m.Channel.replies(m.TS); len(replies) > 0 {
		w["reply_count"], w["latest_reply"] = len(replies), replies[len(replies)-1].TS
	}
	var names []string
	for name := range m.reactions {
		names = append(names, name)
	}
	slices.Sort(names)
	var list []any
	for _, name := range names {
		list = append(list, map[string]any{"name": name, "users": slices.Clone(m.reactions[name]), "count": len(m.reactions[name])})
	}
	if list != nil {
		w["reactions"] = list
	}
	return w
}

// Reactions are the emoji under the message and who put them there.
func (m *Message) Reactions() map[string][]string {
	defer m.Channel.s.lock()()
	out := map[string][]string{}
	if live := m.live(); live != nil {
		for name, users := range live.reactions {
			out[name] = slices.Clone(users)
		}
	}
	return out
}
