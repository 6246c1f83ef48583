package knowledge

import (
	"cmp"
	"slices"
)

// weigh sums the evidence for each entry and keeps the entries that explain
// enough of the text.
func (s *search) weigh() []Match {
	slices.SortStableFunc(s.found, func(a, b evidence) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(b.reason.Points, a.reason.Points), cmp.Compare(a.tokens[0], b.tokens[0]))
	})
	total, neutralWords := s.mass()
	s.covered = make([]bool, len(s.tokens))
	matches := make([]Match, 0, min(len(s.found), usualMatches))
	for rest := s.found; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(e evidence) bool { return e.entry != rest[0].entry })
		if n < 0 {
			n = len(rest)
		}
		if m, ok := s.judge(rest[:n], total, neutralWords); ok && !s.vetoed(rest[0].entry) {
			matches = append(matches, m)
		}
		rest = rest[n:]
	}
	liftCodes(matches)
	return matches
}

// usualMatches is how many entries most messages speak of at most.
const usualMatches = 4

// strong is how sure, in percent of what it can be, the way something is told
// must be to be spoken of by itself.
const strong = 60

// liftCodes puts a code that the text names before the topics that it leads
// to: its answer contains theirs. A code of several topics stays behind the one
// that something else speaks for strongly.
func liftCodes(matches []Match) {
	for i := range matches {
		code := &matches[i]
		if k := code.Reasons[0].Kind; k != KindCode && k != KindStatus || code.Reasons[0].Points < pointsNumber {
			continue
		}
		for _, topic := range matches {
			if slices.Contains(code.Entry.Related, topic.Entry) && (len(code.Entry.Related) == 1 || !topic.speaks(strong)) {
				code.Score = max(code.Score, topic.Score+code.Reasons[0].Points/100) // of two codes, the better stays before
			}
		}
	}
}

// mentioned is the like for an entry that is offered beside the answer. On
// messages with two problems it finds 6 in a hundred more than strong does, and offers
// something beside 6 in a hundred more answers to one problem.
const mentioned = 45

// Mentioned reports whether the entry is worth offering beside the answer.
func (m Match) Mentioned() bool { return m.speaks(mentioned) }

// speaks reports whether one piece of evidence is enough to speak of the entry:
// a code, a native error, a name of the topic, or the way it is told.
func (m Match) speaks(percent int) bool {
	return slices.ContainsFunc(m.Reasons, func(r Reason) bool {
		return r.Kind != KindWord && r.Points >= pointsPeople*percent/100
	})
}

// mass returns how much the text says in all, and how many of its words speak
// of an API without saying what is wrong.
func (s *search) mass() (total, neutralWords int) {
	for _, t := range s.tokens {
		switch t.role {
		case content:
			total += mass(cmp.Or(t.fixed, t.word))
		case neutral, trouble:
			neutralWords++
		}
	}
	return total, neutralWords
}

// elsewhereLimit is how sure it must be that a text is about something that no
// entry helps with, for words in common with an entry to mean nothing.
const elsewhereLimit = 50

// named reports whether a reason names an entry rather than sharing words with
// it. The way it is told names nothing where it is the words of an error that
// no entry is about.
func (s *search) named(r Reason) bool {
	switch r.Kind {
	case KindPeople:
		return !slices.ContainsFunc(s.uncovered, func(u Recognised) bool { return r.Start < u.End && u.Start < r.End })
	case KindTitle:
		return r.Points >= pointsTitle*9/10
	case KindAlias, KindSymptom:
		return r.Points >= pointsSymptom/2
	case KindWord, KindMeaning:
		return false
	}
	return true
}

// heard is how sure the model must be of some trouble, in percent, for everyday
// words to speak of it.
const heard = 30

// unheardWords is how long a message must be for the model's silence to count
// against a number that is only used like a status.
const unheardWords = 6

// doubts takes points off a number that is only used like a status in a longer
// message that does not sound like trouble: "how do I return a 403 from my own
// middleware". One that is only placed like a status is to doubt in any message,
// none beside a code that is one for certain.
func (s *search) doubts(e *evidence) int {
	said := func(other evidence) bool {
		return other.reason.Kind == KindCode || other.reason.Kind == KindStatus && other.reason.Points > pointsNumber
	}
	if e.reason.Kind != KindStatus || e.reason.Points > pointsNumber || s.confidence >= heard || slices.ContainsFunc(s.found, said) {
		return 0
	}
	if e.reason.Points <= pointsPlaced || s.words() >= unheardWords {
		return 2 * unheard
	}
	return 0
}

// judge weighs the evidence for one entry, strongest first: each further item
// counts less, and only for words that nothing before it has explained.
func (s *search) judge(found []evidence, total, neutralWords int) (Match, bool) {
	m := Match{Entry: s.entries[found[0].entry], Reasons: make([]Reason, 0, len(found))}
	clear(s.covered)
	points, explained, share := 0, 0, 0
	for i := range found {
		e := &found[i]
		share = max(share, e.share)
		fresh := 0
		for _, i := range e.tokens {
			if e.share > 0 {
				break // its share says how much it explains
			}
			if !s.covered[i] {
				s.covered[i] = true
				fresh++
				if t := s.tokens[i]; t.role == content {
					explained += mass(cmp.Or(t.fixed, t.word))
				}
			}
		}
		if fresh == 0 && e.share == 0 {
			continue
		}
		m.Reasons = append(m.Reasons, s.quote(e))
		points += (e.reason.Points - s.doubts(e)) / len(m.Reasons)
	}
	m.Score = score(points, max(share, coverage(points, explained, total)), neutralWords)
	if s.confidence < heard && !s.technical(m.Reasons) {
		m.Score = max(1, m.Score-unheard)
	}
	sure := sureScore
	if m.Reasons[0].Kind == KindPeople {
		sure += surePeople
	}
	m.Sure = m.Score >= sure && !s.soundsElse(found[0].entry, m.Reasons[0]) && (neutralWords > 0 || s.confidence >= strong || s.technical(m.Reasons))
	if s.elsewhere >= elsewhereLimit && !slices.ContainsFunc(m.Reasons, s.named) {
		return m, false
	}
	m.Likely = points >= leastPoints && m.Score >= worthAsking || share >= likelyShare
	return m, m.Likely || share > 0
}

// Where the model hears less trouble than this in so many words, names alone
// are no answer: printers refuse connections too.
const (
	hardlyHeard = 10
	namingWords = 4
)

// soundsElse reports whether a message that names an entry does not sound like
// trouble with an API at all, though the entry is about such trouble as the model
// knows. What a client or only this API prints is beyond that.
func (s *search) soundsElse(entry int, r Reason) bool {
	if s.confidence >= hardlyHeard || s.words() < namingWords || r.Kind == KindNative || r.Points >= pointsCode {
		return false
	}
	return s.bound.has(entry) && (r.Kind != KindStatus || r.Points <= pointsNumber)
}

// technical reports whether evidence alone shows that an API is spoken of:
// everyday words by themselves do not.
func (s *search) technical(reasons []Reason) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool {
		return r.Points >= decisive || r.Kind == KindStatus || plain(fold(cmp.Or(r.Fixed, r.Said))) > 100
	})
}

// coverage is the share of the text that is explained, in percent.
func coverage(points, explained, total int) int {
	c := 100
	if total > 0 {
		c = 100 * explained / total
	}
	if points >= decisive {
		c = max(c, 80)
	}
	return c
}

// score adds to the points what the text as a whole says for them: how much
// of it they explain, and whether it is about an API at all.
func score(points, coverage, neutralWords int) int {
	return max(1, points+5*(coverage-60)+50*min(neutralWords, 2))
}

// vetoed reports whether the text says one of an entry's not-symptoms.
func (s *search) vetoed(entry int) bool {
	for _, v := range s.vetoes {
		if v.entry != entry || len(v.stems) == 0 {
			continue
		}
		for i := range s.tokens {
			if s.follow(v.stems, i) != nil {
				return true
			}
		}
	}
	return false
}
