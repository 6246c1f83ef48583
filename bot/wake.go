package bot

import (
	"context"
	"strconv"
	"time"

	"apihelp/sessions"
)

const (
	wakeEvery  = time.Second     // how often conversations are looked for that are due
	wakeLimit  = 64              // how many at a time, of one adapter
	greetAfter = 3 * time.Second // how long a greeting waits for the question behind it
)

// due returns when a session is to be looked at again without a message: to
// return a greeting that was all, or because nobody has reacted to a call for
// wait.
func due(s sessions.Session, wait time.Duration) time.Time {
	var first time.Time
	for _, t := range s.Talks {
		for _, at := range []time.Time{t.Greet, unanswered(t, wait)} {
			if !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first
}

// unanswered returns when the asker is told that nobody reacts; zero for never
// or not again.
func unanswered(t sessions.Talk, wait time.Duration) time.Time {
	switch {
	case t.Called == nil || t.Called.Taken != "" || t.Called.Told:
		return time.Time{}
	case t.Called.Again:
		return t.Called.At.Add(2 * wait)
	}
	return t.Called.At.Add(wait)
}

// keepAwake looks at the conversations that are due, until ctx is done.
func (b *Bot) keepAwake(ctx context.Context) {
	tick := time.NewTicker(wakeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, a := range b.adapters {
			if err := b.wakeAll(ctx, a, time.Now()); err != nil && ctx.Err() == nil {
				b.Log.Debug("conversations not looked at", "adapter", a.Name(), "err", err)
			}
		}
	}
}

func (b *Bot) wakeAll(ctx context.Context, a Adapter, now time.Time) error {
	conversations, err := b.Store.Due(ctx, lane(a), now, wakeLimit)
	if err != nil {
		return err
	}
	for _, name := range conversations {
		key := sessions.Key{Lane: lane(a), Conversation: name}
		gone := false
		err := b.change(ctx, key, func(s sessions.Session) (sessions.Change, bool) {
			gone = s.Version == 0
			in, ok := parseConversation(name)
			return b.wake(in, s, now), ok && !gone && !s.Due.IsZero() && !s.Due.After(now)
		})
		if gone {
			err = b.Store.Disarm(ctx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wake decides what is said in a conversation that is due.
func (b *Bot) wake(in Conversation, s sessions.Session, now time.Time) sessions.Change {
	var out []outgoing
	for i, t := range s.Talks {
		m := Message{ID: "wake-" + strconv.FormatInt(s.Version, 10) + "-" + strconv.Itoa(i), In: in, From: User{ID: t.Asker, Team: t.Team}, At: now}
		tu := &turn{guide: b.Guide(), m: m, session: s, was: t, talk: t, phrases: phrasesFor(english)}
		if !tu.wake(now, b.HandoffWait, len(b.Owners) > 0) {
			continue
		}
		tu.talk.Reply = ReplyID(m, 0)
		s.Talks = append(append(append([]sessions.Talk{}, s.Talks[:i]...), tu.talk), s.Talks[i+1:]...)
		for j, r := range tu.plan.Replies {
			r.ID, r.For = ReplyID(m, j), User{ID: t.Asker, Team: t.Team}
			out = append(out, outgoing{To: in, Reply: r})
		}
		out = append(out, b.tickets(m, tu.plan)...)
	}
	s.Due = due(s, b.HandoffWait)
	replies, err := encodeAll(out)
	if err != nil {
		b.Log.Error("conversation not woken", "conversation", in.String(), "err", err)
	}
	return sessions.Change{Session: s, Replies: replies}
}

// wake decides what is said in a talk, and reports whether anything is.
func (t *turn) wake(now time.Time, wait time.Duration, owners bool) bool {
	at := unanswered(t.was, wait)
	switch {
	case !t.was.Greet.IsZero() && !t.was.Greet.After(now):
		t.talk.Greet = time.Time{}
		t.reply(t.para("talk.hello"))
	case at.IsZero() || at.After(now):
		return false
	case owners && !t.was.Called.Again:
		call := *t.was.Called
		call.Again = true
		t.talk.Called = &call
		open := t.guide.Entry(t.was.Topic)
		t.plan.Ticket = &Ticket{Topic: t.was.Topic, Facts: t.summary(open)}
		t.reply(t.para("human.again"), Choices{t.choice("worked"), t.choice("resume")})
	default:
		call := *t.was.Called
		call.Told = true
		t.talk.Called = &call
		t.reply(t.para("human.silence"), Choices{t.choice("worked"), t.choice("resume")})
	}
	return true
}
