package knowledge

import (
	"cmp"
	"slices"
	"strings"
)

// A titleKey is the form in which titles are compared: stems, each ended by a
// space.
func titleKey(stems []string) string {
	var b strings.Builder
	for _, s := range stems {
		b.WriteString(s)
		b.WriteByte(' ')
	}
	return b.String()
}

// alikeTitles reports headings of the same telling words in any order, and
// headings that contain another as a phrase: a message with these words is
// about both. A heading below the one it contains is meant to narrow it.
func (l *linter) alikeTitles() {
	sets, phrases := map[string]*Entry{}, map[string]*Entry{}
	for _, e := range l.topics {
		words := stemsOf(telling(e.Title))
		if len(words) == 0 {
			continue
		}
		if phrase := titleKey(stems(e.Title)); phrases[phrase] == nil {
			phrases[phrase] = e
		}
		slices.Sort(words)
		key := titleKey(slices.Compact(words))
		if first := sets[key]; first != nil {
			l.warn(e.Pos.File, e.Pos.Line, "the heading %q has the same telling words as %q at %s:%d, so messages cannot tell them apart; say in each what the other is not, or make them one topic",
				e.Title, first.Title, first.Pos.File, first.Pos.Line)
			continue
		}
		sets[key] = e
	}
	for _, e := range l.topics {
		if inner := containedTitle(e, phrases); inner != nil {
			l.warn(e.Pos.File, e.Pos.Line, "the heading %q contains that of %q at %s:%d, so messages with these words fit both; add to the shorter one what it alone is about",
				e.Title, inner.Title, inner.Pos.File, inner.Pos.Line)
		}
	}
}

// longTitle is the number of words up to which titles are compared; more make
// a sentence, not a name.
const longTitle = 16

// containedTitle returns a topic whose title is a phrase within the topic's
// own, or nil.
func containedTitle(e *Entry, phrases map[string]*Entry) *Entry {
	words := stems(e.Title)
	words = words[:min(len(words), longTitle)]
	for length := len(words) - 1; length > 0; length-- {
		for i := range len(words) - length + 1 {
			inner := phrases[titleKey(words[i:i+length])]
			if inner != nil && inner != e && !isBelow(e, inner) && !sameWords(e, inner) {
				return inner
			}
		}
	}
	return nil
}

// isBelow reports whether a topic stands below the heading of another.
func isBelow(e, above *Entry) bool {
	n := len(above.Category)
	return e.Pos.File == above.Pos.File && len(e.Category) > n && e.Category[n] == above.Title && slices.Equal(e.Category[:n], above.Category)
}

// sameWords reports whether two titles have the same telling words; that is
// another fault.
func sameWords(a, b *Entry) bool { return slices.Equal(stemSet(a.Title), stemSet(b.Title)) }

// stemSet returns the sorted stems of a text's telling words, each once.
func stemSet(text string) []string {
	set := stemsOf(telling(text))
	slices.Sort(set)
	return slices.Compact(set)
}

func stemsOf(tokens []token) []string {
	var s []string
	for _, t := range tokens {
		s = append(s, t.stem)
	}
	return s
}

// Steps are alike if more than alikePercent of the stems of each occur in the
// other. Fewer than leastStems stems are a standard phrase, such as "contact
// support", that many topics may have.
const (
	alikePercent = 80
	leastStems   = 8
)

// alikeSteps reports topics whose steps are nearly those of an earlier one.
// Two sets that share more than 80 % also share one of the rarest 20 % of
// their stems, so only topics that do are compared.
func (l *linter) alikeSteps() {
	sets := make([][]string, len(l.topics))
	frequency := map[string]int{}
	for i, e := range l.topics {
		sets[i] = stepStems(e)
		for _, s := range sets[i] {
			frequency[s]++
		}
	}
	holders := map[string][]int{} // rare stem -> topics before this one
	for i, set := range sets {
		if len(set) < leastStems {
			continue
		}
		slices.SortFunc(set, func(a, b string) int { return cmp.Or(cmp.Compare(frequency[a], frequency[b]), cmp.Compare(a, b)) })
		rare := set[:len(set)-len(set)*alikePercent/100]
		if j := firstAlike(sets, i, rare, holders); j >= 0 {
			l.reportAlike(l.topics[i], l.topics[j])
		}
		for _, s := range rare {
			holders[s] = append(holders[s], i)
		}
	}
}

func (l *linter) reportAlike(e, first *Entry) {
	l.warn(e.Pos.File, e.Pos.Line, "the steps of %q are nearly those of %q at %s:%d; make them one topic with aliases, or say in the steps what is different here",
		e.Title, first.Title, first.Pos.File, first.Pos.Line)
}

// firstAlike returns the first of the topics before i, as far as they hold one
// of the rare stems of i, that is alike, or -1.
func firstAlike(sets [][]string, i int, rare []string, holders map[string][]int) int {
	own := map[string]bool{}
	for _, s := range sets[i] {
		own[s] = true
	}
	best := i
	seen := map[int]bool{}
	for _, s := range rare {
		for _, j := range holders[s] { // in the order of the guide
			if j >= best {
				break
			}
			if !seen[j] && alike(own, sets[j]) {
				best = j
			}
			seen[j] = true
		}
	}
	if best == i {
		return -1
	}
	return best
}

func alike(a map[string]bool, b []string) bool {
	shared := 0
	for _, s := range b {
		if a[s] {
			shared++
		}
	}
	return 100*shared > alikePercent*max(len(a), len(b))
}

// stepStems returns the stems of a topic's steps, or of its whole text if it
// has none, each once.
func stepStems(e *Entry) []string {
	var b strings.Builder
	for _, step := range e.Steps() {
		b.WriteString(step.String())
		b.WriteByte('\n')
	}
	if b.Len() == 0 {
		b.WriteString(bodyText(e))
	}
	return stemSet(b.String())
}
