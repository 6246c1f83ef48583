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
}

// watchPosts reminds who asked in a forum and then went silent, and archives
// posts that stay silent: without a lock, so that writing opens them again.
func (a *Adapter) watchPosts(ctx context.Context) {
	if len(a.Forums) == 0 {
		return
	}
	tick := time.NewTicker(max(a.idle()/sweepsInOne, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.sweep(ctx); err != nil && ctx.Err() == nil {
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
func (a *Adapter) changeOpen(ctx context.Context, change func(map[string]watched)) error {
	return a.Shelf.Lock(ctx, openKey, func(ctx context.Context) error {
		open := map[string]watched{}
		data, err := a.Shelf.Get(ctx, openKey)
		if err == nil && data != nil {
			err = json.Unmarshal(data, &open)
		}
		if err != nil {
			return fmt.Errorf("discord: read the open posts: %w", err)
		}
		change(open)
		if data, err = json.Marshal(open); err != nil {
			return fmt.Errorf("discord: encode the open posts: %w", err)
		}
		return a.Shelf.Put(ctx, openKey, data, 0)
	})
}

// wroteIn notes that somebody wrote in a forum post.
func (a *Adapter) wroteIn(ctx context.Context, post string, at time.Time) {
	err := a.changeOpen(ctx, func(open map[string]watched) {
		if _, known := open[post]; known || len(open) < openLimit {
			open[post] = watched{Last: at}
		}
	})
	if err != nil {
		a.Log.Warn("forum post not watched", "adapter", Name, "err", err)
	}
}

// closed notes that a forum post needs no more watching.
func (a *Adapter) closed(ctx context.Context, post string) {
	if err := a.changeOpen(ctx, func(open map[string]watched) { delete(open, post) }); err != nil {
		a.Log.Warn("forum post still watched", "adapter", Name, "err", err)
	}
}

// sweep decides under the lock what is due, and does it afterwards: so another
// process never does the same, and nobody waits for Discord.
func (a *Adapter) sweep(ctx context.Context) error {
	var remind, archive []string
	err := a.changeOpen(ctx, func(open map[string]watched) {
		for id, w := range open {
			silent := time.Since(w.Last)
			switch {
			case !w.Nudged && silent > a.idle():
				open[id] = watched{Last: time.Now(), Nudged: true}
				remind = append(remind, id)
			case w.Nudged && silent > a.idle()*closeAfter/sweepsInOne:
				delete(open, id)
				archive = append(archive, id)
			}
		}
	})
	if err != nil {
		return err
	}
	for _, id := range remind {
		a.remind(ctx, id)
	}
	for _, id := range archive {
		if err := a.rest.call(ctx, "PATCH", "/channels/"+id, map[string]bool{"archived": true}, nil); err != nil {
			a.Log.Warn("post not archived", "adapter", Name, "err", plainError(err))
		}
	}
	return nil
}

// remind asks in a post whether it is still open, unless somebody has closed it.
func (a *Adapter) remind(ctx context.Context, id string) {
	var post struct {
		Thread struct {
			Archived bool `json:"archived"`
		} `json:"thread_metadata"`
	}
	err := a.rest.call(ctx, "GET", "/channels/"+id, nil, &post)
	if err == nil && post.Thread.Archived {
		a.closed(ctx, id)
		return
	}
	if err == nil {
		_, err = a.create(ctx, id, nudge(id))
	}
	if err != nil {
		a.Log.Warn("nobody reminded", "adapter", Name, "err", plainError(err))
	}
}

func nudge(id string) post {
	return post{Content: escape(phrasesFor("").Nudge), Nonce: "nudge." + id[max(0, len(id)-18):]}
}
