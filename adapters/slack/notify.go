package slack

import (
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// notifyLimit is how many groups and people a post mentions at most.
const notifyLimit = 10

var notifiedIDs = regexp.MustCompile(`^[SUW][A-Z0-9]{1,30}$`)

// mentions is the line that calls the user groups and people of the operator's
// configuration: all that a post ever mentions. It is empty if there are none.
func mentions(r bot.Reply, v view) string {
	var all []string
	for _, id := range r.Notify {
		switch {
		case r.Private || v.Ephemeral || !notifiedIDs.MatchString(id) || len(all) == notifyLimit:
		case id[0] == 'S':
			all = append(all, "<!subteam^"+id+">")
		default:
			all = append(all, "<@"+id+">")
		}
	}
	return strings.Join(all, " ")
}

// mentionBlock shows the line. It is the one text that Slack may format, and
// nothing that anybody wrote is in it.
func mentionBlock(line string) slackgo.Block {
	text := slackgo.NewTextBlockObject(slackgo.MarkdownType, line, false, true)
	return slackgo.NewSectionBlock(text, nil, nil)
}
