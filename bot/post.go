package bot

import (
	"cmp"
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
	refs, key := b.Store.Shelf("refs:"+a.Name()), refKey(o)
	ref, err := Ref{}, error(nil)
	if id, _ := refs.Get(ctx, key); o.Replaces != "" && id != nil {
		ref, err = editor.Edit(ctx, Ref{In: o.To, ID: string(id)}, o.Reply)
	} else {
		ref, err = a.Send(ctx, o.To, o.Reply)
	}
	if err != nil {
		return err
	}
	// The reply has arrived: what it is called is worth one try, no more.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait)
	defer cancel()
	if err := refs.Put(ctx, key, []byte(ref.ID), refAge); err != nil {
		b.Log.Warn("post cannot be corrected later", "adapter", a.Name(), "conversation", o.To.String(), "reply", o.Reply.ID, "err", err)
	}
	return nil
}

// refKey names the first version of a reply. It begins with the team, whose
// keys may have to go at once.
func refKey(o outgoing) string {
	return teamKey(o.To.Team) + cmp.Or(o.Replaces, o.Reply.ID)
}
