package knowledge

import "strings"

// A Style is a set of ways to set off a [Span] from the text around it.
type Style uint8

// The styles a guide's Markdown can give a span.
const (
	Bold Style = 1 << iota
	Italic
	Mono // set as code
	Strike
)

// A Span is a run of text in one style. Text is literal: it contains no
// markup, and whoever shows it escapes it for the place where it is shown. A
// newline in it is a line break. URL, if not empty, is an absolute address
// that the text links to.
type Span struct {
	Text  string `json:"text"`
	Style Style  `json:"style,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Rich is text within a paragraph, a step or a cell.
type Rich []Span

// String returns the text without its styles and links.
func (r Rich) String() string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.Text)
	}
	return b.String()
}
