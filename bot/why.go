package bot

import (
	"strings"

	"apihelp/knowledge"
)

// whyLimit is how many reasons for an answer are remembered.
const whyLimit = 3

// reasonsKept says what led to an answer without a word of the asker's: they
// are shown to whoever asks why.
func (t *turn) reasonsKept(why []knowledge.Reason) []string {
	var kept []string
	for _, r := range why {
		if len(kept) < whyLimit && (r.Kind != knowledge.KindWord || len(why) == 1) {
			kept = append(kept, t.reasonText(r))
		}
	}
	return kept
}

func (t *turn) reasonText(r knowledge.Reason) string {
	switch {
	case r.Kind == knowledge.KindPeople:
		return t.say("why.people", "found", r.Found)
	case r.Meaning != "":
		return t.say("why.error", "client", r.Client, "found", r.Found, "meaning", r.Meaning)
	}
	return t.say("why.named", "kind", t.reasonName(r), "found", r.Found)
}

func (t *turn) reasonName(r knowledge.Reason) string { return t.template(reasonKeys[r.Kind]) }

// reasonKeys are the phrases that name what can speak for an entry.
var reasonKeys = map[knowledge.ReasonKind]string{
	knowledge.KindCode:    "reason.code",
	knowledge.KindStatus:  "reason.status",
	knowledge.KindMeaning: "reason.meaning",
	knowledge.KindTitle:   "reason.title",
	knowledge.KindAlias:   "reason.alias",
	knowledge.KindSymptom: "reason.symptom",
	knowledge.KindWord:    "reason.word",
}

// whyBlock says what in the message led to the answer.
func (t *turn) whyBlock(why []knowledge.Reason) []Block {
	if len(why) == 0 {
		return nil
	}
	r := why[0]
	quote := said(t.quoteOf(r))
	found := Span{Text: r.Found, Style: Italic}
	switch {
	case r.Kind == knowledge.KindPeople:
		return []Block{t.para("answer.because.people", "said", quote, "found", found)}
	case r.Meaning != "":
		return []Block{t.para("answer.because.error", "said", said(r.Said), "client", r.Client, "meaning", r.Meaning)}
	case !strings.EqualFold(r.Said, r.Found):
		return []Block{t.para("answer.because.as", "said", said(r.Said), "kind", t.reasonName(r), "found", found)}
	}
	return []Block{t.para("answer.because", "said", said(r.Said))}
}

// quoteOf returns what of the message a reason is about, as it stands there.
func (t *turn) quoteOf(r knowledge.Reason) string {
	if r.Start < 0 || r.End > len(t.heard) || r.Start >= r.End {
		return r.Said
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(t.heard[r.Start:r.End], "")), " ")
}

// why says what led to the answer that stands.
func (t *turn) why(open *knowledge.Entry) {
	t.plan.Act = Smalltalk
	t.talk.Offered = t.was.Offered
	if open == nil || len(t.talk.Why) == 0 {
		t.reply(t.para("why.none"))
		return
	}
	t.plan.Topic = open.ID
	p := t.para("why.title", "topic", Span{Text: title(open), Style: Bold})
	for _, reason := range t.talk.Why {
		p = append(p, Span{Text: "\n• " + reason})
	}
	blocks := []Block{p}
	if t.talk.Question != "" {
		blocks = append(blocks, Code{Text: explain(t.guide, t.talk.Question)})
	}
	if t.talk.Answered != "" {
		blocks = append(blocks, t.para("why.reply", "reply", Span{Text: t.talk.Answered, Style: Mono}))
	}
	t.reply(blocks...)
}
