package credential

import (
	"regexp"
	"slices"
	"strings"
)

// A Redactor takes credentials out of texts. It is safe for concurrent use.
// Make one with [New].
type Redactor struct{ own []*regexp.Regexp }

// New returns a Redactor that also knows the company's own keys: whatever one
// of the patterns matches is a credential. See [ParseOwn].
func New(own ...*regexp.Regexp) *Redactor { return &Redactor{own: slices.Clone(own)} }

// Redact returns text with [Redacted] for each credential, and what was found,
// each once. It errs on the side of taking out too much. Masked keys and
// placeholders stay. Hand in bounded texts: 16 kB of a log take some
// milliseconds, 16 kB that were written to be slow up to 0.3 s.
func (r *Redactor) Redact(text string) (clean string, found []Finding) {
	var s scan
	s.read(seen(text), r.own)
	if v, ok := unescaped(s.view); ok {
		s.read(v, r.own)
	}
	return s.render(text), s.found
}

// A scan gathers what the readings of one text find.
type scan struct {
	view  *view
	open  []span // what holds no credential however it looks: certificates
	gone  []bool // which bytes of the text as written are taken out; nil for none
	found []Finding
}

// A span is a part of a text.
type span struct{ start, end int }

// read searches one view of the text.
func (s *scan) read(v *view, own []*regexp.Regexp) {
	s.view, s.open = v, nil
	for _, re := range own {
		for _, m := range re.FindAllStringIndex(v.text, -1) {
			s.leak(m[0], wrapped(v.text, m[1], keyEnd(v.text, m[1])), "API key")
		}
	}
	s.blocks()
	s.prefixed()
	s.headers()
	s.forms()
	s.assigned()
	s.opaque()
}

// leak takes a part of the view out.
func (s *scan) leak(start, end int, name string) {
	// Patterns may have taken the bracket of what was redacted before for a
	// sign.
	old := strings.HasPrefix(s.view.text[start:], Redacted) || start > 0 && strings.HasPrefix(s.view.text[start-1:], Redacted)
	if end <= start || old || s.taken(start, end) {
		return
	}
	from, to := s.view.source(start, end)
	for len(s.gone) < to {
		s.gone = append(s.gone, make([]bool, to-len(s.gone))...)
	}
	for i := from; i < to; i++ {
		s.gone[i] = true
	}
	s.add(Finding{Kind: Leaked, Name: name})
}

// taken reports whether a part of the view is taken out already, at least at
// its ends.
func (s *scan) taken(start, end int) bool {
	from, to := s.view.source(start, end)
	return to <= len(s.gone) && from < to && s.gone[from] && s.gone[to-1]
}

// render writes the text without what is to be taken out.
func (s *scan) render(text string) string {
	if s.gone == nil {
		return text
	}
	var b strings.Builder
	end := 0
	for i := 0; i < len(s.gone); i++ {
		if !s.gone[i] {
			continue
		}
		b.WriteString(text[end:i])
		b.WriteString(Redacted)
		for i < len(s.gone) && s.gone[i] {
			i++
		}
		end = i
	}
	b.WriteString(text[end:])
	return b.String()
}
