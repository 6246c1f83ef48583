package slacktest

import (
	"slices"
	"strings"
)

// A Channel is a public or private channel, or a direct message with the bot.
type Channel struct {
	ID, Name string // C… or D…

	s        *Server
	w        *Workspace // the host
	im       *User      // the other side, in a direct message
	shared   []*Workspace
	bots     []*install // the installations whose bot is a member
	private  bool
	archived bool
	messages []*Message
}

// Channel returns the workspace's channel of this name (without "#"), made at
// first use: public, with the bot and everybody in it.
func (w *Workspace) Channel(name string) *Channel {
	defer w.s.lock()()
	c := w.channels[name]
	if c == nil {
		c = w.s.channel("C", w)
		c.Name = name
		w.channels[name] = c
		if w.in != nil {
			c.bots = []*install{w.in}
		}
	}
	return c
}

func (s *Server) channel(prefix string, w *Workspace) *Channel {
	c := &Channel{ID: s.id(prefix), s: s, w: w}
	s.world.channels[c.ID] = c
	return c
}

// Private makes the channel private, and returns it.
func (c *Channel) Private() *Channel {
	defer c.s.lock()()
	c.private = true
	return c
}

// Connect shares the channel with another workspace (Slack Connect), and
// returns it. The bot of that workspace, if it has the app, is a member too.
func (c *Channel) Connect(other *Workspace) *Channel {
	defer c.s.lock()()
	c.shared = append(c.shared, other)
	if other.in != nil && !slices.Contains(c.bots, other.in) {
		c.bots = append(c.bots, other.in)
	}
	return c
}

// Leave takes the bot out of the channel.
func (c *Channel) Leave() {
	defer c.s.lock()()
	c.bots = nil
}

// Archive makes the channel read-only.
func (c *Channel) Archive() {
	defer c.s.lock()()
	c.archived = true
}

// Messages are the channel's own messages and the replies in its threads,
// oldest first.
func (c *Channel) Messages() []*Message {
	defer c.s.lock()()
	return copies(c.messages)
}

// seenBy reports whether the installation's workspaces include the channel.
func (c *Channel) seenBy(in *install) bool {
	return in.serves(c.w) || slices.ContainsFunc(c.shared, in.serves)
}

// kind is the channel_type of events.
func (c *Channel) kind() string {
	switch {
	case c.im != nil:
		return "im"
	case c.private:
		return "group"
	}
	return "channel"
}

func (c *Channel) info(in *install) map[string]any {
	info := map[string]any{
		"id": c.ID, "created": 1700000000, "is_im": c.im != nil, "is_mpim": false, "is_archived": c.archived,
		"is_org_shared": false, "is_ext_shared": c.ext(), "is_shared": c.ext(), "is_pending_ext_shared": false,
		"context_team_id": c.w.ID, "is_private": c.private || c.im != nil, "updated": 1700000000000,
	}
	if c.im != nil {
		info["user"] = c.im.ID
		info["is_open"] = true
		return info
	}
	info["name"], info["name_normalized"] = c.Name, strings.ToLower(c.Name)
	info["is_channel"], info["is_group"] = !c.private, c.private
	info["is_member"] = slices.Contains(c.bots, in)
	if c.ext() {
		var ids []string
		for _, w := range c.shared {
			ids = append(ids, w.ID)
		}
		info["connected_team_ids"], info["conversation_host_id"] = ids, c.w.ID
	}
	return info
}

func (c *Channel) ext() bool { return len(c.shared) > 0 }

// find returns the stored message, nil if there is none.
func (c *Channel) find(ts string) *Message {
	for _, m := range c.messages {
		if m.TS == ts {
			return m
		}
	}
	return nil
}
