package bot

import (
	"context"
	"encoding/json"
	"fmt"

	"apihelp/sessions"
)

// settle takes note that somebody takes over what a ticket is about, or has
// finished with it, and tells both sides. It returns [ErrPast] if somebody else
// was first.
func (b *Bot) settle(ctx context.Context, m Message, about Conversation, closes bool) error {
	a, ok := b.adapters[about.Adapter]
	if !ok {
		return ErrPast
	}
	ctx, cancel := context.WithTimeout(ctx, b.StoreWait)
	defer cancel()
	past := true
	err := b.change(ctx, sessions.Key{Lane: lane(a), Conversation: about.String()}, func(s sessions.Session) (sessions.Change, bool) {
		talk, ok := called(s, closes)
		past = !ok
		if !ok {
			return sessions.Change{}, false
		}
		p := phrasesFor(english)
		event, told, answer := "taken", "human.taken", "ticket.taken"
		if talk.Called = (&sessions.Call{At: talk.Called.At, Taken: m.From.ID}); closes {
			event, told, answer, talk.Called = "closed", "human.closed", "ticket.closed", nil
		}
		s.Keep(talk)
		s.Due = due(s, b.HandoffWait)
		replies := []outgoing{
			{To: about, Reply: Reply{ID: ReplyID(m, 1), For: User{ID: talk.Asker, Team: talk.Team}, Blocks: []Block{p.para(told)}}},
			{To: m.In, Reply: Reply{ID: ReplyID(m, 0), Blocks: []Block{p.para(answer, "who", orID(m.From))}}},
		}
		encoded, err := encodeAll(replies)
		if err != nil {
			b.Log.Error("ticket not answered", "err", err)
		}
		return sessions.Change{Session: s, Replies: encoded, Records: []sessions.Record{{Question: talk.Record, Event: event, Topic: talk.Topic}}}, true
	})
	switch {
	case err != nil:
		return err
	case past:
		return ErrPast
	}
	return nil
}

// called returns the talk that a person is called to, and whether that can be
// settled in this way still.
func called(s sessions.Session, closes bool) (sessions.Talk, bool) {
	for _, t := range s.Talks {
		if t.Called != nil && (closes || t.Called.Taken == "") {
			return t, true
		}
	}
	return sessions.Talk{}, false
}

// orID is how a user is called.
func orID(u User) string {
	if u.Name != "" {
		return u.Name
	}
	return u.ID
}

func encodeAll(messages []outgoing) ([][]byte, error) {
	var out [][]byte
	for _, o := range messages {
		data, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("bot: encode reply: %w", err)
		}
		out = append(out, data)
	}
	return out, nil
}
