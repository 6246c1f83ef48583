package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"apihelp/sessions"
)

// replyAge is how old a reply may become before it is given up: an answer
// from an hour ago talks past the conversation.
const replyAge = time.Hour

// deliver sends the replies that wait for an adapter, until ctx is done.
func (b *Bot) deliver(ctx context.Context, a Adapter) error {
	err := b.Store.Deliver(ctx, lane(a), func(ctx context.Context, d sessions.Delivery) error {
		var o outgoing
		if err := json.Unmarshal(d.Payload, &o); err != nil {
			b.Log.Error("reply unreadable, given up", "adapter", a.Name(), "conversation", d.Conversation, "err", err)
			b.Metrics.sends.WithLabelValues(a.Name(), "unreadable").Inc()
			return nil
		}
		err := b.sendOrForward(ctx, a, d, o)
		if err != nil && d.Age > replyAge {
			b.Log.Error("reply given up", "adapter", a.Name(), "conversation", d.Conversation, "reply", o.Reply.ID, "err", err)
			b.Metrics.sends.WithLabelValues(a.Name(), "expired").Inc()
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("bot: deliver for adapter %s: %w", a.Name(), err)
	}
	return nil
}

// sendOrForward sends what is for the lane's own adapter and conversation, and
// forwards a ticket.
func (b *Bot) sendOrForward(ctx context.Context, a Adapter, d sessions.Delivery, o outgoing) error {
	if o.To.String() == d.Conversation {
		return b.sendOnce(ctx, a, o)
	}
	if err := b.forward(ctx, o); err != nil {
		return &sessions.RetryError{Err: err}
	}
	return nil
}

// send makes one attempt. It returns a [*sessions.RetryError] if another may
// succeed, and nil if the reply has arrived or never will.
func (b *Bot) send(ctx context.Context, a Adapter, o outgoing) error {
	ctx, cancel := context.WithTimeout(ctx, sendWait)
	defer cancel()
	err := b.post(ctx, a, o)
	refused, known := errors.AsType[*SendError](err)
	switch {
	case err == nil:
		b.Metrics.sends.WithLabelValues(a.Name(), "ok").Inc()
		return nil
	case known && !refused.Retry:
		b.Metrics.sends.WithLabelValues(a.Name(), "refused").Inc()
		b.Log.Error("reply refused, given up", "adapter", a.Name(), "conversation", o.To.String(), "reply", o.Reply.ID, "err", err)
		return nil
	case known:
		b.Metrics.sends.WithLabelValues(a.Name(), "retry").Inc()
		return &sessions.RetryError{After: refused.After, Err: err}
	}
	b.Metrics.sends.WithLabelValues(a.Name(), "retry").Inc()
	return &sessions.RetryError{Err: err}
}
