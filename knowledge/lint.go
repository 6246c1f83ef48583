package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Lint returns the guide's Faults and, in their order, what only shows when
// the guide is used: examples of the author that are answered otherwise,
// headings that say nothing in particular, and topics that the matcher cannot
// tell apart. Each fault says what to do. It asks the guide every example, so
// it takes longer than [Parse].
func (g *Guide) Lint() []Fault {
	l := linter{guide: g, faults: slices.Clone(g.Faults)}
	for _, e := range g.Entries {
		if e.Kind == Topic {
			l.topics = append(l.topics, e)
		}
	}
	for _, e := range l.topics {
		l.examples(e)
	}
	l.headings()
	l.alikeTitles()
	l.alikeSteps()
	slices.SortStableFunc(l.faults, func(a, b Fault) int { return g.order.compare(a.Pos, b.Pos) })
	return l.faults
}

// A linter collects the faults of a guide in use.
type linter struct {
	guide  *Guide
	topics []*Entry
	faults []Fault

	frequency map[string]int // see bodyFrequency; nil until it is needed
}

func (l *linter) warn(file string, line int, format string, args ...any) {
	l.faults = append(l.faults, Fault{Pos: Pos{file, line}, Msg: fmt.Sprintf(format, args...)})
}

// examples asks the guide the author's examples.
func (l *linter) examples(topic *Entry) {
	for i, text := range topic.MustMatch {
		l.mustMatch(topic, text, topic.mustMatchAt[i])
	}
	for i, text := range topic.MustNotMatch {
		l.mustNotMatch(topic, text, topic.mustNotMatchAt[i])
	}
}

// mustMatch reports an example that is not answered by its topic, or a code
// that leads to it.
func (l *linter) mustMatch(topic *Entry, text string, line int) {
	matches := l.guide.Match(text)
	i := slices.IndexFunc(matches, func(m Match) bool { return m.Sure })
	switch {
	case len(matches) == 0:
		l.warn(topic.Pos.File, line, "must-match %q matches nothing; add words of it as a symptom or an alias", abridge(text))
	case i < 0 && leadsTo(matches[0].Entry, topic):
		l.warn(topic.Pos.File, line, "must-match %q is not sure enough for an answer, only for a question back, because of %s; add more of its words as a symptom",
			abridge(text), because(matches[0]))
	case i < 0:
		l.warn(topic.Pos.File, line, "must-match %q gives no sure answer, and %q is nearer because of %s; add words of it as a symptom",
			abridge(text), matches[0].Entry.ID, because(matches[0]))
	case !leadsTo(matches[i].Entry, topic):
		l.warn(topic.Pos.File, line, "must-match %q is answered with %q because of %s; add words of it as a symptom here, or as a not-symptom there",
			abridge(text), matches[i].Entry.ID, because(matches[i]))
	}
}

// mustNotMatch reports an example that surely gives the topic all the same.
func (l *linter) mustNotMatch(topic *Entry, text string, line int) {
	for _, m := range l.guide.Match(text) {
		if m.Sure && (m.Entry == topic || leadsTo(m.Entry, topic) && len(m.Entry.Related) == 1) {
			l.warn(topic.Pos.File, line, "must-not-match %q is answered with %q because of %s; add words of it as a not-symptom",
				abridge(text), m.Entry.ID, because(m))
			return
		}
	}
}

// leadsTo reports whether an entry is the topic, or a code that belongs to it.
func leadsTo(e, topic *Entry) bool {
	return e == topic || e.Kind == Code && slices.Contains(e.Related, topic)
}

// because names the strongest evidence for a match.
func because(m Match) string {
	if len(m.Reasons) == 0 {
		return "its words"
	}
	r := m.Reasons[0]
	if strings.EqualFold(r.Said, r.Found) || r.Found == "" {
		return fmt.Sprintf("%q (%s)", abridge(r.Said), r.Kind)
	}
	return fmt.Sprintf("%q (%s: %s)", abridge(r.Said), r.Kind, abridge(r.Found))
}

// generic are words of headings that say nothing in particular, beside those
// that the matcher takes for grammar or for any trouble with any API.
var generic = wordSet(`answers appendix background common contact details example examples faq faqs general guide help info information
introduction misc miscellaneous more notes other others overview question questions reference resources section solution solutions
started steps summary support tips topic topics troubleshooting unknown various`)

// telling returns the tokens of a text that can tell one topic from another.
func telling(text string) []token {
	return slices.DeleteFunc(tokenize(text), func(t token) bool {
		return t.role == filler || t.role == neutral || t.role == number || generic[t.word]
	})
}

// headings reports topics that nothing but their text can lead to: their
// headings would fit any topic, and the author gives no other name and no
// code. A heading with topics below it is a chapter's.
func (l *linter) headings() {
	for i, e := range l.topics {
		isChapter := i+1 < len(l.topics) && isBelow(l.topics[i+1], e)
		if isChapter || len(telling(e.Title)) > 0 || len(e.Aliases)+len(e.Symptoms)+len(e.Related) > 0 {
			continue
		}
		such := ""
		if words := l.ownWords(e); len(words) > 0 {
			such = " (its text has: " + strings.Join(words, ", ") + ")"
		}
		l.warn(e.Pos.File, e.Pos.Line, "the heading %q would fit any topic; add words to it that say what goes wrong%s, or give it aliases or symptoms", e.Title, such)
	}
}

// suggestions is how many words a fault proposes.
const suggestions = 3

// ownWords returns words of a topic's text that the fewest topics have, those
// that it repeats first.
func (l *linter) ownWords(topic *Entry) []string {
	type candidate struct {
		token
		count int
	}
	var found []candidate
	for _, t := range telling(bodyText(topic)) {
		i := slices.IndexFunc(found, func(c candidate) bool { return c.stem == t.stem })
		if i < 0 && len(found) < maxCandidates {
			i, found = len(found), append(found, candidate{token: t})
		}
		if i >= 0 {
			found[i].count++
		}
	}
	frequency := l.bodyFrequency()
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(frequency[a.stem], frequency[b.stem]), cmp.Compare(b.count, a.count), cmp.Compare(mass(b.word), mass(a.word)))
	})
	words := make([]string, min(len(found), suggestions))
	for i := range words {
		words[i] = found[i].word
	}
	return words
}

// maxCandidates bounds the words of a topic among which some are proposed: its
// first ones say what it is about.
const maxCandidates = 200

// bodyFrequency returns in how many topics' texts each stem occurs.
func (l *linter) bodyFrequency() map[string]int {
	if l.frequency != nil {
		return l.frequency
	}
	l.frequency = map[string]int{}
	for _, e := range l.topics {
		for _, s := range stemSet(bodyText(e)) {
			l.frequency[s]++
		}
	}
	return l.frequency
}

// bodyText is the text of a topic without its listings.
func bodyText(e *Entry) string {
	var b strings.Builder
	for _, p := range e.Body {
		for _, item := range p.Items {
			if p.Kind != Listing {
				b.WriteString(item.String())
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}
