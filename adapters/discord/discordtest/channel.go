package discordtest

import "slices"

// The kinds of channels, with Discord's numbers.
const (
	KindText          = 0
	KindDM            = 1
	KindPublicThread  = 11
	KindPrivateThread = 12
	KindForum         = 15
)

// A Channel is a text channel, a forum, a thread, or a direct message with the
// bot.
type Channel struct {
	ID, Name string // Name of a thread is that at its beginning: see [Thread]

	s        *Server
	g        *Guild // nil for a direct message
	kind     int
	title    string
	dm       *User // the other side
	deny     uint64
	tags     []tag
	tagged   bool // a forum where posts must have a tag
	parent   *Channel
	owner    string
	applied  []string
	archived bool
	locked   bool
	archive  int // auto_archive_duration, minutes
	changed  string
	messages []*Message
	threads  []*Channel
}

type tag struct {
	id, name  string
	moderated bool
}

// A Thread is a thread, or a post in a forum, as it stood when it was asked
// for.
type Thread struct {
	*Channel
	Title            string
	Owner            string   // user id
	Tags             []string // the names of the applied ones
	Archived, Locked bool
}

func (s *Server) channel(c *Channel) *Channel {
	c.s = s
	s.world.channels[c.ID] = c
	return c
}

func (c *Channel) isThread() bool { return c.kind == KindPublicThread || c.kind == KindPrivateThread }

// Messages are those in the channel itself, oldest first, without system
// messages such as "ann started a thread".
func (c *Channel) Messages() []*Message {
	defer c.s.lockQuietly()()
	var out []*Message
	for _, m := range c.messages {
		if !m.system() {
			out = append(out, m.copy())
		}
	}
	return out
}

// Threads are the channel's threads, or the forum's posts, oldest first.
func (c *Channel) Threads() []*Thread {
	defer c.s.lockQuietly()()
	var out []*Thread
	for _, t := range c.threads {
		out = append(out, t.thread())
	}
	return out
}

func (c *Channel) thread() *Thread {
	t := &Thread{Channel: c, Title: c.title, Owner: c.owner, Archived: c.archived, Locked: c.locked}
	for _, id := range c.applied {
		for _, tag := range c.parent.tags {
			if tag.id == id {
				t.Tags = append(t.Tags, tag.name)
			}
		}
	}
	return t
}

// Now is the thread as it stands now.
func (t *Thread) Now() *Thread {
	defer t.s.lockQuietly()()
	return t.Channel.thread()
}

// Thread is the thread that was made from the message, nil if there is none.
func (m *Message) Thread() *Thread {
	defer m.Channel.s.lockQuietly()()
	if c := m.Channel.s.world.channels[m.ID]; c != nil && c.isThread() {
		return c.thread()
	}
	return nil
}

// Deny takes permissions from the bot in the channel and its threads, by their
// names at Discord, such as SEND_MESSAGES; [Channel.Allow] gives them back.
func (c *Channel) Deny(names ...string) {
	defer c.s.lock()()
	c.deny |= bits(names)
}

// Allow takes back what [Channel.Deny] said.
func (c *Channel) Allow(names ...string) {
	defer c.s.lock()()
	c.deny &^= bits(names)
}

// Tag returns the id of the forum's tag of this name, made at first use.
func (c *Channel) Tag(name string) string {
	defer c.s.lock()()
	for _, t := range c.tags {
		if t.name == name {
			return t.id
		}
	}
	c.tags = append(c.tags, tag{id: c.s.id(), name: name})
	c.s.emit(event{name: "CHANNEL_UPDATE", guild: c.g, channel: c, intent: intentGuilds, data: c.wire()})
	return c.tags[len(c.tags)-1].id
}

// RequireTag makes the forum refuse posts without a tag.
func (c *Channel) RequireTag() {
	defer c.s.lock()()
	c.tagged = true
}

// SetArchived archives or reopens the thread, as a moderator or time does.
func (c *Channel) SetArchived(on bool) { c.moderate(func() { c.archived = on }) }

// SetLocked locks or unlocks the thread, as a moderator does.
func (c *Channel) SetLocked(on bool) { c.moderate(func() { c.locked = on }) }

func (c *Channel) moderate(change func()) {
	defer c.s.lock()()
	change()
	c.changed = c.s.now()
	c.s.emit(event{name: "THREAD_UPDATE", guild: c.g, channel: c, intent: intentGuilds, data: c.wire()})
}

// find returns the stored message, nil if there is none.
func (c *Channel) find(id string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}
