package bot

import (
	"strings"

	"apihelp/knowledge"
)

// tocLimit is how many topics the bot names when asked what it knows.
const tocLimit = 12

// unknown says that the guide has no answer, and what it has one for.
func (t *turn) unknown() {
	t.plan.Act = Unknown
	blocks := t.fresh()
	if len(t.Uncovered) > 0 {
		r := t.Uncovered[0]
		blocks = append(blocks, t.para("unknown.error", "said", said(r.Said), "client", r.Client, "meaning", r.Meaning, "concept", r.Concept),
			text(t.contents()))
	} else {
		blocks = append(blocks, t.para("unknown.plain", "contents", t.contents()))
	}
	t.reply(append(blocks, Choices{t.choice("human")})...)
}

// nothingOpen answers a follow-up to nothing.
func (t *turn) nothingOpen() {
	t.plan.Act = Unknown
	t.reply(append(t.fresh(), t.para("unknown.nothing"), Choices{t.choice("human")})...)
}

// noneOfThese answers a no to a question back.
func (t *turn) noneOfThese() {
	t.plan.Act = Unknown
	t.reply(t.para("unknown.none"), Choices{t.choice("human")})
}

// honest admits that the guide says no more.
func (t *turn) honest() {
	t.plan.Act, t.plan.Topic = Unknown, t.was.Topic
	t.reply(t.para("unknown.honest"), Choices{t.choice("human")})
}

// smalltalk is short, says how to go on, and leaves the conversation as it is.
// The second courtesy in a row needs no answer.
func (t *turn) smalltalk(in intent, open *knowledge.Entry) {
	if t.was.Polite && (in == thanks || in == greeting) {
		t.plan.Act = Silent
		return
	}
	t.plan.Act = Smalltalk
	t.talk.Offered = t.was.Offered
	switch {
	case in == thanks:
		t.reply(t.para("talk.welcome"))
	case in == about:
		t.talk.Offered = nil
		for _, e := range t.topics() {
			t.talk.Offered = append(t.talk.Offered, e.ID)
		}
		t.reply(t.para("talk.about", "contents", t.contents()))
	case in == angry:
		t.reply(t.para("talk.calm"), Choices{t.choice("human")})
	case open != nil:
		t.plan.Topic = open.ID
		t.reply(t.para("talk.here"), t.stepChoices(open))
	default:
		t.reply(append(t.fresh(), t.para("talk.hello"))...)
	}
}

// topics returns the topics that the bot names when asked what it knows.
func (t *turn) topics() []*knowledge.Entry {
	var topics []*knowledge.Entry
	for _, e := range t.guide.Entries {
		if e.Kind == knowledge.Topic && len(topics) < tocLimit {
			topics = append(topics, e)
		}
	}
	return topics
}

// contents names what the guide is about.
func (t *turn) contents() string {
	var titles []string
	for _, e := range t.topics() {
		titles = append(titles, e.Title)
	}
	codes := 0
	for _, e := range t.guide.Entries {
		if e.Kind == knowledge.Code {
			codes++
		}
	}
	s := strings.Join(titles, ", ")
	if more := len(t.guide.Entries) - codes - len(titles); more > 0 {
		s = t.say("contents.more", "topics", s, "n", more)
	}
	if codes > 0 {
		s = t.say("contents.codes", "topics", s, "n", codes)
	}
	return t.say("contents", "topics", s)
}
