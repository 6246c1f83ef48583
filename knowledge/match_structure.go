package knowledge

import "strings"

// readStructure makes use of what the form of the text tells: which numbers
// are statuses, and what is said not to be.
func (s *search) readStructure() {
	s.markDenied()
	for _, st := range s.paste.Statuses {
		tokens := s.tokensIn(st.Start, st.End)
		if len(tokens) == 0 {
			continue
		}
		word := s.tokens[tokens[0]].word
		entry, listed := s.status(word)
		if entry < 0 {
			continue
		}
		points := pointsStatus
		if !listed {
			points -= pointsUnlisted
		}
		s.add(entry, KindStatus, s.entries[entry].ID, points, tokens)
	}
}

// deniers say, before an article, that what follows is not so, or not so any
// more. Without one they mostly say what the trouble is: "does not connect".
var (
	deniers  = wordSet("not isnt wasnt arent longer fixed solved instead rather neither nor than without")
	articles = wordSet("a an the of any our your this that")
)

// deniedWords is how many words a denial reaches.
const deniedWords = 3

// markDenied marks what a clause denies: "not a timeout", "fixed the 401, now
// 403".
func (s *search) markDenied() {
	left := 0
	for i := range s.tokens {
		t := &s.tokens[i]
		switch {
		case i > 0 && strings.ContainsAny(s.text[s.tokens[i-1].end:t.start], ",.;:!?\n()"), t.word == "but", t.word == "now":
			left = 0
		case i > 0 && articles[t.word] && deniers[s.tokens[i-1].word]:
			left = deniedWords
			continue
		}
		t.denied = left > 0
		left = max(0, left-1)
	}
}

// denied reports whether all of some tokens are denied.
func (s *search) denied(tokens []int) bool {
	for _, i := range tokens {
		if !s.tokens[i].denied {
			return false
		}
	}
	return true
}
