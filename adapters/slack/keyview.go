package slack

import (
	"context"
	"errors"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

const (
	keyPace   = time.Second      // between updates of a view, the first of which must not overtake the acknowledgement
	keyWait   = 12 * time.Second // for the checks; less than laterWait, so that time is left to say how they ended
	keyShows  = 3                // attempts to show the end
	viewLimit = 90               // blocks of a view, of the 100 that Slack takes
)

// What stands at the end of a view.
const (
	keyReported  = "The result is in our conversation as well, with what to do next."
	keyNotClear  = "The checks did not come to an end. Please try again in a minute."
	keyNotThere  = "I could not post the result in our conversation; please note it from here."
	keyCheckMore = "Checking …"
)

// A keyView is the view in which the form for a key was, and which shows what
// the checks find. It belongs to one goroutine at a time.
type keyView struct {
	*Adapter
	id   string
	hash string // of what it shows; empty if not known: Slack does not say what an acknowledgement made of it
}

// check runs the checks, shows their rows and reports how they ended in the name
// of asker.
func (v *keyView) check(ctx context.Context, q bot.CheckRequest, asker bot.User) {
	defer q.Key.Clear()
	running, cancel := context.WithTimeout(ctx, keyWait)
	defer cancel()
	c, err := bot.Watch(running, keyPace, q, v.Check, func(found []bot.Block) {
		_ = v.show(running, q.In.Team, append(found, note(keyCheckMore))) // what comes next shows it, too
	})
	if err != nil {
		v.Log.Warn("live check not finished", "adapter", Name, "conversation", q.In.String(), "err", err)
		v.end(ctx, q.In.Team, []bot.Block{note(keyNotClear)})
		return
	}
	found := c.Blocks("")
	if c.Busy == nil && v.Report != nil {
		found = append(found, note(v.report(ctx, q.In, asker, c)))
	}
	v.end(ctx, q.In.Team, found)
}

// report takes the outcome into the conversation, and returns what to say of that.
func (v *keyView) report(ctx context.Context, in bot.Conversation, asker bot.User, c bot.Checked) string {
	if err := v.Report(ctx, bot.Message{In: in, From: asker}, c); err != nil {
		v.Log.Warn("live check not reported", "adapter", Name, "conversation", in.String(), "err", err)
		return keyNotThere
	}
	return keyReported
}

// end shows how it ended, unless the view was closed.
func (v *keyView) end(ctx context.Context, tenant string, blocks []bot.Block) {
	for n := range keyShows {
		err := v.show(ctx, tenant, blocks)
		if err == nil || errorCode(err) == "not_found" {
			return
		}
		pause := keyPace
		if l, ok := errors.AsType[*limited](apiError(err)); ok {
			pause = max(pause, l.after)
		}
		if n == keyShows-1 || !wait(ctx, pause) {
			v.Log.Warn("result of a check not shown", "adapter", Name, "err", err)
			return
		}
	}
}

// show puts blocks into the view. After a failure nobody knows what it shows.
func (v *keyView) show(ctx context.Context, tenant string, blocks []bot.Block) error {
	client, _, err := v.client(ctx, tenant)
	if err != nil {
		return err
	}
	view := modal("")
	view.Blocks.BlockSet = nil
	for _, p := range contents(blocks) {
		if len(view.Blocks.BlockSet) < viewLimit {
			view.Blocks.BlockSet = append(view.Blocks.BlockSet, p.shows)
		}
	}
	var now *slackgo.ViewResponse
	now, err = client.UpdateViewContext(ctx, view, "", v.hash, v.id)
	v.hash = ""
	if err == nil {
		v.hash = now.Hash
	}
	return err
}

// note is a paragraph of the adapter's own.
func note(s string) bot.Block { return bot.Para{{Text: s}} }
