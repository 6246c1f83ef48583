package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"apihelp/bot"
)

// delivery is the part of an Events API delivery that the bot uses. It is
// decoded here and not by the SDK, which refuses a whole event for one odd
// field and knows neither the context team nor the actor's.
type delivery struct {
	Type           string `json:"type"`
	Challenge      string `json:"challenge"`
	Team           string `json:"team_id"`
	Enterprise     string `json:"enterprise_id"`
	EventID        string `json:"event_id"`
	EventTime      int64  `json:"event_time"`
	Shared         bool   `json:"is_ext_shared_channel"`
	Authorizations []struct {
		Enterprise string `json:"enterprise_id"`
		Team       string `json:"team_id"`
		User       string `json:"user_id"`
		Org        bool   `json:"is_enterprise_install"`
	} `json:"authorizations"`
	Event event `json:"event"`
}

// event is what happened.
type event struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	User        string `json:"user"`
	UserTeam    string `json:"user_team"`
	Team        string `json:"team"`
	BotID       string `json:"bot_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`
	Tokens      struct {
		Bot []string `json:"bot"` // bot users whose tokens are revoked
	} `json:"tokens"`
	Edited *struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Message *event `json:"message"`          // what it is now, of message_changed
	Before  *event `json:"previous_message"` // what it was
}

// UnmarshalJSON reads what can be read: Slack sends an object as channel or
// user in some events, and none of those is a message.
func (e *event) UnmarshalJSON(data []byte) error {
	type plain event
	if err := json.Unmarshal(data, (*plain)(e)); err != nil {
		var kind struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(data, &kind); err != nil {
			return err
		}
		*e = event{Type: kind.Type}
	}
	return nil
}

// tenant is who installed the app, as the Team of a conversation: a workspace,
// or an organisation as a whole.
func (d *delivery) tenant() string {
	enterprise, team, org := d.Enterprise, d.Team, false
	if len(d.Authorizations) > 0 {
		a := d.Authorizations[0]
		enterprise, org = a.Enterprise, a.Org
		if a.Team != "" {
			team = a.Team
		}
	}
	return tenantOf(enterprise, team, org)
}

// tenantOf is the workspace, or where its organisation installed the app, that
// and a slash: Slack does not name the workspace in all that comes then, and
// channels and users have one ID throughout.
func tenantOf(enterprise, team string, org bool) string {
	if org && enterprise != "" {
		return enterprise + "/"
	}
	return team
}

// splitTenant is the inverse: one of the two is empty.
func splitTenant(tenant string) (enterprise, team string) {
	if enterprise, org := strings.CutSuffix(tenant, "/"); org {
		return enterprise, ""
	}
	return "", tenant
}

// botUser is the bot's own user in the workspace, as far as the delivery says.
func (d *delivery) botUser() string {
	if len(d.Authorizations) > 0 {
		return d.Authorizations[0].User
	}
	return ""
}

// message returns what a person said to the bot, or ok false: it was not said
// to the bot, or not by a person.
func (d *delivery) message(botUser string) (m bot.Message, ok bool) {
	e := &d.Event
	if e.isDeletion() {
		return d.deletion(botUser)
	}
	edited := e.Edited != nil
	if e.Subtype == "message_changed" && e.Message != nil {
		if e.Before != nil && e.Before.Text == e.Message.Text {
			return m, false // an unfurled link, a new reaction
		}
		channel, kind, typ := e.Channel, e.ChannelType, e.Type
		e, edited = e.Message, true
		e.Channel, e.ChannelType, e.Type = channel, kind, typ
	}
	if !isSpeech(e, botUser) {
		return m, false
	}
	text, mentioned := plainText(e.Text, botUser)
	direct := e.ChannelType == "im"
	m = bot.Message{
		ID: e.TS, In: d.place(e), From: bot.User{ID: e.User, Team: firstOf(e.UserTeam, e.Team)},
		Text: text, At: timeOf(e.TS), Direct: direct,
		Overheard: !direct && !mentioned && e.Type != "app_mention",
	}
	if edited {
		m.Edits, m.ID = e.TS, e.TS+"/"+editOf(e)
	}
	return m, true
}

// isDeletion reports whether the event says that a message is gone: without a
// trace, or, if others answered it, with a stone in its place.
func (e *event) isDeletion() bool {
	return e.Subtype == "message_deleted" || e.Subtype == "message_changed" && e.Message != nil && e.Message.Subtype == "tombstone"
}

// deletion returns the news that what a person said is gone.
func (d *delivery) deletion(botUser string) (m bot.Message, ok bool) {
	was := d.Event.Before
	if was == nil || !isSpeech(was, botUser) {
		return m, false
	}
	was.Channel, was.ChannelType = d.Event.Channel, d.Event.ChannelType
	return bot.Message{
		ID: was.TS + "/deleted", Edits: was.TS, In: d.place(was), From: bot.User{ID: was.User, Team: firstOf(was.UserTeam, was.Team)},
		At: timeOf(d.Event.TS), Direct: was.ChannelType == "im", Deleted: true, Overheard: true,
	}, true
}

// isSpeech reports whether a person wrote the message, and wrote something.
func isSpeech(e *event, botUser string) bool {
	switch e.Subtype {
	case "", "file_share", "thread_broadcast":
	default:
		return false
	}
	return e.User != "" && e.User != slackbot && e.User != botUser && e.BotID == "" && e.TS != ""
}

// slackbot is the user in whose name Slack itself speaks.
const slackbot = "USLACKBOT"

func editOf(e *event) string {
	if e.Edited != nil {
		return e.Edited.TS
	}
	return "edited"
}

// place is the conversation of a message: its thread, or the one it begins. A
// direct message is one long conversation with its user, whose ID serves as
// channel: Slack opens the channel for it.
func (d *delivery) place(e *event) bot.Conversation {
	c := bot.Conversation{Adapter: Name, Team: d.tenant(), Channel: e.Channel, Thread: firstOf(e.ThreadTS, e.TS)}
	if e.ChannelType == "im" {
		c.Channel, c.Thread = e.User, e.ThreadTS
	}
	return c
}

// timeOf converts a message's timestamp, which is seconds and a counter.
func timeOf(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	micros, _ := strconv.ParseInt(fraction, 10, 64)
	return time.Unix(s, micros*int64(time.Microsecond)).UTC()
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
