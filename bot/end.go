package bot

import (
	"slices"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// ended is what is left of a conversation that silence has ended: enough to
// say so to those who come back to it.
func ended(s sessions.Session) sessions.Session {
	over := sessions.Session{Version: s.Version, Seen: s.Seen, Ended: s.Ended}
	for _, t := range s.Talks {
		if t.Topic != "" {
			over.Ended = append(slices.Clone(over.Ended), sessions.Talk{
				Asker: t.Asker, Team: t.Team, Topic: t.Topic, Step: t.Step, Tried: t.Tried, Skipped: t.Skipped, Why: t.Why,
				Question: t.Question, Details: t.Details, Record: t.Record, Answered: t.Answered,
			})
		}
	}
	over.Ended = over.Ended[max(0, len(over.Ended)-endedLimit):]
	return over
}

// endedLimit is how many ended talks are remembered until their askers return.
const endedLimit = 8

// returns reports whether the message goes on with a talk that has ended.
func (t *turn) returns() bool {
	over := t.over()
	if over < 0 || t.own {
		return false
	}
	switch t.in {
	case next, failed, nextAll, cannot, back, all, resolved, why, handoff, ack, no, useless:
		return !t.isLikely()
	}
	return false
}

// over returns the position of the asker's last ended talk, or -1.
func (t *turn) over() int {
	for i, e := range slices.Backward(t.session.Ended) {
		if e.Asker == t.m.From.ID && t.guide.Entry(e.Topic) != nil {
			return i
		}
	}
	return -1
}

// takeOver returns the last ended talk of the asker, and forgets all of theirs.
func (t *turn) takeOver() sessions.Talk {
	talk := t.session.Ended[t.over()]
	t.session.Ended = slices.DeleteFunc(slices.Clone(t.session.Ended), func(e sessions.Talk) bool { return e.Asker == talk.Asker })
	return talk
}

// returned says that the talk has ended, and offers to go on with it. What
// needs no answer of the guide's is done at once.
func (t *turn) returned() {
	t.was = t.takeOver()
	t.talk, t.own = t.was, true
	open := t.guide.Entry(t.was.Topic)
	if t.in == resolved || t.in == handoff || t.in == why {
		t.act(open)
		return
	}
	t.plan.Act, t.plan.Topic = Clarify, open.ID
	t.talk.Offered = []string{open.ID}
	t.reply(
		t.para("clarify.ended", "topic", Span{Text: title(open), Style: Bold}),
		Choices{{Label: t.say("clarify.goon", "topic", title(open)), Say: title(open)}, t.choice("other"), t.choice("human")},
	)
}

// resolved takes note that it works, and comes back to what else there was.
func (t *turn) resolved() {
	t.plan.Act, t.plan.Topic = Resolved, t.was.Topic
	others, was := t.entries(t.was.Others), t.was
	t.forget()
	t.talk.Closed, t.talk.Tried, t.talk.Skipped = was.Topic, was.Tried, was.Skipped
	if len(others) > 0 {
		t.reply(t.para("end.others"), append(t.offer(others), t.choice("human")))
		return
	}
	t.reply(t.para("end.resolved"))
}

// reopen goes on with what was solved, and is back.
func (t *turn) reopen() {
	t.talk.Topic, t.talk.Closed = t.was.Closed, ""
	t.nextAfter(t.guide.Entry(t.talk.Topic))
}

// entries returns the entries with these IDs that the guide still has.
func (t *turn) entries(ids []string) []*knowledge.Entry {
	var found []*knowledge.Entry
	for _, id := range ids {
		if e := t.guide.Entry(id); e != nil {
			found = append(found, e)
		}
	}
	return found
}

// restart forgets the topic, and goes on with what the message says beside
// that, if anything.
func (t *turn) restart() {
	earlier := t.trails()
	t.forget()
	if rest := newProblem.ReplaceAllString(t.text, ""); rest != t.text && plainWords(rest) != "" {
		t.hear(rest)
		t.talk.Earlier = earlier
		t.question()
		return
	}
	t.plan.Act = Restart
	t.reply(t.para("end.restart"))
}

// leave ends the conversation for someone who has enough of it.
func (t *turn) leave() {
	t.forget()
	t.plan.Act = Restart
	t.reply(t.para("end.leave"))
}

// useless takes the blame, and does not insist.
func (t *turn) useless() {
	t.plan.Act, t.plan.Topic, t.plan.Reason = Unknown, t.was.Topic, reasonUseless
	t.reply(t.para("end.useless"), Choices{t.choice("human")})
}

// forget ends the asker's topic.
func (t *turn) forget() {
	t.was = sessions.Talk{Asker: t.was.Asker, Team: t.was.Team}
	t.talk = t.was
}
