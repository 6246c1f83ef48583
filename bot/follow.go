package bot

import (
	"regexp"
	"slices"
	"strings"

	"apihelp/knowledge"
)

// After failedOffer complaints a person is offered before the next step, and
// at the one after that a person is called.
const failedOffer = 3

var (
	more    = regexp.MustCompile(`\b(any ?more|anything else|what else|more (tricks|ideas|tips|steps)|whats next|what next|other (tricks|ideas|tips))\b`)
	again   = regexp.MustCompile(`\b(again|repeat|say that)\b`)
	already = regexp.MustCompile(`\b(already|too|as well|says|synced|did|done|tried|checked|verified|enabled|installed|updated|ok|okay|fine|correct|both|` +
		`(is|are|was|were|looks?|seems?) (\w+ )?(on|off|ok|okay|fine|correct|right|good|accurate|open|set|valid|green|there|up|synced|enabled|installed|configured|updated|checked|verified|changed|copied|excluded|opened|allowed|whitelisted|implemented|increased|raised|upgraded|cached|paginated|pooled|compressed)|no|not|brought|helped|its not|isnt)\b`)
	inPlace = regexp.MustCompile(`\b(have|has|had|got|use|uses|using|does|do|put)\b|^and `)
	looking = regexp.MustCompile(`(?i)^\W*(check|look|see|find|verify|ensure|make sure|confirm)\b`)
	inquiry = regexp.MustCompile(`^(and |so |but |ok |hm |wait )*(which|what|where|how|is|are|does|do|can|could|should|why|when|who|whats|hows|wich)\b`)
	aboutIt = regexp.MustCompile(`\b(it|that|this|those|these|them|they|one)\b`)
	amount  = regexp.MustCompile(`\bhow (long|many|much|often|big)\b`)
	removed = regexp.MustCompile(`\b(deleted|removed|edited|revoked|rotated|regenerated|gone)\b`)
)

// followUp goes on with the open entry.
func (t *turn) followUp(in intent, open *knowledge.Entry) {
	switch {
	case in == resolved && (open != nil || !t.isLikely()):
		t.resolved()
	case open == nil && !t.isLikely() && strings.Count(t.words, " ") < 4:
		t.nothingOpen()
	case open == nil:
		t.question()
	case in == back && len(t.named(open)) > 0 && already.MatchString(t.words):
		t.next(open)
	case in == back:
		t.back(open)
	case in == all:
		t.whole(open)
	case in == nextAll:
		t.talk.Tried = with(t.talk.Tried, stepNumbers(open)...)
		t.nextAfter(open)
	case in == cannot:
		t.skip(open)
	case in == left:
		t.remaining(open)
	case in == shorter:
		t.tell(open, max(1, t.was.Step))
	case in == failed || in == no || in == same || in == reopened:
		t.failed(open)
	default:
		t.next(open)
	}
}

// remaining shows what is left to try, and takes nothing for tried but what the
// message says so of.
func (t *turn) remaining(open *knowledge.Entry) {
	if fits := t.fits(open); already.MatchString(t.words) {
		for _, f := range fits {
			t.talk.Tried = with(t.talk.Tried, f.Step)
		}
	}
	steps := stepBlocks(1, stepsOf(open), t.isDone)
	if len(steps) == 0 {
		t.exhausted(open)
		return
	}
	t.plan.Act, t.plan.Topic, t.plan.Step = NextStep, open.ID, t.firstLeft(open)
	t.talk.Step = t.plan.Step
	t.reply(append(append([]Block{Heading(stepsTitle(open))}, steps...), t.stepChoices(open))...)
}

// failed goes on after something that did not help: to the next step, but not
// for ever.
func (t *turn) failed(open *knowledge.Entry) {
	t.talk.Failed++
	t.plan.Reason = reasonNoChange
	if t.talk.Failed <= failedOffer {
		t.next(open)
		return
	}
	t.talk.Tried = with(t.talk.Tried, append(t.named(open), max(1, t.was.Step))...)
	t.handoff("human.failed", reasonFailures)
}

// goOn takes what is neither a follow-up nor surely something else: a detail
// or a question about the open entry.
func (t *turn) goOn(open *knowledge.Entry) {
	fits := t.fits(open)
	switch {
	case t.sharpens(open):
		t.answer(t.Matches[0].Entry, t.Matches[0].Reasons)
	case len(t.named(open)) > 0 && (already.MatchString(t.words) || inPlace.MatchString(t.words)):
		t.next(open)
	case len(t.named(open)) > 0:
		t.back(open)
	case more.MatchString(t.words):
		t.next(open)
	case t.isInquiry():
		t.inquire(open, fits)
	case len(fits) > 0 && (already.MatchString(t.words) || inPlace.MatchString(t.words) && t.isDoing(open, fits[0].Step)):
		t.next(open)
	case len(fits) > 0 && !t.isDone(fits[0].Step):
		n := fits[0].Step
		t.show(NextStep, open, n, t.para("step.mentioned", "said", said(fits[0].Said), "step", n, "steps", len(stepsOf(open))))
	case t.isOpen(open) && t.Matches[0].Sure && (t.in == useless || !already.MatchString(t.words)):
		t.answer(open, t.Matches[0].Reasons) // the problem in other words
	case t.isOpen(open):
		t.next(open)
	case t.isLikely() && !(already.MatchString(t.words) && strings.Count(t.words, " ") < 6):
		t.question()
	case !t.hasSure() && already.MatchString(t.words) && strings.Count(t.words, " ") < 6:
		t.next(open)
	case len(t.Matches) == 0 && strings.Count(t.words, " ") < followUpWords && t.words != "":
		t.unsure(open)
	default:
		t.unknown()
	}
}

// isDoing reports whether a step tells to bring something about, rather than to
// look whether it is there.
func (t *turn) isDoing(open *knowledge.Entry, n int) bool {
	return !looking.MatchString(stepsOf(open)[n-1].String())
}

// isInquiry reports whether the message is a question by its form.
func (t *turn) isInquiry() bool {
	return strings.HasSuffix(strings.TrimSpace(t.text), "?") || inquiry.MatchString(t.words)
}

// inquire answers a question about the open entry from its own text: with the
// step that the question is about, or with the one that was shown.
func (t *turn) inquire(open *knowledge.Entry, fits []knowledge.Fit) {
	short := strings.Count(t.words, " ") < 12
	switch {
	case len(fits) > 0:
		t.tell(open, fits[0].Step)
	case short && amount.MatchString(t.words) && !t.isQuoted():
		t.whole(open)
	case short && t.was.Step > 0 && !(t.isLikely() && t.Matches[0].Sure) && (aboutIt.MatchString(t.words) || aboutStep.MatchString(t.words)):
		t.tell(open, t.was.Step)
	case t.isOpen(open):
		t.whole(open)
	default:
		t.question()
	}
}

// aboutStep is a question that only makes sense about what was just said.
var aboutStep = regexp.MustCompile(`^(and |so |but |ok |hm |wait )*(which|what|where|how|when|wich)( (one|exactly|so|to|do (i|you|we)|can (i|we)|should (i|we)|would (i|we)))*( (do|check|find|see|mean|know))*$`)

// sharpens reports whether the message names a code of the topic that is open:
// what it means is said, and the steps go on.
func (t *turn) sharpens(open *knowledge.Entry) bool {
	return t.isOpen(open) && t.Matches[0].Sure && t.Matches[0].Entry != open && quoted(t.Matches[0])
}

// tell answers a question about a step with the step's own text.
func (t *turn) tell(open *knowledge.Entry, n int) {
	steps := len(stepsOf(open))
	if n > steps {
		t.whole(open)
		return
	}
	step, done := t.was.Step, t.isDone(n)
	t.show(Answer, open, n, t.para("step.says", "step", n, "steps", steps))
	if done {
		t.talk.Step = step // the conversation stays where it is
	}
}

// unsure asks how it went: what was said is no question and names nothing.
func (t *turn) unsure(open *knowledge.Entry) {
	t.plan.Act, t.plan.Topic = Smalltalk, open.ID
	t.reply(t.para("unknown.open", "topic", Span{Text: title(open), Style: Bold}), t.stepChoices(open))
}

// said shows a word of the asker's.
func said(s string) Span { return Span{Text: excerpt(s), Style: Mono} }

// fitting returns the step of an entry that fits what was said with the
// question, if one does and it is not the first anyway.
func (t *turn) fitting(e *knowledge.Entry) (knowledge.Fit, bool) {
	fits := t.fits(e)
	i := slices.IndexFunc(fits, func(f knowledge.Fit) bool { return f.Step > 1 && !t.isDone(f.Step) })
	if i < 0 || already.MatchString(t.words) {
		return knowledge.Fit{}, false
	}
	return fits[i], true
}
