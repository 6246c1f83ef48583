package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// An Act is what the bot did with a message, in one word.
type Act string

// The acts of a [Plan].
const (
	Answer    Act = "answer"    // gave an entry of the guide
	Clarify   Act = "clarify"   // asked which of a few entries it is
	NextStep  Act = "next_step" // went on to a step that was not tried
	Back      Act = "back"      // showed a step again
	Resolved  Act = "resolved"  // took note that the problem is gone
	Restart   Act = "restart"   // forgot the topic
	Handoff   Act = "handoff"   // gave over to a person
	Smalltalk Act = "smalltalk" // was polite
	Unknown   Act = "unknown"   // said that the guide has no answer
	Silent    Act = "silent"    // said nothing
)

// A Plan is what one turn of talk decided. Nothing has happened yet.
type Plan struct {
	Act     Act
	Topic   string            // ID of the entry that is talked about; empty for none
	Step    int               // number of the step that is shown; 0 for none in particular
	Matches []knowledge.Match // the entries considered, best first
	Session sessions.Session
	Replies []Reply
}

// clearLead is by how much the best of two sure matches must lead for the
// other to need no mention, in hundredths of a point.
const clearLead = 150

// offerLimit is how many entries a question may offer.
const offerLimit = 3

// Turn decides what m means in the conversation s. It is a pure function: it
// reads no clock, no network and no store, so a transcript is a full test.
func Turn(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	t := turn{guide: g, was: s, text: m.Text, words: plainWords(m.Text), matches: g.Match(m.Text)}
	t.plan.Session = s
	t.plan.Session.Offered = nil
	t.plan.Matches = t.matches
	t.decide()
	for i := range t.plan.Replies {
		t.plan.Replies[i].ID = replyID(m, i)
	}
	return t.plan
}

// replyID derives a reply's ID from the message that it answers.
func replyID(m Message, i int) string {
	sum := sha256.Sum256([]byte(m.key() + "\x00" + strconv.Itoa(i)))
	return base32.StdEncoding.EncodeToString(sum[:])[:20]
}

// A turn is a message on its way to a plan.
type turn struct {
	guide   *knowledge.Guide
	was     sessions.Session
	text    string
	words   string
	matches []knowledge.Match
	plan    Plan
}

// decide picks the act. What is said about the conversation comes before what
// is said about the API, unless a new problem is named for certain.
func (t *turn) decide() {
	open := t.guide.Entry(t.was.Topic)
	if e := t.picked(); e != nil {
		t.choose(e)
		return
	}
	in := recognise(t.words, t.text)
	switch {
	case in == handoff:
		t.handoff("A person should take over from here.")
	case in == restart:
		t.restart()
	case in == leave:
		t.leave()
	case t.isNew(open):
		t.question()
	case in == greeting, in == thanks, in == ack, in == about:
		t.smalltalk(in, open)
	case in == no && len(t.was.Offered) > 0:
		t.noneOfThese()
	case in != ask:
		t.followUp(in, open)
	case open != nil && t.isOpen(open):
		t.next(open)
	default:
		t.question()
	}
}

// picked returns the entry that the message chooses among those offered, or
// nil. The guide may have lost it since.
func (t *turn) picked() *knowledge.Entry {
	i := picked(t.words, t.was.Offered, func(id string) string {
		if e := t.guide.Entry(id); e != nil {
			return title(e)
		}
		return ""
	})
	if i < 0 {
		return nil
	}
	return t.guide.Entry(t.was.Offered[i])
}

// isNew reports whether the message surely speaks of something else than the
// open entry.
func (t *turn) isNew(open *knowledge.Entry) bool {
	return len(t.matches) > 0 && t.matches[0].Sure && (open == nil || !sameFamily(open, t.matches[0].Entry))
}

// isOpen reports whether the message, as far as it is understood, speaks of
// the open entry.
func (t *turn) isOpen(open *knowledge.Entry) bool {
	return len(t.matches) > 0 && !t.matches[0].Sure && sameFamily(open, t.matches[0].Entry)
}

// followUp goes on with the open entry.
func (t *turn) followUp(in intent, open *knowledge.Entry) {
	switch {
	case in == resolved && len(t.matches) == 0:
		t.resolved()
	case open == nil && len(t.matches) == 0 && strings.Count(t.words, " ") < 4:
		t.nothingOpen()
	case open == nil:
		t.question()
	case in == resolved:
		t.resolved()
	case in == back:
		t.back(open)
	case in == all:
		t.answer(open, nil)
	case in == nextAll:
		t.tried(stepNumbers(open))
		t.next(open)
	default:
		t.next(open)
	}
}

// question answers what is said about the API.
func (t *turn) question() {
	sure := t.rivals(func(m knowledge.Match) bool { return m.Sure })
	maybe := t.rivals(func(knowledge.Match) bool { return true })
	asked := len(t.was.Offered) > 0
	switch {
	case len(sure) == 1 || asked && len(maybe) > 0:
		t.answer(t.matches[0].Entry, t.matches[0].Reasons)
	case len(maybe) > 0:
		t.clarify(maybe)
	default:
		t.unknown()
	}
}

// rivals returns the entries that may be meant, no two of one family: those
// that the best does not clearly lead, and those that are named by their code.
func (t *turn) rivals(eligible func(knowledge.Match) bool) []*knowledge.Entry {
	var found []*knowledge.Entry
	for _, m := range t.matches {
		if len(found) == offerLimit {
			break
		}
		if !eligible(m) || t.matches[0].Score-m.Score >= clearLead && !named(m) {
			continue
		}
		if !anyFamily(found, m.Entry) {
			found = append(found, m.Entry)
		}
	}
	return found
}

// named reports whether a match is an error code that the message names.
func named(m knowledge.Match) bool {
	kind := m.Reasons[0].Kind
	return kind == knowledge.KindCode || kind == knowledge.KindStatus
}

func anyFamily(entries []*knowledge.Entry, e *knowledge.Entry) bool {
	for _, other := range entries {
		if sameFamily(other, e) {
			return true
		}
	}
	return false
}

// sameFamily reports whether one entry's answer leads to the other's.
func sameFamily(a, b *knowledge.Entry) bool {
	if a == b {
		return true
	}
	for _, r := range a.Related {
		if r == b {
			return true
		}
		for _, s := range r.Related {
			if s == b && a.Kind == b.Kind && len(a.Related) == 1 {
				return true // two codes of one topic
			}
		}
	}
	return false
}
