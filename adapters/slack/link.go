package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

const (
	linkWait  = 2 * time.Second
	linkLimit = 1024
)

// Link implements [bot.Linker]: it is the address of the message that began the
// thread, as far as Slack tells it in time.
func (a *Adapter) Link(ctx context.Context, c bot.Conversation) string {
	if !isPublic(c) || c.Thread == "" {
		return ""
	}
	if known, ok := a.links.get(c); ok {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, linkWait)
	defer cancel()
	client, _, err := a.client(ctx, c.Team)
	link := ""
	if err == nil {
		link, err = client.GetPermalinkContext(ctx, &slackgo.PermalinkParameters{Channel: c.Channel, Ts: c.Thread})
	}
	if err != nil {
		a.Log.Warn("conversation has no address", "adapter", Name, "conversation", c.String(), "err", err)
		return ""
	}
	a.links.put(c, link)
	return link
}
