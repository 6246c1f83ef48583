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
	if topic := topicOf(e); topic.Kind == knowledge.Topic {
		return topic.Steps()
	}
	if len(e.Related) == 0 && len(e.Solution) > 0 {
		return []Rich{e.Solution}
	}
	return nil
}

// topicOf returns the topic whose steps belong to an entry, or the entry.
func topicOf(e *knowledge.Entry) *knowledge.Entry {
	if e.Kind == knowledge.Code && len(e.Related) == 1 {
		return e.Related[0]
	}
	return e
}

// stepNumbers returns the numbers of all steps of an entry.
func stepNumbers(e *knowledge.Entry) []int {
	numbers := make([]int, len(stepsOf(e)))
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// with returns a sorted set of numbers and those given.
func with(set []int, numbers ...int) []int {
	set = append(slices.Clone(set), numbers...)
	slices.Sort(set)
	return slices.Compact(set)
}

// isDone reports whether a step was tried or skipped: it is not offered again.
func (t *turn) isDone(n int) bool {
	return slices.Contains(t.talk.Tried, n) || slices.Contains(t.talk.Skipped, n)
}

// named returns the steps of an entry that the message names by their number.
func (t *turn) named(open *knowledge.Entry) []int {
	last := len(stepsOf(open))
	return slices.DeleteFunc(mentionedSteps(t.words), func(n int) bool { return n > last })
}

// fits returns the steps of an entry that the message speaks of.
func (t *turn) fits(e *knowledge.Entry) []knowledge.Fit {
	return knowledge.StepFits(stepsTitle(e), stepsOf(e), t.text)
}

// next goes on to the first step that was neither tried nor skipped. A message
// that names steps says that these were tried; otherwise it speaks of the one
// shown.
func (t *turn) next(open *knowledge.Entry) {
	done := t.named(open)
	for _, f := range t.fits(open) {
		done = with(done, f.Step)
	}
	if len(done) == 0 || more.MatchString(t.words) {
		done = with(done, max(1, t.was.Step))
	}
	if t.talk.Tried = with(t.talk.Tried, done...); t.firstLeft(open) == 0 && t.last(open) {
		return
	}
	t.nextAfter(open)
}

// skip goes on without the step that the asker cannot or will not take.
func (t *turn) skip(open *knowledge.Entry) {
	named := t.named(open)
	if len(named) == 0 {
		named = []int{max(1, t.was.Step)}
	}
	t.talk.Skipped = with(t.talk.Skipped, named...)
	t.plan.Reason = reasonCannot
	t.nextAfter(open)
}

// nextAfter shows the first step that is left.
func (t *turn) nextAfter(open *knowledge.Entry) {
	for _, n := range stepNumbers(open) {
		if !t.isDone(n) {
			t.show(NextStep, open, n, t.para(stepPhrase(n, open), "step", n, "steps", len(stepsOf(open))))
			return
		}
	}
	t.exhausted(open)
}

func stepPhrase(n int, open *knowledge.Entry) string {
	if n == len(stepsOf(open)) {
		return "step.last"
	}
	return "step.of"
}

// last asks how the last step went that somebody says is done, before a person
// is called. It reports whether it did.
func (t *turn) last(open *knowledge.Entry) bool {
	steps := stepsOf(open)
	if t.in != next || t.was.Finished || len(steps) == 0 || t.was.Step != len(steps) {
		return false
	}
	t.talk.Finished = true
	t.plan.Act, t.plan.Topic, t.plan.Step = NextStep, open.ID, len(steps)
	t.reply(t.para("step.finished", "topic", Span{Text: stepsTitle(open), Style: Bold}), Choices{t.choice("worked"), t.choice("failed"), t.choice("human")})
	return true
}

// exhausted goes on where an entry has no step left: with another topic that
// may be behind the problem, or else with a person.
func (t *turn) exhausted(open *knowledge.Entry) {
	rest := t.talk.Rest
	if open.Kind == knowledge.Code && len(open.Related) > 1 {
		rest = ids(open.Related)
	}
	for i, id := range rest {
		if e := t.guide.Entry(id); e != nil {
			others := t.talk.Others
			t.answer(e, nil)
			t.talk.Rest, t.talk.Others = rest[i+1:], others
			return
		}
	}
	t.handoff("human.last", reasonLast)
}

// choose answers with an entry that was offered, and keeps the others for
// when it does not help.
func (t *turn) choose(e *knowledge.Entry) {
	others := slices.DeleteFunc(slices.Clone(t.was.Others), func(id string) bool { return id == e.ID })
	t.answer(e, nil)
	if t.was.Topic != e.ID && len(t.was.Others) > len(others) {
		others = append(others, t.was.Topic) // the one that was handled is not forgotten either
	}
	t.talk.Others = others
	if open := t.guide.Entry(t.was.Topic); open != nil && slices.Contains(open.Related, e) {
		t.talk.Rest = slices.DeleteFunc(ids(open.Related), func(id string) bool { return id == e.ID })
	}
}

func ids(entries []*knowledge.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}

// back shows a step again: the one that is named or meant, the last, or the
// one before.
func (t *turn) back(open *knowledge.Entry) {
	steps := stepsOf(open)
	if len(steps) == 0 {
		t.answer(open, nil)
		return
	}
	n := max(1, t.was.Step-1)
	if named := t.named(open); len(named) > 0 {
		n = named[0]
	} else if fits := t.fits(open); len(fits) > 0 {
		n = fits[0].Step
	} else if strings.Contains(t.words, "last step") {
		n = len(steps)
	} else if again.MatchString(t.words) {
		n = max(1, t.was.Step)
	}
	n = min(n, len(steps)) // the guide may have become shorter
	t.show(Back, open, n, t.para(stepPhrase(n, open), "step", n, "steps", len(steps)))
}

// show gives one step below a line that says why.
func (t *turn) show(act Act, open *knowledge.Entry, n int, intro Para) {
	t.plan.Act, t.plan.Topic, t.plan.Step = act, open.ID, n
	t.talk.Step = n
	steps := stepsOf(open)
	blocks := []Block{Heading(stepsTitle(open)), intro, Steps{First: n, Items: steps[n-1 : n]}}
	if act == NextStep && t.talk.Failed == failedOffer {
		blocks = append(blocks, t.para("step.human"))
	}
	t.reply(append(blocks, t.stepChoices(open))...)
}

// stepsTitle names what the steps belong to.
func stepsTitle(e *knowledge.Entry) string {
	if topic := topicOf(e); topic != e {
		return topic.Title
	}
	return title(e)
}
