package adaptertest

import "apihelp/bot"

// everythingWords are words of [Everything], one at least of each block, in
// the order in which a reader meets them.
var everythingWords = []string{
	"Headline", "plain", "bold", "italic", "code-span", "struck", "linked", "second line",
	"first step", "second step", "4", "third list", "curl -v", "Meaning", "was refused",
	"resolved", "untrusted", "near", "not reached", "Yes please", "Read more",
}

// Everything is a reply with one at least of each block, style and mark, and
// with text that is markup on some platform.
func Everything() bot.Reply {
	return bot.Reply{ID: "EVERYTHING0000000000", Blocks: []bot.Block{
		bot.Heading("Headline with <!channel> & @everyone"),
		bot.Para{
			{Text: "plain *stars* "}, {Text: "bold", Style: bot.Bold}, {Text: " "}, {Text: "italic", Style: bot.Italic}, {Text: " "},
			{Text: "code-span `tick`", Style: bot.Mono}, {Text: " "}, {Text: "struck", Style: bot.Strike}, {Text: " "},
			{Text: "linked", URL: "https://example.com/?a=1&b=2"}, {Text: " <b>not bold</b>\nsecond line"},
		},
		bot.Steps{First: 1, Items: []bot.Rich{
			{{Text: "first step", Style: bot.Bold}, {Text: " with more"}},
			{{Text: "second step\nof two lines"}},
		}},
		bot.Steps{First: 4, Items: []bot.Rich{{{Text: "third list"}}}},
		bot.Code{Lang: "sh", Text: "curl -v https://api.example.com \\\n  -H 'X: ```y```'\n"},
		bot.Facts{{Label: "Meaning", Value: bot.Rich{{Text: "the connection was refused"}}}},
		bot.Report{
			{Mark: bot.OK, Label: "dns", Detail: "resolved in 3 ms"}, {Mark: bot.Fail, Label: "tls", Detail: "untrusted issuer"},
			{Mark: bot.Warn, Label: "limits", Detail: "near the end"}, {Mark: bot.Skip, Label: "auth", Detail: "not reached"},
		},
		bot.Choices{{Label: "Yes please", Say: "yes"}, {Label: "Read more", URL: "https://example.com/guide#more"}},
	}}
}
