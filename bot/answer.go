package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// stepChoices are what can follow the step that is shown.
func (t *turn) stepChoices(e *knowledge.Entry) Choices {
	of := len(stepsOf(e))
	c := Choices{t.choice("worked")}
	switch {
	case t.talk.Step < of:
		c = append(c, t.choice("next"))
	case of > 0:
		c = append(c, t.choice("failed"))
	}
	if t.offersCheck(e) {
		c = append(c, t.choice("check"))
	}
	return append(c, t.choice("human"))
}

// reply adds a reply.
func (t *turn) reply(blocks ...Block) {
	t.plan.Replies = append(t.plan.Replies, Reply{Blocks: blocks})
}

// newProblem remembers what is asked, for a person who may take over.
func (t *turn) newProblem() {
	t.talk.Question, t.talk.Source, t.talk.Details = clipTo(t.text, questionLimit), asked(t.m), nil
	t.talk.Answered = ReplyName(t.m, 0)
}

// questionLimit bounds what is kept of a question, in bytes.
const questionLimit = 1000

// answer gives an entry whole and begins its steps, or goes on with them if
// some were tried under another name of it.
func (t *turn) answer(e *knowledge.Entry, why []knowledge.Reason) {
	if before := t.guide.Entry(cmp.Or(t.talk.Topic, t.talk.Closed)); before == nil || topicOf(before) != topicOf(e) {
		t.turnTo(e)
	}
	t.talk.Topic, t.talk.Closed, t.talk.Step = e.ID, "", t.firstLeft(e)
	if len(why) > 0 {
		t.talk.Why = t.reasonsKept(why)
	}
	t.plan.Act, t.plan.Topic = Answer, e.ID
	blocks := append(append(t.fresh(), t.incident(e)...), Heading(title(e)))
	blocks = append(blocks, t.whyBlock(why)...)
	if facts := t.codeFacts(e); e.Kind == knowledge.Code && len(facts) > 0 {
		blocks = append(blocks, facts)
	}
	t.reply(append(blocks, t.behind(e)...)...)
}

// trailLimit is how many topics are remembered that an asker turned away from.
const trailLimit = 4

// turnTo leaves the topic of before, but not for good, and goes on with another
// from where that was left.
func (t *turn) turnTo(e *knowledge.Entry) {
	t.talk.Earlier = t.trails()
	t.talk.Tried, t.talk.Skipped, t.talk.Rest, t.talk.Others, t.talk.Failed = nil, nil, nil, nil, 0
	for i, trail := range t.talk.Earlier {
		if old := t.guide.Entry(trail.Topic); old != nil && topicOf(old) == topicOf(e) {
			t.talk.Tried, t.talk.Skipped = trail.Tried, trail.Skipped
			t.talk.Earlier = slices.Delete(slices.Clone(t.talk.Earlier), i, i+1)
			break
		}
	}
}

// trails returns how far the talk was with its topic, and with those before.
func (t *turn) trails() []sessions.Trail {
	if t.talk.Topic == "" {
		return t.talk.Earlier
	}
	left := sessions.Trail{Topic: t.talk.Topic, Tried: t.talk.Tried, Skipped: t.talk.Skipped}
	trails := append([]sessions.Trail{left}, t.talk.Earlier...)
	return trails[:min(len(trails), trailLimit)]
}

// fresh says that an earlier conversation has ended, once.
func (t *turn) fresh() []Block {
	if t.own || t.over() < 0 {
		return nil
	}
	topic := t.guide.Entry(t.takeOver().Topic)
	return []Block{t.para("answer.fresh", "topic", Span{Text: title(topic), Style: Bold})}
}

// firstLeft returns the first step that is left, 0 if there is none.
func (t *turn) firstLeft(e *knowledge.Entry) int {
	i := slices.IndexFunc(stepNumbers(e), func(n int) bool { return !t.isDone(n) })
	return i + 1
}

// behind is how an answer goes on: with the steps of the topic, or for a code
// with the choice of several.
func (t *turn) behind(e *knowledge.Entry) []Block {
	if e.Kind == knowledge.Code && len(e.Related) > 1 {
		return []Block{t.para("answer.behind"), append(t.offer(e.Related), t.choice("human"))}
	}
	var blocks []Block
	if topic := topicOf(e); topic.Kind == knowledge.Topic {
		if topic != e {
			blocks = append(blocks, Heading(topic.Title))
		}
		blocks = append(blocks, bodyBlocks(topic, t.isDone)...)
	}
	if done := with(t.talk.Tried, t.talk.Skipped...); len(done) > 0 {
		blocks = append(blocks, t.para("answer.tried", "steps", joined(done)))
	} else if f, ok := t.fitting(e); ok {
		t.talk.Step = f.Step
		blocks = append(blocks, t.para("answer.fits", "said", said(f.Said), "step", f.Step))
	}
	return append(blocks, t.stepChoices(e))
}

// whole shows an entry with all its steps again, also those that were tried.
func (t *turn) whole(open *knowledge.Entry) {
	t.plan.Act, t.plan.Topic = Answer, open.ID
	blocks := []Block{Heading(title(open))}
	if facts := t.codeFacts(open); open.Kind == knowledge.Code && len(facts) > 0 {
		blocks = append(blocks, facts)
	}
	if topic := topicOf(open); topic.Kind == knowledge.Topic {
		blocks = append(blocks, bodyBlocks(topic, func(int) bool { return false })...)
	}
	if done := with(t.talk.Tried, t.talk.Skipped...); len(done) > 0 {
		blocks = append(blocks, Facts{{t.say("fact.tried"), Rich{{Text: joined(done)}}}})
	}
	t.reply(append(blocks, t.stepChoices(open))...)
}

// joined writes numbers as a list.
func joined(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// title names an entry: a code with its meaning, if that is short.
func title(e *knowledge.Entry) string {
	if m := e.Meaning.String(); m != "" && len(m) <= 40 {
		return e.Title + ": " + m
	}
	return e.Title
}

func (t *turn) codeFacts(e *knowledge.Entry) Facts {
	var facts Facts
	if len(e.Meaning) > 0 {
		facts = append(facts, Fact{t.say("answer.meaning"), e.Meaning})
	}
	if len(e.Solution) > 0 {
		facts = append(facts, Fact{t.say("answer.solution"), e.Solution})
	}
	return facts
}

// bodyBlocks renders a topic's content in the guide's order; its steps are
// numbered through, and those that are done left out.
func bodyBlocks(e *knowledge.Entry, isDone func(int) bool) []Block {
	var blocks []Block
	first := 1
	for _, p := range e.Body {
		switch p.Kind {
		case knowledge.Prose:
			blocks = append(blocks, Para(p.Items[0]))
		case knowledge.Steps:
			blocks = append(blocks, stepBlocks(first, p.Items, isDone)...)
			first += len(p.Items)
		case knowledge.List:
			blocks = append(blocks, bullets(p.Items))
		case knowledge.Listing:
			blocks = append(blocks, Code{Lang: p.Lang, Text: p.Items[0].String()})
		case knowledge.Codes:
			blocks = append(blocks, listedCodes(p.Codes))
		}
	}
	return blocks
}

// stepBlocks are the steps that are not done, in runs.
func stepBlocks(first int, items []Rich, isDone func(int) bool) []Block {
	var blocks []Block
	for i, run := 0, 0; i <= len(items); i++ {
		if i < len(items) && !isDone(first+i) {
			continue
		}
		if run < i {
			blocks = append(blocks, Steps{First: first + run, Items: items[run:i]})
		}
		run = i + 1
	}
	return blocks
}

func bullets(items []Rich) Para {
	var p Para
	for i, item := range items {
		lead := "• "
		if i > 0 {
			lead = "\n• "
		}
		p = append(append(p, Span{Text: lead}), item...)
	}
	return p
}

// listedCodes are the codes that a topic lists.
func listedCodes(codes []*knowledge.Entry) Facts {
	var facts Facts
	for _, c := range codes {
		value := append(Rich{}, c.Meaning...)
		if len(c.Solution) > 0 {
			value = append(append(value, Span{Text: ". "}), c.Solution...)
		}
		facts = append(facts, Fact{c.Title, value})
	}
	return facts
}

// excerpt bounds what is repeated of a message.
func excerpt(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// clarify asks which entry is meant, by what the asker would see.
func (t *turn) clarify(entries []*knowledge.Entry) {
	t.plan.Act = Clarify
	phrase := "clarify.some"
	if len(entries) == 1 {
		phrase = "clarify.one"
	}
	blocks := append(t.fresh(), t.para(phrase))
	var seen Facts
	for i, e := range entries[:min(len(entries), offerLimit)] {
		if sight := t.sight(e); len(sight) > 0 {
			seen = append(seen, Fact{fmt.Sprintf("%d. %s", i+1, e.Title), sight})
		}
	}
	if len(seen) > 0 {
		blocks = append(blocks, seen)
	}
	t.reply(append(blocks, append(t.offer(entries), t.choice("other"), t.choice("human")))...)
}

// sight is what somebody sees who needs an entry: what the guide says that a
// code means, or what is known of the kind of trouble that a topic is about.
func (t *turn) sight(e *knowledge.Entry) Rich {
	if len(e.Meaning) > 0 {
		return e.Meaning
	}
	for _, b := range t.guide.Bindings() {
		if b.Entry == e {
			return t.rich("see." + b.Concept)
		}
	}
	return nil
}

// offer lets the asker choose between entries, by button, number or name.
func (t *turn) offer(entries []*knowledge.Entry) Choices {
	var c Choices
	for _, e := range entries[:min(len(entries), offerLimit)] {
		t.talk.Offered = append(t.talk.Offered, e.ID)
		c = append(c, Choice{Label: title(e), Say: title(e)})
	}
	return c
}
