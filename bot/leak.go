package bot

import (
	"regexp"
	"slices"
	"strings"

	"apihelp/bot/check/credential"
	"apihelp/knowledge"
)

// warn tells the writer of a credential that others can read what to do, in
// private and before anything else; where nobody reads along it is a remark.
func (t *turn) warn() {
	what := t.found(credential.Leaked)
	if what == "" {
		t.placeholder()
		return
	}
	t.talk.Leaked = true
	if t.m.Direct && t.plan.Act != Silent {
		if t.plan.Act != Answer {
			t.plan.Replies, t.talk.Offered = nil, nil
			t.checkKey()
		}
		t.reply(t.para("key.direct", "what", what))
		return
	}
	if key := t.guide.Entry(t.keyTopic()); key != nil && t.plan.Act == Unknown {
		t.plan.Replies = nil
		t.answer(key, nil)
	}
	t.plan.Act = RefuseKey
	warning := Reply{Private: true, Blocks: []Block{t.para("key.leaked", "what", what)}}
	t.plan.Replies = append(t.plan.Replies, warning) // the answer stays the first, which an edit corrects
}

// found names what the message contains of a kind of credential.
func (t *turn) found(kind credential.Kind) string {
	var names []string
	for _, f := range t.m.Found {
		if f.Kind == kind && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// keyTopic is the ID of the entry that is about keys, if the guide has one.
func (t *turn) keyTopic() string {
	for _, b := range t.guide.Bindings() {
		if b.Concept == "auth.key" && b.Entry != nil {
			return b.Entry.ID
		}
	}
	return ""
}

// placeholder says that what stands where a credential belongs may be the
// cause, if the trouble is with one.
func (t *turn) placeholder() {
	i := slices.IndexFunc(t.m.Found, func(f credential.Finding) bool { return f.Kind == credential.Placeholder })
	key := t.guide.Entry(t.keyTopic())
	open := t.guide.Entry(t.plan.Topic)
	if i < 0 || key == nil || t.plan.Act != Answer && t.plan.Act != Unknown && t.plan.Act != Clarify {
		return
	}
	if t.plan.Act != Answer {
		t.plan.Replies, t.talk.Offered = nil, nil
		t.newProblem()
		t.answer(key, nil)
	} else if !t.isAuth(open) {
		return
	}
	r := &t.plan.Replies[0]
	at := slices.IndexFunc(r.Blocks, func(b Block) bool { _, ok := b.(Heading); return ok }) + 1
	r.Blocks = slices.Insert(r.Blocks, at, Block(t.para("key.placeholder", "said", said(t.m.Found[i].Text))))
}

// isAuth reports whether an entry is about credentials.
func (t *turn) isAuth(e *knowledge.Entry) bool {
	for _, b := range t.guide.Bindings() {
		if strings.HasPrefix(b.Concept, "auth.") && b.Entry != nil && sameFamily(b.Entry, e) {
			return true
		}
	}
	return false
}

// excuse is how people play down that they showed a key.
var excuse = regexp.MustCompile(`\b(test|tests|testing|fake|dummy|old|expired|sandbox|dev|demo|only|just|relax|chill|calm|whatever|dont care|no worries|not real|isnt real|doesnt matter|revoked|nobody|private (channel|chat|message)|is it bad|oh no|oops|sorry|dangerous|serious|trust|its fine|its ok|its okay|who cares)\b`)

// playsDown reports whether somebody who showed a key says that it is no
// matter.
func (t *turn) playsDown() bool {
	switch t.in {
	case ask, ack, no, angry, same, greeting:
	default:
		return false
	}
	return t.was.Leaked && !t.isQuoted() && t.corrected(t.guide.Entry(t.was.Topic)) == nil && len(mentionedSteps(t.words)) == 0 && strings.Count(t.words, " ") < followUpWords && (excuse.MatchString(t.words) || removed.MatchString(t.words))
}

func (t *turn) refuseAgain() {
	t.plan.Act, t.plan.Topic = RefuseKey, t.was.Topic
	phrase := "key.still"
	if removed.MatchString(t.words) {
		phrase, t.talk.Leaked = "key.removed", false
	}
	t.plan.Replies = append(t.plan.Replies, Reply{Private: !t.m.Direct, Blocks: []Block{t.para(phrase)}})
}
