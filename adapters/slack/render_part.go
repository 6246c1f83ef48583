package slack

import (
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// What one part may hold. Slack takes 3,000 characters in a text. Spans are
// bounded because the JSON of each counts, too.
const (
	partText  = 2800
	partSpans = 40
	headText  = 150  // of a header block
	noteText  = 2000 // of a text in a context block
)

// contents turns all blocks but the choices into parts.
func contents(blocks []bot.Block) []part {
	var parts []part
	for i, b := range blocks {
		switch b := b.(type) {
		case bot.Heading:
			parts = append(parts, heading(oneLine(string(b)), i == 0)...)
		case bot.Para:
			if why, ok := because(blocks[:i], b); ok {
				parts = append(parts, why)
			} else {
				parts = append(parts, paragraphs(bot.Rich(b))...)
			}
		case bot.Steps:
			parts = append(parts, steps(b)...)
		case bot.Code:
			parts = append(parts, code(b)...)
		case bot.Facts:
			parts = append(parts, paragraphs(facts(b))...)
		case bot.Report:
			parts = append(parts, paragraphs(report(b))...)
		}
	}
	return parts
}

// heading is a header block, where it begins the reply and fits in one.
func heading(text string, first bool) []part {
	if first && text != "" && length(text) <= headText {
		return []part{{bot.Heading(text), slackgo.NewHeaderBlock(literal(text))}}
	}
	return paragraphs(bot.Rich{{Text: text, Style: bot.Bold}})
}

// because is the paragraph right behind the first heading that says why this is
// the answer. It stands back, in small print.
func because(before []bot.Block, p bot.Para) (part, bool) {
	if len(before) != 1 {
		return part{}, false
	}
	_, headed := before[0].(bot.Heading)
	text := clean(bot.Rich(p).String())
	for _, s := range p {
		headed = headed && s.URL == ""
	}
	if !headed || !strings.HasPrefix(text, "Because") || costs(text) > noteText {
		return part{}, false
	}
	return part{bot.Para{{Text: text}}, slackgo.NewContextBlock("", literal(text))}, true
}

// paragraphs cuts a text into rich text blocks.
func paragraphs(r bot.Rich) []part {
	var parts []part
	for _, run := range cutRich(r) {
		if strings.TrimSpace(run.String()) != "" {
			parts = append(parts, part{bot.Para(run), richText(section(run))})
		}
	}
	return parts
}

// cutRich cuts a text into runs that fit a part each.
func cutRich(r bot.Rich) []bot.Rich {
	var runs []bot.Rich
	var run bot.Rich
	room := partText
	flush := func() { runs, run, room = append(runs, run), nil, partText }
	for _, s := range r {
		for s = tidy(s); s.Text != ""; {
			address := costs(s.URL) + len(" ()")
			head, rest := cutText(s.Text, room-address, run == nil)
			if head == "" || len(run) == partSpans {
				flush()
				continue
			}
			run = append(run, bot.Span{Text: head, Style: s.Style, URL: s.URL})
			if room -= costs(head) + address; rest != "" {
				flush()
			}
			s.Text = rest
		}
	}
	if run != nil {
		flush()
	}
	return runs
}

// steps cuts a list into lists that go on with its numbers. What is left of an
// item that is too long for a part follows as paragraphs.
func steps(b bot.Steps) []part {
	var parts []part
	list, room, spans := bot.Steps{First: max(b.First, 1)}, partText, partSpans
	flush := func() {
		if len(list.Items) > 0 {
			parts = append(parts, part{list, richText(orderedList(list))})
		}
		list, room, spans = bot.Steps{First: list.First + len(list.Items)}, partText, partSpans
	}
	for _, item := range b.Items {
		runs := cutRich(item)
		if len(runs) == 0 {
			runs = []bot.Rich{{{Text: " "}}} // an empty item keeps its number
		}
		need := costs(plain(bot.Para(runs[0]))) + len("100. ")
		if need > room || len(runs[0]) >= spans {
			flush()
		}
		list.Items = append(list.Items, runs[0])
		room, spans = room-need, spans-len(runs[0])-1
		if len(runs) > 1 {
			flush()
		}
		for _, run := range runs[1:] {
			parts = append(parts, paragraphs(run)...)
		}
	}
	flush()
	return parts
}

// code cuts a listing into several, between its lines if it can.
func code(b bot.Code) []part {
	if !languages.MatchString(b.Lang) {
		b.Lang = ""
	}
	var parts []part
	for head, rest := cutText(clean(b.Text), partText, true); head != ""; head, rest = cutText(rest, partText, true) {
		piece := bot.Code{Lang: b.Lang, Text: strings.TrimRight(head, "\n")}
		if strings.TrimSpace(piece.Text) != "" {
			parts = append(parts, part{piece, richText(preformatted(piece))})
		}
	}
	return parts
}

// languages are names such as "sh", "c++" and "objective-c".
var languages = regexp.MustCompile(`^[a-z][a-z0-9+#-]{0,19}$`)

// facts puts each fact on a line, its label in bold.
func facts(b bot.Facts) bot.Rich {
	var r bot.Rich
	for i, f := range b {
		if i > 0 {
			r = append(r, bot.Span{Text: "\n"})
		}
		r = append(r, bot.Span{Text: f.Label, Style: bot.Bold}, bot.Span{Text: ": "})
		r = append(r, f.Value...)
	}
	return r
}

// report puts each finding on a line that begins with its mark as a word, for
// colours and pictures say nothing to many.
func report(b bot.Report) bot.Rich {
	var r bot.Rich
	for i, row := range b {
		if i > 0 {
			r = append(r, bot.Span{Text: "\n"})
		}
		text := strings.TrimRight(" "+row.Label+": "+row.Detail, ": ")
		r = append(r, bot.Span{Text: strings.ToUpper(string(row.Mark)), Style: bot.Bold}, bot.Span{Text: text})
	}
	return r
}
