package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"math"
	"slices"
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
	Topic   string // ID of the entry that is talked about; empty for none
	Step    int    // number of the step that is shown; 0 for none in particular
	Session sessions.Session
	Replies []Reply

	knowledge.Finding // what was found out about the message
}

// By how much the best match must lead for another to need no mention, in
// hundredths of a point: a sure one, and any beside a best that is known only
// from how the message is worded. The second halves the wrong answers to
// writers whom the model has not read, for three more questions in a hundred.
const (
	clearLead  = 150
	wordedLead = 300
)

// offerLimit is how many entries a question may offer.
const offerLimit = 3

// Turn decides what m means in the conversation s. It is a pure function: it
// reads no clock, no network and no store, so a transcript is a full test.
func Turn(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	t := turn{guide: g, was: s, text: m.Text, words: plainWords(m.Text), Finding: g.Find(m.Text)}
	t.plan.Session = s
	t.plan.Finding = t.Finding
	if m.Overheard && (s.Asker != m.From.ID || !t.isOngoing()) {
		t.plan.Act = Silent
		return t.plan
	}
	t.plan.Session.Offered = nil
	t.decide()
	t.plan.Session.Asker = m.From.ID
	for i := range t.plan.Replies {
		t.plan.Replies[i].ID, t.plan.Replies[i].For = ReplyID(m, i), User{ID: m.From.ID, Team: m.From.Team}
		t.plan.Session.Reply = t.plan.Replies[i].ID
	}
	return t.plan
}

// isOngoing reports whether there is a conversation to go on with.
func (t *turn) isOngoing() bool { return t.was.Topic != "" || len(t.was.Offered) > 0 }

// ReplyID is the ID of the i-th reply to m, counted from zero: adapters whose
// platform wants an answer in its own way know by it which one that is.
func ReplyID(m Message, i int) string {
	sum := sha256.Sum256([]byte(m.key() + "\x00" + strconv.Itoa(i)))
	return base32.StdEncoding.EncodeToString(sum[:])[:20]
}

// A turn is a message on its way to a plan.
type turn struct {
	guide *knowledge.Guide
	was   sessions.Session
	text  string
	words string
	plan  Plan

	knowledge.Finding // about the text
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
	case t.isNew(in, open):
		t.question()
	case in == greeting, in == thanks, in == ack, in == about:
		t.smalltalk(in, open)
	case in == why:
		t.why(open)
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
// open entry. What is said like a follow-up must name it: "tried 3 and 4" may
// sound like all sorts of things.
func (t *turn) isNew(in intent, open *knowledge.Entry) bool {
	if len(t.Matches) == 0 || !t.Matches[0].Sure || open != nil && sameFamily(open, t.Matches[0].Entry) {
		return false
	}
	return in == ask || slices.ContainsFunc(t.Matches[0].Reasons, func(r knowledge.Reason) bool {
		return r.Kind != knowledge.KindPeople && r.Kind != knowledge.KindWord
	})
}

// isOpen reports whether the message, as far as it is understood, speaks of
// the open entry.
func (t *turn) isOpen(open *knowledge.Entry) bool {
	return t.isLikely() && !t.Matches[0].Sure && sameFamily(open, t.Matches[0].Entry)
}

// isLikely reports whether the message is likely about an entry at all; what
// is less than that is only worth a place beside one that is.
func (t *turn) isLikely() bool { return len(t.Matches) > 0 && t.Matches[0].Likely }

// followUp goes on with the open entry.
func (t *turn) followUp(in intent, open *knowledge.Entry) {
	switch {
	case in == resolved && !t.isLikely():
		t.resolved()
	case open == nil && !t.isLikely() && strings.Count(t.words, " ") < 4:
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
	sure := t.rivals()
	asked := len(t.was.Offered) > 0
	switch {
	case len(sure) == 1 || asked && t.isLikely():
		t.answer(t.Matches[0].Entry, t.Matches[0].Reasons)
		t.also()
	case len(sure) > 1 && quoted(t.Matches[0]):
		t.clarify(sure)
	case t.isLikely():
		t.clarify(t.candidates())
	default:
		t.unknown()
	}
}

// also offers the other problems that the message may speak of.
func (t *turn) also() {
	found := []*knowledge.Entry{t.Matches[0].Entry}
	for _, m := range t.Matches[1:] {
		if m.Mentioned() && len(found) < offerLimit && !anyFamily(found, m.Entry) {
			found = append(found, m.Entry)
		}
	}
	if len(found) == 1 {
		return
	}
	r := &t.plan.Replies[0]
	r.Blocks = append(r.Blocks, text("If there is something else as well:"), t.offer(found[1:]))
}

// rivals returns the entries that may be meant if the best match is sure: those
// that it does not clearly lead, and those that are named by their code.
func (t *turn) rivals() []*knowledge.Entry {
	if len(t.Matches) == 0 || !t.Matches[0].Sure {
		return nil
	}
	best := t.Matches[0]
	return t.pick(func(m knowledge.Match) bool {
		behind := best.Score - m.Score
		return m.Sure && (behind < clearLead || named(m)) || !quoted(best) && behind < wordedLead
	})
}

// quoted reports whether a code, a status or a native error speaks for a match
// before anything else.
func quoted(m knowledge.Match) bool {
	switch m.Reasons[0].Kind {
	case knowledge.KindCode, knowledge.KindStatus, knowledge.KindNative:
		return true
	}
	return false
}

// candidates returns the entries that are worth a question back.
func (t *turn) candidates() []*knowledge.Entry {
	return t.pick(func(knowledge.Match) bool { return true })
}

// pick returns the first entries that are eligible, no two of one family:
// codes in the order of the message, others best first.
func (t *turn) pick(eligible func(knowledge.Match) bool) []*knowledge.Entry {
	var found []*knowledge.Entry
	places := map[*knowledge.Entry]int{}
	for _, m := range t.Matches {
		if len(found) < offerLimit && eligible(m) && !anyFamily(found, m.Entry) {
			found = append(found, m.Entry)
			places[m.Entry] = place(m)
		}
	}
	slices.SortStableFunc(found, func(a, b *knowledge.Entry) int { return cmp.Compare(places[a], places[b]) })
	return found
}

// place returns where the message names a code, and a place behind all others
// for what it does not name.
func place(m knowledge.Match) int {
	for _, r := range m.Reasons {
		if r.Kind == knowledge.KindCode || r.Kind == knowledge.KindStatus {
			return r.Start
		}
	}
	return math.MaxInt
}

// named reports whether a match is an error code that the message names.
func named(m knowledge.Match) bool { return place(m) < math.MaxInt }

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
			if s == b && a.Kind == knowledge.Code && b.Kind == knowledge.Code && len(a.Related) == 1 {
				return true // two codes of one topic
			}
		}
	}
	return false
}
