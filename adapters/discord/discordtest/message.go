package discordtest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// The message flags the fake knows.
const (
	FlagSuppressEmbeds = 1 << 2
	FlagHasThread      = 1 << 5
	FlagEphemeral      = 1 << 6
	FlagLoading        = 1 << 7 // "apihelp is thinking…"
	FlagSilent         = 1 << 12
	FlagComponentsV2   = 1 << 15
)

// The types of messages that the fake makes.
const (
	typeThreadCreated = 18
	typeReply         = 19
	typeCommand       = 20
	typeThreadStarter = 21
	typeContextMenu   = 23
)

// A Message is a message as it stood when it was asked for.
type Message struct {
	ID, Content string
	Author      string          // user id; the bot's is [Server.AppID]
	Components  json.RawMessage // nil without any
	Embeds      json.RawMessage // nil without any
	Files       []string        // names of attachments
	Flags       int
	Nonce       string
	Reference   string // id of the message it replies to
	Type        int
	Edited      bool
	Ephemeral   bool
	Pings       []string // who and what it notified: user and role ids, everyone; only of messages of the bot
	Channel     *Channel

	author    *User
	webhook   string // id of the webhook that wrote it
	mentions  []*User
	roles     []string
	everyone  bool
	created   time.Time
	edited    string
	inter     *Interaction // that it is a response to
	to        *User        // who alone sees it, of an ephemeral one
	reactions map[string][]string
}

func (m *Message) copy() *Message {
	c := *m
	return &c
}

func (m *Message) system() bool {
	return m.Type == typeThreadCreated || m.Type == typeThreadStarter
}

// Now returns the message as it stands now, nil if it was deleted.
func (m *Message) Now() *Message {
	defer m.Channel.s.lockQuietly()()
	if live := m.live(); live != nil {
		return live.copy()
	}
	return nil
}

func (m *Message) live() *Message {
	if !m.Ephemeral {
		return m.Channel.find(m.ID)
	}
	i := slices.IndexFunc(m.to.ephemerals, func(e *Message) bool { return e.ID == m.ID })
	if i < 0 {
		return nil
	}
	return m.to.ephemerals[i]
}

// Reactions are the emoji under the message and the ids of who put them there.
func (m *Message) Reactions() map[string][]string {
	defer m.Channel.s.lockQuietly()()
	out := map[string][]string{}
	if live := m.live(); live != nil {
		for emoji, ids := range live.reactions {
			out[emoji] = slices.Clone(ids)
		}
	}
	return out
}

// readable reports whether the app may read the content without the
// MESSAGE_CONTENT intent. A reply to an interaction response mentions the bot
// but doesn't open the content.
func (m *Message) readable() bool {
	bot := m.Channel.s.world.bot
	if m.author == bot || m.Channel.dm != nil || m.Ephemeral {
		return true
	}
	if g := m.Channel.g; m.Channel.s.o.RoleContent && slices.Contains(m.roles, g.managed.id) {
		return true
	}
	if !slices.Contains(m.mentions, bot) {
		return false
	}
	to := m.Channel.find(m.Reference)
	return to == nil || to.inter == nil || mentionsUser(m.Content, bot.ID)
}

// emptied is the message without what needs the MESSAGE_CONTENT intent.
func emptied(w object) object {
	w = maps.Clone(w)
	w["content"] = ""
	for _, k := range []string{"embeds", "attachments", "components"} {
		w[k] = []any{}
	}
	return w
}

// wire is the message object.
func (m *Message) wire() object {
	w := object{
		"id": m.ID, "type": m.Type, "content": m.Content, "channel_id": m.Channel.ID, "author": m.authorWire(), "timestamp": stamp(m.created),
		"edited_timestamp": nil, "tts": false, "mention_everyone": m.everyone, "mentions": m.mentionWires(), "mention_roles": append([]string{}, m.roles...),
		"attachments": m.files(), "embeds": orEmpty(m.Embeds), "components": orEmpty(m.Components), "pinned": false, "flags": m.Flags, "mention_channels": []any{},
	}
	if m.edited != "" {
		w["edited_timestamp"] = m.edited
	}
	if m.Nonce != "" {
		w["nonce"] = m.Nonce
	}
	if m.webhook != "" {
		w["webhook_id"] = m.webhook
	}
	if m.author == m.Channel.s.world.bot || m.inter != nil {
		w["application_id"] = m.Channel.s.appID
	}
	if list := m.reactionWires(); list != nil {
		w["reactions"] = list
	}
	m.wireReference(w)
	if x := m.inter; x != nil {
		w["interaction_metadata"] = x.metadata()
	}
	delete(w, "mention_channels")
	return w
}

func (m *Message) wireReference(w object) {
	if m.Reference == "" {
		return
	}
	ref := object{"type": 0, "message_id": m.Reference, "channel_id": m.Channel.ID}
	in := m.Channel
	if m.Type == typeThreadStarter {
		in = m.Channel.parent
		ref["channel_id"] = in.ID
	}
	if in.g != nil {
		ref["guild_id"] = in.g.ID
	}
	w["message_reference"] = ref
	w["referenced_message"] = nil
	if to := in.find(m.Reference); to != nil {
		flat := *to
		flat.Reference = ""
		w["referenced_message"] = flat.wire()
	}
}

func orEmpty(list json.RawMessage) any {
	if list == nil {
		return []any{}
	}
	return list
}

func (m *Message) authorWire() object {
	if m.webhook != "" {
		return object{"id": m.webhook, "username": m.Author, "discriminator": "0000", "avatar": nil, "bot": true, "global_name": nil, "public_flags": 0, "flags": 0, "primary_guild": nil}
	}
	return m.author.wire()
}

func (m *Message) mentionWires() []object {
	list := []object{}
	for _, u := range m.mentions {
		list = append(list, u.wire())
	}
	return list
}

func (m *Message) files() []object {
	list := []object{}
	for i, name := range m.Files {
		list = append(list, object{
			"id": m.ID[:len(m.ID)-1] + string(rune('0'+i%10)), "filename": name, "size": 1, "url": "https://cdn.discordapp.com/attachments/" + name,
			"proxy_url": "https://media.discordapp.net/attachments/" + name,
		})
	}
	return list
}

func (m *Message) reactionWires() []object {
	var list []object
	for _, emoji := range slices.Sorted(maps.Keys(m.reactions)) {
		ids := m.reactions[emoji]
		list = append(list, object{
			"emoji": emojiWire(emoji), "count": len(ids), "count_details": object{"burst": 0, "normal": len(ids)},
			"me": slices.Contains(ids, m.Channel.s.appID), "me_burst": false, "burst_me": false, "burst_colors": []any{}, "burst_count": 0,
		})
	}
	return list
}

func emojiWire(emoji string) object { return object{"id": nil, "name": emoji} }

// event is the message as a dispatch shows it.
func (m *Message) event() object {
	w := m.wire()
	c := m.Channel
	w["channel_type"] = c.kind
	if c.g == nil {
		return w
	}
	w["guild_id"] = c.g.ID
	if m.webhook == "" && m.author != nil {
		w["member"] = m.author.member(c.g)
	}
	var list []object
	for _, u := range m.mentions {
		x := u.wire()
		x["member"] = u.member(c.g)
		list = append(list, x)
	}
	if list != nil {
		w["mentions"] = list
	}
	return w
}
