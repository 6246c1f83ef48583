package slack

import (
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// What a button and a row of them may hold. Slack takes 25 in a block; two
// places are for buttons of the adapter's own.
const (
	labelText  = 75
	valueText  = 2000
	rowButtons = 23
	rowSize    = 8000
	rowText    = 3000
)

// The action_ids of buttons. Behind the first two comes a number that is
// unique in the reply; the value of a pressed one is what it says.
const (
	sayPrefix  = "say:"
	openPrefix = "open:"
	actionPost = "post:channel" // show an ephemeral answer to the channel
	actionDM   = "post:dm"      // go on in a direct message
	rowPrefix  = "act:"         // of the block_id; reply and number follow
)

// pressable returns the choices that are buttons, and a paragraph that spells
// out what buttons can't hold: long labels, and choices that can't be pressed.
func pressable(blocks []bot.Block) (buttons []bot.Choice, spelled bot.Para) {
	for _, b := range blocks {
		choices, _ := b.(bot.Choices)
		for _, c := range choices {
			c.Label, c.Say = oneLine(c.Label), clean(c.Say)
			fits := c.URL == "" && c.Say != "" && length(c.Say) <= valueText || linkable(c.URL)
			if length(c.Label) > labelText || !fits && (c.Label != "" || c.URL != "") {
				spelled = spell(spelled, c, fits)
			}
			if c.Label == "" {
				c.Label = oneLine(c.Say + c.URL)
			}
			if fits && c.Label != "" {
				buttons = append(buttons, c)
			}
		}
	}
	return buttons, spelled
}

func spell(p bot.Para, c bot.Choice, fits bool) bot.Para {
	lead := "• "
	if len(p) > 0 {
		lead = "\n• "
	}
	s := bot.Span{Text: c.Label}
	if !fits {
		s.URL = c.URL // as text, for it is none that may be a link
	}
	return append(p, bot.Span{Text: lead}, s)
}

// rows puts buttons into action blocks, the adapter's own into the last. Those
// stand below an answer only.
func rows(r bot.Reply, choices []bot.Choice, v view, answered bool) []part {
	var parts []part
	var says bot.Choices
	var shows []slackgo.BlockElement
	size, text := 0, 0
	flush := func() {
		if len(shows) > 0 {
			parts = append(parts, part{says, slackgo.NewActionBlock(rowID(r, len(parts)), shows...)})
		}
		says, shows, size, text = nil, nil, 0, 0
	}
	for i, c := range choices {
		c.Label = shorten(c.Label)
		b := button(i, c)
		s, t := blockSize(b), length(plain(bot.Choices{c}))+len(" ")
		if len(shows) == rowButtons || size+s > rowSize || text+t > rowText {
			flush()
		}
		says, shows, size, text = append(says, c), append(shows, b), size+s, text+t
	}
	if v.Ephemeral && !r.Private && answered && topicOf(r) != "" {
		shows = append(shows, ownButtons(r, v)...)
	}
	flush()
	return parts
}

// rowID is the block_id of a row of buttons: which reply's it is, and who may
// press it. [askerOf] reads it.
func rowID(r bot.Reply, n int) string {
	return fmt.Sprintf("%s%s:%d:%s:%s", rowPrefix, r.ID, n, r.For.ID, r.For.Team)
}

// topicOf is what an answer is about: what its own buttons say elsewhere. An
// answer about nothing that fits a button has no such buttons.
func topicOf(r bot.Reply) string {
	for _, b := range r.Blocks {
		if h, ok := b.(bot.Heading); ok && length(oneLine(string(h))) <= valueText {
			return oneLine(string(h))
		}
	}
	return ""
}

func button(n int, c bot.Choice) *slackgo.ButtonBlockElement {
	if c.URL != "" {
		return slackgo.NewButtonBlockElement(fmt.Sprint(openPrefix, n), "", literal(c.Label)).WithURL(c.URL)
	}
	b := slackgo.NewButtonBlockElement(fmt.Sprint(sayPrefix, n), c.Say, literal(c.Label))
	if c.Label == "It worked" {
		b.Style = slackgo.StylePrimary
	}
	return b
}

// ownButtons lead from an answer that only the asker sees to others. Where
// outsiders read along, the asker is asked first.
func ownButtons(r bot.Reply, v view) []slackgo.BlockElement {
	topic := topicOf(r)
	show := slackgo.NewButtonBlockElement(actionPost, topic, literal("Post in channel"))
	if v.Outsiders {
		show.Confirm = slackgo.NewConfirmationBlockObject(literal("Post in channel?"),
			literal("People of other companies read this channel."), literal("Post"), literal("Cancel"))
	}
	return []slackgo.BlockElement{show, slackgo.NewButtonBlockElement(actionDM, topic, literal("Continue in DM"))}
}

// shorten makes a label fit a button, between words if it can. The full label
// is spelled out above.
func shorten(s string) string {
	if length(s) <= labelText {
		return s
	}
	head, _ := cutText(s, labelText-len("…"), true)
	return strings.TrimSpace(head) + "…"
}
