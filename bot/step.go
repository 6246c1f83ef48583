package bot

import (
	"slices"

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

// next goes on to the first step that was not tried. A message that names
// steps says that these were tried; otherwise it speaks of the one shown.
func (t *turn) next(open *knowledge.Entry) {
	steps := stepsOf(open)
	tried := mentionedSteps(t.words, len(steps))
	if len(tried) == 0 && t.was.Step > 0 {
		tried = []int{t.was.Step}
	}
	s := &t.plan.Session
	s.Tried = append(slices.Clone(s.Tried), tried...)
	slices.Sort(s.Tried)
	s.Tried = slices.Compact(s.Tried)
	for n := 1; n <= len(steps); n++ {
		if !slices.Contains(s.Tried, n) {
			t.show(NextStep, open, n)
			return
		}
	}
	if open.Kind == knowledge.Code && len(open.Related) > 1 {
		t.answer(open.Related[0], nil)
		return
	}
	t.handoff("That was the last step the guide has. A person should take over from here.")
}

// back shows a step again: the one that is named, or the one before.
func (t *turn) back(open *knowledge.Entry) {
	steps := stepsOf(open)
	if len(steps) == 0 {
		t.answer(open, nil)
		return
	}
	n := max(1, t.was.Step-1)
	if named := mentionedSteps(t.words, len(steps)); len(named) > 0 {
		n = named[0]
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
