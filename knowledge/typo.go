package knowledge

import "unicode/utf8"

// correct takes misspelt words for words of the guide's vocabulary. Ordinary
// English words, short words and identifiers are never touched.
func (x *index) correct(text string, tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if t.role != content || !misspelt(text[t.start:t.end], t.word) || x.known[t.stem] {
			continue
		}
		if w, ok := x.nearest(t.word); ok {
			t.fixed, t.stem = w, x.vocabulary[w]
		}
	}
}

// misspelt reports whether a word may be a typing mistake at all.
func misspelt(raw, word string) bool {
	if len(word) < 4 || len(word) > 24 || ordinary()[word] != 0 {
		return false
	}
	for i, r := range raw {
		if r == '_' || r >= '0' && r <= '9' || i > 0 && r >= 'A' && r <= 'Z' {
			return false
		}
	}
	return true
}

// nearest returns the word of the vocabulary that word most likely stands
// for: one edit away, or two in words of eight letters and more that begin
// alike. The first in the guide wins a tie.
func (x *index) nearest(word string) (string, bool) {
	limit := 1
	if utf8.RuneCountInString(word) >= 8 {
		limit = 2
	}
	best, found := limit+1, ""
	for _, w := range x.words {
		if limit == 2 && w[0] != word[0] || len(w)-len(word) > limit || len(word)-len(w) > limit {
			continue
		}
		if d := editDistance(word, w, best); d < best {
			best, found = d, w
		}
	}
	return found, found != ""
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
