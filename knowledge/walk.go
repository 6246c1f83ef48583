package knowledge

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A walker reads the syntax tree of one file into a draft.
type walker struct {
	*draft
	file  string
	src   []byte
	lines lineIndex
	slugs slugger

	open    []*section // headings that the current one stands below, and itself
	section *section   // where content goes

	anchors     []anchor                       // links within the file
	definitions []*ast.LinkReferenceDefinition // of link addresses
	used        map[string]bool                // labels of definitions that links use
}

// An anchor is a link to a heading of the same file.
type anchor struct {
	slug string
	line int
}

// read adds a file to the draft.
func (d *draft) read(md parser.Parser, name string, src []byte) {
	w := &walker{draft: d, file: name, src: src, lines: newLineIndex(src), slugs: slugger{}, used: map[string]bool{}}
	w.begin(&section{root: true, entry: &Entry{Pos: Pos{name, 1}}})
	doc := md.Parse(text.NewReader(src))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			w.heading(h)
		} else {
			w.block(n)
		}
	}
	w.end(0)
	w.checkLinks()
}

func (w *walker) warn(line int, format string, args ...any) { w.fault(w.file, line, format, args...) }

func (w *walker) lineOf(n ast.Node) int { return w.lines.line(max(n.Pos(), 0)) }

func (w *walker) begin(s *section) {
	s.keys = map[string]int{}
	w.section = s
	w.sections = append(w.sections, s)
}

// end closes the current section, which a heading of the given level follows;
// level 0 is the end of the file.
func (w *walker) end(level int) {
	s := w.section
	if len(s.entry.Body) == 0 && !s.root && level <= s.level {
		w.warn(s.entry.Pos.Line, "nothing stands below the heading %q; write what helps, or delete it", s.entry.Title)
	}
	if s.isTopic() {
		return
	}
	for _, line := range s.notes {
		w.warn(line, "only a topic has hints, and none begins above this comment; move it below the heading of a topic with text or steps")
	}
}

// heading starts a section.
func (w *walker) heading(h *ast.Heading) {
	title := strings.ReplaceAll(w.rich(h, 0).String(), "\n", " ")
	line := w.lineOf(h)
	if title == "" {
		w.warn(line, "the heading has no text, so what follows belongs to the heading before; give it a title")
		return
	}
	w.end(h.Level)
	for len(w.open) > 0 && w.open[len(w.open)-1].level >= h.Level {
		w.open = w.open[:len(w.open)-1]
	}
	var category []string
	for _, above := range w.open {
		category = append(category, above.entry.Title)
	}
	slug := w.slugs.slug(title)
	if slug == "" {
		slug = w.slugs.slug("topic")
		w.warn(line, "the heading %q has neither letters nor digits, so nothing can link to it; add a word", title)
	}
	e := &Entry{Kind: Topic, Title: title, Category: category, Pos: Pos{w.file, line}}
	w.begin(&section{entry: e, level: h.Level, slug: slug})
	w.open = append(w.open, w.section)
}

// add appends a part to the current section.
func (w *walker) add(line int, p Part) {
	if w.section.root && p.Kind != Codes {
		w.warn(line, "text before the first heading is not used; move it below a heading")
		return
	}
	w.section.entry.Body = append(w.section.entry.Body, p)
}

// block reads one block of a section. A quote adds nothing of its own: its
// paragraphs and lists are read as if they stood outside.
func (w *walker) block(n ast.Node) {
	line := w.lineOf(n)
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		w.checkTableShape(n)
		if r := alert(w.rich(n, 0)); len(r) > 0 {
			w.add(line, Part{Kind: Prose, Items: []Rich{r}})
		}
	case *ast.Heading: // within a quote
		if r := w.rich(n, Bold); len(r) > 0 {
			w.slugs.slug(r.String())
			w.add(line, Part{Kind: Prose, Items: []Rich{r}})
		}
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			w.block(c)
		}
	case *ast.List:
		if n.IsOrdered() {
			w.steps(n)
		} else {
			w.bullets(n)
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.listing(n)
	case *east.Table:
		w.table(n)
	default:
		w.aside(n)
	}
}

// aside reads a block that is no content.
func (w *walker) aside(n ast.Node) {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		w.html(n)
	case *ast.LinkReferenceDefinition:
		w.definitions = append(w.definitions, n)
	}
}
