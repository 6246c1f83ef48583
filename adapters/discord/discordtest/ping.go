package discordtest

import (
	"slices"
	"strings"
)

// pings finds out who a message of the bot would notify, by its
// allowed_mentions, and complains if it is anybody. An interaction response
// pings users alone unless it says otherwise; an edit pings nobody but shows
// the mention.
func (s *Server) pings(ch *Channel, m *Message, d *draft, route string, created bool) {
	all := m.Content
	walk(parsed(m.Components), func(c object) {
		if number(c["type"]) == compText {
			all += "\n" + text(c, "content")
		}
	})
	a := d.Mentions
	parse := func(kind string) bool { return a == nil || slices.Contains(a.Parse, kind) }
	for _, found := range userMention.FindAllStringSubmatch(all, -1) {
		if parse("users") || slices.Contains(a.Users, found[1]) {
			m.Pings = append(m.Pings, found[1])
		}
	}
	for _, found := range roleMention.FindAllStringSubmatch(all, -1) {
		if parse("roles") || slices.Contains(a.Roles, found[1]) {
			m.Pings = append(m.Pings, found[1])
		}
	}
	if parse("everyone") && (strings.Contains(all, "@everyone") || strings.Contains(all, "@here")) {
		m.Pings = append(m.Pings, "everyone")
	}
	if created && m.Reference != "" && (a == nil || a.Replied) {
		m.Pings = append(m.Pings, ch.find(m.Reference).Author)
	}
	if rest := slices.DeleteFunc(slices.Clone(m.Pings), func(id string) bool { return s.pingable[id] }); len(rest) > 0 {
		s.complain("%s: the message would ping %s", route, strings.Join(rest, " "))
	}
	s.suppress(m, d)
}

// Pingable makes a role one that the bot may ping without a problem.
func (s *Server) Pingable(role string) {
	defer s.lock()()
	s.pingable[role] = true
}

// suppress takes what isn't allowed out of the mentions that others see.
func (s *Server) suppress(m *Message, d *draft) {
	if d.Mentions == nil {
		return
	}
	m.mentions = slices.DeleteFunc(m.mentions, func(u *User) bool { return !slices.Contains(m.Pings, u.ID) })
	m.roles = slices.DeleteFunc(m.roles, func(id string) bool { return !slices.Contains(m.Pings, id) })
	m.everyone = slices.Contains(m.Pings, "everyone")
}
