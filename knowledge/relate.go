package knowledge

import (
	"cmp"
	"slices"
	"strings"
)

// A bond says that a code belongs to a topic, and how surely.
type bond struct {
	topic    *Entry
	strength float64
}

// How surely a code belongs to a topic that explains or annotates it, and to
// one that mentions it. Words alone weigh at most 1. A topic without steps,
// which only lists codes, comes after those that help.
const (
	bondOwn       = 4
	bondMentioned = 2
	bondReference = 0.1
)

// relate tells codes and topics which belong together. A code belongs to the
// topics that explain, annotate or mention it. One that belongs to no topic
// with steps belongs to those whose title it repeats: at least half of the
// title's words, not counting those that say nothing in particular, must
// occur in the code's meaning or solution.
func relate(topics []*section, entries []*Entry) {
	bonds := map[*Entry][]bond{}
	mentions := newMentions(entries)
	for _, s := range topics {
		for _, c := range s.codes {
			bonds[c] = bind(bonds[c], s.entry, bondOwn)
		}
		mentions.each(s.entry, func(c *Entry) { bonds[c] = bind(bonds[c], s.entry, bondMentioned) })
	}
	titles := titleStems(topics)
	for _, c := range entries {
		if c.Kind != Code {
			continue
		}
		b := bonds[c]
		if !slices.ContainsFunc(b, func(b bond) bool { return b.strength > 1 }) {
			b = bindByWords(b, c, titles)
		}
		slices.SortStableFunc(b, func(x, y bond) int { return cmp.Compare(y.strength, x.strength) })
		for _, b := range b {
			c.Related = append(c.Related, b.topic)
			b.topic.Related = append(b.topic.Related, c)
		}
	}
}

// bind adds a topic unless it is there already.
func bind(bonds []bond, topic *Entry, strength float64) []bond {
	if slices.ContainsFunc(bonds, func(b bond) bool { return b.topic == topic }) {
		return bonds
	}
	if len(topic.Steps()) == 0 {
		strength = bondReference
	}
	return append(bonds, bond{topic, strength})
}

// A titleWords is a topic with the stems of its title's telling words.
type titleWords struct {
	topic *Entry
	stems []string
}

// vague words occur in the titles and the meanings of unlike things. They add
// to the neutral words of the matcher.
var vague = wordSet(`access action bad check common data fix general guide incorrect internal invalid missing reference solution support
unable unknown unexpected user users verify wrong`)

func titleStems(topics []*section) []titleWords {
	var titles []titleWords
	for _, s := range topics {
		var stems []string
		for _, t := range tokenize(s.entry.Title) {
			telling := t.role != filler && t.role != neutral && t.role != number && !vague[t.word]
			if telling && !slices.Contains(stems, t.stem) {
				stems = append(stems, t.stem)
			}
		}
		if len(stems) > 0 {
			titles = append(titles, titleWords{s.entry, stems})
		}
	}
	return titles
}

func bindByWords(bonds []bond, code *Entry, titles []titleWords) []bond {
	row := map[string]bool{}
	for _, s := range stems(code.Meaning.String() + " " + code.Solution.String() + " " + strings.Join(codeParts(code.ID), " ")) {
		row[s] = true
	}
	for _, t := range titles {
		n := 0
		for _, s := range t.stems {
			if row[s] {
				n++
			}
		}
		if 2*n >= len(t.stems) {
			bonds = bind(bonds, t.topic, float64(n)/float64(len(t.stems)))
		}
	}
	return bonds
}
