package knowledge

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// html reads a block of HTML: comments may hold hints, nothing else is used.
func (w *walker) html(n *ast.HTMLBlock) {
	lines := *n.Lines()
	text := string(lines.Value(w.src))
	closed := n.HasClosure() || strings.Contains(strings.ToLower(text), htmlEnd[n.HTMLBlockType])
	if n.HasClosure() {
		text += string(n.ClosureLine.Value(w.src))
	}
	first := w.lines.line(lines.At(0).Start)
	if !closed {
		w.fatal(w.file, first, "%s is never closed and swallows the rest; close it with %s", abridge(text), htmlEnd[n.HTMLBlockType])
		return
	}
	for text != "" {
		before, rest, found := strings.Cut(text, "<!--")
		w.markup(before, first)
		if !found {
			return
		}
		first += strings.Count(before, "\n")
		comment, after, _ := strings.Cut(rest, "-->")
		w.comment(comment, first)
		first += strings.Count(comment, "\n")
		text = after
	}
}

// htmlEnd is what ends the kinds of HTML blocks that do not end at a blank
// line, by the numbers of the CommonMark specification.
var htmlEnd = map[ast.HTMLBlockType]string{
	ast.HTMLBlockType1: "</", ast.HTMLBlockType2: "-->", ast.HTMLBlockType3: "?>", ast.HTMLBlockType4: ">", ast.HTMLBlockType5: "]]>",
}

var (
	lineBreakTags = regexp.MustCompile(`(?i)<br\s*/?>`)
	anyTag        = regexp.MustCompile(`<[^>]*>?`)
)

// markup reports HTML that is no comment: where it begins, and each line that
// has text.
func (w *walker) markup(html string, line int) {
	first := true
	for l := range strings.Lines(html) {
		content := strings.TrimSpace(lineBreakTags.ReplaceAllString(l, ""))
		switch {
		case content == "":
		case strings.TrimSpace(anyTag.ReplaceAllString(content, "")) != "":
			w.warn(line, "HTML is not used, nor is text within it, here %s; write it in Markdown, with an empty line before it", abridge(content))
			first = false
		case first:
			w.warn(line, "HTML is not used, here %s; write it in Markdown", abridge(content))
			first = false
		}
		line++
	}
}
