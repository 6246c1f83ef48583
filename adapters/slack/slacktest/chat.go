package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const (
	textLimit     = 40_000 // characters of a post's text; Slack cuts what is beyond
	updateLimit   = 4_000  // of chat.update's
	messageBlocks = 50
	viewBlocks    = 100
	blocksLimit   = 13_200 // characters in all blocks of a message; not documented
	burst         = 3      // posts to one channel at once, with RateLimit
)

func chatMethods() map[string]method {
	const common = " channel text blocks attachments mrkdwn parse link_names metadata as_user"
	return map[string]method{
		"chat.postMessage":   {"bot", "chat:write", "thread_ts reply_broadcast unfurl_links unfurl_media client_msg_id markdown_text client_context_team_id icon_emoji icon_url username" + common, (*call).postMessage},
		"chat.update":        {"bot", "chat:write", "ts file_ids reply_broadcast client_context_team_id unfurl_links unfurl_media" + common, (*call).update},
		"chat.postEphemeral": {"bot", "chat:write", "user thread_ts client_context_team_id" + common, (*call).postEphemeral},
		"chat.delete":        {"bot", "chat:write", "channel ts as_user client_context_team_id", (*call).deleteMessage},
		"chat.getPermalink":  {"bot", "", "channel message_ts client_context_team_id", (*call).permalink},
		"reactions.add":      {"bot", "reactions:write", "channel timestamp name", (*call).react},
		"reactions.remove":   {"bot", "reactions:write", "channel timestamp name", (*call).unreact},

		"assistant.threads.setStatus": {"bot", "chat:write", "channel_id thread_ts status loading_messages icon_emoji icon_url username", (*call).setStatus},
	}
}

// A bucket counts the posts to a channel.
type bucket struct {
	tokens float64
	at     time.Time
}

// RateLimit makes the server refuse more than one post a second to a channel,
// after three at once, with 429 and Retry-After.
func (s *Server) RateLimit(on bool) {
	defer s.lock()()
	s.limited = on
	clear(s.buckets)
}

// pace takes a post of the channel, or says how long it must wait.
func (s *Server) pace(c *Channel) time.Duration {
	if !s.limited {
		return 0
	}
	now := time.Now()
	b := s.buckets[c]
	if b == nil {
		b = &bucket{tokens: burst, at: now}
		s.buckets[c] = b
	}
	b.tokens = min(burst, b.tokens+now.Sub(b.at).Seconds())
	b.at = now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) * float64(time.Second))
	}
	b.tokens--
	return 0
}

// channel finds where the call writes to; a user's id opens the DM.
func (c *call) channel(name string) (*Channel, error) {
	id := c.Args[name]
	if u := c.s.world.users[id]; u != nil && u.meets(c.in) {
		return u.dm(c.in), nil
	}
	ch := c.s.world.channels[id]
	if ch == nil || !ch.seenBy(c.in) || ch.private && !slices.Contains(ch.bots, c.in) || ch.im != nil && ch != ch.im.dms[c.in] {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// writable is channel for calls that post.
func (c *call) writable() (*Channel, error) {
	ch, err := c.channel("channel")
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case !slices.Contains(ch.bots, c.in):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (c *call) postMessage() (object, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	content, err := c.content(false)
	if err != nil {
		return nil, err
	}
	if wait := c.s.pace(ch); wait > 0 {
		return nil, &apiError{code: "ratelimited: more than 1 message a second in " + ch.ID, after: wait}
	}
	m := c.s.botMessage(c.in, ch, content, c.Args["thread_ts"], c.Method)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.wire()}, nil
}

// botMessage posts as the bot. A thread without a parent leaves the post in
// the channel itself.
func (s *Server) botMessage(in *install, ch *Channel, m *Message, thread, from string) *Message {
	if thread != "" {
		p := ch.find(thread)
		switch {
		case p == nil:
			s.complain("%s: no message for thread_ts, so it is posted outside any thread", from)
		case p.ThreadTS != "" && p.ThreadTS != p.TS:
			s.complain("%s: thread_ts is a reply's, not the parent's", from)
			m.ThreadTS = p.ThreadTS
		default:
			m.ThreadTS = thread
		}
	}
	m.TS, m.in, m.User, m.BotID, m.team = s.ts(), in, in.botUser, in.botID, s.seat(in, ch).ID
	ch.add(m)
	s.emitMessage(m, false)
	return m
}

// content reads and checks text, blocks and metadata.
func (c *call) content(update bool) (*Message, error) {
	m := &Message{Text: c.Args["text"], Blocks: raw(c.Args["blocks"]), Metadata: raw(c.Args["metadata"])}
	var attachments []any
	_ = json.Unmarshal(raw(c.Args["attachments"]), &attachments)
	if err := c.s.judge(m, update, len(attachments)); err != nil {
		return nil, err
	}
	if on := c.Args["link_names"]; on == "1" || on == "true" || c.Args["parse"] == "full" {
		c.s.complain("%s: link_names or parse=full would make names into mentions", c.Method)
	}
	return m, nil
}

// judge checks what is to be shown, and makes it what Slack would store.
func (s *Server) judge(m *Message, update bool, attachments int) error {
	size := len([]rune(m.Text))
	switch {
	case len(m.Blocks) == 0 && m.Text == "" && attachments == 0:
		return refuse("no_text")
	case update && size > updateLimit:
		return refuse("msg_too_long")
	case attachments > 100:
		return refuse("too_many_attachments")
	case size > textLimit:
		s.complain("a text of %d characters is cut at %d", size, textLimit)
		m.Text = string([]rune(m.Text)[:textLimit])
	}
	if strings.Contains(m.Text, "<!channel") || strings.Contains(m.Text, "<!here") || strings.Contains(m.Text, "<!everyone") {
		s.complain("a mass mention in the text")
	}
	if len(m.Blocks) == 0 {
		return nil
	}
	blocks, err := s.blocks(m.Blocks, "message", update)
	if err != nil {
		return err
	}
	m.Blocks = blocks
	return nil
}

func raw(text string) json.RawMessage {
	if text == "" || text == "null" || text == "[]" {
		return nil
	}
	return json.RawMessage(text)
}

// own finds the bot's own message.
func (c *call) own(ts string) (*Message, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	m := ch.find(c.Args[ts])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return m, nil
}

func (c *call) update() (object, error) {
	m, err := c.own("ts")
	if err != nil {
		return nil, err
	}
	if m.in != c.in {
		return nil, refuse("cant_update_message")
	}
	content, err := c.content(true)
	if err != nil {
		return nil, err
	}
	before := m.wire()
	m.Text, m.Blocks = content.Text, content.Blocks
	if len(content.Metadata) > 0 {
		m.Metadata = content.Metadata
	}
	m.Edited, m.editedTS = true, c.s.ts()
	c.s.emitChange(m, before, false)
	return object{"channel": m.Channel.ID, "ts": m.TS, "text": m.Text, "message": m.wire()}, nil
}

func (c *call) deleteMessage() (object, error) {
	m, err := c.own("ts")
	if err != nil {
		return nil, err
	}
	if m.in != c.in {
		return nil, refuse("cant_delete_message")
	}
	c.s.remove(m, false)
	return object{"channel": m.Channel.ID, "ts": m.TS}, nil
}

func (c *call) postEphemeral() (object, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	u := c.s.world.users[c.Args["user"]]
	if u == nil || !u.in(ch) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := c.content(false)
	if err != nil {
		return nil, err
	}
	m.ThreadTS = c.Args["thread_ts"]
	c.s.whisper(c.in, ch, u, m)
	return object{"message_ts": m.TS}, nil
}

// whisper shows a message to one person.
func (s *Server) whisper(in *install, ch *Channel, u *User, m *Message) {
	m.TS, m.in, m.User, m.BotID, m.team = s.ts(), in, in.botUser, in.botID, s.seat(in, ch).ID
	m.Ephemeral, m.Channel, m.to = true, ch, u
	u.ephemerals = append(u.ephemerals, m)
}

func (c *call) permalink() (object, error) {
	m, err := c.own("message_ts")
	if err != nil {
		return nil, err
	}
	link := "https://" + m.Channel.w.domain() + ".slack.com/archives/" + m.Channel.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel.ID
	}
	return object{"channel": m.Channel.ID, "permalink": link}, nil
}

func (c *call) react() (object, error) {
	m, err := c.own("timestamp")
	if err != nil {
		return nil, err
	}
	name := c.Args["name"]
	if slices.Contains(m.reactions[name], c.in.botUser) {
		return nil, refuse("already_reacted")
	}
	if m.reactions == nil {
		m.reactions = map[string][]string{}
	}
	m.reactions[name] = append(m.reactions[name], c.in.botUser)
	return object{}, nil
}

func (c *call) unreact() (object, error) {
	m, err := c.own("timestamp")
	if err != nil {
		return nil, err
	}
	name := c.Args["name"]
	i := slices.Index(m.reactions[name], c.in.botUser)
	if i < 0 {
		return nil, refuse("no_reaction")
	}
	m.reactions[name] = slices.Delete(m.reactions[name], i, i+1)
	return object{}, nil
}

func (c *call) setStatus() (object, error) {
	ch, err := c.channel("channel_id")
	if err != nil {
		return nil, err
	}
	if ch.find(c.Args["thread_ts"]) == nil {
		return nil, refuse("invalid_thread_ts")
	}
	return object{}, nil
}
