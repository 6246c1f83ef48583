// Package sessions is what the bot remembers, in Redis: the state of each
// conversation, when to look at it again, the outbox of replies that are
// decided but not yet delivered, and the ledger of what became of questions.
//
// It knows nothing of guides, platforms or what a reply says. Start reading
// at [Store].
package sessions

import (
	"slices"
	"time"
)

// seenLimit is how many message IDs a session remembers. It must exceed the
// messages of one conversation between a delivery and its last redelivery,
// which Slack makes after five minutes.
const seenLimit = 64

// A Session is what the bot remembers of one conversation. Its zero value is
// a conversation that has not begun. It never holds what a person wrote.
type Session struct {
	// Version counts the saves of the session; zero was never saved. It is
	// how [Store.Commit] notices that somebody else saved in between.
	Version int64 `json:"-"`

	Seen []string `json:"seen,omitempty"` // IDs of the last messages, oldest first

	Topic   string   `json:"topic,omitempty"`   // ID of the entry that is talked about
	Step    int      `json:"step,omitempty"`    // number of the step that was shown last; 0 before the first
	Tried   []int    `json:"tried,omitempty"`   // numbers of the steps that did not help, ascending
	Offered []string `json:"offered,omitempty"` // IDs of the entries that the last question offered
	Rest    []string `json:"rest,omitempty"`    // IDs of topics that may be behind the problem as well

	HandedOver bool `json:"handedOver,omitempty"` // a person was called for the topic

	Asker string   `json:"asker,omitempty"` // ID of the user whose problem it is
	Why   []string `json:"why,omitempty"`   // what led to the topic, in the guide's words

	Reply string `json:"reply,omitempty"` // ID of the last reply, whose choices are those that count

	// Asked is the ID of the message that was answered last, and Before the
	// session as it was until then: an edited message is answered anew from
	// there.
	Asked  string   `json:"asked,omitempty"`
	Before *Session `json:"before,omitempty"`

	Last time.Time `json:"last,omitzero"` // when the last message was written

	// Due is when the conversation is to be looked at again without a
	// message; zero for never. See [Store.Due].
	Due time.Time `json:"due,omitzero"`
}

// Observe records a message ID and reports whether it is new. A platform that
// redelivers an event repeats its ID, and must not get a second answer.
func (s *Session) Observe(id string) bool {
	if slices.Contains(s.Seen, id) {
		return false
	}
	s.Seen = append(slices.Clone(s.Seen), id)
	if n := len(s.Seen) - seenLimit; n > 0 {
		s.Seen = s.Seen[n:]
	}
	return true
}
