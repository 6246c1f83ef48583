package bot

import (
	"fmt"

	"apihelp/knowledge"
)

// whyLimit is how many reasons for an answer are remembered.
const whyLimit = 3

// reasonsKept says what led to an answer without a word of the asker's: a
// session keeps none.
func reasonsKept(why []knowledge.Reason) []string {
	var kept []string
	for _, r := range why {
		if len(kept) < whyLimit && (r.Kind != knowledge.KindWord || len(why) == 1) {
			kept = append(kept, reasonText(r))
		}
	}
	return kept
}

func reasonText(r knowledge.Reason) string {
	switch {
	case r.Kind == knowledge.KindPeople:
		return "the way you describe it sounds like " + r.Found
	case r.Meaning != "":
		return fmt.Sprintf("you quote an error of %s, %q: %s", r.Client, r.Found, r.Meaning)
	}
	return fmt.Sprintf("you name the %s %q", reasonNames[r.Kind], r.Found)
}

// why says what led to the answer that stands.
func (t *turn) why(open *knowledge.Entry) {
	t.plan.Act = Smalltalk
	s := t.plan.Session
	if open == nil || len(s.Why) == 0 {
		t.say(text("There is no answer of mine here to explain. Describe what goes wrong, and I say with each answer what led to it."))
		return
	}
	t.plan.Topic = open.ID
	p := Para{{Text: "Why "}, {Text: title(open), Style: Bold}, {Text: ":"}}
	for _, reason := range s.Why {
		p = append(p, Span{Text: "\n• " + reason})
	}
	t.say(p)
}
