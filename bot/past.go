package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"apihelp/sessions"
)

// A Past is a conversation that a user has had.
type Past struct {
	In    Conversation `json:"in"`
	Topic string       `json:"topic"` // title of the entry that it was about last
	At    time.Time    `json:"at"`    // of the last message

	Replies []string `json:"replies,omitempty"` // keys of the last replies whose questions are kept
}

// Of a user, pastKept conversations are remembered, so that they can be
// forgotten, and those of the last pastShown that are about something are shown.
const (
	pastKept  = 200
	pastShown = 10

	repliesKept = 50 // of one conversation
)

// notesWaiting bounds what waits to be remembered; what is more is forgotten.
const notesWaiting = 1024

// A note is a conversation on its way to the past of its user.
type note struct {
	user     User
	past     Past
	reply    string // key of the first reply; empty for none
	question string // what it answers, without credentials
}

// note remembers what a conversation is about, soon.
func (b *Bot) note(m Message, plan Plan) {
	if plan.Act == Silent || m.From.ID == "" {
		return
	}
	past := Past{In: m.In, At: m.At}
	if e := b.Guide().Entry(plan.Topic); e != nil {
		past.Topic = title(e)
	}
	n := note{user: m.From, past: past}
	if len(plan.Replies) > 0 {
		n.reply, n.question = teamKey(m.In.Team)+plan.Replies[0].ID, m.Text
		n.past.Replies = []string{n.reply}
	}
	select {
	case b.notes <- n:
	default:
	}
}

// keepNotes writes notes down until ctx is done.
func (b *Bot) keepNotes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-b.notes:
			if err := b.remember(ctx, n); err != nil && ctx.Err() == nil {
				b.Log.Debug("past not kept", "conversation", n.past.In.String(), "err", err)
			}
		}
	}
}

func (b *Bot) remember(ctx context.Context, n note) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	in := n.past.In
	if n.reply != "" {
		if err := b.Store.Shelf("asked:"+in.Adapter).Put(ctx, n.reply, []byte(n.question), b.TTL); err != nil {
			return err
		}
	}
	return b.Store.Shelf("past:"+in.Adapter).Lock(ctx, pastKey(in.Team, n.user.ID), func(ctx context.Context) error {
		past, err := b.past(ctx, in.Adapter, in.Team, n.user.ID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(past, func(p Past) bool { return p.In == in }); i >= 0 {
			n.past.Topic = cmp.Or(n.past.Topic, past[i].Topic)
			n.past.Replies = append(past[i].Replies, n.past.Replies...)
			n.past.Replies = n.past.Replies[max(0, len(n.past.Replies)-repliesKept):]
			past = slices.Delete(past, i, i+1)
		}
		past = append([]Past{n.past}, past...)
		return b.savePast(ctx, in.Adapter, pastKey(in.Team, n.user.ID), past[:min(len(past), pastKept)])
	})
}

// pastKey names the past of a user: within one company's workspace, for IDs may
// repeat in others.
func pastKey(team, user string) string { return teamKey(team) + user }

// teamKey begins all keys of a team's.
func teamKey(team string) string { return url.QueryEscape(team) + ":" }

func (b *Bot) savePast(ctx context.Context, adapter, key string, past []Past) error {
	data, err := json.Marshal(past)
	if err != nil {
		return fmt.Errorf("bot: encode the past: %w", err)
	}
	return b.Store.Shelf("past:"+adapter).Put(ctx, key, data, b.TTL)
}

// Recent returns the last conversations of a user that were about something,
// newest first. They are forgotten as conversations are.
func (b *Bot) Recent(ctx context.Context, adapter, team, user string) ([]Past, error) {
	past, err := b.past(ctx, adapter, team, user)
	past = slices.DeleteFunc(past, func(p Past) bool { return p.Topic == "" })
	return past[:min(len(past), pastShown)], err
}

func (b *Bot) past(ctx context.Context, adapter, team, user string) ([]Past, error) {
	data, err := b.Store.Shelf("past:"+adapter).Get(ctx, pastKey(team, user))
	if err != nil || data == nil {
		return nil, err
	}
	var past []Past
	if err := json.Unmarshal(data, &past); err != nil {
		return nil, fmt.Errorf("bot: decode the past: %w", err)
	}
	return past, nil
}

// Purge removes what is kept of a whole workspace or server: its conversations,
// who had them, and what was posted.
func (b *Bot) Purge(ctx context.Context, adapter, team string) error {
	a, ok := b.adapters[adapter]
	if !ok {
		return nil
	}
	// Channel and thread follow: two colons, of which the first ends the team.
	err := b.Store.Purge(ctx, lane(a), strings.TrimSuffix(Conversation{Adapter: adapter, Team: team}.String(), ":"))
	for _, owner := range []string{"past:", "refs:", "asked:"} {
		err = errors.Join(err, b.Store.Shelf(owner+adapter).Purge(ctx, teamKey(team)))
	}
	return err
}

// forgetQuestion removes the text of a deleted message.
func (b *Bot) forgetQuestion(ctx context.Context, m Message) {
	m.ID = m.Edits
	if err := b.Store.Shelf("asked:"+m.In.Adapter).Put(ctx, teamKey(m.In.Team)+ReplyID(m, 0), nil, 0); err != nil {
		b.Log.Warn("deleted question kept", "adapter", m.In.Adapter, "conversation", m.In.String(), "err", err)
	}
}

// Forget removes what is kept of a user: their last 200 conversations, the
// questions behind the last 50 replies in each, and the list of them.
func (b *Bot) Forget(ctx context.Context, adapter, team, user string) error {
	past, err := b.past(ctx, adapter, team, user)
	if err != nil {
		return err
	}
	a, ok := b.adapters[adapter]
	for _, p := range past {
		if !ok {
			break
		}
		if err := b.Store.Remove(ctx, sessions.Key{Lane: lane(a), Conversation: p.In.String()}); err != nil {
			return err
		}
		for _, reply := range p.Replies {
			if err := b.Store.Shelf("asked:"+adapter).Put(ctx, reply, nil, 0); err != nil {
				return err
			}
		}
	}
	return b.Store.Shelf("past:"+adapter).Put(ctx, pastKey(team, user), nil, 0)
}
