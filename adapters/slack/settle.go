package slack

import (
	"regexp"

	slackgo "github.com/slack-go/slack"
)

// settle returns what replaces a post after one of its buttons was pressed: the
// same with a note, such as "Ann pressed Next step", in place of the buttons.
// The post is as Slack sent it. It reports false, and that nothing is to be
// changed, if the post has no buttons: somebody else was faster.
func settle(was post, note string) (post, bool) {
	note, _ = cutText(oneLine(note), noteLength, true)
	now := post{Text: escape(literalText(was.Text))}
	settled := false
	for _, b := range was.Blocks {
		switch b := b.(type) {
		case *slackgo.ActionBlock:
			if !settled && note != "" {
				now.Blocks = append(now.Blocks, slackgo.NewContextBlock("", literal(note)))
			}
			settled = true
		case *slackgo.HeaderBlock:
			now.Blocks = append(now.Blocks, slackgo.NewHeaderBlock(literalObject(b.Text)))
		case *slackgo.ContextBlock:
			now.Blocks = append(now.Blocks, literalContext(b))
		default: // rich text is literal already
			now.Blocks = append(now.Blocks, b)
		}
	}
	if !settled {
		return was, false
	}
	now.Text += "\n\n" + escape(note)
	return now, true
}

// noteLength bounds a note, for names can be long.
const noteLength = 150

func literalContext(b *slackgo.ContextBlock) slackgo.Block {
	elements := make([]slackgo.MixedElement, len(b.ContextElements.Elements))
	for i, e := range b.ContextElements.Elements {
		elements[i] = e
		if text, ok := e.(*slackgo.TextBlockObject); ok {
			elements[i] = literalObject(text)
		}
	}
	return slackgo.NewContextBlock("", elements...)
}

func literalObject(t *slackgo.TextBlockObject) *slackgo.TextBlockObject {
	if t == nil {
		return nil
	}
	return literal(literalText(t.Text))
}

// literalText undoes what Slack does to a text that it stores: it escapes the
// characters of its markup, and makes links of addresses. Sent back as it is,
// the text would be escaped twice.
func literalText(s string) string {
	return unescape(addresses.ReplaceAllString(s, "$1"))
}

var addresses = regexp.MustCompile(`<((?:https?|mailto):[^|<>]*)(?:\|[^<>]*)?>`)
