package bot

import (
	"cmp"
	"slices"
	"time"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// decide is [Turn] for a message that may come after a long silence, which has
// ended the conversation, or be the new text of an older one. The message that
// was answered last is answered anew, from where the conversation stood before
// it; an older one is past. One that was not taken before, because only its new
// text addresses the bot, is a message like any other. A choice of a reply that
// is not the last one is past as well.
func decide(g *knowledge.Guide, s sessions.Session, m Message, ttl time.Duration) Plan {
	if ttl > 0 && !s.Last.IsZero() && m.At.Sub(s.Last) > ttl {
		s = ended(s)
	}
	if m.At.After(s.Last) {
		s.Last = m.At // an edit has the time of its message
	}
	if m.Deleted {
		return Plan{Act: Silent, Session: withoutQuestion(s, m.Edits)}
	}
	before := s
	switch {
	case m.Presses != "" && isPast(s, m.Presses):
		return Plan{Act: Silent, Session: s} // the conversation has moved on
	case m.Edits == "":
	case s.Asked == m.Edits && s.Before != nil:
		before = *s.Before
		before.Version, before.Seen, before.Last = s.Version, s.Seen, s.Last
	case slices.Contains(s.Seen, m.Edits):
		return Plan{Act: Silent, Session: s}
	}
	plan := Turn(g, before, m)
	if plan.Act != Silent {
		keepTalk(&plan, s, m)
		before.Before = nil
		plan.Session.Asked, plan.Session.Before = asked(m), &before
	}
	return plan
}

// keepTalk keeps what the asker's talk has beside what a plan makes of it: the
// language, and that a person is called already when the message is an edit.
func keepTalk(plan *Plan, s sessions.Session, m Message) {
	talk := &plan.Session.Talks[0]
	if talk.Asker != m.From.ID {
		return
	}
	was, _ := s.Talk(talk.Asker)
	talk.Lang = m.Lang
	if m.Presses != "" {
		talk.Lang = cmp.Or(m.Lang, was.Lang)
	}
	if m.Edits != "" && was.Called != nil {
		plan.Ticket = nil
		if talk.Called != nil {
			talk.Called = was.Called
		}
	}
}

// asks reports whether something of a message's text is kept.
func asks(s sessions.Session, id string) bool {
	return s.Asked == id || s.Before != nil && asks(*s.Before, id) || slices.ContainsFunc(slices.Concat(s.Talks, s.Ended), func(t sessions.Talk) bool { return t.Source == id })
}

// withoutQuestion forgets what is kept of a message's text.
func withoutQuestion(s sessions.Session, id string) sessions.Session {
	s.Talks, s.Ended = slices.Clone(s.Talks), slices.Clone(s.Ended)
	for _, talks := range [][]sessions.Talk{s.Talks, s.Ended} {
		for i, t := range talks {
			if t.Source == id {
				talks[i].Question, talks[i].Details = "", nil
			}
		}
	}
	s.Before = nil
	return s
}

// isPast reports whether a reply is not the last one to anybody any more.
func isPast(s sessions.Session, reply string) bool {
	return len(s.Talks) > 0 && !slices.ContainsFunc(s.Talks, func(t sessions.Talk) bool { return t.Reply == reply })
}

// asked is the ID by which a later edit names the message.
func asked(m Message) string {
	if m.Edits != "" {
		return m.Edits
	}
	return m.ID
}

// replaced returns the ID of the reply that the i-th reply to m corrects, if m
// is an edit.
func replaced(m Message, i int) string {
	if m.Edits == "" {
		return ""
	}
	m.ID = m.Edits
	return ReplyID(m, i)
}
