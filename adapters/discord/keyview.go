package discord

import (
	"context"
	"errors"
	"time"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

const (
	keyPace  = time.Second      // between edits
	keyWait  = 12 * time.Second // for the checks; less than laterWait, so that time is left to say how they ended
	keyShows = 3                // attempts to show the end
)

// A keyView is the answer to a form for a key, which only who sent it sees and
// which shows what the checks find. It belongs to one goroutine at a time.
type keyView struct {
	*Adapter
	ticket *ticket
}

// check runs the checks, shows their rows and reports how they ended in the name
// of asker.
func (v *keyView) check(ctx context.Context, q bot.CheckRequest, asker bot.User) {
	defer q.Key.Clear()
	p := keyPhrasesFor(v.ticket.Locale)
	running, cancel := context.WithTimeout(ctx, keyWait)
	defer cancel()
	c, err := bot.Watch(running, keyPace, q, v.Check, func(found []bot.Block) {
		_ = v.show(running, v.posts(append(found, bot.Para{{Text: p.Checking}}))[0]) // what comes next shows it, too
	})
	if err != nil {
		v.Log.Warn("live check not finished", "adapter", Name, "conversation", q.In.String(), "err", err)
		v.end(ctx, []bot.Block{bot.Para{{Text: p.NotClear}}})
		return
	}
	found := c.Blocks(v.ticket.Locale)
	if c.Busy != nil || v.Report == nil {
		v.end(ctx, found)
		return
	}
	// First the answer: else a report that only the asker sees would take its place.
	v.end(ctx, append(found, bot.Para{{Text: p.Reported}}))
	if err := v.Report(ctx, bot.Message{In: q.In, From: asker, Lang: v.ticket.Locale}, c); err != nil {
		v.Log.Warn("live check not reported", "adapter", Name, "conversation", q.In.String(), "err", err)
		if pause(ctx, keyPace) {
			v.end(ctx, append(found, bot.Para{{Text: p.NotThere}}))
		}
	}
}

// posts renders blocks for the one who sees the answer, without any button.
func (v *keyView) posts(blocks []bot.Block) []post {
	all := render(bot.Reply{Blocks: blocks}, view{Locale: v.ticket.Locale})
	for i := range all {
		all[i].Nonce = ""
		all[i].Flags |= discordgo.MessageFlagsEphemeral
	}
	return all
}

// end shows how it ended: in the answer, and in further ones where it is long.
func (v *keyView) end(ctx context.Context, blocks []bot.Block) {
	for n, p := range v.posts(blocks) {
		send := func() error { return v.show(ctx, p) }
		if n > 0 {
			send = func() error { return v.use(ctx, v.ticket, p, false) }
		}
		if err := retried(ctx, send); err != nil {
			v.Log.Warn("result of a check not shown", "adapter", Name, "err", plainError(err))
			return
		}
	}
}

// show makes p the answer.
func (v *keyView) show(ctx context.Context, p post) error {
	if err := v.ticket.wait(ctx); err != nil {
		return err
	}
	return v.use(ctx, v.ticket, p, true)
}

// retried sends until that succeeds, a few times, as Discord demands.
func retried(ctx context.Context, send func() error) error {
	for n := 1; ; n++ {
		err := send()
		if err == nil || n == keyShows {
			return err
		}
		refused, ok := errors.AsType[*bot.SendError](sendError(err))
		if !ok || !refused.Retry || !pause(ctx, max(keyPace, refused.After)) {
			return err
		}
	}
}
