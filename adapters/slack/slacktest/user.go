package slacktest

import "strings"

// A User is a person.
type User struct {
	ID, Name string // U…

	s          *Server
	w          *Workspace
	dms        map[*install]*Channel
	ephemerals []*Message
	views      []*View
	homes      map[*install]*View
}

// User returns the workspace's member of this name, made at first use.
func (w *Workspace) User(name string) *User {
	defer w.s.lock()()
	u := w.users[name]
	if u == nil {
		u = &User{ID: w.s.id("U"), Name: name, s: w.s, w: w, dms: map[*install]*Channel{}, homes: map[*install]*View{}}
		w.users[name] = u
		w.s.world.users[u.ID] = u
	}
	return u
}

// dm returns the direct message between the person and the installation's bot.
func (u *User) dm(in *install) *Channel {
	c := u.dms[in]
	if c == nil {
		c = u.s.channel("D", u.w)
		c.im, c.bots = u, []*install{in}
		if !in.serves(u.w) {
			c.shared = []*Workspace{u.s.homeOf(in)}
		}
		u.dms[in] = c
	}
	return c
}

// homeOf is a workspace of the installation.
func (s *Server) homeOf(in *install) *Workspace {
	if in.team != nil {
		return in.team
	}
	if len(in.org.teams) > 0 {
		return in.org.teams[0]
	}
	return s.workspace("T0" + strings.TrimPrefix(in.org.ID, "E"))
}

// meets reports whether the person shares a channel with a workspace of the
// installation, or belongs to one.
func (u *User) meets(in *install) bool {
	if in.serves(u.w) {
		return true
	}
	for _, c := range u.s.world.channels {
		if c.seenBy(in) && u.in(c) {
			return true
		}
	}
	return false
}

// in reports whether the person can read the channel.
func (u *User) in(c *Channel) bool {
	if c.im != nil {
		return c.im == u
	}
	if c.w == u.w || c.w.org != nil && c.w.org == u.w.org {
		return true
	}
	for _, w := range c.shared {
		if w == u.w {
			return true
		}
	}
	return false
}

// DMs are the messages between the person and the bot, oldest first.
func (u *User) DMs() []*Message {
	defer u.s.lock()()
	var all []*Message
	for _, in := range u.s.world.installs {
		if c := u.dms[in]; c != nil {
			all = append(all, copies(c.messages)...)
		}
	}
	return all
}

// Ephemerals are the messages only this person sees, oldest first.
func (u *User) Ephemerals() []*Message {
	defer u.s.lock()()
	return copies(u.ephemerals)
}

func (u *User) info(in *install) map[string]any {
	info := map[string]any{
		"id": u.ID, "team_id": u.w.ID, "name": u.Name, "real_name": u.Name, "deleted": false, "color": "9f69e7",
		"tz": "Europe/Amsterdam", "tz_label": "Central European Time", "tz_offset": 3600,
		"is_admin": false, "is_owner": false, "is_bot": false, "is_app_user": false, "is_restricted": false, "is_ultra_restricted": false, "updated": 1700000000,
		"profile": map[string]any{"real_name": u.Name, "display_name": u.Name, "avatar_hash": "g0", "team": u.w.ID},
	}
	if !in.serves(u.w) {
		info["is_stranger"] = !u.meets(in)
	}
	return info
}
