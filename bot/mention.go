package bot

import (
	"slices"
	"strconv"
	"strings"
)

// stepCues are words behind which a number is that of a step.
var stepCues = map[string]bool{
	"step": true, "steps": true, "tried": true, "try": true, "did": true, "done": true, "checked": true, "finished": true,
	"completed": true, "skip": true, "skipped": true, "number": true, "point": true, "points": true,
}

// joins are words between the numbers of a list.
var joins = map[string]bool{"and": true, "to": true, "till": true, "until": true, "through": true, "or": true, "-": true}

// mentionedSteps returns the numbers of steps that a follow-up names: "tried
// 1 and 2", "1-3 didn't help", "step 2". Numbers of anything else, such as "for
// 2 hours", are none.
func mentionedSteps(words string) []int {
	var steps []int
	before, listed, upTo := "", true, false // a message may begin with the number
	for word := range strings.FieldsSeq(words) {
		first, last, ok := stepRange(word)
		switch {
		case ok && (listed || stepCues[before]):
			if upTo && len(steps) > 0 {
				first = steps[len(steps)-1]
			}
			for n := first; n <= last; n++ {
				steps = append(steps, n)
			}
			listed, upTo = true, false
		case joins[word] && listed && len(steps) > 0:
			upTo = word != "and" && word != "or"
		default:
			listed, upTo = false, false
		}
		before = word
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// stepRange reads "2" or "1-3".
func stepRange(word string) (first, last int, ok bool) {
	from, to, isRange := strings.Cut(word, "-")
	first, err := strconv.Atoi(from)
	if last = first; isRange && err == nil {
		last, err = strconv.Atoi(to)
	}
	return first, last, err == nil && first > 0 && last < 100
}

// places are the words for the places of a list.
var places = map[string]int{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}

// yes takes the only offer there is. "Ok" does not: it may be said of the answer
// that the offer stands below.
var yes = map[string]bool{"yes": true, "yep": true, "yeah": true, "yup": true, "sure": true, "exactly": true, "correct": true, "right": true}

// picked returns the position of the offer that a message chooses, or -1: by
// its number, its place or its name, or, if it is the only one, by a yes.
func picked(words string, offered []string, title func(id string) string) int {
	short := words
	for _, prefix := range []string{"i think ", "it is ", "its ", "the ", "number ", "option ", "no ", "nr "} {
		short = strings.TrimPrefix(short, prefix)
	}
	short = strings.TrimSuffix(strings.TrimSuffix(short, " please"), " one")
	n, err := strconv.Atoi(short)
	switch {
	case err == nil:
	case short == "last":
		n = len(offered)
	case len(offered) == 1 && yes[short]:
		n = 1
	default:
		n = places[short]
	}
	if n >= 1 && n <= len(offered) {
		return n - 1
	}
	return slices.IndexFunc(offered, func(id string) bool { return words != "" && words == plainWords(title(id)) })
}
