package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"apihelp/adapters/discord/gateway"
	"apihelp/bot"
)

// message is the part of a message that the bot uses. It is decoded here, for
// the library refuses a message with one unknown component.
type message struct {
	ID          string     `json:"id"`
	Channel     string     `json:"channel_id"`
	Guild       string     `json:"guild_id"`
	Content     string     `json:"content"`
	Type        int        `json:"type"`
	ChannelType *int       `json:"channel_type"`
	Webhook     string     `json:"webhook_id"`
	Author      *user      `json:"author"`
	Mentions    []user     `json:"mentions"`
	Roles       []string   `json:"mention_roles"`
	Edited      *string    `json:"edited_timestamp"`
	Files       []struct{} `json:"attachments"`
	At          time.Time  `json:"timestamp"`
	Reply       *struct {
		ID     string `json:"id"`
		Author *user  `json:"author"`
	} `json:"referenced_message"`
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"username"`
	Full string `json:"global_name"`
	Bot  bool   `json:"bot"`
}

func (u *user) name() string { return firstText(u.Full, u.Name) }

// The kinds of channels and messages that matter.
const (
	announcementThread = 10
	privateThread      = 12
	plainMessage       = 0
	replyMessage       = 19
)

func (m *message) inThread() bool {
	return m.ChannelType != nil && *m.ChannelType >= announcementThread && *m.ChannelType <= privateThread
}

// opens reports whether the message opens a thread or forum post.
func (m *message) opens() bool { return m.inThread() && m.ID == m.Channel }

// handle takes an event of the gateway's. An error makes it come again.
func (a *Adapter) handle(ctx context.Context, e gateway.Event) error {
	a.link.Store(nil)
	switch e.Type {
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		var m message
		if a.readable(e, &m) {
			return a.hear(ctx, &m, e.Type == "MESSAGE_UPDATE")
		}
	case "INTERACTION_CREATE":
		var i interaction
		if a.readable(e, &i) {
			a.answer(ctx, &i)
		}
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		var d deletion
		if a.readable(e, &d) {
			return a.unsaid(ctx, d)
		}
	case "GUILD_CREATE", "GUILD_UPDATE":
		var g struct {
			ID     string `json:"id"`
			Roles  []role `json:"roles"`
			Locale string `json:"preferred_locale"`
		}
		if a.readable(e, &g) {
			a.learnRole(g.ID, g.Roles)
			a.locales.put(g.ID, g.Locale)
		}
	case "THREAD_CREATE":
		var t struct {
			ID     string `json:"id"`
			Parent string `json:"parent_id"`
		}
		if a.readable(e, &t) {
			a.parents.put(t.ID, t.Parent)
		}
	case "GUILD_DELETE":
		return a.left(ctx, e)
	}
	return nil
}

// readable decodes an event. One that can't be read is passed over: it would be
// the same the next time.
func (a *Adapter) readable(e gateway.Event, into any) bool {
	if err := json.Unmarshal(e.Data, into); err != nil {
		a.Log.Warn("event unreadable", "adapter", Name, "entry", e.Type, "err", fmt.Sprintf("%T", err))
		return false
	}
	return true
}

// localeOf is the language of a server, as far as it is known: a session that is
// resumed does not bring it again.
func (a *Adapter) localeOf(guild string) string {
	locale, _ := a.locales.get(guild)
	return locale
}

// role is a role of a server. The bot has one of its own.
type role struct {
	ID   string `json:"id"`
	Tags struct {
		Bot string `json:"bot_id"`
	} `json:"tags"`
}

// learnRole remembers the bot's own role of a server: people mention it when
// they mean the bot.
func (a *Adapter) learnRole(guild string, roles []role) {
	for _, r := range roles {
		if r.Tags.Bot != "" && r.Tags.Bot == a.self() {
			a.roles.put(guild, r.ID)
		}
	}
}

// left forgets a server that the bot was taken out of. One that is only out of
// order says so.
func (a *Adapter) left(ctx context.Context, e gateway.Event) error {
	var g struct {
		ID          string `json:"id"`
		Unavailable bool   `json:"unavailable"`
	}
	if !a.readable(e, &g) || g.Unavailable || a.Purge == nil {
		return nil
	}
	return a.Purge(ctx, g.ID)
}

// hear takes a message, if it is for the bot.
func (a *Adapter) hear(ctx context.Context, m *message, update bool) error {
	if m.Author == nil || m.Author.Bot || m.Webhook != "" || m.Type != plainMessage && m.Type != replyMessage || update && m.Edited == nil {
		return nil
	}
	mentioned, answering := a.mentioned(m), m.Reply != nil && m.Reply.Author != nil && m.Reply.Author.ID == a.self()
	starter := m.opens() && a.inForum(ctx, m.Channel)
	if m.Content == "" && len(m.Files) == 0 && !mentioned && !answering && len(m.Roles) == 0 && m.Guild != "" && !m.opens() {
		return nil // people's own talk, which Discord keeps back
	}
	if !mentioned && len(m.Roles) > 0 {
		mentioned = slices.Contains(m.Roles, a.roleIn(ctx, m.Guild))
	}
	addressed := m.Guild == "" || mentioned || answering || starter
	if !addressed && !m.inThread() {
		return nil
	}
	if addressed && m.Guild != "" && m.Content == "" && len(m.Files) == 0 { // only the role was mentioned: Discord keeps the text back
		a.after(func(ctx context.Context) { a.askForMention(ctx, m) })
		return nil
	}
	c := a.place(ctx, m, answering)
	if m.inThread() && a.inForum(ctx, m.Channel) {
		a.after(func(ctx context.Context) { a.wroteIn(ctx, m.Channel, time.Now()) })
	}
	said := bot.Message{
		ID: m.ID, In: c, From: bot.User{ID: m.Author.ID, Name: m.Author.name()}, Text: a.plainText(m),
		At: m.At.UTC(), Direct: m.Guild == "", Overheard: !addressed, Lang: a.localeOf(m.Guild),
	}
	if update {
		said.Edits, said.ID = m.ID, m.ID+"/"+*m.Edited
	}
	if err := a.take(ctx, said); err != nil {
		return err
	}
	a.spoken.put(m.ID, spoken{In: c, From: said.From})
	if addressed && !update {
		a.remember(ctx, m)
	}
	return nil
}

// askForMention tells somebody whose message the bot may not read how to be
// heard.
func (a *Adapter) askForMention(ctx context.Context, m *message) {
	p := post{Content: escape(phrasesFor(a.localeOf(m.Guild)).MentionMe), Nonce: "mention." + m.ID[max(0, len(m.ID)-16):], Reference: m.ID}
	if _, err := a.create(ctx, m.Channel, p); err != nil {
		a.Log.Warn("note not posted", "adapter", Name, "err", plainError(err))
	}
}

func (a *Adapter) mentioned(m *message) bool {
	return slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == a.self() })
}

// roleIn returns the bot's own role of a server, or "". A session that is
// resumed does not bring it again.
func (a *Adapter) roleIn(ctx context.Context, guild string) string {
	if role, ok := a.roles.get(guild); ok {
		return role
	}
	var roles []role
	if err := a.rest.call(ctx, "GET", "/guilds/"+guild+"/roles", nil, &roles); err != nil {
		a.Log.Warn("roles unknown", "adapter", Name, "err", plainError(err))
		return ""
	}
	a.roles.put(guild, "") // which is worth knowing, too
	a.learnRole(guild, roles)
	own, _ := a.roles.get(guild)
	return own
}

// place is the conversation of a message. In a text channel it is the thread
// that the answer will be in, which has the message's ID.
func (a *Adapter) place(ctx context.Context, m *message, answering bool) bot.Conversation {
	c := bot.Conversation{Adapter: Name, Team: m.Guild, Channel: m.Channel}
	if m.Guild == "" || m.inThread() {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	if answering { // where no thread could be made
		if begun, ok := a.replyIn(ctx, m.Reply.ID); ok {
			return begun
		}
	}
	return a.begin(ctx, m.Guild, m.Channel, m.ID)
}

// begin is the conversation in the thread of a message. Where to make that is kept
// until it is made.
func (a *Adapter) begin(ctx context.Context, guild, channel, message string) bot.Conversation {
	begun := bot.Conversation{Adapter: Name, Team: guild, Channel: message}
	if parent, known := a.begun.get(message); known && parent == "" {
		return begun // it is made
	}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	if err := a.Shelf.Put(ctx, "thread:"+message, []byte(channel), threadAge); err != nil {
		a.begun.put(message, channel)
	}
	return begun
}

// threadAge is how long it is known where a thread begins. An answer is given
// up after an hour.
const threadAge = 24 * time.Hour

// plainText is what the writer typed: the mention of the bot removed.
func (a *Adapter) plainText(m *message) string {
	role, _ := a.roles.get(m.Guild)
	text := strings.NewReplacer("<@"+a.self()+">", "", "<@!"+a.self()+">", "", "<@&"+firstText(role, "-")+">", "").Replace(m.Content)
	for _, u := range m.Mentions {
		text = strings.NewReplacer("<@"+u.ID+">", "@"+u.name(), "<@!"+u.ID+">", "@"+u.name()).Replace(text)
	}
	return strings.TrimSpace(text)
}

// parentOf returns the channel of a thread, or "".
func (a *Adapter) parentOf(ctx context.Context, thread string) string {
	if len(a.Forums) == 0 {
		return ""
	}
	if parent, ok := a.parents.get(thread); ok {
		return parent
	}
	var post channel
	if err := a.rest.call(ctx, "GET", "/channels/"+thread, nil, &post); err != nil {
		a.Log.Warn("thread unknown", "adapter", Name, "err", plainError(err))
		return ""
	}
	a.parents.put(thread, post.Parent)
	return post.Parent
}
