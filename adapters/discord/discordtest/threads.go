package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"unicode/utf8"
)

func threadRoutes() map[string]handler {
	return map[string]handler{
		"POST /channels/{channel}/messages/{message}/threads": (*call).threadFromMessage,
		"POST /channels/{channel}/threads":                    (*call).newThread,
		"PATCH /channels/{channel}":                           (*call).editChannel,
		"GET /channels/{channel}/threads/archived/public":     (*call).archivedThreads,
		"PUT /channels/{channel}/thread-members/{user}":       (*call).threadMember,
		"DELETE /channels/{channel}/thread-members/{user}":    (*call).threadMember,
		"GET /channels/{channel}/thread-members":              func(*call) (int, any, error) { return 0, []any{}, nil },
	}
}

// thread makes a thread that nobody has heard of yet.
func (s *Server) thread(parent *Channel, owner *User, title string, kind int, id string) *Channel {
	t := s.channel(&Channel{ID: id, Name: title, g: parent.g, kind: kind, title: title, parent: parent, owner: owner.ID, archive: 4320, changed: s.now()})
	parent.threads = append(parent.threads, t)
	return t
}

func (s *Server) announce(t *Channel, created bool) {
	d := t.wire()
	if created {
		d["newly_created"] = true
	}
	s.emit(event{name: "THREAD_CREATE", guild: t.g, channel: t, intent: intentGuilds, data: d})
}

// threadFrom makes the thread of a message, with the system message that shows
// the starter.
func (s *Server) threadFrom(m *Message, owner *User, title string) *Channel {
	t := s.thread(m.Channel, owner, title, KindPublicThread, m.ID)
	m.Flags |= FlagHasThread
	s.announce(t, true)
	s.add(t, &Message{Type: typeThreadStarter, author: owner, Author: owner.ID, Reference: m.ID})
	s.emitMessage("MESSAGE_UPDATE", m)
	return t
}

type threadBody struct {
	Name    string          `json:"name"`
	Archive *int            `json:"auto_archive_duration"`
	Kind    *int            `json:"type"`
	Tags    []string        `json:"applied_tags"`
	Message json.RawMessage `json:"message"`
}

func (b threadBody) check() error {
	if n := utf8.RuneCountInString(b.Name); n < 1 || n > 100 {
		return invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	}
	if b.Archive != nil && !slices.Contains([]int{60, 1440, 4320, 10080}, *b.Archive) {
		return invalid("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of (60, 1440, 4320, 10080).")
	}
	return nil
}

func (b threadBody) onto(t *Channel) {
	if b.Archive != nil {
		t.archive = *b.Archive
	}
}

// threadFromMessage is POST /channels/{}/messages/{}/threads.
func (c *call) threadFromMessage() (int, any, error) {
	ch, err := c.channel(permPublicThreads)
	if err != nil {
		return 0, nil, err
	}
	m, err := c.message(ch)
	if err != nil {
		return 0, nil, err
	}
	var b threadBody
	if err := c.decode(&b); err != nil {
		return 0, nil, err
	}
	switch t := c.s.world.channels[m.ID]; {
	case ch.kind != KindText:
		return 0, nil, refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case t != nil:
		return 0, nil, refuse(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	case m.system():
		return 0, nil, refuse(http.StatusBadRequest, 50021, "Cannot execute action on a system message")
	}
	if err := b.check(); err != nil {
		return 0, nil, err
	}
	t := c.s.threadFrom(m, c.s.world.bot, b.Name)
	b.onto(t)
	return http.StatusCreated, t.wire(), nil
}

// newThread is POST /channels/{}/threads.
func (c *call) newThread() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	var b threadBody
	if err := c.decode(&b); err != nil {
		return 0, nil, err
	}
	if err := b.check(); err != nil {
		return 0, nil, err
	}
	if ch.kind == KindForum {
		return c.forumPost(ch, b)
	}
	if ch.kind != KindText {
		return 0, nil, refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	}
	kind, need := KindPrivateThread, uint64(permPrivateThreads)
	if b.Kind != nil && *b.Kind == KindPublicThread {
		kind, need = KindPublicThread, permPublicThreads
	}
	if !c.s.can(ch, need) {
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	t := c.s.thread(ch, c.s.world.bot, b.Name, kind, c.s.id())
	b.onto(t)
	c.s.announce(t, true)
	if kind == KindPublicThread {
		c.s.add(ch, &Message{Type: typeThreadCreated, author: c.s.world.bot, Author: c.s.appID, Content: b.Name})
	}
	return http.StatusCreated, t.wire(), nil
}

// forumPost makes a post of the bot's.
func (c *call) forumPost(ch *Channel, b threadBody) (int, any, error) {
	var d draft
	if err := json.Unmarshal(b.Message, &d); err != nil {
		return 0, nil, invalid("message", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if !c.s.can(ch, permSend) {
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	if err := ch.checkTags(b.Tags); err != nil {
		return 0, nil, err
	}
	m, err := c.s.compose(ch, &d)
	if err != nil {
		return 0, nil, err
	}
	c.s.pings(ch, m, &d, routeOf(c), true)
	t := c.s.thread(ch, c.s.world.bot, b.Name, KindPublicThread, c.s.id())
	t.applied = b.Tags
	b.onto(t)
	c.s.announce(t, true)
	m.ID = t.ID
	c.s.add(t, m)
	w := t.wire()
	w["message"] = m.wire()
	return http.StatusCreated, w, nil
}

// checkTags holds a post's tags against the forum's.
func (c *Channel) checkTags(ids []string) error {
	if len(ids) > 5 {
		return invalid("applied_tags", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
	}
	if c.tagged && len(ids) == 0 {
		return refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	}
	for _, id := range ids {
		if !slices.ContainsFunc(c.tags, func(t tag) bool { return t.id == id }) {
			return invalid("applied_tags", "BASE_TYPE_CHOICES", "Unknown tag "+id)
		}
	}
	return nil
}

type channelEdit struct {
	threadBody
	Name     *string   `json:"name"`
	Archived *bool     `json:"archived"`
	Locked   *bool     `json:"locked"`
	Tags     *[]string `json:"applied_tags"`
}

// editChannel is PATCH /channels/{}, for threads.
func (c *call) editChannel() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	var e channelEdit
	if err := c.decode(&e); err != nil {
		return 0, nil, err
	}
	manage := c.s.can(ch, permManageThreads)
	own := ch.owner == c.s.appID
	reopen := e.Archived != nil && !*e.Archived
	others := e.Name != nil || e.Tags != nil || e.Archive != nil || e.Locked != nil
	switch {
	case !ch.isThread(): // MANAGE_CHANNELS isn't in the bot's role
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	case ch.archived && (!reopen || ch.locked && !manage):
		return 0, nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	case !manage && e.Locked != nil, !manage && !own && (others || e.Archived != nil && *e.Archived):
		return 0, nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	if err := e.checkEdit(ch); err != nil {
		return 0, nil, err
	}
	e.apply(ch)
	ch.changed = c.s.now()
	c.s.emit(event{name: "THREAD_UPDATE", guild: ch.g, channel: ch, intent: intentGuilds, data: ch.wire()})
	return 0, ch.wire(), nil
}

func (e channelEdit) checkEdit(ch *Channel) error {
	b := e.threadBody
	if b.Name = ch.title; e.Name != nil {
		b.Name = *e.Name
	}
	if err := b.check(); err != nil {
		return err
	}
	if e.Tags == nil {
		return nil
	}
	if ch.parent.kind != KindForum {
		return invalid("applied_tags", "CHANNEL_NOT_FORUM", "Tags are for posts in forums")
	}
	return ch.parent.checkTags(*e.Tags)
}

func (e channelEdit) apply(ch *Channel) {
	e.onto(ch)
	if e.Name != nil {
		ch.title = *e.Name
	}
	if e.Archived != nil {
		ch.archived = *e.Archived
	}
	if e.Locked != nil {
		ch.locked = *e.Locked
	}
	if e.Tags != nil {
		ch.applied = *e.Tags
	}
}

func (c *call) archivedThreads() (int, any, error) {
	ch, err := c.channel(permHistory)
	if err != nil {
		return 0, nil, err
	}
	list := []object{}
	for _, t := range ch.threads {
		if t.archived {
			list = append(list, t.wire())
		}
	}
	return 0, object{"threads": list, "members": []any{}, "has_more": false}, nil
}

func (c *call) threadMember() (int, any, error) {
	ch, err := c.channel(0)
	switch {
	case err != nil:
		return 0, nil, err
	case !ch.isThread():
		return 0, nil, refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case ch.archived:
		return 0, nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	return 0, nil, nil
}
