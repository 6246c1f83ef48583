package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// What becomes of forum posts in which nobody writes any more.
const (
	openKey     = "open"
	openLimit   = 1000 // posts that are watched
	idleUsual   = 48 * time.Hour
	closeAfter  = 24 // so many times idle/48 after the reminder
	sweepsInOne = 48 // sweeps in the time after which a post is idle
)

// A watched is a forum post that is open.
type watched struct {
	Last   time.Time `json:"last"` // when somebody wrote in it, or was reminded
	Nudged bool      `json:"nudged,omitempty"`
	Locale string    `json:"locale,omitempty"`
}

// watchPosts reminds who asked in a forum and then went silent, and archives
// posts that stay silent: without a lock, so that writing opens them again.
func (a *Adapter) watchPosts(ctx context.Context) {
	if len(a.Forums) == 0 {
		return
	}
	tick := time.NewTicker(a.idle() / sweepsInOne)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := a.changeOpen(ctx, func(ctx context.Context, open map[string]watched) { a.sweep(ctx, open) })
			if err != nil && ctx.Err() == nil {
				a.Log.Warn("forum posts not looked through", "adapter", Name, "err", err)
			}
		}
	}
}

func (a *Adapter) idle() time.Duration {
	if a.Idle > 0 {
		return a.Idle
	}
	return idleUsual
}

// changeOpen changes the list of open posts, one process at a time.
func (a *Adapter) changeOpen(ctx context.Context, change func(context.Context, map[string]watched)) error {
	return a.Shelf.Lock(ctx, openKey, func(ctx context.Context) error {
		open := map[string]watched{}
		data, err := a.Shelf.Get(ctx, openKey)
		if err == nil && data != nil {
			err = json.Unmarshal(data, &open)
		}
		if err != nil {
			return fmt.Errorf("discord: read the open posts: %w", err)
		}
		change(ctx, open)
		if data, err = json.Marshal(open); err != nil {
			return fmt.Errorf("discord: encode the open posts: %w", err)
		}
		return a.Shelf.Put(ctx, openKey, data, 0)
	})
}

// wroteIn notes that somebody wrote in a forum post.
func (a *Adapter) wroteIn(ctx context.Context, post string, at time.Time) {
	err := a.changeOpen(ctx, func(_ context.Context, open map[string]watched) {
		if _, known := open[post]; known || len(open) < openLimit {
			open[post] = watched{Last: at}
		}
	})
	if err != nil {
		a.Log.Warn("forum post not watched", "adapter", Name, "err", err)
	}
}

// sweep looks at every open post.
func (a *Adapter) sweep(ctx context.Context, open map[string]watched) {
	for id, w := range open {
		silent := time.Since(w.Last)
		switch {
		case !w.Nudged && silent > a.idle():
			_, err := a.create(ctx, id, post{Content: escape(phrasesFor(w.Locale).Nudge), Nonce: "nudge." + id[max(0, len(id)-18):]})
			if err == nil || sendErrorIsFinal(err) {
				open[id] = watched{Last: time.Now(), Nudged: true, Locale: w.Locale}
			}
		case w.Nudged && silent > a.idle()*closeAfter/sweepsInOne:
			err := a.rest.call(ctx, "PATCH", "/channels/"+id, map[string]bool{"archived": true}, nil)
			if err == nil || sendErrorIsFinal(err) {
				delete(open, id)
			}
		}
	}
}
