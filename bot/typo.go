package bot

import (
	"strings"
	"sync"

	"apihelp/knowledge"
)

// cues are the words by which intents are recognised, in which typing mistakes
// are mended.
const cues = `done tried next step steps what work works worked working doesnt didnt still same help helped helping fixed solved resolved thanks thank
human person support again back skip skipped continue never mind nothing start over show list checked already different problem question useless yes please show
first second third fourth fifth last other another where which resume wrong restart
dont cant wont isnt arent wasnt werent havent hasnt hadnt couldnt wouldnt shouldnt thats whats youre theyre didn doesn its ive ill`

// cueSet has every cue.
var cueSet = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(cues) {
		set[word] = true
	}
	return set
})

// mend returns words with those that are a cue but for one slip of the fingers
// replaced by it. What is a word as it stands stays.
func mend(words string) string {
	fields := strings.Fields(words)
	changed := false
	for i, w := range fields {
		if len(w) < 4 || cueSet()[w] || knowledge.IsWord(w) {
			continue
		}
		if cue, ok := slipOf(w); ok {
			fields[i], changed = cue, true
		}
	}
	if !changed {
		return words
	}
	return strings.Join(fields, " ")
}

// slipOf returns the cue that a word is a slip of: two letters exchanged, one
// too many, one missing or one wrong. The first letter is right or the second
// is.
func slipOf(w string) (string, bool) {
	for cue := range strings.FieldsSeq(cues) {
		if len(cue) >= 4 && oneSlip(w, cue) {
			return cue, true
		}
	}
	return "", false
}

func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 1:
		return a[i:] == b[i+1:]
	case 0:
		return i < len(a) && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
	}
	return false
}

// signs are the words for what people say with a picture.
var signs = strings.NewReplacer(
	"✅", " done ", "☑️", " done ", ":white_check_mark:", " done ", "👎", " didn't help ", ":thumbsdown:", " didn't help ", ":-1:", " didn't help ",
	"❌", " didn't help ", ":x:", " didn't help ", "👍", " ok ", ":thumbsup:", " ok ", ":+1:", " ok ", "🙏", " thanks ", ":pray:", " thanks ", "🐌", " slow ", ":snail:", " slow ",
)
