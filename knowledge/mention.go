package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// mentions finds codes in text, by the first word of each.
type mentions map[string][]*Entry

func newMentions(entries []*Entry) mentions {
	m := mentions{}
	for _, e := range entries {
		if e.Kind == Code {
			start, end := nextWord(e.ID, 0)
			m[e.ID[start:end]] = append(m[e.ID[start:end]], e)
		}
	}
	return m
}

// each calls found for the codes that a topic's text contains, perhaps more
// than once.
func (m mentions) each(topic *Entry, found func(code *Entry)) {
	texts := slices.Concat([]string{topic.Title}, topic.Aliases, topic.Symptoms)
	for _, p := range topic.Body {
		for _, item := range p.Items {
			texts = append(texts, item.String())
		}
	}
	for _, text := range texts {
		for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
			for _, c := range m[text[start:end]] {
				if codeAt(text, start, c.ID) {
					found(c)
				}
			}
		}
	}
}

// nextWord returns where the first word at or after offset begins and ends;
// both are the text's length if there is none.
func nextWord(text string, offset int) (start, end int) {
	start = len(text)
	for i, r := range text[offset:] {
		switch {
		case wordRune(r) && start == len(text):
			start = offset + i
		case !wordRune(r) && start < len(text):
			return start, offset + i
		}
	}
	return start, len(text)
}

var (
	digitFollows  = regexp.MustCompile(`^(?:[.,:]\d|%)`)
	digitPrecedes = regexp.MustCompile(`(?:\d[.,:]|[$€£#])$`)
	unitFollows   = regexp.MustCompile(`(?i)^[\s-]?(?:[kmgt]i?b|bytes|ms|s|secs?|seconds?|min|minutes?|hours?|days?|times|requests?|calls?|items?|records?|rows?|users?|px|characters?)\b`)
)

// codeAt reports whether the code whose first word is at text[start:] is
// there as a whole, and, if it is a number, counts nothing.
func codeAt(text string, start int, code string) bool {
	first, _ := nextWord(code, 0)
	start -= first
	if start < 0 || !strings.HasPrefix(text[start:], code) {
		return false
	}
	before, after := text[:start], text[start+len(code):]
	if r, _ := utf8.DecodeRuneInString(after); wordRune(r) {
		return false
	}
	if strings.Trim(code, "0123456789") != "" {
		return true
	}
	return !digitFollows.MatchString(after) && !unitFollows.MatchString(after) && !digitPrecedes.MatchString(before[max(0, len(before)-4):])
}
