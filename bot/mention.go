package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// stepCues are words behind which a number is that of a step.
var stepCues = map[string]bool{
	"step": true, "steps": true, "tried": true, "try": true, "did": true, "done": true, "checked": true, "finished": true,
	"completed": true, "skip": true, "skipped": true, "number": true, "point": true, "points": true,
}

// openers are words that a message may begin with before it names steps.
var openers = map[string]bool{"and": true, "ok": true, "so": true, "also": true, "well": true, "then": true}

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
		case openers[word] && len(steps) == 0:
		default:
			listed, upTo = false, false
		}
		before = word
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// ordinal is a word that names a step by its place or its number.
var ordinal = regexp.MustCompile(`(\d )?\b(?:(?:the )?first (two|three|four)|(?:the )?(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th)(?: (?:step|one|point|thing|tip|suggestion))?|(?:step|point|number) (one|two|three|four|five|six))\b( time| request| call| try| question| problem| issue| day| error| attempt)?`)

// upToStep is how people name all steps to one.
var upToStep = regexp.MustCompile(`\b(?:up to|until|till|through) (?:step |number )?(\d)\b`)

// ordinalNumbers are the numbers of those words.
var ordinalNumbers = map[string]string{
	"first": "1", "1st": "1", "one": "1", "second": "2", "2nd": "2", "two": "2", "third": "3", "3rd": "3", "three": "3",
	"fourth": "4", "4th": "4", "four": "4", "fifth": "5", "5th": "5", "five": "5", "six": "6",
}

// withDigits writes the steps that a message names in words as "step 2".
func withDigits(words string) string {
	words = upToStep.ReplaceAllString(words, "step 1-$1")
	var b strings.Builder
	end := 0
	for _, m := range ordinal.FindAllStringSubmatchIndex(words, -1) {
		if m[2] >= 0 || m[10] >= 0 {
			continue // 30 second, the first time
		}
		b.WriteString(words[end:m[0]])
		end = m[1]
		switch {
		case m[4] >= 0:
			b.WriteString("step 1-" + ordinalNumbers[words[m[4]:m[5]]])
		case m[6] >= 0:
			b.WriteString("step " + ordinalNumbers[words[m[6]:m[7]]])
		default:
			b.WriteString("step " + ordinalNumbers[words[m[8]:m[9]]])
		}
	}
	return b.String() + words[end:]
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
	for _, prefix := range []string{"ok ", "then ", "so ", "i think ", "it is ", "its ", "the ", "number ", "option ", "no ", "nr "} {
		short = strings.TrimPrefix(short, prefix)
	}
	short = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(short, " please"), " you said"), " one")
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
	if i := slices.IndexFunc(offered, func(id string) bool { return words != "" && words == plainWords(title(id)) }); i >= 0 {
		return i
	}
	if other.MatchString(words) && len(offered) == 1 {
		return 0
	}
	return pickedByWord(short, offered, title)
}

// hasWord reports whether a name has a word, also in its plural.
func hasWord(name, word string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(w string) bool { return strings.TrimSuffix(w, "s") == strings.TrimSuffix(word, "s") })
}

// other asks for the one that was not taken.
var other = regexp.MustCompile(`\b(the|that) other( (one|thing|problem|issue|question|point))?\b|\bthe second (one|thing|problem|issue|question)\b`)

// pickedByWord returns the only offer whose name has a word of a short message
// that no other offer has, or -1.
func pickedByWord(words string, offered []string, title func(id string) string) int {
	if strings.Count(words, " ") > 5 || len(offered) < 2 {
		return -1
	}
	found := -1
	for word := range strings.FieldsSeq(words) {
		if len(word) < 3 || word == "error" || word == "errors" || word == "not" {
			continue
		}
		for i, id := range offered {
			if !hasWord(plainWords(title(id)), word) {
				continue
			}
			if found >= 0 && found != i {
				return -1
			}
			found = i
		}
	}
	return found
}
