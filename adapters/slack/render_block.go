package slack

import (
	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// literal is text in which Slack sees nothing but text, not even emoji.
func literal(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
}

// richText is a block of one element. The texts within are literal, and stay so
// when the message is updated.
func richText(e slackgo.RichTextElement) slackgo.Block {
	return slackgo.NewRichTextBlock("", e)
}

func section(r bot.Rich) *slackgo.RichTextSection {
	return slackgo.NewRichTextSection(spans(r)...)
}

func orderedList(b bot.Steps) *slackgo.RichTextList {
	items := make([]slackgo.RichTextElement, len(b.Items))
	for i, item := range b.Items {
		items[i] = section(item)
	}
	list := slackgo.NewRichTextList(slackgo.RTEListOrdered, 0, items...)
	list.Offset = b.First - 1
	return list
}

func preformatted(b bot.Code) *slackgo.RichTextPreformatted {
	return &slackgo.RichTextPreformatted{
		Type: slackgo.RTEPreformatted, Language: b.Lang, Elements: spans(bot.Rich{{Text: b.Text}}),
	}
}

func spans(r bot.Rich) []slackgo.RichTextSectionElement {
	elements := make([]slackgo.RichTextSectionElement, len(r))
	for i, s := range r {
		if s.URL != "" {
			elements[i] = slackgo.NewRichTextSectionLinkElement(s.URL, s.Text, style(s.Style))
		} else {
			elements[i] = slackgo.NewRichTextSectionTextElement(s.Text, style(s.Style))
		}
	}
	return elements
}

func style(s bot.Style) *slackgo.RichTextSectionTextStyle {
	if s == 0 {
		return nil
	}
	return &slackgo.RichTextSectionTextStyle{
		Bold: s&bot.Bold != 0, Italic: s&bot.Italic != 0, Strike: s&bot.Strike != 0, Code: s&bot.Mono != 0,
	}
}
