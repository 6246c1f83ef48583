package discord

import (
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

// Link implements [bot.Linker]: it is the address of the thread, or of the
// message that it will be made from.
func (a *Adapter) Link(ctx context.Context, c bot.Conversation) string {
	if !isPublic(c) || c.Channel == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	path := []string{c.Team, c.Channel}
	if parent, err := a.unmade(ctx, c.Channel); err == nil && parent != "" {
		path = []string{c.Team, parent, c.Channel}
	}
	return discordgo.EndpointDiscord + "channels/" + strings.Join(path, "/")
}
