package discord

import (
	"context"
	"encoding/json"
	"errors"
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
	if r.Private && isPublic(c) {
		return a.sendPrivate(ctx, c, r), nil
	}
	ref, err := a.send(ctx, c, r)
	if err == nil {
		a.tagCalled(c, r)
	}
	return ref, err
}

func (a *Adapter) send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	arrived, _ := a.arrived.get(r.ID)
	arrived = slices.Clone(arrived)
	posts := render(r, a.viewOf(ctx, c, r))
	a.keepSays(ctx, r.ID, posts)
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
	for _, p := range plainPosts(r, a.viewOf(ctx, c, r)) {
		id, err := a.post(ctx, c, r, p)
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		arrived = append(arrived, id)
	}
	return bot.Ref{In: c, ID: strings.Join(arrived, ",")}, nil
}

func (a *Adapter) viewOf(ctx context.Context, c bot.Conversation, r bot.Reply) view {
	if !strings.HasPrefix(c.Thread, whisper) {
		return view{}
	}
	v := view{Ephemeral: true}
	if t := a.ticket(ctx, r.ID); t != nil {
		v.Locale = t.Locale
	}
	return v
}

// post posts one message where the conversation is, and returns what it is
// called there.
func (a *Adapter) post(ctx context.Context, c bot.Conversation, r bot.Reply, p post) (string, error) {
	if strings.HasPrefix(c.Thread, whisper) {
		return a.postWhispered(ctx, c, r, p)
	}
	if c.Team == "" {
		return a.create(ctx, c.Channel, p)
	}
	parent, err := a.unmade(ctx, c.Channel)
	if err != nil {
		return "", err
	}
	if parent == "" {
		return a.create(ctx, c.Channel, p)
	}
	err = a.makeThread(ctx, parent, c.Channel, titleOf(r))
	if err == nil {
		id, err := a.create(ctx, c.Channel, p)
		if err == nil || !slices.Contains(noThreads, codeOf(err)) {
			return id, err
		}
	}
	if err == nil || slices.Contains(noThreads, codeOf(err)) {
		return a.postBelow(ctx, parent, c, p)
	}
	return "", err
}

// noThreads are the refusals of a channel that has no threads, or none for the
// bot, or none any more.
var noThreads = []int{codeMissingAccess, codeMissingPermissions, 50024, 160006}

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
// message, or "" if it is there. What the shelf could not keep, memory may.
func (a *Adapter) unmade(ctx context.Context, thread string) (string, error) {
	kept, err := a.Shelf.Get(ctx, "thread:"+thread)
	if kept != nil {
		return string(kept), nil
	}
	if parent, ok := a.begun.get(thread); ok && parent != "" {
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
	a.begun.put(message, "")
	if err := a.Shelf.Put(ctx, "thread:"+message, nil, 0); err != nil {
		a.Log.Debug("thread made, and not noted", "adapter", Name, "err", err) // making it again does no harm
	}
	return nil
}

// postBelow answers in the channel itself where the bot may not make threads.
// What is said in reply to it belongs to the same conversation, which is kept:
// Discord does not say what the message that somebody replies to replied to.
func (a *Adapter) postBelow(ctx context.Context, channel string, c bot.Conversation, p post) (string, error) {
	p.Reference = c.Channel
	id, err := a.create(ctx, channel, p)
	if err == nil {
		a.keepReply(ctx, id, c)
	}
	return id, err
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
	if r.Private && isPublic(ref.In) {
		a.sendPrivate(ctx, ref.In, r)
		return ref, nil // what is there stays
	}
	old, posts := strings.Split(ref.ID, ","), render(r, a.viewOf(ctx, ref.In, r))
	if strings.HasPrefix(ref.ID, whisper) || len(posts) == 0 {
		return a.Send(ctx, ref.In, r)
	}
	a.keepSays(ctx, r.ID, posts)
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
	a.tagCalled(ref.In, r)
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
	case codeOf(err) == codeInvalidForm && p.v2():
		return a.replace(ctx, c, r, id, plainPosts(r, view{})[0])
	case !slices.Contains(hopeless, codeOf(err)):
		return "", err
	}
	now, err := a.post(ctx, c, r, p)
	if err == nil {
		a.remove(ctx, id)
	}
	return now, err
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

// postWhispered answers where only the user sees it: by the interaction, else,
// when that is over, directly.
func (a *Adapter) postWhispered(ctx context.Context, c bot.Conversation, r bot.Reply, p post) (string, error) {
	p.Nonce = ""
	if t := a.ticketIn(ctx, c, r.ID); t != nil {
		if err := t.wait(ctx); err != nil {
			return "", err
		}
		arrived, _ := a.arrived.get(r.ID)
		if t.Direct {
			p = direct(p)
		}
		err := a.use(ctx, t, p, len(arrived) == 0)
		switch code := codeOf(err); {
		case err == nil:
			return whisper + "/" + t.ID, nil
		case code == codeUnknownMessage && time.Since(t.Came) < restWait:
			return "", errTooEarly // the first response is on its way
		case code != codeInvalidToken && code != codeUnknownWebhook && code != codeUnknownMessage:
			return "", err
		}
	}
	channel, err := a.directWith(ctx, strings.TrimPrefix(c.Thread, whisper))
	if err != nil {
		return "", err
	}
	id, err := a.create(ctx, channel, direct(p))
	a.keepReply(ctx, id, c)
	return id, err
}

var errTooEarly = errors.New("discord: the interaction is not answered yet")

// direct is a post that was meant for one user's eyes as a direct message.
func direct(p post) post {
	p.Flags &^= ephemeral
	p.Components = without(p.Components, postHere)
	return p
}

// without leaves the buttons of a kind out.
func without(all []component, kind buttonKind) (rest []component) {
	for _, c := range all {
		if id, ok := parseButtonID(c.CustomID); ok && id.Kind == kind {
			continue
		}
		had := len(c.Components)
		if c.Components = without(c.Components, kind); had > 0 && len(c.Components) == 0 {
			continue
		}
		rest = append(rest, c)
	}
	return rest
}

// keepReply keeps which conversation a post belongs to that does not stand in
// its place.
func (a *Adapter) keepReply(ctx context.Context, id string, c bot.Conversation) {
	_, message, ok := strings.Cut(id, "/")
	data, err := json.Marshal(c)
	if !ok || err != nil {
		return
	}
	if err := a.Shelf.Put(ctx, "reply:"+message, data, threadAge); err != nil {
		a.Log.Warn("conversation cannot be gone on with from a post", "adapter", Name, "err", err)
	}
}

// replyIn returns the conversation that keepReply kept for a message.
func (a *Adapter) replyIn(ctx context.Context, message string) (c bot.Conversation, ok bool) {
	data, err := a.Shelf.Get(ctx, "reply:"+message)
	return c, err == nil && data != nil && json.Unmarshal(data, &c) == nil
}
