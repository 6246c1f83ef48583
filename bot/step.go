package bot

import (
	"slices"
	"strings"

	"apihelp/knowledge"
)

// stepsOf returns the steps that a conversation about an entry goes through:
// a topic's own, those of the one topic that a code belongs to, or else what
// the guide says to do about the code.
func stepsOf(e *knowledge.Entry) []Rich {
	switch {
	case e.Kind == knowledge.Topic:
		return e.Steps()
	case len(e.Related) == 1:
		return e.Related[0].Steps()
	case len(e.Solution) > 0:
		return []Rich{e.Solution}
	}
	return nil
}

// stepsTitle names what the steps belong to.
func stepsTitle(e *knowledge.Entry) string {
	if e.Kind == knowledge.Code && len(e.Related) == 1 {
		return e.Related[0].Title
	}
	return title(e)
}

// stepNumbers returns the numbers of all steps of an entry.
func stepNumbers(e *knowledge.Entry) []int {
	numbers := make([]int, len(stepsOf(e)))
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// tried takes note of steps that did not help.
func (t *turn) tried(numbers []int) {
	s := &t.plan.Session
	s.Tried = append(slices.Clone(s.Tried), numbers...)
	slices.Sort(s.Tried)
	s.Tried = slices.Compact(s.Tried)
}

// next goes on to the first step that was not tried. A message that names
// steps says that these were tried; otherwise it speaks of the one shown.
func (t *turn) next(open *knowledge.Entry) {
	all := stepNumbers(open)
	named := slices.DeleteFunc(mentionedSteps(t.words), func(n int) bool { return n > len(all) })
	if len(named) == 0 && t.was.Step > 0 {
		named = []int{t.was.Step}
	}
	t.tried(named)
	for _, n := range all {
		if !slices.Contains(t.plan.Session.Tried, n) {
			t.show(NextStep, open, n)
			return
		}
	}
	t.exhausted(open)
}

// exhausted goes on where an entry has no step left: with another topic that
// may be behind the problem, or else with a person.
func (t *turn) exhausted(open *knowledge.Entry) {
	rest := t.plan.Session.Rest
	if open.Kind == knowledge.Code && len(open.Related) > 1 {
		rest = ids(open.Related)
	}
	for i, id := range rest {
		if e := t.guide.Entry(id); e != nil {
			t.answer(e, nil)
			t.plan.Session.Rest = rest[i+1:]
			return
		}
	}
	if t.was.HandedOver {
		t.plan.Act, t.plan.Topic = Handoff, open.ID
		t.say(text("The guide has no more steps; a person should take over. To ask something else, just write it."))
		return
	}
	t.handoff("That was the last step the guide has. A person should take over from here.")
}

// choose answers with an entry that was offered, and keeps the others for
// when it does not help.
func (t *turn) choose(e *knowledge.Entry) {
	t.answer(e, nil)
	if open := t.guide.Entry(t.was.Topic); open != nil && slices.Contains(open.Related, e) {
		t.plan.Session.Rest = slices.DeleteFunc(ids(open.Related), func(id string) bool { return id == e.ID })
	}
}

func ids(entries []*knowledge.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}

// back shows a step again: the one that is named, the last, or the one before.
func (t *turn) back(open *knowledge.Entry) {
	steps := stepsOf(open)
	if len(steps) == 0 {
		t.answer(open, nil)
		return
	}
	n := max(1, t.was.Step-1)
	if named := mentionedSteps(t.words); len(named) > 0 {
		n = named[0]
	} else if strings.Contains(t.words, "last step") {
		n = len(steps)
	}
	t.show(Back, open, min(n, len(steps)))
}

// show gives one step.
func (t *turn) show(act Act, open *knowledge.Entry, n int) {
	t.plan.Act, t.plan.Topic, t.plan.Step = act, open.ID, n
	t.plan.Session.Step = n
	steps := stepsOf(open)
	t.say(
		Heading(stepsTitle(open)),
		text(stepIntro(n, len(steps))),
		Steps{First: n, Items: steps[n-1 : n]},
		stepChoices(n, len(steps)),
	)
}
