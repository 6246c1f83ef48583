package discordtest

import (
	"net/http"
	"slices"
	"strconv"
)

func messageRoutes() map[string]handler {
	return map[string]handler{
		"GET /channels/{channel}/messages":                                    (*call).history,
		"GET /channels/{channel}/messages/{message}":                          (*call).getMessage,
		"POST /channels/{channel}/messages":                                   (*call).createMessage,
		"PATCH /channels/{channel}/messages/{message}":                        (*call).editMessage,
		"DELETE /channels/{channel}/messages/{message}":                       (*call).deleteMessage,
		"POST /channels/{channel}/typing":                                     (*call).typing,
		"PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me":    (*call).addReaction,
		"DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me": (*call).removeReaction,
		"GET /channels/{channel}/messages/{message}/reactions/{emoji}":        (*call).reactionUsers,
		"PUT /channels/{channel}/messages/pins/{message}": func(*call) (int, any, error) {
			return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
		},
	}
}

// createMessage is POST /channels/{}/messages.
func (c *call) createMessage() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	var d draft
	if err := c.decode(&d); err != nil {
		return 0, nil, err
	}
	d.files = c.Files
	if err := c.s.maySend(ch, &d); err != nil {
		return 0, nil, err
	}
	if first := ch.nonced(d.nonce()); first != nil && d.EnforceNonce {
		return 0, first.wire(), nil
	}
	m, err := c.s.compose(ch, &d)
	if err != nil {
		return 0, nil, err
	}
	if err := c.refer(ch, m, &d); err != nil {
		return 0, nil, err
	}
	c.s.pings(ch, m, &d, routeOf(c), true)
	return 0, c.s.add(ch, m).wire(), nil
}

// nonced is the bot's message with this nonce.
func (c *Channel) nonced(nonce string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return nonce != "" && m.Nonce == nonce && m.author == c.s.world.bot })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// maySend checks permissions and the channel.
func (s *Server) maySend(ch *Channel, d *draft) error {
	need := uint64(permSend)
	if ch.isThread() {
		need = permSendInThreads
	}
	if len(d.embeds()) > 0 {
		need |= permEmbed
	}
	if len(d.files) > 0 {
		need |= permAttach
	}
	switch {
	case ch.kind == KindForum:
		return refuse(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	case ch.dm != nil && ch.dm.closed:
		return refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
	case !s.can(ch, need):
		return refuse(http.StatusForbidden, 50013, "Missing Permissions")
	case ch.archived && ch.locked:
		return refuse(http.StatusBadRequest, 50083, "Tried to perform an operation on an archived thread, such as editing a message or adding a user to the thread")
	case ch.isThread() && ch.parent.kind == KindForum && ch.find(ch.ID) == nil && len(ch.messages) == 0:
		return refuse(http.StatusForbidden, 40058, "Cannot message this thread until after the post author has sent an initial message")
	}
	return nil
}

// refer sets the message that m replies to.
func (c *call) refer(ch *Channel, m *Message, d *draft) error {
	if d.Reference == nil {
		return nil
	}
	if !c.s.can(ch, permHistory) {
		return refuse(http.StatusBadRequest, 160002, "Cannot reply without permission to read message history")
	}
	to := ch.find(d.Reference.MessageID)
	if to == nil || d.Reference.ChannelID != "" && d.Reference.ChannelID != ch.ID {
		if d.Reference.Fail != nil && !*d.Reference.Fail {
			return nil
		}
		return invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	}
	if to.system() {
		return invalid("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
	}
	m.Reference, m.Type = to.ID, typeReply
	return nil
}

// own is the message of the path if the bot may change it.
func (c *call) own() (*Channel, *Message, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, nil, err
	}
	m, err := c.message(ch)
	if err != nil {
		return nil, nil, err
	}
	if ch.archived {
		return nil, nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	return ch, m, nil
}

// editMessage is PATCH /channels/{}/messages/{}.
func (c *call) editMessage() (int, any, error) {
	_, m, err := c.own()
	if err != nil {
		return 0, nil, err
	}
	if m.author != c.s.world.bot {
		return 0, nil, refuse(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
	}
	if err := c.s.change(c, m); err != nil {
		return 0, nil, err
	}
	return 0, m.wire(), nil
}

// change edits a message as the call's body says.
func (s *Server) change(c *call, m *Message) error {
	d := draft{}
	if err := c.decode(&d); err != nil {
		return err
	}
	d.files = c.Files
	d.onto(m)
	after, err := s.compose(m.Channel, &d)
	if err != nil {
		return err
	}
	s.pings(m.Channel, after, &d, routeOf(c), false)
	m.Content, m.Components, m.Embeds, m.mentions, m.roles = after.Content, after.Components, after.Embeds, after.mentions, after.roles
	m.Flags = after.Flags | m.Flags&(FlagHasThread|FlagEphemeral)
	m.Files = append(m.Files, c.Files...)
	if m.Edited, m.edited = true, s.now(); !m.Ephemeral {
		s.edited(m)
	}
	return nil
}

func (c *call) deleteMessage() (int, any, error) {
	ch, m, err := c.own()
	if err != nil {
		return 0, nil, err
	}
	if m.author != c.s.world.bot && !c.s.can(ch, permManageMessages) {
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	c.s.remove(m)
	return 0, nil, nil
}

func (c *call) typing() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	return 0, nil, c.s.maySend(ch, &draft{})
}

// history is GET /channels/{}/messages, newest first.
func (c *call) history() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	if !c.s.can(ch, permHistory) {
		return 0, []any{}, nil
	}
	limit := 50
	if text := c.Query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 100 {
			return 0, nil, invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
		}
	}
	list := ch.messages
	if after := c.Query.Get("after"); after != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(m *Message) bool { return !newer(m.ID, after) })
		list = list[:min(limit, len(list))]
	}
	if before := c.Query.Get("before"); before != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(m *Message) bool { return !newer(before, m.ID) })
	}
	out := []object{}
	for _, m := range slices.Backward(list[max(0, len(list)-limit):]) {
		out = append(out, m.seen())
	}
	return 0, out, nil
}

// newer compares snowflakes.
func newer(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// seen is the message as REST shows it to the app.
func (m *Message) seen() object {
	if w := m.wire(); m.Channel.s.o.Content || m.readable() {
		return w
	}
	return emptied(m.wire())
}

func (c *call) getMessage() (int, any, error) {
	ch, err := c.channel(permHistory)
	if err != nil {
		return 0, nil, err
	}
	m, err := c.message(ch)
	if err != nil {
		return 0, nil, err
	}
	return 0, m.seen(), nil
}

func (c *call) reaction(on bool) (int, any, error) {
	ch, m, err := c.own()
	if err != nil {
		return 0, nil, err
	}
	emoji := c.id("emoji")
	if on && m.reactions[emoji] == nil && !c.s.can(ch, permReact|permHistory) {
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	if on && m.reactions[emoji] == nil && len(m.reactions) >= 20 {
		return 0, nil, refuse(http.StatusBadRequest, 30010, "Maximum number of reactions reached (20)")
	}
	c.s.react(m, c.s.world.bot, emoji, on)
	return 0, nil, nil
}

func (c *call) addReaction() (int, any, error)    { return c.reaction(true) }
func (c *call) removeReaction() (int, any, error) { return c.reaction(false) }

func (c *call) reactionUsers() (int, any, error) {
	_, m, err := c.own()
	if err != nil {
		return 0, nil, err
	}
	list := []object{}
	for _, id := range m.reactions[c.id("emoji")] {
		list = append(list, c.s.person(id).wire())
	}
	return 0, list, nil
}

// react puts or takes away u's emoji and tells the app.
func (s *Server) react(m *Message, u *User, emoji string, on bool) {
	name, ids := "MESSAGE_REACTION_REMOVE", slices.DeleteFunc(slices.Clone(m.reactions[emoji]), func(id string) bool { return id == u.ID })
	if on {
		name, ids = "MESSAGE_REACTION_ADD", append(ids, u.ID)
	}
	if m.reactions == nil {
		m.reactions = map[string][]string{}
	}
	if m.reactions[emoji] = ids; len(ids) == 0 {
		delete(m.reactions, emoji)
	}
	ch := m.Channel
	d := object{"user_id": u.ID, "channel_id": ch.ID, "message_id": m.ID, "emoji": emojiWire(emoji), "burst": false, "type": 0}
	if ch.g != nil {
		d["guild_id"] = ch.g.ID
		if on {
			d["member"] = u.fullMember(ch.g)
		}
	}
	s.emit(event{name: name, guild: ch.g, channel: ch, intent: ch.intent(intentReactions, intentDMReactions), data: d})
}
