package bot

import (
	"context"
	"time"
)

// refAge is how long a post can be corrected: people edit what they wrote
// within minutes.
const refAge = 24 * time.Hour

// post sends a reply, or puts it in place of the one that it corrects, if the
// adapter can and what that one is called is still known.
func (b *Bot) post(ctx context.Context, a Adapter, o outgoing) error {
	editor, ok := a.(Editor)
	if !ok {
		_, err := a.Send(ctx, o.To, o.Reply)
		return err
	}
	refs := b.Store.Shelf("refs:" + a.Name())
	if o.Replaces != "" {
		if id, err := refs.Get(ctx, o.Replaces); err == nil && id != nil {
			return editor.Edit(ctx, Ref{In: o.To, ID: string(id)}, o.Reply)
		}
	}
	ref, err := a.Send(ctx, o.To, o.Reply)
	if err != nil {
		return err
	}
	// The reply has arrived: what it is called is worth one try, no more.
	id := o.Reply.ID
	if o.Replaces != "" {
		id = o.Replaces
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait)
	defer cancel()
	if err := refs.Put(ctx, id, []byte(ref.ID), refAge); err != nil {
		b.Log.Warn("post cannot be corrected later", "adapter", a.Name(), "conversation", o.To.String(), "reply", id, "err", err)
	}
	return nil
}
