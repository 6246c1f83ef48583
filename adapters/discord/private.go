package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apihelp/bot"
)

// privateWait bounds the first attempt at what one person is told, behind which
// the answer for all waits.
const privateWait = 3 * time.Second

var errNobody = errors.New("discord: a private reply is for nobody")

// sendPrivate tells r.For something that nobody else in c may see. It never holds
// up what comes behind it: what the first attempt does not achieve is tried again
// beside that for a while, and what is not to be had is not sent.
func (a *Adapter) sendPrivate(ctx context.Context, c bot.Conversation, r bot.Reply) bot.Ref {
	ref := bot.Ref{In: c, ID: whisper + "/" + r.ID}
	if _, done := a.arrived.get(r.ID); done {
		return ref
	}
	a.arrived.put(r.ID, []string{ref.ID})
	left := render(r, view{})
	try := func(ctx context.Context) error {
		for len(left) > 0 {
			if err := a.confide(ctx, r, left[0]); err != nil {
				return err
			}
			left = left[1:]
		}
		return nil
	}
	first, cancel := context.WithTimeout(ctx, privateWait)
	defer cancel()
	err := try(first)
	if isWorthWhile(err) {
		a.after(func(ctx context.Context) { a.unconfided(c, r, retrying(ctx, err, try)) })
		return ref
	}
	a.unconfided(c, r, err)
	return ref
}

// retrying tries until it succeeds, no other attempt can help, or ctx is done.
func retrying(ctx context.Context, err error, try func(context.Context) error) error {
	for isWorthWhile(err) && pause(ctx, max(afterOf(err), time.Second)) {
		err = try(ctx)
	}
	return err
}

// isWorthWhile reports whether another attempt may help, and soon.
func isWorthWhile(err error) bool {
	return err != nil && !errors.Is(err, errNobody) && !sendErrorIsFinal(err) && afterOf(err) < laterWait
}

// afterOf is how long a refusal asks to wait.
func afterOf(err error) time.Duration {
	if e, ok := errors.AsType[*bot.SendError](sendError(err)); ok {
		return e.After
	}
	return 0
}

// unconfided logs that somebody was not told what they alone should know.
func (a *Adapter) unconfided(c bot.Conversation, r bot.Reply, err error) {
	if err != nil {
		a.Log.Warn("private reply not sent", "adapter", Name, "conversation", c.String(), "reply", r.ID, "err", plainError(err))
	}
}

// confide posts to one person: below the interaction that it answers, if there is
// one that still can be answered, else as a direct message.
func (a *Adapter) confide(ctx context.Context, r bot.Reply, p post) error {
	if t := a.ticket(ctx, r.ID); t != nil {
		if err := t.wait(ctx); err != nil {
			return err
		}
		below := edited(p)
		below.Flags |= ephemeral
		err := a.use(ctx, t, below, false)
		if code := codeOf(err); code != codeInvalidToken && code != codeUnknownWebhook {
			return err
		}
	}
	if r.For.ID == "" {
		return errNobody
	}
	channel, err := a.directWith(ctx, r.For.ID)
	if err == nil {
		_, err = a.create(ctx, channel, p)
	}
	return err
}

// directWith opens the direct messages with a user.
func (a *Adapter) directWith(ctx context.Context, user string) (channel string, err error) {
	if known, ok := a.directs.get(user); ok {
		return known, nil
	}
	var dm struct {
		ID string `json:"id"`
	}
	if err := a.rest.call(ctx, "POST", "/users/@me/channels", map[string]string{"recipient_id": user}, &dm); err != nil {
		return "", err
	}
	if dm.ID == "" {
		return "", fmt.Errorf("discord: open direct messages: the answer names none")
	}
	a.directs.put(user, dm.ID)
	return dm.ID, nil
}

// isPublic reports whether others than its user read a conversation.
func isPublic(c bot.Conversation) bool { return c.Team != "" && !strings.HasPrefix(c.Thread, whisper) }
