package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apihelp/bot/check/credential"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// outgoing is a reply as it waits in the outbox.
type outgoing struct {
	To       Conversation `json:"to"`
	Reply    Reply        `json:"reply"`
	Replaces string       `json:"replaces,omitempty"` // ID of the reply that it corrects

	// About is the conversation that a ticket is about, which is to be put in
	// its readers' queue; nil for what is no ticket, or stands there already.
	About *Conversation `json:"about,omitempty"`

	// Patient says that it is worth reading hours later.
	Patient bool `json:"patient,omitempty"`
}

// Accept takes a message of one of the bot's adapters over: see [Accept].
// Without the store it answers from the message alone.
func (b *Bot) Accept(ctx context.Context, m Message) error {
	a, ok := b.adapters[m.In.Adapter]
	if !ok {
		return fmt.Errorf("bot: accept message of adapter %q: no such adapter", m.In.Adapter)
	}
	if b.answered.has(m.key()) {
		if m.Presses != "" {
			return ErrPast
		}
		return nil
	}
	if isTicket(m) {
		return b.settle(ctx, m)
	}
	start := time.Now()
	m = b.prepare(m)
	plan, err := b.commit(ctx, sessions.Key{Lane: lane(a), Conversation: m.In.String()}, m, b.encode)
	switch {
	case err == nil:
		b.answered.add(m.key())
		if m.Deleted {
			b.forgetQuestion(ctx, m)
		}
		b.note(m, plan)
	case ctx.Err() == nil:
		b.noteStore(err)
		if m.Deleted {
			return err // what it is about cannot be forgotten now
		}
		plan, err = b.answerAlone(a, m)
	}
	if err == nil && plan.Check {
		b.startCheck(m)
	}
	if err == nil && m.Presses != "" && plan.Act == Silent {
		err = ErrPast
	}
	b.Metrics.message(m.In.Adapter, plan.Act, time.Since(start))
	b.Log.Debug("message", "conversation", m.In.String(), "message", m.ID, "act", plan.Act, "entry", plan.Topic)
	return err
}

// Talk answers m in the conversation that the store keeps for it, and leaves
// it to the caller to deliver the plan's replies. A message seen before gives
// [Silent]. Without the store it answers from the message alone.
func (b *Bot) Talk(ctx context.Context, m Message) Plan {
	m = b.prepare(m)
	key := sessions.Key{Lane: sessions.Lane{Name: m.In.Adapter}, Conversation: m.In.String()}
	plan, err := b.commit(ctx, key, m, func(Message, *Plan) ([][]byte, error) { return nil, nil })
	if err != nil {
		b.noteStore(err)
		return Turn(b.Guide(), sessions.Session{}, m)
	}
	return plan
}

// Ask answers one question as the first of a conversation, without any store.
func Ask(g *knowledge.Guide, question string) Plan {
	return Turn(g, sessions.Session{}, clean(Message{Text: question, Direct: true}, credential.New()))
}

// commit decides m and saves what was decided, both or neither. Whoever else
// saves the conversation in between makes it decide anew.
func (b *Bot) commit(ctx context.Context, key sessions.Key, m Message, encode func(Message, *Plan) ([][]byte, error)) (Plan, error) {
	ctx, cancel := context.WithTimeout(ctx, b.StoreWait)
	defer cancel()
	for {
		s, err := b.Store.Load(ctx, key)
		if err != nil {
			return Plan{}, fmt.Errorf("bot: load conversation: %w", err)
		}
		if !s.Observe(m.ID) {
			return Plan{Act: Silent, Session: s}, nil
		}
		plan := decide(b.Guide(), s, m, b.TTL)
		added := records(s, &plan)
		if isNothing(s, m, plan) && len(added) == 0 {
			return plan, nil // people's own talk leaves nothing behind
		}
		plan.Replies = b.link(ctx, m, plan.Replies)
		pending, err := encode(m, &plan)
		if err != nil {
			return Plan{}, err
		}
		plan.Session, err = b.Store.Commit(ctx, key, sessions.Change{Session: plan.Session, Replies: pending, Records: added})
		if err == nil {
			return plan, nil
		}
		if !errors.Is(err, sessions.ErrConflict) {
			return Plan{}, fmt.Errorf("bot: commit conversation: %w", err)
		}
		b.Metrics.conflicts.Inc()
	}
}

// isNothing reports whether a plan changes nothing that is kept, but for having
// seen the message.
func isNothing(s sessions.Session, m Message, plan Plan) bool {
	if m.Deleted {
		return !asks(s, m.Edits)
	}
	return m.Overheard && plan.Act == Silent && plan.Session.Aside == s.Aside
}

// encode writes down what a plan sends: the replies, and tickets to the owners of
// what it hands over. A greeting waits for what may follow it, except where
// somebody sits at the other end of a line.
func (b *Bot) encode(m Message, plan *Plan) ([][]byte, error) {
	_, local := b.adapters[m.In.Adapter].(Local)
	if plan.Waits && !local && m.Edits == "" {
		plan.Session.Talks[0].Greet = m.At.Add(greetAfter)
		plan.Replies = nil
	}
	plan.Session.Due = due(plan.Session, b.HandoffWait)
	var out []outgoing
	for i, r := range plan.Replies {
		out = append(out, outgoing{To: m.In, Reply: r, Replaces: replaced(m, i)})
	}
	if plan.Ticket != nil {
		out = append(out, b.tickets(m, plan.Session.Talks[0], plan.Ticket)...)
	}
	return encodeAll(out)
}
