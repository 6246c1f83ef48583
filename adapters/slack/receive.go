package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The kinds of payloads, as Socket Mode names them.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
)

// receiveWait bounds what happens before an acknowledgement, for which Slack
// waits three seconds.
const receiveWait = 2 * time.Second

// receive takes what Slack delivered, whichever way. It returns what the
// acknowledgement must say, mostly nothing, and an error if Slack should deliver
// it again: then nothing has happened.
func (a *Adapter) receive(ctx context.Context, kind string, payload []byte) (ack any, err error) {
	ctx, cancel := context.WithTimeout(ctx, receiveWait)
	defer cancel()
	switch kind {
	case kindEvent:
		return nil, a.receiveEvent(ctx, payload)
	case kindCommand:
		return a.receiveCommand(ctx, payload)
	case kindInteraction:
		return a.receiveInteraction(ctx, payload)
	}
	a.Log.Warn("unknown kind of delivery", "adapter", Name, "entry", kind)
	return nil, nil
}

// receiveEvent takes an event. One that can't be read is acknowledged: it
// would be the same the next time.
func (a *Adapter) receiveEvent(ctx context.Context, payload []byte) error {
	var d delivery
	if err := json.Unmarshal(payload, &d); err != nil {
		a.Log.Warn("event unreadable", "adapter", Name, "err", fmt.Sprintf("%T", err))
		return nil
	}
	if d.Type == "app_rate_limited" {
		a.Log.Warn("slack holds events back: over 30,000 in an hour", "adapter", Name)
		return nil
	}
	switch d.Event.Type {
	case "app_mention", "message":
		a.shared.put(d.Event.Channel, d.Shared)
		m, ok := d.message(a.botUser(&d))
		if !ok {
			return nil
		}
		if !m.Direct && !m.Deleted && d.Event.ThreadTS != "" && d.Event.ThreadTS != d.Event.TS {
			a.seats.put(seat{m.In, m.From.ID}, true)
		}
		return a.take(ctx, m)
	case "app_home_opened":
		if d.Event.Tab == "home" {
			a.after(func(ctx context.Context) { a.publishHome(ctx, d.tenant(), d.Event.User) })
		}
	case "app_uninstalled":
		return a.uninstalled(ctx, &d)
	case "tokens_revoked":
		if len(d.Event.Tokens.Bot) > 0 {
			return a.uninstalled(ctx, &d)
		}
	}
	return nil
}

// uninstalled forgets a workspace: its token and its conversations. The events
// come in any order, and late: an installation that is newer stays.
func (a *Adapter) uninstalled(ctx context.Context, d *delivery) error {
	tenant := d.tenant()
	enterprise, team := splitTenant(tenant)
	gone, err := a.installs.remove(ctx, enterprise, team, time.Unix(d.EventTime, 0))
	if err != nil || !gone || a.Purge == nil {
		return err
	}
	purge := func(ctx context.Context) {
		if err := a.Purge(ctx, tenant); err != nil {
			a.Log.Warn("conversations expire instead of being purged", "adapter", Name, "err", err)
		}
	}
	if !a.after(purge) {
		return errBusy // it comes again
	}
	return nil
}

var errBusy = errors.New("slack: too much under way")

// botUser returns the bot's own user: a mention of another app's is none of
// its business. It is empty where neither Slack nor memory says.
func (a *Adapter) botUser(d *delivery) string {
	return firstOf(d.botUser(), a.installs.botUser(splitTenant(d.tenant())))
}
