package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// The kinds of payloads, as Socket Mode names them.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
)

// receive takes what Slack delivered, whichever way. It returns what the
// acknowledgement must say, mostly nothing, and an error if Slack should deliver
// it again: then nothing has happened.
func (a *Adapter) receive(ctx context.Context, kind string, payload []byte) (ack any, err error) {
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
		m, ok := d.message(a.botUser(ctx, &d))
		if !ok {
			return nil
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
	return a.Purge(ctx, tenant)
}

// botUser returns the bot's own user: a mention of another app's is none of
// its business. It asks the network only where Slack did not say.
func (a *Adapter) botUser(ctx context.Context, d *delivery) string {
	if user := d.botUser(); user != "" {
		return user
	}
	_, inst, err := a.client(ctx, d.tenant())
	if err != nil {
		a.Log.Warn("bot user unknown", "adapter", Name, "err", err)
	}
	return inst.BotUserID
}
