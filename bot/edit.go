package bot

import (
	"slices"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// decide is [Turn] for a message that may be the new text of an older one. The
// message that was answered last is answered anew, from where the conversation
// stood before it; an older one is past. One that was not taken before, because
// only its new text addresses the bot, is a message like any other. A choice of a
// reply that is not the last one is past as well.
func decide(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	before := s
	switch {
	case m.Presses != "" && s.Reply != "" && m.Presses != s.Reply:
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
		before.Before = nil
		plan.Session.Asked, plan.Session.Before = asked(m), &before
	}
	return plan
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
