package knowledge

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// rich returns the text of a block in the given style, without white space at
// its ends.
func (w *walker) rich(block ast.Node, style Style) Rich {
	var b spans
	w.inline(&b, block, Span{Style: style})
	return b.rich()
}

// inline adds what stands within n; like has the style and the address that
// the text inherits.
func (w *walker) inline(b *spans, n ast.Node, like Span) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			w.text(b, c, like)
		case *ast.CodeSpan:
			code := c.FirstChild()
			for ; code != nil; code = code.NextSibling() {
				b.add(like, Mono, strings.ReplaceAll(string(code.(*ast.Text).Value(w.src)), "\n", " "))
			}
		case *ast.Emphasis:
			w.inline(b, c, like.with([]Style{Italic, Bold}[c.Level-1]))
		case *east.Strikethrough:
			w.inline(b, c, like.with(Strike))
		case *ast.Link:
			w.link(b, c, like)
		case *ast.AutoLink:
			w.autoLink(b, c, like)
		case *ast.Image:
			w.image(b, c, like)
		case *ast.RawHTML:
			w.rawHTML(b, c, like)
		}
	}
}

func (s Span) with(style Style) Span {
	s.Style |= style
	return s
}

func (w *walker) text(b *spans, t *ast.Text, like Span) {
	value := t.Value(w.src)
	if t.IsRaw() {
		b.add(like, 0, string(value))
	} else {
		b.add(like, 0, unescape(value))
	}
	switch {
	case t.HardLineBreak():
		b.add(like, 0, "\n")
	case t.SoftLineBreak():
		b.add(like, 0, " ")
	}
}

func (w *walker) image(b *spans, img *ast.Image, like Span) {
	w.use(img.Reference)
	w.warn(w.lineOf(img), "images are not shown, only their description; say in words what the image shows")
	w.inline(b, img, like)
}

var (
	lineBreakTag = regexp.MustCompile(`(?i)^<br\s*/?>$`)
	commentKey   = regexp.MustCompile(`^<!--\s*([\pL][\pL_-]*)\s*:`)
)

func (w *walker) rawHTML(b *spans, n *ast.RawHTML, like Span) {
	tag := n.Segments.Value(w.src)
	key := commentKey.FindSubmatch(tag)
	switch {
	case lineBreakTag.Match(tag):
		b.add(like, 0, "\n")
	case key != nil && nearestKey(string(key[1])) != "":
		w.warn(w.lineOf(n), "a comment with hints stands on lines of its own below the heading; move it there")
	case !bytes.HasPrefix(tag, []byte("<!--")):
		w.warn(w.lineOf(n), "HTML is not used, here %s; write it in Markdown, or in `backticks` to show it", abridge(string(tag)))
	}
}

// abridge returns the first line of a text, and of that not too much.
func abridge(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// unescape resolves backslash escapes and character references.
func unescape(src []byte) string {
	if bytes.IndexByte(src, '\\') < 0 && bytes.IndexByte(src, '&') < 0 {
		return string(src)
	}
	var b strings.Builder
	for i := 0; i < len(src); {
		if src[i] == '\\' && i+1 < len(src) && util.IsPunct(src[i+1]) {
			b.WriteByte(src[i+1])
			i += 2
			continue
		}
		if ref := characterReference.Find(src[i:]); ref != nil {
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(ref)))
			i += len(ref)
			continue
		}
		b.WriteByte(src[i])
		i++
	}
	return b.String()
}

var characterReference = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]*);`)
