package slack

import (
	"regexp"
	"strings"
)

// entity is what Slack writes for a mention, a link or a command.
var entity = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)

// plainText returns a message as its writer typed it: the mention of the bot
// removed, links and other mentions as words, entities decoded. It reports
// whether the bot was mentioned.
func plainText(text, botUser string) (plain string, mentioned bool) {
	plain = entity.ReplaceAllStringFunc(text, func(s string) string {
		m := entity.FindStringSubmatch(s)
		if botUser != "" && m[1] == "@"+botUser {
			mentioned = true
			return ""
		}
		return entityText(m[1], m[2])
	})
	return strings.TrimSpace(unescape(plain)), mentioned
}

// entityText returns the words for what stands between angle brackets.
func entityText(target, label string) string {
	switch target[0] {
	case '@':
		return "@" + firstOf(strings.TrimPrefix(label, "@"), target[1:])
	case '#':
		return "#" + firstOf(label, target[1:])
	case '!':
		return firstOf(label, "@"+target[1:])
	}
	address := strings.TrimPrefix(target, "mailto:")
	if label == "" || strings.HasSuffix(address, label) || strings.HasSuffix(strings.TrimSuffix(address, "/"), label) {
		return firstOf(label, address)
	}
	return label + " (" + address + ")"
}

// unescape decodes the three characters that Slack escapes, and nothing else.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// escape makes a text literal where Slack reads mrkdwn.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
