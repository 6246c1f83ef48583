package knowledge

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// steps reads an ordered list.
func (w *walker) steps(list *ast.List) {
	w.checkNumbers(list, w.section.steps)
	p := Part{Kind: Steps}
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		if r := w.item(n, 0); len(r) > 0 {
			p.Items = append(p.Items, r)
		} else {
			w.warn(w.lineOf(n), "the step is empty; write what to do, or delete it")
		}
	}
	w.section.steps += len(p.Items)
	if len(p.Items) > 0 {
		w.add(w.lineOf(list), p)
	}
}

// checkNumbers finds numbers that readers of the file see and nobody else:
// Markdown numbers a list in sequence from its first number, and the bot
// counts on from the steps before it.
func (w *walker) checkNumbers(list *ast.List, before int) {
	if list.Start != 1 && list.Start != before+1 {
		w.warn(w.lineOf(list), "the list begins with %d, but its first step is number %d of the topic; number it so", list.Start, before+1)
	}
	last, same := list.Start, false
	for n := list.FirstChild().NextSibling(); n != nil; n = n.NextSibling() {
		number, ok := w.writtenNumber(n)
		if !ok {
			number = last + 1
		}
		if n.PreviousSibling() == list.FirstChild() {
			same = number == last // "1. 1. 1." leaves the counting to Markdown
		}
		if number != last+1 && !(same && number == last) {
			w.warn(w.lineOf(n), "number %d follows %d; Markdown shows it as the next number all the same, so number the list in sequence", number, last)
		}
		last = number
	}
}

// writtenNumber returns the number that an item has in the file. After a tab
// the parser may place the item a little too far to the right.
func (w *walker) writtenNumber(item ast.Node) (number int, ok bool) {
	line := w.src[w.lines[w.lineOf(item)-1]:]
	from := min(item.Pos()-w.lines[w.lineOf(item)-1], len(line)-1)
	for from > 0 && !(util.IsNumeric(line[from]) && !util.IsNumeric(line[from-1])) {
		from--
	}
	end := max(bytes.IndexAny(line[from:], ".)"), 0)
	number, err := strconv.Atoi(string(line[from : from+end]))
	return number, err == nil
}

// bullets reads a bullet list. Bullets that explain codes become codes; the
// others stay what they are.
func (w *walker) bullets(list *ast.List) {
	declared := w.announcesCodes()
	var p Part
	flush := func(next PartKind) {
		if p.Kind != next && len(p.Items)+len(p.Codes) > 0 {
			w.add(w.lineOf(list), p)
			p = Part{}
		}
		p.Kind = next
	}
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		r := w.item(n, 0)
		codes, meaning := codeLead(r, declared)
		switch {
		case len(r) == 0:
			w.warn(w.lineOf(n), "the bullet is empty; write something, or delete it")
		case len(codes) > 0:
			flush(Codes)
			p.Codes = w.define(p.Codes, definition{codes: codes, line: w.lineOf(n), meaning: meaning})
		default:
			flush(List)
			p.Items = append(p.Items, r)
		}
	}
	flush(Prose)
}

// listing reads a code block.
func (w *walker) listing(n ast.Node) {
	r := w.code(n)
	if len(r) == 0 {
		w.warn(w.lineOf(n), "the code block is empty; fill it, or delete it")
		return
	}
	p := Part{Kind: Listing, Items: []Rich{r}}
	if f, ok := n.(*ast.FencedCodeBlock); ok {
		p.Lang = string(f.Language(w.src))
	}
	w.add(w.lineOf(n), p)
}

// code returns the text of a code block, verbatim.
func (w *walker) code(n ast.Node) Rich {
	if f, ok := n.(*ast.FencedCodeBlock); ok && !w.closed(f) {
		w.fatal(w.file, w.lineOf(f), "the code block is never closed and swallows the rest; end it with a line like the one it begins with")
	}
	code := strings.TrimRight(string(n.Lines().Value(w.src)), "\n")
	if strings.TrimSpace(code) == "" {
		return nil
	}
	return Rich{{Text: code, Style: Mono}}
}

// closed reports whether a fence stands below a code block.
func (w *walker) closed(n *ast.FencedCodeBlock) bool {
	next := w.lineOf(n) + n.Lines().Len()
	if next >= len(w.lines) {
		return false
	}
	line := bytes.TrimLeft(w.src[w.lines[next]:], " \t>")
	return bytes.HasPrefix(line, []byte("```")) || bytes.HasPrefix(line, []byte("~~~"))
}

// item returns the content of a list item as one text with line breaks.
func (w *walker) item(item ast.Node, depth int) Rich {
	var b spans
	for n := item.FirstChild(); n != nil; n = n.NextSibling() {
		w.nested(&b, n, depth)
	}
	return b.rich()
}

// nested adds a block of a list item, on a line of its own.
func (w *walker) nested(b *spans, n ast.Node, depth int) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		w.checkTableShape(n)
		b.line(w.rich(n, 0))
	case *ast.Heading:
		r := w.rich(n, Bold)
		w.slugs.slug(r.String())
		b.line(r)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		b.line(w.code(n))
	case *ast.Blockquote:
		b.line(w.item(n, depth))
	case *ast.List:
		w.nestedList(b, n, depth)
	case *east.Table:
		for _, r := range w.tableItems(w.rows(n)) {
			b.line(append(Rich{{Text: "• "}}, r...))
		}
	default:
		w.aside(n)
	}
}

func (w *walker) nestedList(b *spans, list *ast.List, depth int) {
	if list.IsOrdered() {
		w.checkNumbers(list, list.Start-1)
	}
	number := list.Start
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		marker := strings.Repeat("  ", depth) + "• "
		if list.IsOrdered() {
			marker = strings.Repeat("  ", depth) + strconv.Itoa(number) + ". "
		}
		number++
		r := w.item(n, depth+1)
		if len(r) == 0 {
			w.warn(w.lineOf(n), "the bullet is empty; write something, or delete it")
			continue
		}
		b.line(append(Rich{{Text: marker}}, r...))
	}
}
