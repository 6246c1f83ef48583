package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

const (
	// privateWait bounds the first attempt at what one person is told, behind
	// which the answer for all waits.
	privateWait = 3 * time.Second

	privateAgain = time.Second // between the others
)

// isPublic reports whether others than its user read a conversation. That of
// direct messages has the user's ID as channel.
func isPublic(c bot.Conversation) bool {
	return c.Channel != "" && !strings.ContainsAny(c.Channel[:1], "UWD") && !strings.HasPrefix(c.Thread, whisper)
}

// A seat is a person in a thread. What only they see is shown to them there if
// they have written there; before that, in the channel.
type seat struct {
	in   bot.Conversation
	user string
}

// sendPrivate tells r.For something that nobody else in c may see. It never holds
// up what comes behind it: what the first attempt does not achieve is tried again
// beside that for a while, and what is not to be had is not sent.
func (a *Adapter) sendPrivate(ctx context.Context, c bot.Conversation, r bot.Reply) bot.Ref {
	ref := bot.Ref{In: c, ID: whispered + r.ID}
	if len(a.arrivedOf(r.ID)) > 0 {
		return ref
	}
	a.arrived.put(r.ID, []string{ref.ID})
	left := render(r, view{})
	try := func(ctx context.Context) error {
		for len(left) > 0 {
			if err := a.confide(ctx, c, r.For.ID, left[0]); err != nil {
				return err
			}
			left = left[1:]
		}
		return nil
	}
	first, cancel := context.WithTimeout(ctx, privateWait)
	defer cancel()
	err := try(first)
	again := isWorthWhile(err) && a.after(func(ctx context.Context) {
		a.unconfided(c, r, retrying(ctx, err, try))
	})
	if !again {
		a.unconfided(c, r, err)
	}
	return ref
}

// isWorthWhile reports whether another attempt may help, and soon.
func isWorthWhile(err error) bool {
	return err != nil && refused(err).Retry && refused(err).After < laterWait
}

// retrying tries until it succeeds, no other attempt can help, or ctx is done.
func retrying(ctx context.Context, err error, try func(context.Context) error) error {
	for isWorthWhile(err) && wait(ctx, max(refused(err).After, privateAgain)) {
		err = try(ctx)
	}
	return err
}

// unconfided logs that somebody was not told what they alone should know.
func (a *Adapter) unconfided(c bot.Conversation, r bot.Reply, err error) {
	if err != nil {
		a.Log.Warn("private reply not sent", "adapter", Name, "conversation", c.String(), "reply", r.ID, "err", err)
	}
}

// confide posts to one person: where they wrote, or directly if Slack shows them
// nothing there, as in a channel that they or the bot have left.
func (a *Adapter) confide(ctx context.Context, c bot.Conversation, user string, p post) error {
	if user == "" {
		return errRefused
	}
	client, _, err := a.client(ctx, c.Team)
	if err != nil {
		return err
	}
	options := messageOptions(p)
	if here, _ := a.seats.get(seat{c, user}); here {
		options = append(options, slackgo.MsgOptionTS(c.Thread))
	}
	_, err = client.PostEphemeralContext(ctx, c.Channel, user, options...)
	if err == nil {
		return nil
	}
	sorted := apiError(err)
	switch {
	case errors.Is(sorted, errBlocks) && len(p.Blocks) > 0:
		return a.confide(ctx, c, user, post{Text: p.Text})
	case errors.Is(sorted, errRefused), isNotThere(err):
		_, sorted = a.message(ctx, client, p, user, "")
	}
	return sorted
}
