package knowledge

import (
	"regexp"
	"strings"
	"unicode"
)

// spans collects the pieces of a rich text.
type spans struct{ r Rich }

func (b *spans) add(like Span, style Style, text string) {
	b.append(Span{Text: text, Style: like.Style | style, URL: like.URL})
}

func (b *spans) append(s Span) {
	if s.Text != "" {
		b.r = append(b.r, s)
	}
}

// line adds a text below what is there.
func (b *spans) line(r Rich) {
	if len(r) > 0 && len(b.r) > 0 {
		b.append(Span{Text: "\n"})
	}
	for _, s := range r {
		b.append(s)
	}
}

// rich returns the text. Neighbours that look alike are one span.
func (b *spans) rich() Rich {
	var r Rich
	for i := 0; i < len(b.r); {
		s, end := b.r[i], i+1
		for end < len(b.r) && b.r[end].Style == s.Style && b.r[end].URL == s.URL {
			end++
		}
		if end > i+1 {
			s.Text = b.r[i:end].String()
		}
		r = append(r, s)
		i = end
	}
	return trim(r)
}

// trim removes white space from the ends of a text, and spans that are left
// without text. Code keeps its indentation.
func trim(r Rich) Rich {
	for len(r) > 0 && r[0].Style&Mono == 0 {
		if r[0].Text = strings.TrimLeftFunc(r[0].Text, unicode.IsSpace); r[0].Text != "" {
			break
		}
		r = r[1:]
	}
	for len(r) > 0 {
		last := &r[len(r)-1]
		if last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace); last.Text != "" {
			break
		}
		r = r[:len(r)-1]
	}
	return r
}

// alert gives the text of a GitHub alert, "[!NOTE]", its name in bold.
func alert(r Rich) Rich {
	if len(r) == 0 {
		return r
	}
	m := alertMarker.FindStringSubmatch(r[0].Text)
	if m == nil {
		return r
	}
	name := m[1][:1] + strings.ToLower(m[1][1:])
	rest := append(Rich{{Text: r[0].Text[len(m[0]):], Style: r[0].Style, URL: r[0].URL}}, r[1:]...)
	return append(Rich{{Text: name + ": ", Style: Bold}}, trim(rest)...)
}

var alertMarker = regexp.MustCompile(`^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s`)
