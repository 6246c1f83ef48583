package bot

import (
	"fmt"
	"slices"
	"strings"

	"apihelp/bot/check"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// sayPage marks the choice that opens the private page.
const sayPage = "open the private page"

// offersCheck reports whether live checks can tell more about an entry.
func (t *turn) offersCheck(e *knowledge.Entry) bool {
	if !t.m.Able.Check || e == nil {
		return false
	}
	for _, b := range t.guide.Bindings() {
		family, _, _ := strings.Cut(b.Concept, ".")
		switch family {
		case "net", "tls", "auth", "authz", "rate", "srv":
			if b.Entry != nil && sameFamily(b.Entry, e) {
				return true
			}
		}
	}
	return false
}

// runCheck promises a live check; the shell runs it.
func (t *turn) runCheck() {
	t.plan.Act, t.plan.Topic, t.plan.Check = CheckKey, t.was.Topic, true
	t.reply(t.para("check.running"), Choices{t.choice("key"), t.choice("human")})
}

// checkKey says how a key is checked without showing it to anybody: on the
// private page, in the form that the platform opens, or at the asker's own
// machine.
func (t *turn) checkKey() {
	t.plan.Act, t.plan.Topic = CheckKey, t.was.Topic
	if t.m.Able.Page {
		page := Choice{Label: t.template("choice.page"), Say: sayPage}
		t.plan.Replies = append(t.plan.Replies, Reply{Private: !t.m.Direct, Blocks: []Block{t.para("key.page"), Choices{page}}})
		return
	}
	blocks := []Block{t.para("key.check")}
	if key := t.guide.Entry(t.keyTopic()); key != nil {
		if t.plan.Topic == "" {
			t.newProblem()
			t.talk.Topic, t.talk.Step = key.ID, t.firstLeft(key)
			t.plan.Topic = key.ID
		}
		blocks = append(append(blocks, t.para("key.check.steps"), Heading(key.Title)), bodyBlocks(key, func(int) bool { return false })...)
	}
	choices := Choices{t.choice("worked"), t.choice("human")}
	if t.m.Able.Check {
		choices = append(Choices{t.choice("check")}, choices...)
	}
	t.reply(append(blocks, choices)...)
}

// checked tells what live checks found out: row by row, what it means, and the
// step of the guide that mends it.
func (t *turn) checked(c *Checked) {
	if c.Busy != nil {
		t.plan.Act, t.plan.Topic = Unknown, t.was.Topic
		t.reply(append(t.busy(*c), Choices{t.choice("check"), t.choice("human")})...)
		return
	}
	blocks := []Block{Heading(t.template("check.title"))}
	var worst *Finding
	for _, d := range c.Diagnoses {
		blocks = append(blocks, d.blocks()...)
		if f, ok := d.first(); ok && (worst == nil || worst.Status != check.Fail && f.Status == check.Fail) {
			worst = &f
		}
	}
	if c.Passport != "" {
		blocks = append(blocks, Para{{Text: c.Passport}})
	}
	if t.proven(c, &blocks) {
		return
	}
	t.remember(c)
	t.mend(worst, blocks)
}

// proven ends the problem if what was broken at the last check works now.
func (t *turn) proven(c *Checked, blocks *[]Block) bool {
	if t.was.Broke == nil {
		return false
	}
	for _, d := range c.Diagnoses {
		if d.Target != t.was.Broke.Target {
			continue
		}
		text, fixed := check.Again(t.was.Broke.Check, d.report())
		*blocks = append(*blocks, Para{{Text: d.Target + ": " + text, Style: Bold}})
		fixed = fixed && !slices.ContainsFunc(c.Diagnoses, func(d Diagnosis) bool { return !d.OK })
		if fixed {
			t.resolved()
			t.plan.Verified = true
			t.plan.Replies[0].Blocks = append(*blocks, t.plan.Replies[0].Blocks...)
		}
		return fixed
	}
	return false
}

// remember keeps what was broken, for when it is checked again.
func (t *turn) remember(c *Checked) {
	t.talk.Broke = nil
	for _, d := range c.Diagnoses {
		if was := t.was.Broke; was != nil && was.Target == d.Target && d.report().Row(was.Check).Status == check.Skip {
			t.talk.Broke = was // it was not tested again
			return
		}
		if at := d.broke(); at != "" {
			t.talk.Broke = &sessions.Broke{Target: d.Target, Check: at}
			return
		}
	}
}

// mend ends a report with what the guide says to do about the worst of it.
func (t *turn) mend(f *Finding, blocks []Block) {
	t.plan.Act, t.plan.Topic = Answer, t.was.Topic
	if f == nil && t.talk.Broke != nil {
		t.reply(append(blocks, Choices{t.choice("key"), t.choice("worked"), t.choice("human")})...)
		return
	}
	if f == nil {
		t.reply(append(blocks, t.para("check.well"), Choices{t.choice("worked"), t.choice("key"), t.choice("human")})...)
		return
	}
	again := Choices{t.choice("again"), t.choice("human")}
	e := t.guide.Entry(f.Topic)
	if e == nil {
		t.reply(append(blocks, again)...)
		return
	}
	if before := t.guide.Entry(t.talk.Topic); before == nil || topicOf(before) != topicOf(e) {
		t.turnTo(e)
	}
	t.talk.Topic, t.talk.Step = e.ID, max(f.Step, t.firstLeft(e))
	t.talk.Why = []string{fmt.Sprintf("%s: %s", f.Check, f.Detail)}
	t.plan.Topic, t.plan.Step = e.ID, f.Step
	blocks = append(blocks, Heading(title(e)))
	if steps := stepsOf(e); f.Step > 0 && f.Step <= len(steps) {
		blocks = append(blocks, t.para("check.step", "step", f.Step, "steps", len(steps)), Steps{First: f.Step, Items: steps[f.Step-1 : f.Step]})
	} else {
		blocks = append(blocks, t.behind(e)...)
		blocks = blocks[:len(blocks)-1] // its choices
	}
	t.reply(append(blocks, append(again[:1:1], t.stepChoices(e)...))...)
}

// incident says what the status page tells, if the trouble may come from that.
func (t *turn) incident(e *knowledge.Entry) []Block {
	i := t.m.Incident
	if i == nil || e == nil {
		return nil
	}
	for _, b := range t.guide.Bindings() {
		if b.Entry == nil || !sameFamily(b.Entry, e) {
			continue
		}
		switch b.Concept {
		case "srv.error", "srv.down", "net.timeout", "perf.slow":
			return []Block{append(t.para("answer.incident", "name", Span{Text: i.Name, Style: Bold}, "status", i.Status), link(i.URL)...)}
		}
	}
	return nil
}

// link is an address behind a space, or nothing.
func link(url string) Para {
	if url == "" {
		return nil
	}
	return Para{{Text: " "}, {Text: url, URL: url}}
}

// busyPhrases say why nothing can be checked now.
var busyPhrases = map[string]string{
	check.UserLimit: "check.user", check.TargetLimit: "check.target", check.GlobalLimit: "check.global",
	check.Running: "check.running.busy", check.Resting: "check.resting",
}
