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
	var matches []Match
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
	return matches
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

// judge weighs the evidence for one entry, strongest first: each further item
// counts less, and only for words that nothing before it has explained.
func (s *search) judge(found []evidence, total, neutralWords int) (Match, bool) {
	m := Match{Entry: s.entries[found[0].entry]}
	covered := map[int]bool{}
	points, explained := 0, 0
	for _, e := range found {
		fresh := 0
		for _, i := range e.tokens {
			if !covered[i] {
				covered[i] = true
				fresh++
				if t := s.tokens[i]; t.role == content {
					explained += mass(cmp.Or(t.fixed, t.word))
				}
			}
		}
		if fresh == 0 {
			continue
		}
		m.Reasons = append(m.Reasons, e.reason)
		points += e.reason.Points / len(m.Reasons)
	}
	m.Score = score(points, coverage(points, explained, total), neutralWords)
	m.Sure = m.Score >= sureScore && (neutralWords > 0 || s.technical(m.Reasons))
	return m, points >= leastPoints && m.Score >= worthAsking
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
