package credential

import (
	"iter"
	"strings"
)

// occurrences yields where each of some words begins and ends in a text, word
// by word. Patterns are tried only there, which is what makes a text without
// credentials cheap.
func occurrences(low string, words ...string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for _, w := range words {
			for i := 0; ; {
				n := strings.Index(low[i:], w)
				if n < 0 {
					break
				}
				i += n + len(w)
				if !yield(i-len(w), i) {
					return
				}
			}
		}
	}
}
