package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"apihelp/bot"
)

// whisper marks the thread of a conversation that only its user sees: what
// follows is the user.
const whisper = "@"

// Send implements [bot.Adapter]. A reply that does not fit one message becomes
// several, and an attempt after one that broke off goes on where that stopped.
func (a *Adapter) Send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	if c.Channel == "" {
		return bot.Ref{}, &bot.SendError{Adapter: Name, Err: fmt.Errorf("the conversation has no channel")}
	}
	arrived, _ := a.arrived.get(r.ID)
	arrived = slices.Clone(arrived)
	posts := render(r, a.viewOf(c))
	for n := len(arrived); n < len(posts); n++ {
		id, err := a.post(ctx, c, r, posts[n])
		if codeOf(err) == codeInvalidForm {
			return a.sendPlain(ctx, c, r)
		}
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		arrived = append(arrived, id)
		a.arrived.put(r.ID, arrived)
	}
	return bot.Ref{In: c, ID: strings.Join(arrived, ",")}, nil
}

// sendPlain is what remains when Discord refuses components.
func (a *Adapter) sendPlain(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	var arrived []string
	for _, p := range plainPosts(r, a.viewOf(c)) {
		id, err := a.post(ctx, c, r, p)
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		arrived = append(arrived, id)
	}
	return bot.Ref{In: c, ID: strings.Join(arrived, ",")}, nil
}

func (a *Adapter) viewOf(c bot.Conversation) view {
	v := view{Ephemeral: strings.HasPrefix(c.Thread, whisper)}
	if i, ok := a.tokens.get(c); ok {
		v.Locale = i.Locale
	}
	return v
}

// post posts one message where the conversation is, and returns what it is
// called there.
func (a *Adapter) post(ctx context.Context, c bot.Conversation, r bot.Reply, p post) (string, error) {
	if user, ok := strings.CutPrefix(c.Thread, whisper); ok {
		return a.postWhispered(ctx, c, user, p)
	}
	if c.Team == "" {
		return a.create(ctx, c.Channel, p)
	}
	parent, err := a.unmade(ctx, c.Channel)
	if err != nil {
		return "", err
	}
	if parent != "" {
		if err := a.makeThread(ctx, parent, c.Channel, titleOf(r)); err != nil {
			if code := codeOf(err); code == codeMissingAccess || code == codeMissingPermissions {
				return a.postBelow(ctx, parent, c.Channel, p)
			}
			return "", err
		}
	}
	return a.create(ctx, c.Channel, p)
}

// create posts in a channel. The nonce makes another attempt give the same
// message.
func (a *Adapter) create(ctx context.Context, channel string, body any) (string, error) {
	var made struct {
		ID string `json:"id"`
	}
	if err := a.rest.call(ctx, "POST", "/channels/"+channel+"/messages", body, &made); err != nil {
		return "", err
	}
	if made.ID == "" {
		return "", fmt.Errorf("discord: post a message: the answer names none")
	}
	return channel + "/" + made.ID, nil
}

// unmade returns the channel in which a thread has to be made from its first
// message, or "" if it is there. Without the store, memory has to do.
func (a *Adapter) unmade(ctx context.Context, thread string) (string, error) {
	kept, err := a.Shelf.Get(ctx, "thread:"+thread)
	if err == nil {
		return string(kept), nil
	}
	if parent, ok := a.begun.get(thread); ok {
		return parent, nil
	}
	return "", err
}

// makeThread makes the thread of a message, once.
func (a *Adapter) makeThread(ctx context.Context, channel, message, title string) error {
	body := map[string]any{"name": title, "auto_archive_duration": 1440}
	err := a.rest.call(ctx, "POST", "/channels/"+channel+"/messages/"+message+"/threads", body, nil)
	if err != nil && codeOf(err) != codeThreadExists {
		return err
	}
	if err := a.Shelf.Put(ctx, "thread:"+message, nil, 0); err != nil {
		a.Log.Debug("thread made, and not noted", "adapter", Name, "err", err) // making it again does no harm
	}
	return nil
}

// postBelow answers in the channel itself where the bot may not make threads.
// What is said in reply to it belongs to the same conversation, which is kept:
// Discord does not say what the message that somebody replies to replied to.
func (a *Adapter) postBelow(ctx context.Context, channel, message string, p post) (string, error) {
	p.Reference = message
	ref, err := a.create(ctx, channel, p)
	if err != nil {
		return "", err
	}
	_, id, _ := strings.Cut(ref, "/")
	if err := a.Shelf.Put(ctx, "reply:"+id, []byte(message), threadAge); err != nil {
		a.Log.Warn("conversation cannot be gone on with by a reply", "adapter", Name, "err", err)
	}
	return ref, nil
}

// titleOf names the thread of an answer.
func titleOf(r bot.Reply) string {
	for _, b := range r.Blocks {
		if h, ok := b.(bot.Heading); ok && strings.TrimSpace(string(h)) != "" {
			head, _ := cutText(oneLine(string(h)), 90*unit, textCost, true)
			return head
		}
	}
	return "API help"
}

// Edit implements [bot.Editor] for what was posted in a channel. What only one
// user saw is answered anew.
func (a *Adapter) Edit(ctx context.Context, ref bot.Ref, r bot.Reply) (bot.Ref, error) {
	old, posts := strings.Split(ref.ID, ","), render(r, a.viewOf(ref.In))
	if strings.HasPrefix(ref.ID, whisper) || len(posts) == 0 {
		return a.Send(ctx, ref.In, r)
	}
	var now []string
	for n := range max(len(old), len(posts)) {
		switch {
		case n >= len(posts):
			a.remove(ctx, old[n])
			continue
		case n >= len(old):
			old = append(old, "")
		}
		id, err := a.replace(ctx, ref.In, r, old[n], posts[n])
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		now = append(now, id)
	}
	return bot.Ref{In: ref.In, ID: strings.Join(now, ",")}, nil
}

// replace puts a post in place of an older one, or posts it anew if there is none
// or Discord does not let it.
func (a *Adapter) replace(ctx context.Context, c bot.Conversation, r bot.Reply, id string, p post) (string, error) {
	channel, message, ok := strings.Cut(id, "/")
	if !ok {
		return a.post(ctx, c, r, p)
	}
	err := a.rest.call(ctx, "PATCH", "/channels/"+channel+"/messages/"+message, edited(p), nil)
	switch {
	case err == nil:
		return id, nil
	case slices.Contains(hopeless, codeOf(err)):
		return a.post(ctx, c, r, p)
	}
	return "", err
}

// remove deletes a post that a shorter answer has no use for.
func (a *Adapter) remove(ctx context.Context, id string) {
	channel, message, _ := strings.Cut(id, "/")
	if err := a.rest.call(ctx, "DELETE", "/channels/"+channel+"/messages/"+message, nil, nil); err != nil {
		a.Log.Warn("post of an older answer not removed", "adapter", Name, "err", plainError(err))
	}
}

// edited is a post as the body of an edit, which takes no nonce.
func edited(p post) post {
	p.Nonce = ""
	return p
}

// interactionLife is how long an interaction can be answered; a little earlier
// is safe.
const interactionLife = 14 * time.Minute

// postWhispered answers where only the user sees it: by the interaction, else,
// when that is over, directly.
func (a *Adapter) postWhispered(ctx context.Context, c bot.Conversation, user string, p post) (string, error) {
	p.Nonce = ""
	i, ok := a.tokens.get(c)
	if ok && time.Since(i.came) < interactionLife {
		if err := i.wait(ctx); err != nil {
			return "", err
		}
		err := a.follow(ctx, i, p)
		if err == nil {
			return whisper + "/" + i.ID, nil
		}
		if code := codeOf(err); code != codeInvalidToken && code != codeUnknownWebhook {
			return "", err
		}
	}
	var dm struct {
		ID string `json:"id"`
	}
	if err := a.rest.call(ctx, "POST", "/users/@me/channels", map[string]string{"recipient_id": user}, &dm); err != nil {
		return "", err
	}
	p.Flags &^= ephemeral
	return a.create(ctx, dm.ID, p)
}

// follow answers an interaction: its first answer replaces "thinking …", what
// comes then stands below.
func (a *Adapter) follow(ctx context.Context, i *interaction, p post) error {
	path := "/webhooks/" + i.App + "/" + i.Token
	if i.thinking.CompareAndSwap(true, false) {
		if err := a.rest.call(ctx, "PATCH", path+"/messages/@original", p, nil); err != nil {
			i.thinking.Store(true)
			return err
		}
		return nil
	}
	return a.rest.call(ctx, "POST", path, p, nil)
}
