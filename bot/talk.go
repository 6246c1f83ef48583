package bot

import (
	"regexp"
	"slices"

	"apihelp/sessions"
)

// talkOf returns the talk that a message goes on with, and whether there is
// one: that of the reply whose choice it is, the writer's own, or a
// colleague's, if they address the bot. Otherwise it begins one.
func talkOf(s sessions.Session, m Message) (sessions.Talk, bool) {
	if i := slices.IndexFunc(s.Talks, func(t sessions.Talk) bool { return m.Presses != "" && t.Reply == m.Presses }); i >= 0 {
		return s.Talks[i], true
	}
	if t, ok := s.Talk(m.From.ID); ok {
		return t, true
	}
	for _, t := range s.Talks {
		if !m.Overheard && (User{ID: t.Asker, Team: t.Team}).Colleague(m.From) {
			return t, true
		}
	}
	return sessions.Talk{Asker: m.From.ID, Team: m.From.Team}, false
}

// calledTalk returns the last talk that a person was called to, or else what
// it is given: anybody may send the bot back to work.
func calledTalk(s sessions.Session, t sessions.Talk, own bool) (sessions.Talk, bool) {
	if i := slices.IndexFunc(s.Talks, func(t sessions.Talk) bool { return t.Called != nil }); i >= 0 {
		return s.Talks[i], true
	}
	return t, own
}

// isOngoing reports whether there is something in a talk to go on with.
func isOngoing(t sessions.Talk) bool {
	return t.Topic != "" || len(t.Offered) > 0 || t.Called != nil
}

// isForBot reports whether the message is the bot's to answer. What is not
// addressed to it is, if it goes on with what its writer asked the bot; it is
// not once another person has joined in, until somebody addresses the bot
// again.
func (t *turn) isForBot() bool {
	switch {
	case !t.m.Overheard && !t.isToAnother():
		t.session.Aside = false
		return true
	case t.in == resume && t.was.Called != nil:
		return true
	case !t.own:
		t.stepAside()
		return false
	case toAnother.MatchString(t.text) && !t.m.Direct:
		t.session.Aside = true // the asker turns to somebody else
		return false
	}
	greeted := !t.was.Greet.IsZero() || t.was.Polite && t.isLikely() // the question comes after
	return (isOngoing(t.was) || greeted) && !t.session.Aside
}

// toAnother is how a message to somebody else begins.
var toAnother = regexp.MustCompile(`^\s*(<@!?[UW]?\w+>|@\w+)[\s,:]`)

// isToAnother reports whether a message speaks to another person, in a
// conversation that somebody has with the bot: it begins with their name, or it
// may be meant for anybody, and its writer has no trouble of their own.
func (t *turn) isToAnother() bool {
	if len(t.session.Talks) == 0 || t.m.Direct || t.m.Presses != "" || t.isQuoted() {
		return false
	}
	if t.own || !t.m.Ambient {
		return toAnother.MatchString(t.text)
	}
	return toAnother.MatchString(t.text) || (t.in == ask || t.in == ack) && !(t.isLikely() && ownTrouble.MatchString(t.words))
}

// toYou is how people speak of another's trouble.
var toYou = regexp.MustCompile(`\b(you|your|u|ur)\b`)

// ownTrouble is how people speak of what happens to themselves.
var ownTrouble = regexp.MustCompile(`\b(i|im|ive|my|me|we|our|us)\b`)

// stepAside leaves the conversation to the person who has begun to answer in
// it. Somebody who has the same trouble, or trouble of their own, is none.
func (t *turn) stepAside() {
	own := t.isLikely() && ownTrouble.MatchString(t.words) && !toYou.MatchString(t.words)
	if t.in == same || own || !slices.ContainsFunc(t.session.Talks, isOngoing) {
		return
	}
	t.session.Aside = true
	t.session.Talks = slices.Clone(t.session.Talks)
	for i, talk := range t.session.Talks {
		if talk.Called != nil && talk.Called.Taken == "" {
			call := *talk.Called
			call.Taken, call.Joined = t.m.From.ID, true
			t.session.Talks[i].Called = &call
		}
	}
}

// join gives somebody who has the same trouble the same answer.
func (t *turn) join() {
	first := t.session.Talks[0]
	if open := t.guide.Entry(first.Topic); open != nil {
		t.talk.Why, t.talk.Question, t.talk.Source, t.talk.Details = first.Why, first.Question, first.Source, first.Details
		t.answer(open, nil)
		return
	}
	t.nothingOpen()
}
