package knowledge

import (
	"slices"
	"unicode/utf8"
)

// correctLimit is how many unknown words of a text are looked at: a person's
// message has fewer, a trace has hundreds, none of them misspelt.
const correctLimit = 16

// correct takes misspelt words for words of the guide's vocabulary. Ordinary
// English words, short words and identifiers are never touched.
func (x *index) correct(text string, tokens []token) {
	tries := correctLimit
	for i := range tokens {
		t := &tokens[i]
		if tries == 0 {
			return
		}
		if t.role != content || !misspelt(text[t.start:t.end], t.word) || x.known[t.stem] {
			continue
		}
		tries--
		if w, ok := x.spelling.nearest(t.word); ok {
			t.fixed, t.stem = w, x.vocabulary[w]
		}
	}
}

// misspelt reports whether a word may be a typing mistake at all.
func misspelt(raw, word string) bool {
	if len(word) < 4 || len(word) > 24 || ordinary(word) != 0 {
		return false
	}
	for i, r := range raw {
		if r == '_' || r >= '0' && r <= '9' || i > 0 && r >= 'A' && r <= 'Z' {
			return false
		}
	}
	return true
}

// A speller finds the words of a vocabulary that a misspelt one may stand for.
// Two words within an edit of each other share a form that lacks a letter of
// each (symmetric deletion), so looking up a few forms does for comparing with
// every word.
type speller struct {
	words []string
	forms map[uint64][]int32 // hash of a form -> words, first learned first
}

// edits is how many typing mistakes a word of a length may have.
func edits(letters int) int {
	if letters >= 8 {
		return 2
	}
	return 1
}

// learn adds a word.
func (p *speller) learn(word string) {
	if p.forms == nil {
		p.forms = map[uint64][]int32{}
	}
	n := int32(len(p.words))
	p.words = append(p.words, word)
	for _, f := range forms(nil, word) {
		if list := p.forms[f]; len(list) == 0 || list[len(list)-1] != n {
			p.forms[f] = append(list, n)
		}
	}
}

// nearest returns the word that word most likely stands for: one edit away, or
// two in words of eight letters and more that begin alike. The one learned
// first wins a tie.
func (p *speller) nearest(word string) (string, bool) {
	limit := edits(utf8.RuneCountInString(word))
	best, found := limit+1, int32(-1)
	var few [256]uint64 // the forms of 22 letters
	var some [16]int32
	compared := some[:0] // a word shares many forms with one that is close to it
	for _, f := range forms(few[:0], word) {
		for _, n := range p.forms[f] {
			w := p.words[n]
			if limit == 2 && w[0] != word[0] || slices.Contains(compared, n) {
				continue
			}
			compared = append(compared, n)
			if d := editDistance(word, w, limit+1); d < best || d == best && d <= limit && n < found {
				best, found = d, n
			}
		}
	}
	if found < 0 {
		return "", false
	}
	return p.words[found], true
}

// forms appends the hashes of a word and of what is left of it when as many
// letters are deleted as it may have mistakes.
func forms(hashes []uint64, word string) []uint64 {
	letters := []rune(word)
	hashes = append(hashes, hashLetters(letters, -1, -1))
	for i := range letters {
		hashes = append(hashes, hashLetters(letters, i, -1))
		if edits(len(letters)) == 2 {
			for j := i + 1; j < len(letters); j++ {
				hashes = append(hashes, hashLetters(letters, i, j))
			}
		}
	}
	return hashes
}

// hashLetters is FNV-1a over the letters but those at skip and skip2.
func hashLetters(letters []rune, skip, skip2 int) uint64 {
	h := uint64(14695981039346656037)
	for i, r := range letters {
		if i != skip && i != skip2 {
			h = (h ^ uint64(r)) * 1099511628211
		}
	}
	return h
}

// wordLimit is the length of the longest words that are compared, in letters.
const wordLimit = 40

// editDistance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b, each letter edited once at most (optimal
// string alignment). It returns limit as soon as the distance reaches it, and
// for words longer than wordLimit.
func editDistance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if len(s) > wordLimit || len(t) > wordLimit {
		return limit
	}
	var rows [3][wordLimit + 1]int // of the letter before the last, of the last, of this one
	for j := range len(t) + 1 {
		rows[1][j] = j
	}
	for i := range s {
		before, last, row := &rows[i%3], &rows[(i+1)%3], &rows[(i+2)%3]
		row[0] = i + 1
		least := row[0]
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return rows[(len(s)+1)%3][len(t)]
}
