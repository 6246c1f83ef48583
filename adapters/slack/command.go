package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"apihelp/bot"
)

// command is a slash command.
type command struct {
	Team        string `json:"team_id"`
	Enterprise  string `json:"enterprise_id"`
	Org         text   `json:"is_enterprise_install"`
	Channel     string `json:"channel_id"`
	User        string `json:"user_id"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
	Trigger     string `json:"trigger_id"`
}

// text is a string that Slack writes as a boolean where there is no form.
type text string

// UnmarshalJSON accepts a string and a boolean.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = text(strings.Trim(string(data), `"`))
	return nil
}

// whisper marks the thread of a conversation that only its user sees: what
// follows is the user.
const whisper = "@"

// receiveCommand takes "/apihelp …". A question is answered where only its
// writer sees it, and never repeated; the rest is answered at once.
func (a *Adapter) receiveCommand(ctx context.Context, payload []byte) (any, error) {
	var c command
	if err := json.Unmarshal(payload, &c); err != nil {
		a.Log.Warn("command unreadable", "adapter", Name, "err", fmt.Sprintf("%T", err))
		return nil, nil
	}
	question, _ := plainText(c.Text, "")
	switch word := strings.ToLower(question); {
	case word == "", word == "help":
		return ephemeral(usage), nil
	case word == "privacy":
		return ephemeral(privacy), nil
	case word == "check" && a.Check == nil:
		return ephemeral(noCheck), nil
	}
	m := bot.Message{
		ID: c.Trigger, From: bot.User{ID: c.User, Team: c.Team}, Text: question, At: time.Now().UTC(), Direct: true,
		In: bot.Conversation{Adapter: Name, Team: tenantOf(c.Enterprise, c.Team, c.Org == "true"), Channel: c.Channel, Thread: whisper + c.User},
	}
	a.replies.offer(m.In, c.ResponseURL)
	if err := a.take(ctx, m); err != nil {
		a.Log.Warn("command not taken", "adapter", Name, "err", err)
		return ephemeral(notNow), nil // Slack delivers no command twice
	}
	return nil, nil
}

// ephemeral is the body of an answer that only the user sees.
func ephemeral(text string) any {
	return map[string]string{"response_type": "ephemeral", "text": escape(text)}
}

// What the adapter itself says.
const (
	usage = `Describe what goes wrong, and I look it up in the troubleshooting guide. Only you see the answer, unless you post it.

/apihelp getting a 401 since this morning
/apihelp why: what in your last message led to the answer
/apihelp check: how to test the API and your key
/apihelp privacy: what is kept about you

You can also mention me in a channel, write me a direct message, or choose "Troubleshoot this" from the menu of a message.`

	privacy = `What you ask is read, answered from the troubleshooting guide by fixed rules, and not kept: no text of yours is stored or logged, and no language model sees it. Kept is where a conversation stands (topic, steps tried), until it has been idle for a day. Keys and tokens are removed before anything is kept. "Forget me" on my home tab deletes it at once.`

	noCheck = `No live check is set up here. Tell me what you see instead, such as the status or the error message. Never post a key: whoever got hold of it could use it.`

	notNow = `That did not work: my memory is out of reach. Please ask again in a minute.`
)
