package bot

import (
	"context"
	"encoding/json"
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
	start := time.Now()
	m = b.prepare(m)
	plan, err := b.commit(ctx, sessions.Key{Lane: lane(a), Conversation: m.In.String()}, m, encodeReplies)
	switch {
	case err == nil:
		b.answered.add(m.key())
		b.note(m, plan)
		if plan.Check {
			b.startCheck(m)
		}
	case ctx.Err() == nil:
		b.noteStore(err)
		plan, err = b.answerAlone(a, m)
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
	plan, err := b.commit(ctx, key, m, func(Message, []Reply) ([][]byte, error) { return nil, nil })
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
func (b *Bot) commit(ctx context.Context, key sessions.Key, m Message, encode func(Message, []Reply) ([][]byte, error)) (Plan, error) {
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
		if m.Overheard && plan.Act == Silent && plan.Session.Aside == s.Aside {
			return plan, nil // people's own talk leaves nothing behind
		}
		plan.Replies = b.link(ctx, m, plan.Replies)
		pending, err := encode(m, plan.Replies)
		if err != nil {
			return Plan{}, err
		}
		plan.Session, err = b.Store.Commit(ctx, key, sessions.Change{Session: plan.Session, Replies: pending})
		if err == nil {
			return plan, nil
		}
		if !errors.Is(err, sessions.ErrConflict) {
			return Plan{}, fmt.Errorf("bot: commit conversation: %w", err)
		}
		b.Metrics.conflicts.Inc()
	}
}

func encodeReplies(m Message, replies []Reply) ([][]byte, error) {
	var out [][]byte
	for i, r := range replies {
		data, err := json.Marshal(outgoing{To: m.In, Reply: r, Replaces: replaced(m, i)})
		if err != nil {
			return nil, fmt.Errorf("bot: encode reply: %w", err)
		}
		out = append(out, data)
	}
	return out, nil
}
