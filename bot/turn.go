package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// An Act is what the bot did with a message, in one word.
type Act string

// The acts of a [Plan].
const (
	Answer    Act = "answer"               // gave an entry of the guide
	Clarify   Act = "clarify"              // asked which of a few entries it is
	NextStep  Act = "next_step"            // went on to a step that was not tried
	Back      Act = "back"                 // showed a step again
	Resolved  Act = "resolved"             // took note that the problem is gone
	Restart   Act = "restart"              // forgot the topic
	Handoff   Act = "handoff"              // gave over to a person
	CheckKey  Act = "check_key_prompt"     // said how a key is checked safely
	RefuseKey Act = "refuse_key_in_public" // warned of a key that others can read
	Smalltalk Act = "smalltalk"            // was polite
	Unknown   Act = "unknown"              // said that the guide has no answer
	Silent    Act = "silent"               // said nothing
)

// A Plan is what one turn of talk decided. Nothing has happened yet.
type Plan struct {
	Act     Act
	Topic   string   // ID of the entry that is talked about; empty for none
	Step    int      // number of the step that is shown; 0 for none in particular
	Offered []string // IDs of the entries that the reply offers
	Session sessions.Session
	Replies []Reply
	Ticket  *Ticket // for the people who take over; nil if nobody is called
	Check   bool    // live checks are to be run and reported

	// Reason is why something did not help or a person is called, in a word.
	Reason string

	// Waits says that the reply is not worth saying if another message follows
	// soon.
	Waits bool

	// Verified says that a live check has proven what was broken to work.
	Verified bool

	knowledge.Finding // what was found out about the message
}

// Turn decides what m means in the conversation s. It is a pure function: it
// reads no clock, no network and no store, so a transcript is a full test.
func Turn(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	t := newTurn(g, s, m)
	if t.isForBot() {
		t.decide()
	} else {
		t.plan.Act = Silent
	}
	t.warn()
	return t.done()
}

// A turn is a message on its way to a plan.
type turn struct {
	guide *knowledge.Guide
	m     Message
	text  string
	heard string // what the finding is about: the text, or its last clause
	typed string // its words, as [plainWords] gives them
	words string // and with typing mistakes mended, and steps by their numbers
	in    intent

	session sessions.Session // as it becomes
	was     sessions.Talk    // the asker's, as it was
	talk    sessions.Talk    // and as it becomes
	own     bool             // there was a talk before

	phrases
	plan Plan

	knowledge.Finding // about the text
}

func newTurn(g *knowledge.Guide, s sessions.Session, m Message) *turn {
	t := &turn{guide: g, m: m, session: s, phrases: phrasesFor(m.Lang)}
	t.hear(m.Text)
	t.was, t.own = talkOf(s, m)
	if t.in == resume && t.was.Called == nil {
		t.was, t.own = calledTalk(s, t.was, t.own)
	}
	if g.Entry(t.was.Topic) == nil {
		t.was.Topic, t.was.Step = "", 0 // the guide has lost it since
	}
	t.talk = t.was
	return t
}

// hear takes a text as what is said in this turn.
func (t *turn) hear(text string) {
	text = signs.Replace(text)
	t.text, t.heard, t.typed, t.Finding = text, text, plainWords(text), t.guide.Find(withoutDenied(text))
	if say, ok := labels()[t.typed]; ok {
		t.typed = plainWords(say)
	}
	t.words = withDigits(mend(t.typed))
	t.in = recognise(t.words, text)
}

// decide picks the act. What is said about the conversation comes before what
// is said about the API, unless a new problem is named for certain.
func (t *turn) decide() {
	open := t.guide.Entry(t.was.Topic)
	if t.m.Checked != nil {
		t.checked(t.m.Checked)
		return
	}
	if t.was.Called != nil && !t.resumes(open) {
		return
	}
	t.talk.Offered, t.talk.Greet = nil, time.Time{}
	switch e := t.picked(); {
	case e != nil:
		t.choose(e)
	case t.returns():
		t.returned()
	case t.playsDown():
		t.refuseAgain()
	default:
		t.act(open)
	}
	if t.talk.Question != "" && t.plan.Act != Smalltalk || t.in == ask {
		t.note()
	}
}

// act answers to the intent of the message, or to what it says about the API.
func (t *turn) act(open *knowledge.Entry) {
	in := t.in
	if open == nil && t.isAboutMore(in) {
		in = ask
	}
	switch {
	case in == handoff:
		t.handoff("human.asked", reasonRequested)
	case in == hopeless && open != nil:
		t.handoff("human.failed", reasonFailures)
	case in == restart:
		t.restart()
	case in == leave:
		t.leave()
	case in == runCheck && t.m.Able.Check:
		t.runCheck()
	case in == checkKey && !t.isQuoted(), in == runCheck && !t.isLikely():
		t.checkKey()
	case in == same && !t.own && len(t.session.Talks) > 0:
		t.join()
	case in == resolved && t.own && !t.isQuoted():
		t.resolved()
	case t.corrected(open) != nil:
		t.newProblem()
		t.answer(t.corrected(open), nil)
	case t.prefers(open):
		t.whole(open)
	case t.isNew(in, open):
		t.question()
	case in == useless && !t.isLikely():
		t.useless()
	case in == thanks && open == nil && t.isLikely(), in == hopeless && t.isLikely():
		t.question()
	case in == hopeless:
		t.nothingOpen()
	case in == greeting, in == thanks, in == ack, in == about, in == angry && !t.isLikely():
		t.smalltalk(in, open)
	case in == reopened && open == nil && t.guide.Entry(t.was.Closed) != nil:
		t.reopen()
	case in == honest:
		t.honest()
	case in == why:
		t.why(open)
	case in == no && len(t.was.Offered) > 0:
		t.noneOfThese()
	case in != ask && in != angry && in != useless:
		t.followUp(in, open)
	case open != nil:
		t.goOn(open)
	default:
		t.question()
	}
}

// isAboutMore reports whether a message that begins a conversation only sounds
// like one of its ends: "something went wrong, contact support", says an error.
func (t *turn) isAboutMore(in intent) bool {
	switch in {
	case handoff, restart, leave, hopeless, runCheck:
		return t.isLikely() && strings.Count(t.words, " ") > 5 && (in != runCheck || !t.m.Able.Check)
	}
	return false
}

// done makes the plan of what was decided.
func (t *turn) done() Plan {
	p := &t.plan
	p.Finding, p.Offered = t.Finding, t.talk.Offered
	if p.Act == Silent {
		p.Session = t.session
		return *p
	}
	t.talk.Finished = t.talk.Finished && !t.was.Finished
	t.talk.Clarified, t.talk.Polite = p.Act == Clarify, p.Act == Smalltalk && (t.in == greeting || t.in == thanks)
	p.Waits = p.Act == Smalltalk && t.in == greeting && t.talk.Topic == ""
	for i := range p.Replies {
		r := &p.Replies[i]
		r.ID, r.For = ReplyID(t.m, i), User{ID: t.talk.Asker, Team: t.talk.Team}
		if r.Private {
			r.For = User{ID: t.m.From.ID, Team: t.m.From.Team}
		}
		if i == 0 || slices.ContainsFunc(r.Blocks, isChoices) {
			t.talk.Reply = r.ID // the last whose buttons can be pressed
		}
	}
	t.session.Keep(t.talk)
	p.Session = t.session
	return *p
}

func isChoices(b Block) bool {
	_, ok := b.(Choices)
	return ok
}

// ReplyName is what people call the i-th reply to m, such as "slack:T1:ABC": by
// it the question can be found that it answers, for as long as its conversation
// is kept.
func ReplyName(m Message, i int) string {
	return url.QueryEscape(m.In.Adapter) + ":" + teamKey(m.In.Team) + ReplyID(m, i)
}

// ReplyID is the ID of the i-th reply to m, counted from zero: adapters whose
// platform wants an answer in its own way know by it which one that is.
func ReplyID(m Message, i int) string {
	sum := sha256.Sum256([]byte(m.key() + "\x00" + strconv.Itoa(i)))
	return base32.StdEncoding.EncodeToString(sum[:])[:20]
}
