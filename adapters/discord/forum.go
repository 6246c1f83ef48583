package discord

import (
	"context"
	"slices"
	"strings"
)

// channel is the part of a channel or thread that the bot uses.
type channel struct {
	Parent  string   `json:"parent_id"`
	Applied []string `json:"applied_tags"`
	Tags    []struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Moderated bool   `json:"moderated"`
	} `json:"available_tags"`
}

// tagsLimit is how many tags a post can have.
const tagsLimit = 5

// tagSolved gives a forum post the tag "Solved", if the forum is one of the
// bot's and has such a tag. The thread is neither closed nor locked: writing
// in it goes on with the conversation.
func (a *Adapter) tagSolved(ctx context.Context, thread string) {
	if !slices.Contains(a.Forums, a.parentOf(ctx, thread)) {
		return
	}
	a.closed(ctx, thread)
	var post, forum channel
	err := a.rest.call(ctx, "GET", "/channels/"+thread, nil, &post)
	if err == nil {
		err = a.rest.call(ctx, "GET", "/channels/"+post.Parent, nil, &forum)
	}
	for _, t := range forum.Tags {
		if err != nil || !strings.EqualFold(t.Name, "solved") || slices.Contains(post.Applied, t.ID) || len(post.Applied) >= tagsLimit {
			continue
		}
		body := map[string][]string{"applied_tags": append(post.Applied, t.ID)}
		err = a.rest.call(ctx, "PATCH", "/channels/"+thread, body, nil)
	}
	if err != nil {
		a.Log.Warn("post not tagged as solved", "adapter", Name, "err", plainError(err))
	}
}
