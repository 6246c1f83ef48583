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

// talkLimit is how many people's problems a session keeps apart. A thread in
// which more of them ask is a channel, where the oldest has moved on.
const talkLimit = 8

// A Session is what the bot remembers of one conversation. Its zero value is
// a conversation that has not begun. What it holds of what a person wrote has
// no credentials in it any more.
type Session struct {
	// Version counts the saves of the session; zero was never saved. It is
	// how [Store.Commit] notices that somebody else saved in between.
	Version int64 `json:"-"`

	Seen  []string `json:"seen,omitempty"`  // IDs of the last messages, oldest first
	Talks []Talk   `json:"talks,omitempty"` // one for each asker, the last to write first
	Ended []Talk   `json:"ended,omitempty"` // those that silence has ended, until their askers are told

	// Aside says that another person is answering: only what is addressed to the
	// bot is for it.
	Aside bool `json:"aside,omitempty"`

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

// A Talk is one person's problem in a conversation, and how far the bot is
// with it.
type Talk struct {
	Asker string `json:"asker,omitempty"` // ID of the user
	Team  string `json:"team,omitempty"`  // of which company, where people of several meet
	Lang  string `json:"lang,omitempty"`  // the asker's language, as a tag

	Topic   string   `json:"topic,omitempty"`   // ID of the entry that is talked about
	Closed  string   `json:"closed,omitempty"`  // ID of the entry that was, until its problem was solved
	Step    int      `json:"step,omitempty"`    // number of the step that was shown last; 0 before the first
	Tried   []int    `json:"tried,omitempty"`   // numbers of the steps that did not help, ascending
	Skipped []int    `json:"skipped,omitempty"` // numbers of those that the asker cannot or will not take, ascending
	Offered []string `json:"offered,omitempty"` // IDs of the entries that the last reply offered
	Rest    []string `json:"rest,omitempty"`    // IDs of topics that may be behind the problem as well
	Others  []string `json:"others,omitempty"`  // IDs of the other problems that the asker named
	Earlier []Trail  `json:"earlier,omitempty"` // topics that the asker turned away from, the last one first
	Why     []string `json:"why,omitempty"`     // what led to the topic, in the guide's words
	Failed  int      `json:"failed,omitempty"`  // how often the asker said that something did not help

	Finished  bool `json:"finished,omitempty"`  // the last reply asked how the last step went
	Clarified bool `json:"clarified,omitempty"` // the last reply was a question back
	Polite    bool `json:"polite,omitempty"`    // the last reply was a courtesy
	Leaked    bool `json:"leaked,omitempty"`    // the asker showed a key in public

	Greet time.Time `json:"greet,omitzero"` // when a greeting is returned, unless a question follows it

	Record   string   `json:"record,omitempty"`   // ties the ledger's records of the problem together
	Question string   `json:"question,omitempty"` // what was asked first, without credentials
	Source   string   `json:"source,omitempty"`   // ID of the message that asked it
	Answered string   `json:"answered,omitempty"` // name of the reply that answered it
	Details  []string `json:"details,omitempty"`  // environment and links that were named since

	Broke  *Broke `json:"broke,omitempty"`  // what the last live check found broken; nil for nothing
	Called *Call  `json:"called,omitempty"` // a person was called; nil if not
	Reply  string `json:"reply,omitempty"`  // ID of the last reply, whose choices are those that count
}

// A Trail is how far a talk was with a topic.
type Trail struct {
	Topic   string `json:"topic"`
	Tried   []int  `json:"tried,omitempty"`
	Skipped []int  `json:"skipped,omitempty"`
}

// A Broke is where a live check found something broken.
type Broke struct {
	Target string `json:"target"`
	Check  string `json:"check"`
}

// A Call is a person being called.
type Call struct {
	At     time.Time `json:"at"`
	Taken  string    `json:"taken,omitempty"`  // ID of the user who took it over; empty while nobody has
	Joined bool      `json:"joined,omitempty"` // by writing in the conversation: an owner can take it over still
	Again  bool      `json:"again,omitempty"`  // it was sent a second time
	Told   bool      `json:"told,omitempty"`   // the asker knows that nobody reacts
}

// Keep puts a talk first, in place of the one that its asker had.
func (s *Session) Keep(t Talk) {
	talks := slices.DeleteFunc(slices.Clone(s.Talks), func(other Talk) bool { return other.Asker == t.Asker })
	talks = slices.Insert(talks, 0, t)
	if len(talks) > talkLimit {
		last := len(talks) - 1
		for i := last; i > 0; i-- {
			if talks[i].Called == nil { // who waits for a person is not forgotten
				last = i
				break
			}
		}
		talks = slices.Delete(talks, last, last+1)
	}
	s.Talks = talks
}

// Talk returns the talk of an asker, and whether there is one.
func (s *Session) Talk(asker string) (Talk, bool) {
	i := slices.IndexFunc(s.Talks, func(t Talk) bool { return t.Asker == asker })
	if i < 0 {
		return Talk{Asker: asker}, false
	}
	return s.Talks[i], true
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
