package knowledge

import (
	"strconv"
	"strings"
	"unicode"
)

// A slugger makes the anchors that GitHub gives the headings of one file. It
// maps each anchor to how many headings would have had it.
type slugger map[string]int

// slug returns the anchor of the next heading: lower case, without
// punctuation, spaces as hyphens, and numbered when the file has it already.
// It is empty for a title without letters and digits.
func (s slugger) slug(title string) string {
	base := strings.Map(slugRune, strings.ToLower(strings.TrimSpace(title)))
	if strings.Trim(base, "-") == "" {
		return ""
	}
	slug := base
	for s.has(slug) {
		s[base]++
		slug = base + "-" + strconv.Itoa(s[base])
	}
	s[slug] = 0
	return slug
}

func (s slugger) has(slug string) bool {
	_, ok := s[slug]
	return ok
}

// slugRune follows the expression [^\p{Word}\- ] of github/html-pipeline.
func slugRune(r rune) rune {
	switch {
	case r == ' ':
		return '-'
	case r == '-', unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd, unicode.Pc):
		return r
	}
	return -1
}
