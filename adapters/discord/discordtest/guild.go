package discordtest

import "slices"

// world is who and what there is.
type world struct {
	bot      *User
	guilds   []*Guild
	users    map[string]*User    // by name
	people   map[string]*User    // by id
	channels map[string]*Channel // by id, threads as well
}

func newWorld() world {
	return world{users: map[string]*User{}, people: map[string]*User{}, channels: map[string]*Channel{}}
}

// A Guild is a server ("guild") the bot is a member of.
type Guild struct {
	ID, Name string

	s        *Server
	channels []*Channel // without threads
	members  []*User
	roles    []*role
	managed  *role // the bot's own
	left     bool
	owner    string
	locale   string
}

type role struct {
	id, name string
	managed  bool
}

// Guild returns the guild of this name, made at first use: the bot is in it
// with its managed role. Sessions that are open get GUILD_CREATE.
func (s *Server) Guild(name string) *Guild {
	defer s.lock()()
	for _, g := range s.world.guilds {
		if g.Name == name {
			return g
		}
	}
	g := &Guild{ID: s.id(), Name: name, s: s, owner: s.id(), locale: "en-US"}
	g.managed = &role{id: s.id(), name: s.o.Name, managed: true}
	g.roles = []*role{{id: g.ID, name: "@everyone"}, g.managed}
	s.world.guilds = append(s.world.guilds, g)
	s.emit(event{name: "GUILD_CREATE", guild: g, intent: intentGuilds, data: g.create()})
	return g
}

// SetLocale sets the guild's preferred language, en-US at first: GUILD_UPDATE.
func (g *Guild) SetLocale(locale string) {
	defer g.s.lock()()
	g.locale = locale
	g.s.emit(event{name: "GUILD_UPDATE", guild: g, intent: intentGuilds, data: g.wire()})
}

// Channel returns the guild's text channel of this name, made at first use.
func (g *Guild) Channel(name string) *Channel { return g.channel(name, KindText) }

// Forum returns the guild's forum of this name, made at first use, with the
// tags "Question" and "Solved".
func (g *Guild) Forum(name string) *Channel { return g.channel(name, KindForum) }

func (g *Guild) channel(name string, kind int) *Channel {
	defer g.s.lock()()
	for _, c := range g.channels {
		if c.Name == name && c.kind == kind {
			return c
		}
	}
	c := g.s.channel(&Channel{ID: g.s.id(), Name: name, g: g, kind: kind, title: name})
	if kind == KindForum {
		c.tags = []tag{{id: g.s.id(), name: "Question"}, {id: g.s.id(), name: "Solved"}}
	}
	g.channels = append(g.channels, c)
	g.s.emit(event{name: "CHANNEL_CREATE", guild: g, channel: c, intent: intentGuilds, data: c.wire()})
	return c
}

// User returns the person of this name as a member of the guild. The same name
// in another guild is the same person.
func (g *Guild) User(name string) *User {
	defer g.s.lock()()
	s := g.s
	u := s.world.users[name]
	if u == nil {
		u = &User{ID: s.id(), Name: name, s: s, locale: "en-US", roles: map[*Guild][]string{}, permits: map[*Guild]uint64{}}
		s.world.users[name], s.world.people[u.ID] = u, u
	}
	if !slices.Contains(g.members, u) {
		g.members = append(g.members, u)
		u.home = g
	}
	return u
}

// Role returns the id of the guild's role of this name, made at first use.
func (g *Guild) Role(name string) string {
	defer g.s.lock()()
	for _, r := range g.roles {
		if r.name == name && !r.managed {
			return r.id
		}
	}
	r := &role{id: g.s.id(), name: name}
	g.roles = append(g.roles, r)
	g.s.emit(event{name: "GUILD_ROLE_CREATE", guild: g, intent: intentGuilds, data: object{"guild_id": g.ID, "role": g.roleWire(r)}})
	return r.id
}

// Grant gives a member the role of this id.
func (g *Guild) Grant(u *User, roleID string) {
	defer g.s.lock()()
	u.roles[g] = append(u.roles[g], roleID)
}

// Permit gives a member permissions, by their names at Discord, such as
// MANAGE_MESSAGES. They come in interactions.
func (g *Guild) Permit(u *User, names ...string) {
	defer g.s.lock()()
	u.permits[g] |= bits(names)
}

// Leave takes the bot out of the guild: GUILD_DELETE, and no access any more.
func (g *Guild) Leave() {
	defer g.s.lock()()
	g.s.emit(event{name: "GUILD_DELETE", guild: g, intent: intentGuilds, data: object{"id": g.ID}})
	g.left = true
}

// Outage makes the guild unavailable and available again: GUILD_DELETE with
// unavailable true, then GUILD_CREATE.
func (g *Guild) Outage() {
	defer g.s.lock()()
	g.s.emit(event{name: "GUILD_DELETE", guild: g, intent: intentGuilds, data: object{"id": g.ID, "unavailable": true}})
	g.s.emit(event{name: "GUILD_CREATE", guild: g, intent: intentGuilds, data: g.create()})
}

// ManagedRole is the id of the role that Discord made for the bot.
func (g *Guild) ManagedRole() string { return g.managed.id }

func (s *Server) guild(id string) *Guild {
	for _, g := range s.world.guilds {
		if g.ID == id && !g.left {
			return g
		}
	}
	return nil
}
