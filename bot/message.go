package bot

import (
	"net/url"
	"strings"
	"time"

	"apihelp/bot/check"
	"apihelp/bot/check/credential"
)

// A Conversation is one thread of talk on one platform. It is comparable, and
// its String is the session key and a log attribute.
type Conversation struct {
	Adapter string // Adapter.Name
	Team    string // the platform's workspace or server ID
	Channel string // the platform's channel or direct-message ID
	Thread  string // the platform's thread ID; empty in a direct message
}

// String returns the four parts joined by colons. Different conversations
// have different strings, whatever characters their parts contain.
func (c Conversation) String() string {
	parts := []string{c.Adapter, c.Team, c.Channel, c.Thread}
	for i, p := range parts {
		parts[i] = url.QueryEscape(p)
	}
	return strings.Join(parts, ":")
}

// parseConversation reads what String writes.
func parseConversation(s string) (Conversation, bool) {
	parts := strings.Split(s, ":")
	if len(parts) != 4 {
		return Conversation{}, false
	}
	for i, p := range parts {
		var err error
		if parts[i], err = url.QueryUnescape(p); err != nil {
			return Conversation{}, false
		}
	}
	return Conversation{parts[0], parts[1], parts[2], parts[3]}, true
}

// A User is who wrote a message.
type User struct {
	ID   string // the platform's; unique within a team
	Name string // for people to read; may be empty
	Team string // of which company, where people of several meet; may be empty
}

// Same reports whether two are the same person.
func (u User) Same(other User) bool { return u.ID == other.ID }

// Colleague reports whether two are of the same company.
func (u User) Colleague(other User) bool { return u.Team != "" && u.Team == other.Team }

// A Message is one thing a person said to the bot, freed of platform syntax:
// the mention of the bot is removed, entities are decoded, and a pressed
// button has become the Say of its [Choice].
type Message struct {
	ID     string // unique within In; a redelivery repeats it
	In     Conversation
	From   User
	Text   string
	At     time.Time
	Direct bool // nobody else reads along

	// Edits is the ID of the message that this one is the new text of; empty
	// for one that is said for the first time.
	Edits string

	// Deleted says that the message which Edits names is gone: what is kept of
	// its text goes too. Text is empty.
	Deleted bool

	// Presses is the ID of the reply whose choice this is; empty for what was
	// typed.
	Presses string

	// Able says what the bot can do beside answering, and Incident what the
	// API's status page tells; nil for nothing. The bot sets both.
	Able     Able
	Incident *check.Incident

	// Checked is the outcome of live checks, which is told in place of Text.
	Checked *Checked

	// Found is what was taken out of Text, or stands in it for something that
	// should have been. The bot sets it.
	Found []credential.Finding

	// Lang is the language of the writer as a tag such as "de-AT"; empty for
	// English. The guide's words stay in its own.
	Lang string

	// Ambient says that nobody knows whom the message addresses, as in a script
	// that plays a channel.
	Ambient bool

	// Overheard says that the message was not addressed to the bot: only a
	// conversation that its writer has with the bot already takes it.
	Overheard bool
}

// key tells the message from all others.
func (m Message) key() string { return m.In.String() + "\x00" + m.ID }
