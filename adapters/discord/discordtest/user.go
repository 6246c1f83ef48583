package discordtest

// A User is a person.
type User struct {
	ID, Name string

	s          *Server
	bot        bool
	locale     string
	home       *Guild // the guild joined last
	roles      map[*Guild][]string
	permits    map[*Guild]uint64
	closed     bool
	dmc        *Channel
	ephemerals []*Message
}

// SetLocale sets the person's language, such as nl, which comes with
// interactions. It is en-US at first.
func (u *User) SetLocale(locale string) {
	defer u.s.lock()()
	u.locale = locale
}

// CloseDMs makes the person take no direct messages: the bot's end with 50007.
func (u *User) CloseDMs() {
	defer u.s.lock()()
	u.closed = true
}

// DMs are the messages between the person and the bot, oldest first.
func (u *User) DMs() []*Message {
	u.s.mu.Lock()
	c := u.dmc
	u.s.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.Messages()
}

// Direct is the direct message with the bot, opened at first use.
func (u *User) Direct() *Channel {
	defer u.s.lock()()
	return u.direct()
}

func (u *User) direct() *Channel {
	if u.dmc == nil {
		u.dmc = u.s.channel(&Channel{ID: u.s.id(), kind: KindDM, dm: u})
	}
	return u.dmc
}

// Ephemerals are the messages that only this person sees, oldest first.
func (u *User) Ephemerals() []*Message {
	defer u.s.lockQuietly()()
	out := make([]*Message, 0, len(u.ephemerals))
	for _, m := range u.ephemerals {
		out = append(out, m.copy())
	}
	return out
}

func (u *User) wire() object {
	w := object{
		"id": u.ID, "username": u.Name, "discriminator": "0", "global_name": u.Name, "avatar": nil, "public_flags": 0, "flags": 0,
		"banner": nil, "accent_color": nil, "avatar_decoration_data": nil, "collectibles": nil, "display_name_styles": nil, "primary_guild": nil, "clan": nil,
	}
	if u.bot {
		w["bot"], w["global_name"] = true, nil
	}
	return w
}

// member is the person, or the bot, as a member of the guild, without user.
func (u *User) member(g *Guild) object {
	roles := append([]string{}, u.roles[g]...)
	if u.bot && u == u.s.world.bot {
		roles = []string{g.managed.id}
	}
	return object{
		"roles": roles, "joined_at": "2024-01-01T00:00:00.000000+00:00", "deaf": false, "mute": false, "flags": 0, "pending": false, "nick": nil,
		"avatar": nil, "banner": nil, "premium_since": nil, "communication_disabled_until": nil,
	}
}

func (u *User) fullMember(g *Guild) object {
	m := u.member(g)
	m["user"] = u.wire()
	return m
}
