package discordtest

import (
	"net/http"
	"slices"
)

// interaction is that of the path's token, while it lives.
func (c *call) interaction() (*Interaction, error) {
	i := c.s.inter.byToken[c.id("token")]
	switch {
	case c.id("app") != c.s.appID || i == nil || i.response == 0:
		return nil, refuse(http.StatusNotFound, 10015, "Unknown Webhook")
	case i.expired():
		return nil, refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	}
	return i, nil
}

// followUp is POST /webhooks/{}/{}. The first after a deferral fills in the
// deferred message.
func (c *call) followUp() (int, any, error) {
	i, err := c.interaction()
	if err != nil {
		return 0, nil, err
	}
	d, err := i.draft(c.Body, c)
	if err != nil {
		return 0, nil, err
	}
	if i.deferred && i.original.live() != nil {
		if err := i.settle(c, i.original.live()); err != nil {
			return 0, nil, err
		}
		return 0, i.original.live().wire(), nil
	}
	m, err := i.say(d, d.flags()&FlagEphemeral != 0)
	if err != nil {
		return 0, nil, err
	}
	i.followups = append(i.followups, m)
	return 0, m.wire(), nil
}

// response is the message of the path.
func (c *call) response() (*Interaction, *Message, error) {
	unknown := refuse(http.StatusNotFound, 10008, "Unknown Message")
	i := c.s.inter.byToken[c.id("token")]
	if i != nil && i.response == 0 && c.id("message") == "@original" {
		return nil, nil, unknown
	}
	i, err := c.interaction()
	if err != nil {
		return nil, nil, err
	}
	m := i.original
	if id := c.id("message"); id != "@original" && (m == nil || id != m.ID) {
		n := slices.IndexFunc(i.followups, func(m *Message) bool { return m.ID == id })
		if n < 0 {
			return nil, nil, unknown
		}
		m = i.followups[n]
	}
	if m == nil || m.live() == nil {
		return nil, nil, unknown
	}
	return i, m.live(), nil
}

func (c *call) getResponse() (int, any, error) {
	_, m, err := c.response()
	if err != nil {
		return 0, nil, err
	}
	return 0, m.wire(), nil
}

func (c *call) editResponse() (int, any, error) {
	i, m, err := c.response()
	if err != nil {
		return 0, nil, err
	}
	if i.c.archived {
		return 0, nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	if err := i.settle(c, m); err != nil {
		return 0, nil, err
	}
	return 0, m.wire(), nil
}

// settle edits a message of the interaction; "thinking" is over.
func (i *Interaction) settle(c *call, m *Message) error {
	first := m == i.original && i.deferred
	if err := i.s.change(c, m); err != nil {
		return err
	}
	if first {
		i.deferred = false
	}
	return nil
}

func (c *call) deleteResponse() (int, any, error) {
	_, m, err := c.response()
	if err != nil {
		return 0, nil, err
	}
	c.s.remove(m)
	return http.StatusNoContent, nil, nil
}
