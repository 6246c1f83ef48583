package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

// Say posts as a person would type it: "@apihelp" becomes a mention of the bot
// user, "@&apihelp" of its managed role, "@name" of a member and "@&name" of a
// role. The app gets MESSAGE_CREATE, with an empty content if it may not read
// it. A post in an archived thread reopens it, unless it is locked.
func (u *User) Say(c *Channel, text string) *Message {
	defer u.s.lock()()
	return u.post(c, text, &Message{}).copy()
}

// SayIn is Say in a thread.
func (u *User) SayIn(t *Thread, text string) *Message { return u.Say(t.Channel, text) }

// Reply answers a message with a reference to it, and pings its author.
func (u *User) Reply(m *Message, text string) *Message {
	defer u.s.lock()()
	r := &Message{Type: typeReply, Reference: m.ID}
	if live := m.live(); live != nil && live.author != nil {
		r.mentions = []*User{live.author}
	}
	return u.post(m.Channel, text, r).copy()
}

// Attach posts a text with a file.
func (u *User) Attach(c *Channel, text, file string) *Message {
	defer u.s.lock()()
	return u.post(c, text, &Message{Files: []string{file}}).copy()
}

// DM posts in the direct message with the bot.
func (u *User) DM(text string) *Message {
	defer u.s.lock()()
	return u.post(u.direct(), text, &Message{}).copy()
}

// Post makes a post in a forum, with tags by name: THREAD_CREATE, then
// MESSAGE_CREATE of the starter, which has the thread's id.
func (u *User) Post(forum *Channel, title, text string, tags ...string) *Thread {
	t := u.PostSlowly(forum, title, tags...)
	u.FinishPost(t, text)
	return t.Now()
}

// PostSlowly is the first half of [User.Post]: THREAD_CREATE comes, as it does
// while a large file is on its way. Until [User.FinishPost] a message of the
// bot ends with 40058.
func (u *User) PostSlowly(forum *Channel, title string, tags ...string) *Thread {
	defer u.s.lock()()
	t := u.s.thread(forum, u, title, KindPublicThread, u.s.id())
	for _, tag := range forum.tags {
		if slices.Contains(tags, tag.name) {
			t.applied = append(t.applied, tag.id)
		}
	}
	u.s.announce(t, true)
	return t.thread()
}

// FinishPost posts the starter message of [User.PostSlowly].
func (u *User) FinishPost(t *Thread, text string) *Message {
	defer u.s.lock()()
	return u.post(t.Channel, text, &Message{ID: t.ID}).copy()
}

// StartThread makes a thread from a message.
func (u *User) StartThread(m *Message, title string) *Thread {
	defer u.s.lock()()
	return u.s.threadFrom(m.live(), u, title).thread()
}

// post stores what u typed and tells the app. m holds the particulars.
func (u *User) post(c *Channel, text string, m *Message) *Message {
	m.author, m.Author = u, u.ID
	u.typed(c, m, text)
	return u.s.add(c, m)
}

// typed sets the content and whom it mentions.
func (u *User) typed(c *Channel, m *Message, text string) {
	for _, word := range mention.FindAllString(text, -1) {
		role, name := strings.HasPrefix(word, "@&"), strings.TrimLeft(word, "@&")
		if to := u.markup(c, name, role); to != "" {
			text = strings.Replace(text, word, to, 1)
		}
	}
	m.Content = text
	u.s.mentionsIn(c, m)
}

var mention = regexp.MustCompile(`@&?[\w-]+`)

// markup is how a name is mentioned on the wire, empty if nobody has it.
func (u *User) markup(c *Channel, name string, role bool) string {
	s := u.s
	switch {
	case role && c.g != nil:
		for _, r := range c.g.roles {
			if r.name == name {
				return "<@&" + r.id + ">"
			}
		}
	case role:
	case name == s.o.Name:
		return "<@" + s.appID + ">"
	case s.world.users[name] != nil:
		return "<@" + s.world.users[name].ID + ">"
	}
	return ""
}

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
)

func mentionsUser(text, id string) bool {
	return strings.Contains(text, "<@"+id+">") || strings.Contains(text, "<@!"+id+">")
}

// mentionsIn adds the users and roles that a person's content mentions.
func (s *Server) mentionsIn(c *Channel, m *Message) {
	for _, found := range userMention.FindAllStringSubmatch(m.Content, -1) {
		if u := s.person(found[1]); u != nil && !slices.Contains(m.mentions, u) {
			m.mentions = append(m.mentions, u)
		}
	}
	for _, found := range roleMention.FindAllStringSubmatch(m.Content, -1) {
		if c.g != nil && !slices.Contains(m.roles, found[1]) {
			m.roles = append(m.roles, found[1])
		}
	}
}

// person is the user of this id, the bot included, nil if there is none.
func (s *Server) person(id string) *User {
	if id == s.appID {
		return s.world.bot
	}
	return s.world.people[id]
}

// add stores a message and tells the app of it.
func (s *Server) add(c *Channel, m *Message) *Message {
	if m.ID == "" {
		m.ID = s.id()
	}
	m.Channel, m.created = c, s.o.Clock()
	c.messages = append(c.messages, m)
	if c.archived && !c.locked {
		c.archived, c.changed = false, s.now()
		s.emit(event{name: "THREAD_UPDATE", guild: c.g, channel: c, intent: intentGuilds, data: c.wire()})
	}
	s.emitMessage("MESSAGE_CREATE", m)
	return m
}

func (s *Server) emitMessage(name string, m *Message) {
	s.emit(event{name: name, guild: m.Channel.g, channel: m.Channel, intent: m.Channel.intent(intentMessages, intentDM), data: m.event(), message: m})
}

// intent chooses between that of a guild and that of a direct message.
func (c *Channel) intent(guild, dm int) int {
	if c.g == nil {
		return dm
	}
	return guild
}

// Edit replaces the text of the person's own message: MESSAGE_UPDATE.
func (u *User) Edit(m *Message, text string) {
	defer u.s.lock()()
	live := m.live()
	if live == nil || live.author != u {
		return
	}
	live.mentions, live.roles = nil, nil
	u.typed(live.Channel, live, text)
	u.s.edited(live)
}

func (s *Server) edited(m *Message) {
	m.Edited, m.edited = true, s.now()
	s.emitMessage("MESSAGE_UPDATE", m)
}

// Delete takes a message away, the person's own or, as a moderator, any:
// MESSAGE_DELETE.
func (u *User) Delete(m *Message) {
	defer u.s.lock()()
	if live := m.live(); live != nil {
		u.s.remove(live)
	}
}

func (s *Server) remove(m *Message) {
	c := m.Channel
	if m.Ephemeral {
		m.to.ephemerals = slices.DeleteFunc(m.to.ephemerals, func(x *Message) bool { return x == m })
		return
	}
	c.messages = slices.DeleteFunc(c.messages, func(x *Message) bool { return x == m })
	d := object{"id": m.ID, "channel_id": c.ID}
	if c.g != nil {
		d["guild_id"] = c.g.ID
	}
	s.emit(event{name: "MESSAGE_DELETE", guild: c.g, channel: c, intent: c.intent(intentMessages, intentDM), data: d})
}

// DeleteAll takes messages of the channel away at once, as a moderator's bot does:
// MESSAGE_DELETE_BULK.
func (c *Channel) DeleteAll(messages ...*Message) {
	defer c.s.lock()()
	ids := make([]string, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return slices.Contains(ids, m.ID) })
	d := object{"ids": ids, "channel_id": c.ID, "guild_id": c.g.ID}
	c.s.emit(event{name: "MESSAGE_DELETE_BULK", guild: c.g, channel: c, intent: intentMessages, data: d})
}

// React puts an emoji under a message: MESSAGE_REACTION_ADD.
func (u *User) React(m *Message, emoji string) {
	defer u.s.lock()()
	if live := m.live(); live != nil {
		u.s.react(live, u, emoji, true)
	}
}

// BotSay posts as another app's bot does, with mentions as in [User.Say].
func (c *Channel) BotSay(name, text string) *Message {
	defer c.s.lock()()
	b := &User{ID: c.s.id(), Name: name, s: c.s, bot: true}
	return b.post(c, text, &Message{}).copy()
}

// WebhookSay posts as a webhook does, with mentions as in [User.Say].
func (c *Channel) WebhookSay(name, text string) *Message {
	defer c.s.lock()()
	b := &User{ID: c.s.id(), Name: name, s: c.s, bot: true}
	m := b.post(c, text, &Message{webhook: b.ID})
	return m.copy()
}
