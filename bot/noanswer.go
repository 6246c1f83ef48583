package bot

import (
	"fmt"
	"strconv"
	"strings"

	"apihelp/knowledge"
)

// tocLimit is how many topics the bot names when asked what it knows.
const tocLimit = 12

// unknown says that the guide has no answer, and what it has one for.
func (t *turn) unknown() {
	t.plan.Act = Unknown
	if len(t.Uncovered) > 0 {
		t.say(uncovered(t.Uncovered[0]), text(t.contents()), Choices{humanChoice})
		return
	}
	t.say(text("The guide has no answer to that. "+t.contents()), Choices{humanChoice})
}

// uncovered says what an error means that the guide has no topic on.
func uncovered(r knowledge.Recognised) Para {
	return Para{
		{Text: "That is "}, {Text: excerpt(r.Said), Style: Mono},
		{Text: fmt.Sprintf(" (%s: %s). This guide has no topic on %s.", r.Client, r.Meaning, r.Concept)},
	}
}

// nothingOpen answers a follow-up to nothing, as when the conversation has
// been over for a while.
func (t *turn) nothingOpen() {
	t.plan.Act = Unknown
	t.say(text("We have no topic open at the moment. Write the error message, the status code or what you see."), Choices{humanChoice})
}

// noneOfThese answers a no to a question back.
func (t *turn) noneOfThese() {
	t.plan.Act = Unknown
	t.say(text("Then I need to know more: what do you see exactly? An error message, a status code or a sentence will do."), Choices{humanChoice})
}

// smalltalk is short, says how to go on, and leaves the conversation as it is.
func (t *turn) smalltalk(in intent, open *knowledge.Entry) {
	t.plan.Act = Smalltalk
	t.plan.Session.Offered = t.was.Offered
	switch {
	case in == thanks:
		t.say(text("You're welcome."))
	case in == about:
		t.say(text("I'm a bot. I answer from this company's troubleshooting guide: write the error message, the status code or what you see. " + t.contents()))
	case open != nil:
		t.plan.Topic = open.ID
		t.say(text("I'm here. How did it go?"), stepChoices(t.was.Step, len(stepsOf(open))))
	default:
		t.say(text("Hello! Write the error message, the status code or what you see, and I look it up in the troubleshooting guide."))
	}
}

// contents names what the guide is about.
func (t *turn) contents() string {
	var titles []string
	codes, more := 0, 0
	for _, e := range t.guide.Entries {
		switch {
		case e.Kind == knowledge.Code:
			codes++
		case len(titles) == tocLimit:
			more++
		default:
			titles = append(titles, e.Title)
		}
	}
	s := "It covers: " + strings.Join(titles, ", ")
	if more > 0 {
		s += fmt.Sprintf(" and %d more topics", more)
	}
	if codes > 0 {
		s += fmt.Sprintf("; and error codes (%d)", codes)
	}
	return s + "."
}

// handoff gives over to a person, with what is known so far.
func (t *turn) handoff(lead string) {
	t.plan.Act, t.plan.Topic = Handoff, t.was.Topic
	t.plan.Session.HandedOver = true
	blocks := []Block{text(lead)}
	if open := t.guide.Entry(t.was.Topic); open != nil {
		blocks = append(blocks, t.summary(open))
		if who := escalateTo(open); who != "" {
			blocks = append(blocks, text("Please contact "+who+"."))
		}
	}
	t.say(blocks...)
}

// summary is what a person who takes over needs to know.
func (t *turn) summary(open *knowledge.Entry) Facts {
	tried := make([]string, 0, len(t.plan.Session.Tried))
	for _, n := range t.plan.Session.Tried {
		tried = append(tried, strconv.Itoa(n))
	}
	facts := Facts{{"Topic", Rich{{Text: title(open)}}}}
	if len(tried) > 0 {
		facts = append(facts, Fact{"Steps tried", Rich{{Text: strings.Join(tried, ", ")}}})
	}
	return facts
}

func escalateTo(e *knowledge.Entry) string {
	if e.EscalateTo != "" || len(e.Related) == 0 || e.Kind == knowledge.Topic {
		return e.EscalateTo
	}
	return e.Related[0].EscalateTo
}
