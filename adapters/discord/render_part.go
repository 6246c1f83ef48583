package discord

import (
	"fmt"
	"regexp"
	"strings"

	"apihelp/bot"
)

// contents turns all blocks but the choices into pieces of a size at most.
func contents(blocks []bot.Block, room int) []piece {
	var all []piece
	for i, b := range blocks {
		switch b := b.(type) {
		case bot.Heading:
			all = append(all, heading(oneLine(string(b)), room)...)
		case bot.Para:
			all = append(all, paragraph(blocks[:i], b, room)...)
		case bot.Steps:
			all = append(all, steps(b, room)...)
		case bot.Code:
			all = append(all, code(b, room)...)
		case bot.Facts:
			all = append(all, paragraphs(facts(b), room)...)
		case bot.Report:
			all = append(all, paragraphs(report(b), room)...)
		}
	}
	return all
}

// heading is a line of its own, if it is short enough to be one.
func heading(text string, room int) []piece {
	line := "### " + escape(text)
	if text == "" || size(line) > headRoom {
		return paragraphs(bot.Rich{{Text: text, Style: bot.Bold}}, room)
	}
	return []piece{{text: line, heading: true}}
}

// paragraph is a paragraph behind some blocks. The one right behind the first
// heading that says why this is the answer stands back, in small print.
func paragraph(before []bot.Block, p bot.Para, room int) []piece {
	all := paragraphs(bot.Rich(p), room)
	if len(before) != 1 || len(all) != 1 || strings.Contains(all[0].text, "\n") {
		return all
	}
	if _, ok := before[0].(bot.Heading); ok && strings.HasPrefix(all[0].text, "Because") {
		all[0].text = "-# " + all[0].text
	}
	return all
}

// paragraphs cuts a text into pieces.
func paragraphs(r bot.Rich, room int) []piece {
	var all []piece
	for _, run := range cutRich(r, room-margin) {
		if text := strings.Trim(markdown(run), "\n"); strings.TrimSpace(text) != "" {
			all = append(all, piece{text: text})
		}
	}
	return all
}

// margin is room for what stands before a text: a number, or a sign.
const margin = 20 * unit

// steps is one piece for each item. What is left of an item that is too long
// for one follows as paragraphs.
func steps(b bot.Steps, room int) []piece {
	var all []piece
	for i, item := range b.Items {
		runs := cutRich(item, room-margin)
		text := ""
		if len(runs) > 0 {
			text = strings.TrimSpace(markdown(runs[0]))
		}
		if text == "" {
			text = invisible // an empty item keeps its number
		}
		n := max(b.First, 1) + i
		all = append(all, piece{text: fmt.Sprintf("%d. ", n) + strings.ReplaceAll(text, "\n", "\n   "), step: n})
		for _, run := range runs[min(1, len(runs)):] {
			all = append(all, paragraphs(run, room)...)
		}
	}
	return all
}

// code cuts a listing into several, between its lines if it can.
func code(b bot.Code, room int) []piece {
	if !languages.MatchString(b.Lang) {
		b.Lang = ""
	}
	open, shut := "```"+b.Lang+"\n", "\n```"
	room -= size(open + shut)
	var all []piece
	for rest := clean(b.Text); rest != ""; {
		var head string
		head, rest = cutText(rest, room, codeCost, true)
		if head = strings.TrimRight(head, "\n"); strings.TrimSpace(head) != "" {
			all = append(all, piece{text: open + unfence(head) + shut})
		}
	}
	return all
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
