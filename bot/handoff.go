package bot

import (
	"regexp"
	"slices"
	"strings"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// A Ticket is what the people who take over get to read.
type Ticket struct {
	Topic string // ID of the entry, by which their owner is found; empty for none
	Facts Facts
}

// handoff calls a person, with all that is known, and goes silent.
func (t *turn) handoff(lead, reason string) {
	t.plan.Reason = reason
	t.plan.Act, t.plan.Topic = Handoff, t.was.Topic
	open := t.guide.Entry(t.was.Topic)
	if t.talk.Question == "" && open == nil && t.isLikely() {
		t.newProblem()
	}
	t.note()
	t.talk.Called = &sessions.Call{At: t.m.At}
	blocks := []Block{t.para(lead)}
	if open != nil {
		if who := escalateTo(open); who != "" {
			blocks = append(blocks, t.para("human.contact", "who", who))
		}
	}
	facts := t.summary(open)
	t.plan.Ticket = &Ticket{Facts: facts}
	if open != nil {
		t.plan.Ticket.Topic = open.ID
	}
	if len(facts) > 0 {
		blocks = append(blocks, t.para("human.quiet"), facts)
	}
	t.reply(append(append(blocks, t.rest(open)...), Choices{t.choice("worked"), t.choice("resume")})...)
}

// rest shows the steps that are left, for the time until somebody comes.
func (t *turn) rest(open *knowledge.Entry) []Block {
	if open == nil || topicOf(open).Kind != knowledge.Topic {
		return nil
	}
	left := stepBlocks(1, stepsOf(open), t.isDone)
	if len(left) == 0 || len(t.talk.Tried) == 0 {
		return nil
	}
	return append([]Block{t.para("human.rest")}, left...)
}

// summary is what a person who takes over needs to know.
func (t *turn) summary(open *knowledge.Entry) Facts {
	var facts Facts
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, Fact{t.say("fact." + key), Rich{{Text: value}}})
		}
	}
	add("question", t.talk.Question)
	if open != nil {
		topic := topicOf(open)
		if open.Kind == knowledge.Code {
			add("code", title(open))
		}
		if topic != open || open.Kind == knowledge.Topic {
			add("topic", topic.Title)
		}
	}
	add("tried", joined(t.talk.Tried))
	add("skipped", joined(t.talk.Skipped))
	links := slices.DeleteFunc(slices.Clone(t.talk.Details), func(d string) bool { return !isLink(d) })
	add("environment", strings.Join(slices.DeleteFunc(slices.Clone(t.talk.Details), isLink), ", "))
	add("links", strings.Join(links, " "))
	return facts
}

func escalateTo(e *knowledge.Entry) string {
	return topicOf(e).EscalateTo
}

// resumes decides what somebody writes while a person is called: nothing but
// the word to go on, the news that it works, or another problem moves the
// conversation. It reports whether the turn goes on.
func (t *turn) resumes(open *knowledge.Entry) bool {
	switch {
	case t.in == resume:
		t.resume(open)
	case t.in == handoff:
		t.plan.Act, t.plan.Topic = Handoff, t.was.Topic
		t.reply(t.para("human.waiting"), Choices{t.choice("worked"), t.choice("resume")})
	case t.in == resolved, t.in == leave, t.in == restart:
		t.talk.Called = nil
		return true
	case t.m.Overheard:
		t.plan.Act = Silent
	case t.in == thanks:
		t.smalltalk(thanks, open)
	case t.isNew(t.in, open):
		t.was.Called, t.talk.Called = nil, nil
		return true
	default:
		t.plan.Act = Silent
	}
	return false
}

// resume goes on where the conversation was.
func (t *turn) resume(open *knowledge.Entry) {
	t.talk.Called, t.talk.Failed = nil, 0
	t.session.Aside = false
	if open == nil {
		t.plan.Act = Restart
		t.reply(t.para("human.resumed.bare"))
		return
	}
	lead := t.para("human.resumed")
	if n := t.firstLeft(open); n > 0 {
		t.show(NextStep, open, n, lead)
		return
	}
	t.plan.Act, t.plan.Topic = Answer, open.ID
	t.reply(lead, t.summary(open), Choices{t.choice("worked"), t.choice("human")})
}

// detailLimit is how many details are kept.
const detailLimit = 12

var (
	environment = regexp.MustCompile(`(?i)\b(?:production|staging|sandbox|prod|dev(?:elopment)?|localhost|(?:windows|ubuntu|debian|alpine|centos|rhel|macos|android|ios)(?: ?\d+(?:\.\d+)*)?|linux|` +
		`docker|kubernetes|k8s|aws lambda|lambda|github actions|(?:python|node(?:\.?js)?|java|go|golang|php|ruby|rust|dotnet|\.net|curl|openssl|tls|okhttp|axios|requests|urllib3)[ /]v?\d+(?:\.\d+)*|` +
		`(?:us|eu|ap|sa|ca|me|af)-(?:north|south|east|west|central|southeast|northeast)-\d|(?:req|request|trace|correlation)[-_ ]?id[ :=]+[\w-]{6,64})\b`)
	linked = regexp.MustCompile(`https?://[^\s<>"'|)\]]+`)
)

func isLink(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// note keeps the environment and the links that the message names.
func (t *turn) note() {
	for _, found := range append(environment.FindAllString(t.text, detailLimit), linked.FindAllString(t.text, detailLimit)...) {
		found = clipTo(found, 200)
		if len(t.talk.Details) < detailLimit && !slices.ContainsFunc(t.talk.Details, func(d string) bool { return strings.EqualFold(d, found) }) {
			t.talk.Details = append(slices.Clone(t.talk.Details), found)
		}
	}
}
