package bot

import (
	"context"
	"errors"
	"time"

	"apihelp/sessions"
)

const (
	recentLimit = 4096             // messages remembered while the store is away
	sendLimit   = 64               // sends without the store at a time
	sendTries   = 5                // attempts of each
	sendWait    = 30 * time.Second // bounds one attempt, in the outbox as well
	aloneGrace  = 5 * time.Second  // what is left of them when the bot stops
)

// errBusy says that too many replies are under way to take another message.
var errBusy = errors.New("bot: too many replies under way without the store")

// answerAlone answers a message without the store: as the first of its
// conversation, and sent without the outbox. A crash in these seconds can
// lose the reply; so can a platform that stays away for as long as it is
// retried.
func (b *Bot) answerAlone(a Adapter, m Message) (Plan, error) {
	if m.Edits != "" || !b.answered.add(m.key()) { // what an edit corrects is not known now
		return Plan{Act: Silent}, nil
	}
	select {
	case b.sending <- struct{}{}:
	default:
		b.answered.remove(m.key())
		return Plan{Act: Silent}, errBusy
	}
	plan := Turn(b.Guide(), sessions.Session{}, m)
	plan.Replies = b.link(b.alone, m, plan.Replies)
	b.pending.Go(func() {
		defer func() { <-b.sending }()
		for _, r := range plan.Replies {
			b.sendAlone(a, outgoing{To: m.In, Reply: r})
		}
		b.callAlone(m, plan)
	})
	return plan, nil
}

// callAlone tells the owners of what is handed over. Nobody can take or close
// it, for nothing is kept of it.
func (b *Bot) callAlone(m Message, plan Plan) {
	if plan.Ticket == nil {
		return
	}
	for _, o := range b.tickets(m, plan.Session.Talks[0], plan.Ticket) {
		if a, ok := b.adapters[o.To.Adapter]; ok {
			o = b.withLink(b.alone, o)
			o.Reply.Blocks = o.Reply.Blocks[:len(o.Reply.Blocks)-1]
			b.sendAlone(a, o)
		}
	}
}

// sendAlone sends one reply, trying again while the platform says that this
// may help.
func (b *Bot) sendAlone(a Adapter, o outgoing) {
	wait := time.Second
	for range sendTries {
		retry, ok := errors.AsType[*sessions.RetryError](b.sendOnce(b.alone, a, o))
		if !ok {
			return
		}
		select {
		case <-b.alone.Done():
			return
		case <-time.After(max(wait, retry.After)):
		}
		wait *= 2
	}
	b.Log.Error("reply given up", "adapter", a.Name(), "conversation", o.To.String(), "reply", o.Reply.ID)
}

// sendOnce sends a reply unless this process has sent it already: a commit
// that seemed to fail may have been done, and then the same reply is in the
// outbox as well. While it is being sent, others are told to try again later,
// for that attempt may fail.
func (b *Bot) sendOnce(ctx context.Context, a Adapter, o outgoing) error {
	if b.sent.has(o.Reply.ID) {
		return nil
	}
	if _, busy := b.inFlight.LoadOrStore(o.Reply.ID, true); busy {
		return &sessions.RetryError{Err: errInFlight}
	}
	defer b.inFlight.Delete(o.Reply.ID)
	err := b.send(ctx, a, o)
	if err == nil {
		b.sent.add(o.Reply.ID)
	}
	return err
}

var errInFlight = errors.New("bot: reply is being sent")
