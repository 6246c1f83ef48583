package discord

import (
	"context"
	"slices"
	"strings"

	"apihelp/bot"
)

// channel is the part of a channel or thread that the bot uses.
type channel struct {
	Parent  string   `json:"parent_id"`
	Applied []string `json:"applied_tags"`
	Tags    []tag    `json:"available_tags"`
}

// tag is one that posts of a forum can have.
type tag struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// tagsLimit is how many tags a post can have.
const tagsLimit = 5

// The tags that the bot gives, if the forum has them, in whatever case.
const (
	tagDone   = "Solved"
	tagCalled = "Needs human"
)

// What choices say by which it is known where a conversation stands.
const (
	resumeSay = "resume"    // a person was called
	nextSay   = "next step" // the bot is at it
)

// inForum reports whether a thread is a post of one of the bot's forums.
func (a *Adapter) inForum(ctx context.Context, thread string) bool {
	return slices.Contains(a.Forums, a.parentOf(ctx, thread))
}

// tagSolved gives a forum post the tag "Solved". The thread is neither closed nor
// locked: writing in it goes on with the conversation.
func (a *Adapter) tagSolved(ctx context.Context, thread string) {
	if a.inForum(ctx, thread) {
		a.closed(ctx, thread)
		a.retag(ctx, thread, tagDone, tagCalled)
	}
}

// tagCalled gives a forum post the tag "Needs human" with the reply that calls a
// person, and takes it away with one that goes on.
func (a *Adapter) tagCalled(c bot.Conversation, r bot.Reply) {
	give, take := tagCalled, ""
	if offers(r, nextSay) {
		give, take = take, give
	}
	if len(a.Forums) == 0 || !isPublic(c) || offers(r, nextSay) == offers(r, resumeSay) {
		return
	}
	a.after(func(ctx context.Context) {
		if a.inForum(ctx, c.Channel) {
			a.retag(ctx, c.Channel, give, take)
		}
	})
}

// offers reports whether one of a reply's choices says this.
func offers(r bot.Reply, say string) bool {
	return slices.ContainsFunc(r.Blocks, func(b bot.Block) bool {
		choices, _ := b.(bot.Choices)
		return slices.ContainsFunc(choices, func(c bot.Choice) bool { return c.Say == say })
	})
}

// retag gives a forum post one tag and takes another away, by their names, as far
// as the forum has them. The other tags stay.
func (a *Adapter) retag(ctx context.Context, thread, give, take string) {
	a.tags.Lock()
	defer a.tags.Unlock()
	var post, forum channel
	err := a.rest.call(ctx, "GET", "/channels/"+thread, nil, &post)
	if err == nil {
		err = a.rest.call(ctx, "GET", "/channels/"+post.Parent, nil, &forum)
	}
	if err == nil {
		if now := retagged(post.Applied, forum.Tags, give, take); !slices.Equal(now, post.Applied) {
			err = a.rest.call(ctx, "PATCH", "/channels/"+thread, map[string][]string{"applied_tags": now}, nil)
		}
	}
	if err != nil {
		a.Log.Warn("post not tagged", "adapter", Name, "entry", firstText(give, take), "err", plainError(err))
	}
}

// retagged are a post's tags once one is given and another taken away.
func retagged(applied []string, known []tag, give, take string) []string {
	now := slices.Clone(applied)
	for _, t := range known {
		if take != "" && strings.EqualFold(t.Name, take) {
			now = slices.DeleteFunc(now, func(id string) bool { return id == t.ID })
		}
	}
	for _, t := range known {
		if give != "" && strings.EqualFold(t.Name, give) && !slices.Contains(now, t.ID) && len(now) < tagsLimit {
			now = append(now, t.ID)
		}
	}
	if now == nil {
		now = []string{} // an empty list takes the tags away; null does not
	}
	return now
}
