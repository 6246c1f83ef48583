package discord

import (
	"regexp"
	"strings"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

// notifyLimit is how many roles a post mentions at most.
const notifyLimit = 10

var roleIDs = regexp.MustCompile(`^[0-9]{1,20}$`)

// notified are the roles that a reply calls: IDs of the operator's
// configuration, which are all that a post ever mentions.
func notified(r bot.Reply, v view) []string {
	var roles []string
	for _, id := range r.Notify {
		if !r.Private && !v.Ephemeral && roleIDs.MatchString(id) && len(roles) < notifyLimit {
			roles = append(roles, id)
		}
	}
	return roles
}

// mentions is the line that calls roles.
func mentions(roles []string) string {
	if len(roles) == 0 {
		return ""
	}
	return "<@&" + strings.Join(roles, "> <@&") + ">"
}

// notify puts the line that calls roles on top of a post.
func (p *post) notify(roles []string) {
	line := mentions(roles)
	switch p.Roles = roles; {
	case line == "":
	case p.v2():
		p.Components = append([]component{{Type: discordgo.TextDisplayComponent, Content: line}}, p.Components...)
	default:
		p.Content = line + "\n\n" + p.Content
	}
}
