package bot

import (
	"cmp"
	"context"

	"apihelp/sessions"
)

// isTicket reports whether a message is a press below a ticket. Nobody can type
// one, and what it presses must be a ticket that the owners got: see [Bot.about].
// Where they got it does not matter, for a platform may make a thread of it.
func isTicket(m Message) bool {
	return m.Presses != "" && (m.Text == sayTake || m.Text == sayClose)
}

// settle takes note that somebody takes over what a ticket is about, or has
// finished with it, and tells both sides. It returns [ErrPast] if somebody else
// was first.
func (b *Bot) settle(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, b.StoreWait)
	defer cancel()
	in, ok, err := b.about(ctx, m)
	if err != nil {
		return err
	}
	a := b.adapters[in.Adapter]
	if !ok || a == nil {
		return ErrPast
	}
	past := true
	err = b.change(ctx, sessions.Key{Lane: lane(a), Conversation: in.String()}, func(s sessions.Session) (sessions.Change, bool) {
		s, talks := handled(s, m)
		past = len(talks) == 0
		s.Due = due(s, b.HandoffWait)
		c, err := settlement(m, in, talks)
		if err != nil {
			b.Log.Error("ticket not answered", "conversation", in.String(), "err", err)
		}
		c.Session = s
		return c, !past
	})
	if err == nil && past {
		return ErrPast
	}
	return err
}

// handled is a session whose calls somebody takes over, or closes, and the talks
// that had one as they become. Who takes over a conversation takes it whole.
func handled(s sessions.Session, m Message) (sessions.Session, []sessions.Talk) {
	var changed []sessions.Talk
	talks := append([]sessions.Talk{}, s.Talks...)
	for i, t := range talks {
		switch {
		case t.Called == nil, m.Text == sayTake && t.Called.Taken != "" && !t.Called.Joined:
			continue
		case m.Text == sayTake:
			t.Called = &sessions.Call{At: t.Called.At, Taken: m.From.ID}
		default:
			t.Called, t.Failed, s.Aside = nil, 0, false
		}
		talks[i] = t
		changed = append(changed, t)
	}
	s.Talks = talks
	return s, changed
}

// settlement is what a press below a ticket leads to: each asker is told, the
// owners are answered, and the ledger notes it. A ticket's buttons go with the
// first press, so who takes it gets the one that closes it anew.
func settlement(m Message, in Conversation, talks []sessions.Talk) (sessions.Change, error) {
	event, told, p := eventTaken, "human.taken", phrasesFor(english)
	who := cmp.Or(m.From.Name, m.From.ID)
	answer := outgoing{To: m.In, About: &in, Reply: Reply{ID: ReplyID(m, 0), Blocks: []Block{p.para("ticket.taken", "who", who), Choices{closing(p)}}}}
	if m.Text == sayClose {
		event, told = eventClosed, "human.closed"
		answer.About, answer.Reply.Blocks = nil, []Block{p.para("ticket.closed", "who", who)}
	}
	var out []outgoing
	var c sessions.Change
	for i, t := range talks {
		r := Reply{ID: ReplyID(m, 1+i), For: User{ID: t.Asker, Team: t.Team}, Blocks: []Block{phrasesFor(t.Lang).para(told)}}
		out = append(out, outgoing{To: in, Reply: r})
		c.Records = append(c.Records, sessions.Record{Question: t.Record, Event: event, Topic: t.Topic, Step: t.Step})
	}
	var err error
	c.Replies, err = encodeAll(append(out, answer))
	return c, err
}
