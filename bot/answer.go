package bot

import (
	"fmt"
	"strings"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// What choices say is understood like anything that a person types.
var (
	humanChoice = Choice{Label: "Talk to a human", Say: "talk to a human"}
	noChoice    = Choice{Label: "Something else", Say: "something else"}
)

// stepChoices are what can follow step n of a number of steps.
func stepChoices(n, of int) Choices {
	c := Choices{{Label: "It worked", Say: "it worked"}}
	switch {
	case n < of:
		c = append(c, Choice{Label: "Next step", Say: "next step"})
	case of > 0:
		c = append(c, Choice{Label: "Didn't work", Say: "didn't work"})
	}
	return append(c, humanChoice)
}

func (t *turn) say(blocks ...Block) {
	t.plan.Replies = append(t.plan.Replies, Reply{Blocks: blocks})
}

// answer gives an entry whole and begins its steps.
func (t *turn) answer(e *knowledge.Entry, why []knowledge.Reason) {
	s := &t.plan.Session
	if s.Topic != e.ID {
		s.Tried, s.Rest, s.HandedOver = nil, nil, false
	}
	steps := len(stepsOf(e))
	s.Topic, s.Step = e.ID, min(1, steps)
	if len(why) > 0 {
		s.Why = reasonsKept(why)
	}
	t.plan.Act, t.plan.Topic = Answer, e.ID
	blocks := append([]Block{Heading(title(e))}, whyBlock(why)...)
	if e.Kind == knowledge.Topic {
		t.say(append(append(blocks, bodyBlocks(e)...), stepChoices(1, steps))...)
		return
	}
	if facts := codeFacts(e); len(facts) > 0 {
		blocks = append(blocks, facts)
	}
	t.say(append(blocks, t.behind(e)...)...)
}

// behind is how the answer to a code goes on: with the steps of the topic
// that it belongs to, or with the choice of several.
func (t *turn) behind(code *knowledge.Entry) []Block {
	switch len(code.Related) {
	case 0:
		return []Block{stepChoices(1, len(stepsOf(code)))}
	case 1:
		topic := code.Related[0]
		blocks := append([]Block{Heading(topic.Title)}, bodyBlocks(topic)...)
		return append(blocks, stepChoices(1, len(stepsOf(code))))
	}
	return []Block{text("The guide has steps for what can be behind it:"), append(t.offer(code.Related), humanChoice)}
}

// title names an entry: a code with its meaning, if that is short.
func title(e *knowledge.Entry) string {
	if m := e.Meaning.String(); m != "" && len(m) <= 40 {
		return e.Title + ": " + m
	}
	return e.Title
}

func codeFacts(e *knowledge.Entry) Facts {
	var facts Facts
	if len(e.Meaning) > 0 {
		facts = append(facts, Fact{"Meaning", e.Meaning})
	}
	if len(e.Solution) > 0 {
		facts = append(facts, Fact{"What to do", e.Solution})
	}
	return facts
}

// bodyBlocks renders a topic's content in the guide's order; its steps are
// numbered through.
func bodyBlocks(e *knowledge.Entry) []Block {
	var blocks []Block
	first := 1
	for _, p := range e.Body {
		switch p.Kind {
		case knowledge.Prose:
			blocks = append(blocks, Para(p.Items[0]))
		case knowledge.Steps:
			blocks = append(blocks, Steps{First: first, Items: p.Items})
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

// whyBlock says what in the message led to the answer.
func whyBlock(why []knowledge.Reason) []Block {
	if len(why) == 0 {
		return nil
	}
	r := why[0]
	p := Para{{Text: "Because you wrote "}, {Text: excerpt(r.Said), Style: Mono}}
	switch {
	case r.Kind == knowledge.KindPeople:
		p[0].Text = "Because of how you describe it: "
		p = append(p, Span{Text: ", which sounds like "}, Span{Text: r.Found, Style: Italic})
	case r.Meaning != "":
		p = append(p, Span{Text: fmt.Sprintf(" (%s: %s)", r.Client, r.Meaning)})
	case !strings.EqualFold(r.Said, r.Found):
		p = append(p, Span{Text: fmt.Sprintf(" (%s: ", reasonNames[r.Kind])}, Span{Text: r.Found, Style: Italic}, Span{Text: ")"})
	}
	return []Block{append(p, Span{Text: "."})}
}

var reasonNames = map[knowledge.ReasonKind]string{
	knowledge.KindCode:    "code",
	knowledge.KindStatus:  "status",
	knowledge.KindMeaning: "meaning of the code",
	knowledge.KindTitle:   "topic",
	knowledge.KindAlias:   "another name",
	knowledge.KindSymptom: "symptom",
	knowledge.KindWord:    "word in the guide",
}

// excerpt bounds what is repeated of a message.
func excerpt(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

func stepIntro(n, of int) string {
	if n == of {
		return fmt.Sprintf("Step %d of %d, the last one:", n, of)
	}
	return fmt.Sprintf("Step %d of %d:", n, of)
}

// clarify asks which entry is meant.
func (t *turn) clarify(entries []*knowledge.Entry) {
	t.plan.Act = Clarify
	if len(entries) == 1 {
		t.say(text("Is it about this?"), append(t.offer(entries), noChoice, humanChoice))
		return
	}
	t.say(text("Which of these is it?"), append(t.offer(entries), noChoice, humanChoice))
}

// offer lets the asker choose between entries, by button, number or name.
func (t *turn) offer(entries []*knowledge.Entry) Choices {
	var c Choices
	for _, e := range entries[:min(len(entries), offerLimit)] {
		t.plan.Session.Offered = append(t.plan.Session.Offered, e.ID)
		c = append(c, Choice{Label: title(e), Say: title(e)})
	}
	return c
}

func (t *turn) resolved() {
	t.plan.Act, t.plan.Topic = Resolved, t.was.Topic
	t.forget()
	t.say(text("Good to hear that it works. Write again whenever something else comes up."))
}

// restart forgets the topic, and goes on with what the message says beside
// that, if anything.
func (t *turn) restart() {
	t.forget()
	if rest := newProblem.ReplaceAllString(t.text, ""); rest != t.text && plainWords(rest) != "" {
		t.text, t.words, t.Finding = rest, plainWords(rest), t.guide.Find(rest)
		t.plan.Finding = t.Finding
		t.question()
		return
	}
	t.plan.Act = Restart
	t.say(text("All right, from the start: what do you see? An error message, a status code or a sentence will do."))
}

// leave ends the conversation for someone who has enough of it.
func (t *turn) leave() {
	t.forget()
	t.plan.Act = Restart
	t.say(text("All right. Write again whenever something comes up."))
}

// forget ends the topic; what was seen stays, for redeliveries.
func (t *turn) forget() {
	t.plan.Session = sessions.Session{Version: t.was.Version, Seen: t.was.Seen, Last: t.was.Last}
}
