package discordtest

import (
	"encoding/json"
	"time"
)

// Command uses a slash command: options are its top-level ones as text. Before
// the app has registered any command, any name will do; afterwards only what is
// registered, with required options given, else it is [ErrNoSuch].
func (u *User) Command(c *Channel, name string, options map[string]string) *Interaction {
	defer u.s.lock()()
	list, ok := u.s.options(c, name, options)
	i := u.interaction(interCommand, c)
	if i.name = name; !ok {
		return i.lost(ErrNoSuch)
	}
	return i.deliver(object{"id": u.s.commandID(c, name), "name": name, "type": 1, "options": list})
}

// Autocomplete asks for choices of an option while the person has typed
// partial.
func (u *User) Autocomplete(c *Channel, name, option, partial string) *Interaction {
	defer u.s.lock()()
	i := u.interaction(interAutocomplete, c)
	i.name = name
	return i.deliver(object{
		"id": u.s.commandID(c, name), "name": name, "type": 1,
		"options": []object{{"name": option, "type": 3, "value": partial, "focused": true}},
	})
}

// MessageCommand uses a message command ("Apps" in a message's menu). The app
// gets the message with its content.
func (u *User) MessageCommand(m *Message, name string) *Interaction {
	defer u.s.lock()()
	i := u.interaction(interCommand, m.Channel)
	i.name, i.menu = name, true
	live := m.live()
	if live == nil || u.s.registered() && u.s.command(m.Channel, name, 3) == nil {
		return i.lost(ErrNoSuch)
	}
	return i.deliver(object{
		"id": u.s.commandID(m.Channel, name), "name": name, "type": 3, "target_id": live.ID,
		"resolved": object{"messages": object{live.ID: live.wire()}},
	})
}

// interaction makes one that isn't delivered yet.
func (u *User) interaction(kind int, c *Channel) *Interaction {
	s := u.s
	i := &Interaction{ID: s.id(), Token: secret(40), s: s, kind: kind, u: u, c: c, created: s.o.Clock(), sent: time.Now(), over: make(chan struct{})}
	s.inter.byID[i.ID], s.inter.byToken[i.Token] = i, i
	return i
}

// lost ends an interaction that the app never hears of.
func (i *Interaction) lost(err error) *Interaction {
	delete(i.s.inter.byID, i.ID)
	delete(i.s.inter.byToken, i.Token)
	i.end(err)
	return i
}

// deliver sends the interaction to the app, over the gateway or to its
// endpoint, and watches the time.
func (i *Interaction) deliver(data object) *Interaction {
	s := i.s
	if s.ctx.Err() != nil {
		return i.lost(ErrTimeout)
	}
	w := i.wire()
	if data != nil {
		w["data"] = data
	}
	if s.base == "" {
		s.emitInteraction(i, w)
	} else {
		body, _ := json.Marshal(w)
		base := s.base
		s.wg.Go(func() { s.post(i, base, body) })
	}
	s.wg.Go(i.watch)
	return i
}

// emitInteraction sends it to every session of the shard, also where the bot
// can't see the channel.
func (s *Server) emitInteraction(i *Interaction, w object) {
	s.emit(event{name: "INTERACTION_CREATE", guild: i.c.g, data: w})
}

// watch ends the interaction when nobody acknowledged it in time.
func (i *Interaction) watch() {
	timer := time.NewTimer(ackWait)
	defer timer.Stop()
	select {
	case <-i.over:
		return
	case <-timer.C:
	case <-i.s.ctx.Done():
	}
	defer i.s.lock()()
	if i.response == 0 && i.s.ctx.Err() == nil {
		i.s.complain("interaction %s: not acknowledged in %v", i.ID, ackWait)
	}
	i.end(ErrTimeout)
}

// wire is the interaction object without data.
func (i *Interaction) wire() object {
	c := i.c
	w := object{
		"id": i.ID, "application_id": i.s.appID, "type": i.kind, "token": i.Token, "version": 1, "locale": i.u.locale, "entitlements": []any{},
		"channel_id": c.ID, "channel": c.partial(), "app_permissions": decimal(i.s.permissions(c)), "attachment_size_limit": 10 << 20,
		"authorizing_integration_owners": i.owners(), "context": 1,
	}
	if c.g == nil {
		w["user"] = i.u.wire()
	} else {
		member := i.u.fullMember(c.g)
		member["permissions"] = decimal(permMember | i.u.permits[c.g])
		w["member"], w["guild_id"], w["context"], w["guild_locale"] = member, c.g.ID, 0, c.g.locale
		w["guild"] = object{"id": c.g.ID, "locale": c.g.locale, "features": []any{}}
	}
	if i.source != nil {
		w["message"] = i.source.wire()
	}
	return w
}

func (c *Channel) partial() object {
	w := c.wire()
	if c.g != nil {
		w["permissions"] = decimal(permMember)
	}
	return w
}
