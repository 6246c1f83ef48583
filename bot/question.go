package bot

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"apihelp/knowledge"
)

// By how much the best match must lead for another to need no mention, in
// hundredths of a point: a sure one, and any beside a best that is known only
// from how the message is worded. The second halves the wrong answers to
// writers whom the model has not read, for three more questions in a hundred.
const (
	clearLead  = 150
	wordedLead = 300
)

// offerLimit is how many entries a question may offer.
const offerLimit = 3

// picked returns the entry that the message chooses among those offered, or
// nil. The guide may have lost it since.
func (t *turn) picked() *knowledge.Entry {
	if t.in == checkKey || t.in == runCheck {
		return nil
	}
	offered := t.was.Offered
	if len(offered) == 0 && other.MatchString(t.typed) {
		offered = t.was.Others
	}
	i := picked(t.typed, offered, func(id string) string {
		if e := t.guide.Entry(id); e != nil {
			return title(e)
		}
		return ""
	})
	if i < 0 {
		return nil
	}
	return t.guide.Entry(offered[i])
}

// isNew reports whether the message surely speaks of something else than the
// open entry. What is said like a follow-up must name it: "tried 3 and 4" may
// sound like all sorts of things.
func (t *turn) isNew(in intent, open *knowledge.Entry) bool {
	if len(t.Matches) == 0 || !t.Matches[0].Sure || open != nil && sameFamily(open, t.Matches[0].Entry) {
		return false
	}
	if open != nil && (already.MatchString(t.words) || len(t.fits(open)) > 0 || aboutIt.MatchString(t.words) || amount.MatchString(t.words)) {
		in = next // what people say about a step sounds like trouble of its own
	}
	return in == ask || slices.ContainsFunc(t.Matches[0].Reasons, func(r knowledge.Reason) bool {
		return r.Kind != knowledge.KindPeople && r.Kind != knowledge.KindWord
	})
}

// isOpen reports whether the message, as far as it is understood, speaks of
// the open entry.
func (t *turn) isOpen(open *knowledge.Entry) bool {
	return t.isLikely() && sameFamily(open, t.Matches[0].Entry)
}

// isLikely reports whether the message is likely about an entry at all; what
// is less than that is only worth a place beside one that is.
func (t *turn) isLikely() bool { return len(t.Matches) > 0 && t.Matches[0].Likely }

// question answers what is said about the API. There are never two questions
// back in a row: the second time it is the best guess.
func (t *turn) question() {
	if !t.hasSure() {
		t.hearClause()
	}
	sure, said := t.rivals(), t.mentioned()
	switch {
	case len(said) > 1 && t.isLikely() && said[0] == t.Matches[0].Entry && several.MatchString(t.text):
		t.newProblem()
		t.answer(said[0], t.reasons(said[0]))
		t.also(said[1:])
	case len(sure) == 1 || len(sure) > 1 && quoted(t.Matches[0]) && (t.was.Clarified || !either.MatchString(t.text)):
		if len(sure) > 1 && bygone.MatchString(t.text) && sure[0].Kind == knowledge.Code && sure[1].Kind == knowledge.Code {
			slices.Reverse(sure) // what was named last is what is left
		}
		t.newProblem()
		t.answer(sure[0], t.reasons(sure[0]))
		t.also(sure[1:])
	case t.isLikely() && t.was.Clarified:
		t.newProblem()
		t.guess()
	case t.isLikely():
		t.newProblem()
		t.clarify(t.candidates())
	default:
		t.unknown()
	}
}

// corrected returns the code that a short message names in place of the open
// entry, or nil: "sorry, 403 not 401".
func (t *turn) corrected(open *knowledge.Entry) *knowledge.Entry {
	words := strings.Fields(plainWords(withoutDenied(t.text)))
	if open == nil && t.in != angry || len(words) > 6 || t.in != angry && !correction.MatchString(t.typed) {
		return nil
	}
	for _, w := range words {
		if e := t.guide.Entry(w); e != nil && e.Kind == knowledge.Code && e != open {
			return e
		}
	}
	return nil
}

// correction is how people take back what they wrote.
var correction = regexp.MustCompile(`^(sorry|actually|no|oops|i mean|i meant|meant|correction|wait|its|it is|\d{3}) |\bnot \d{3}$`)

// prefers reports whether a message wants the open entry before the others that
// were offered beside it: "the token first".
func (t *turn) prefers(open *knowledge.Entry) bool {
	if open == nil || len(t.was.Others) == 0 || strings.Count(t.typed, " ") > 5 || !strings.HasSuffix(t.typed, " first") {
		return false
	}
	return slices.ContainsFunc(strings.Fields(t.typed), func(w string) bool { return len(w) > 2 && w != "first" && hasWord(plainWords(title(open)), w) })
}

// isQuoted reports whether the message surely names an error.
func (t *turn) isQuoted() bool { return t.isLikely() && t.Matches[0].Sure && quoted(t.Matches[0]) }

// mentioned returns the entries that parts of the message of their own speak
// of, best first.
func (t *turn) mentioned() []*knowledge.Entry {
	var entries []*knowledge.Entry
	for _, m := range t.Matches {
		if m.Mentioned() && len(entries) < offerLimit && !anyFamily(entries, m.Entry) {
			entries = append(entries, m.Entry)
		}
	}
	return entries
}

// bygone is how people speak of trouble that is over, before they come to what
// is not.
var bygone = regexp.MustCompile(`(?i)\b(?:gone|any ?more|thought|instead|fixed|solved|but now|corrected)\b`)

// either is how people say that they do not know which it is.
var either = regexp.MustCompile(`(?i)\b(?:or|either|sometimes)\b`)

// several is how people say that they have more than one problem.
var several = regexp.MustCompile(`(?i)\b(?:two|2|both|three|couple of) (?:\w+ )?(?:things|problems|issues|questions|errors)\b|\b(?:and also|plus|on top of that|additionally|as well as|second(?:ly)?[:,])(?: |$)`)

// hasSure reports whether the best match is sure.
func (t *turn) hasSure() bool { return len(t.Matches) > 0 && t.Matches[0].Sure }

// hearClause takes what the last clause of a message says, if that alone is
// sure: "changed it. still times out".
func (t *turn) hearClause() {
	clauses := clausesOf(t.text)
	if !t.own || len(clauses) < 2 || strings.Count(t.words, " ") > followUpWords {
		return
	}
	last := clauses[len(clauses)-1]
	f := t.guide.Find(withoutDenied(last))
	if len(f.Matches) > 0 && f.Matches[0].Sure {
		t.heard, t.Finding = last, f
	}
}

// guess answers with the best match, marked as what it is.
func (t *turn) guess() {
	best := t.Matches[0]
	t.answer(best.Entry, best.Reasons)
	if !best.Sure {
		r := &t.plan.Replies[0]
		r.Blocks = slices.Insert(r.Blocks, 0, Block(t.para("answer.guess")))
	}
	t.also(nil)
}

// reasons returns what speaks for an entry.
func (t *turn) reasons(e *knowledge.Entry) []knowledge.Reason {
	for _, m := range t.Matches {
		if m.Entry == e {
			return m.Reasons
		}
	}
	return nil
}

// also offers the other problems that the message speaks of, and keeps them
// for when this one is done: the rivals, and what else it may mean.
func (t *turn) also(rivals []*knowledge.Entry) {
	found := []*knowledge.Entry{t.guide.Entry(t.plan.Topic)}
	for _, e := range rivals {
		if len(found) < offerLimit && !anyFamily(found, e) {
			found = append(found, e)
		}
	}
	for _, m := range t.Matches {
		if m.Mentioned() && len(found) < offerLimit && !anyFamily(found, m.Entry) && t.speaksApart(m) {
			found = append(found, m.Entry)
		}
	}
	if len(found) == 1 {
		return
	}
	t.talk.Others = ids(found[1:])
	r := &t.plan.Replies[0]
	r.Blocks = append(r.Blocks, t.para("answer.also"), t.offer(found[1:]))
}

// apartWords is how many words beside those that name an error make a second
// problem of how it is told: "CONN_RESET every hour" is one.
const apartWords = 3

// speaksApart reports whether what speaks for a match is more than the error
// that the best one is known by, in other words.
func (t *turn) speaksApart(m knowledge.Match) bool {
	best := t.Matches[0]
	if !quoted(best) || m.Reasons[0].Kind != knowledge.KindPeople {
		return true
	}
	r, named := m.Reasons[0], best.Reasons[0].Said
	words := 0
	for field := range strings.FieldsSeq(t.heard[max(0, min(r.Start, len(t.heard))):min(r.End, len(t.heard))]) {
		if !strings.Contains(field, named) && !strings.Contains(named, field) {
			words++
		}
	}
	return words > apartWords
}

// rivals returns the entries that may be meant if the best match is sure: those
// that it does not clearly lead, and those that are named by their code.
func (t *turn) rivals() []*knowledge.Entry {
	if len(t.Matches) == 0 || !t.Matches[0].Sure {
		return nil
	}
	best := t.Matches[0]
	return t.pick(func(m knowledge.Match) bool {
		behind := best.Score - m.Score
		return m.Sure && (behind < clearLead || named(m)) || !quoted(best) && behind < wordedLead
	})
}

// quoted reports whether a code, a status or a native error speaks for a match
// before anything else.
func quoted(m knowledge.Match) bool {
	switch m.Reasons[0].Kind {
	case knowledge.KindCode, knowledge.KindStatus, knowledge.KindNative:
		return true
	}
	return false
}

// candidates returns the entries that are worth a question back.
func (t *turn) candidates() []*knowledge.Entry {
	return t.pick(func(knowledge.Match) bool { return true })
}

// pick returns the first entries that are eligible, no two of one family:
// codes in the order of the message, others best first.
func (t *turn) pick(eligible func(knowledge.Match) bool) []*knowledge.Entry {
	var found []*knowledge.Entry
	places := map[*knowledge.Entry]int{}
	for _, m := range t.Matches {
		if len(found) < offerLimit && eligible(m) && !anyFamily(found, m.Entry) {
			found = append(found, m.Entry)
			places[m.Entry] = place(m)
		}
	}
	slices.SortStableFunc(found, func(a, b *knowledge.Entry) int { return cmp.Compare(places[a], places[b]) })
	return found
}

// place returns where the message names a code, and a place behind all others
// for what it does not name.
func place(m knowledge.Match) int {
	for _, r := range m.Reasons {
		if r.Kind == knowledge.KindCode || r.Kind == knowledge.KindStatus {
			return r.Start
		}
	}
	return math.MaxInt
}

// named reports whether a match is an error code that the message names.
func named(m knowledge.Match) bool { return place(m) < math.MaxInt }

func anyFamily(entries []*knowledge.Entry, e *knowledge.Entry) bool {
	return slices.ContainsFunc(entries, func(other *knowledge.Entry) bool { return sameFamily(other, e) })
}

// sameFamily reports whether one entry's answer leads to the other's.
func sameFamily(a, b *knowledge.Entry) bool {
	if a == b {
		return true
	}
	for _, r := range a.Related {
		if r == b {
			return true
		}
		for _, s := range r.Related {
			if s == b && a.Kind == knowledge.Code && b.Kind == knowledge.Code && len(a.Related) == 1 {
				return true // two codes of one topic
			}
		}
	}
	return false
}
