package atlas

import (
	_ "embed"
	"strings"
)

//go:embed words.tsv
var wordsTSV string

//go:embed wrappers.txt
var wrappersText string

// A wordClass is what an English word of a pattern is worth. The words that
// words.tsv does not list are not English ("jwt", "enotfound"). What is English
// was taken from ../words; a test names the words that a new row lacks.
type wordClass uint8

const (
	technical wordClass = iota // jargon, even if English has the word: "gateway"
	ordinary                   // everybody's: "access", "limit"
	filler                     // of no meaning alone: "is", "too"
)

func wordClasses() map[string]wordClass {
	out := map[string]wordClass{}
	for line := range strings.Lines(wordsTSV) {
		switch word, kind, _ := strings.Cut(strings.TrimSpace(line), "\t"); kind {
		case "technical":
			out[word] = technical
		case "ordinary":
			out[word] = ordinary
		case "filler":
			out[word] = filler
		}
	}
	return out
}

// wrappers returns the patterns of errors that only carry another one.
func wrappers() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(wrappersText) {
		out[strings.TrimSpace(line)] = true
	}
	return out
}

// A weigher counts the words of a pattern: all, those with a meaning, and those
// of the trade, where a status or a word that is not English counts twice.
type weigher struct{ words, content, technical int }

func (w *weigher) add(cells []cell, words map[string]wordClass) {
	for i := 0; i < len(cells); {
		j := i + 1
		for j < len(cells) && cells[j].edge == 0 {
			j++
		}
		w.count(cells[i:j], words)
		i = j
	}
}

func (w *weigher) count(word []cell, words map[string]wordClass) {
	var b [64]byte
	s := b[:0]
	for _, c := range word {
		s = append(s, c.c)
	}
	kind, listed := words[string(s)]
	w.words++
	switch {
	case class[s[0]] == digit && len(s) >= 3 && len(s) <= 5: // a status or an errno
		w.technical += 2
		w.content++
	case class[s[0]] == digit:
	case !listed: // no English word at all
		w.content++
		w.technical += 2
	case kind == ordinary:
		w.content++
	case kind == technical:
		w.content++
		w.technical++
	}
}

// strong grades words, apart from how they are spelt.
func (w *weigher) strong() int {
	switch {
	case w.words == 1 && w.technical > 0, w.words >= 3 && (w.technical > 0 || w.content >= 3), w.words >= 4 && w.content >= 2:
		return decisive
	case w.words == 2 && w.technical >= 2:
		return jargon
	case w.words == 2 && w.technical == 1:
		return mixed
	case w.words >= 3 && w.content >= 2:
		return plain
	default:
		return weak
	}
}
