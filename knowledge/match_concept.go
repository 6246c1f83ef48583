package knowledge

import (
	"slices"
	"sort"
	"strings"

	"apihelp/knowledge/atlas"
	"apihelp/knowledge/model"
	"apihelp/knowledge/paste"
)

// Points of what the atlas and the model say, in hundredths.
const (
	pointsNative = 600 // a native error, if it cannot mean anything else
	pointsPeople = 450 // the way people talk, if the model is certain
)

// weakNative is how telling a native error must be to count as one by itself:
// "access denied" is said of many things.
const weakNative = 50

// findNatives adds the native errors that the text quotes. A wrapper counts
// only without its cause, and beside the innermost cause of a trace the rest
// counts little.
func (s *search) findNatives() {
	hits := atlas.Find(s.text)
	caused, inner := false, false
	for _, h := range hits {
		caused = caused || !h.Wrapper && h.Strong >= weakNative
		inner = inner || s.inCause(h) && !h.Wrapper
	}
	for _, h := range hits {
		if h.Wrapper && caused {
			continue
		}
		points := pointsNative * h.Strong / 100
		if inner && !s.inCause(h) {
			points /= 3
		}
		s.addNative(h, points)
	}
}

func (s *search) inCause(h atlas.Hit) bool {
	return h.Start >= s.paste.Cause.Start && h.End <= s.paste.Cause.End
}

// addNative adds a native error to the entry that helps with it, or to what is
// recognised and not covered.
func (s *search) addNative(h atlas.Hit, points int) {
	tokens := s.tokensIn(h.Start, h.End)
	if len(tokens) == 0 || points == 0 {
		return
	}
	entry := s.entryFor(h.Row.Concept)
	if entry < 0 {
		if h.Strong >= weakNative {
			s.elsewhere = 100
			s.uncovered = append(s.uncovered, Recognised{
				Said: s.text[h.Start:h.End], Start: h.Start, End: h.End, Client: h.Row.Client, Meaning: h.Row.Meaning, Concept: conceptName(h.Row.Concept),
			})
		}
		return
	}
	s.add(entry, KindNative, h.Row.Pattern, points, tokens)
	r := &s.found[len(s.found)-1].reason
	r.Client, r.Meaning = h.Row.Client, h.Row.Meaning
}

// findPeople adds what the model hears in the way the text is written. What it
// hears for several concepts that one entry helps with adds up; a clause that
// speaks clearly of something is heard beside the whole.
func (s *search) findPeople() {
	if s.words() < leastWords {
		return
	}
	for _, p := range model.Predict(s.text) {
		s.confidence += p.Confidence
		if s.entryFor(p.Concept) < 0 {
			s.elsewhere += p.Confidence
		}
		s.addPeople(p, 0, true)
	}
	s.findHalves()
	for _, c := range clauses(s.text) {
		if len(s.tokensIn(c.Start, c.End)) < clauseWords {
			continue
		}
		for _, p := range s.hear(c.Start, c.End) {
			if p.Confidence >= clauseConfidence {
				s.addPeople(p, c.Start, false)
			}
		}
	}
}

// splitConfidence is how sure it must be of each half of a text that the two
// speak of different things.
const splitConfidence = 45

const splitLimit = 6

// findHalves looks for the place where a text turns from one trouble to
// another: the one at which both sides are surest of different entries.
func (s *search) findHalves() {
	best := splitConfidence - 1
	var halves [2]model.Prediction
	var offset int
	for n, c := range clauses(s.text) {
		if n == 0 || n > splitLimit || len(s.tokensIn(0, c.Start)) < clauseWords || len(s.tokensIn(c.Start, len(s.text))) < clauseWords {
			continue
		}
		a, ok := s.loudest(0, c.Start)
		if !ok || a.Confidence <= best {
			continue
		}
		b, ok := s.loudest(c.Start, len(s.text))
		if ok && s.entryFor(a.Concept) != s.entryFor(b.Concept) && min(a.Confidence, b.Confidence) > best {
			best, halves, offset = min(a.Confidence, b.Confidence), [2]model.Prediction{a, b}, c.Start
		}
	}
	if best >= splitConfidence {
		s.addPeople(halves[0], 0, false)
		s.addPeople(halves[1], offset, false)
	}
}

// hear returns what the model makes of a part of the text. A first and a last
// clause are a side of a turn as well, and asked for twice.
func (s *search) hear(start, end int) []model.Prediction {
	part := strings.TrimRight(s.text[start:end], " .,;!?-\n")
	for _, h := range s.heardParts {
		if h.part == part {
			return h.predictions
		}
	}
	s.heardParts = append(s.heardParts, hearing{part, model.Predict(s.text[start:end])})
	return s.heardParts[len(s.heardParts)-1].predictions
}

// A hearing is what the model made of a part of a text.
type hearing struct {
	part        string
	predictions []model.Prediction
}

// loudest returns what a part of the text is most likely about, with the
// confidence of all concepts of the same entry.
func (s *search) loudest(start, end int) (model.Prediction, bool) {
	predictions := s.hear(start, end)
	if len(predictions) == 0 {
		return model.Prediction{}, false
	}
	first := predictions[0]
	for _, p := range predictions[1:] {
		if s.entryFor(p.Concept) == s.entryFor(first.Concept) {
			first.Confidence += p.Confidence
		}
	}
	return first, s.entryFor(first.Concept) >= 0
}

// A clause counts beside the whole text if it has so many words and is so
// sure: half a sentence can sound like anything.
const (
	clauseWords      = 4
	clauseConfidence = 60
	clauseLimit      = 12
)

// clauses returns the parts of a text that may speak of different things, if
// there are several.
func clauses(text string) []paste.Span {
	var out []paste.Span
	start := 0
	for start < len(text) && len(out) < clauseLimit {
		end := len(text)
		for _, mark := range clauseMarks {
			if i := strings.Index(text[start:end], mark); i >= 0 {
				end = start + i
			}
		}
		if end > start {
			out = append(out, paste.Span{Start: start, End: end})
		}
		start = end + 1
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// clauseMarks stand between clauses.
var clauseMarks = []string{". ", "! ", "? ", "; ", "\n", ", ", " - ", " but ", " and ", " also ", " plus ", ") "}

// leastWords is how many words say something in a way.
const leastWords = 2

// words counts the words that are no numbers.
func (s *search) words() int {
	return count(s.tokens, func(t token) bool { return strings.Trim(t.word, "0123456789") != "" })
}

// addPeople adds a prediction about the text from offset on to the entry that
// helps with its concept. It adds to what was heard before, or counts only as
// far as it is surer than that.
func (s *search) addPeople(p model.Prediction, offset int, sum bool) {
	entry := s.entryFor(p.Concept)
	if entry < 0 || p.Confidence == 0 || s.isRejected(entry) {
		return
	}
	for i := range s.found {
		if e := &s.found[i]; e.entry == entry && e.reason.Kind == KindPeople {
			if sum {
				e.share += p.Confidence
			}
			e.share = max(e.share, p.Confidence)
			e.reason.Points = pointsPeople * e.share / 100
			return
		}
	}
	tokens := make([]int, 0, 3*len(p.Grams)) // a gram is up to three words
	for _, g := range p.Grams {
		tokens = append(tokens, s.tokensIn(offset+g.Start, offset+g.End)...)
	}
	slices.Sort(tokens)
	if tokens = slices.Compact(tokens); len(tokens) > 0 {
		s.add(entry, KindPeople, conceptName(p.Concept), max(1, pointsPeople*p.Confidence/100), tokens)
		s.found[len(s.found)-1].share = p.Confidence
	}
}

// isRejected reports whether an entry is that of a number which only looks like
// a status, or is led to by it: "429 USD" is not said of rate limits.
func (s *search) isRejected(entry int) bool {
	return slices.ContainsFunc(s.rejected, func(code int) bool {
		return code == entry || slices.Contains(s.entries[code].Related, s.entries[entry])
	})
}

// tokensIn returns the tokens that overlap a part of the text.
func (s *search) tokensIn(start, end int) []int {
	first := sort.Search(len(s.tokens), func(i int) bool { return s.tokens[i].end > start })
	last := first
	for last < len(s.tokens) && s.tokens[last].start < end {
		last++
	}
	return s.run(first, last)
}
