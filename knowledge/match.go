package knowledge

import (
	"cmp"
	"slices"
	"strings"

	"apihelp/knowledge/paste"
)

// A Match is an entry that may answer a message, and why.
type Match struct {
	Entry *Entry

	// Score is above zero and comparable within one call of Match only.
	Score int

	// Sure reports whether the entry explains enough of the message to be
	// given as its answer, Likely whether it is worth a question back. An
	// entry that is neither is worth a place beside a likely one.
	Sure, Likely bool

	Reasons []Reason // strongest first
}

// A Reason is one piece of evidence for a match.
type Reason struct {
	Kind   ReasonKind `json:"kind"`
	Said   string     `json:"said"`            // what the message says
	Found  string     `json:"found"`           // what in the guide it stands for
	Points int        `json:"points"`          // hundredths of a point
	Start  int        `json:"start"`           // where Said begins, in bytes of the message
	End    int        `json:"end"`             // and where it ends
	Fixed  string     `json:"fixed,omitempty"` // what Said was taken for, if misspelt

	Client  string `json:"client,omitempty"`  // whose error it is; natives only
	Meaning string `json:"meaning,omitempty"` // what that error says; natives only
}

// A Recognised is an error that is known but not covered by the guide.
type Recognised struct {
	Said       string // what the message quotes
	Start, End int    // its bytes
	Client     string // whose error it is
	Meaning    string // what it says
	Concept    string // what the guide has no topic on
}

// A Finding is what was found out about a message.
type Finding struct {
	// Matches are the entries that may answer it, best first. Entries of
	// equal score keep the order of the guide, so the same text always gets
	// the same answer.
	Matches []Match

	// Uncovered are the errors it quotes that no entry is about.
	Uncovered []Recognised
}

// A ReasonKind says what kind of evidence a reason is.
type ReasonKind string

const (
	KindCode    ReasonKind = "code"    // a code of the guide
	KindNative  ReasonKind = "native"  // an error that a client, a library or a gateway prints
	KindPeople  ReasonKind = "people"  // the way people talk about such trouble
	KindStatus  ReasonKind = "status"  // an HTTP status, in a context that makes it one
	KindMeaning ReasonKind = "meaning" // the words that a code stands for
	KindTitle   ReasonKind = "title"   // a topic's heading
	KindAlias   ReasonKind = "alias"   // another name, from the guide's author
	KindSymptom ReasonKind = "symptom" // what people say, from the guide's author
	KindWord    ReasonKind = "word"    // a word of the entry's text
)

// Points of evidence, in hundredths. A code that only the guide can have
// taught the writer is decisive; a word of running text alone never is.
const (
	pointsCode      = 800
	pointsCodeSplit = 700
	pointsCodeTypo  = 600
	pointsStatus    = 700 // said to be a status
	pointsNumber    = 600 // only used like one
	pointsPlaced    = 550 // only placed like one
	pointsUnlisted  = 250 // taken off when the guide has only something close to the status
	pointsTitle     = 500
	pointsSymptom   = 450
	pointsMeaning   = 450
	pointsWord      = 200
)

// Where an answer begins and where a question back does. Both are cuts on
// evidence that is weighed against how much of the message it explains.
const (
	leastPoints = 190
	decisive    = 500
	sureScore   = 385
	surePeople  = 165 // more than that where only the way it is told speaks for an entry
	worthAsking = 238
	likelyShare = 18  // percent of confidence that make the way it is told worth a question back
	unheard     = 100 // taken off what everyday words say where the model hears no trouble
)

// Match returns the entries that may answer text, best first; see [Guide.Find].
// An empty result means that the guide has no answer.
func (g *Guide) Match(text string) []Match { return g.Find(text).Matches }

// Find looks a message up in the guide.
func (g *Guide) Find(text string) Finding {
	s := search{index: g.index, text: text, paste: paste.Read(text), found: make([]evidence, 0, usualEvidence)}
	s.tokens = joinTimeouts(tokenizeBut(text, s.paste.Noise))
	g.index.correct(text, s.tokens)
	s.readStructure()
	s.findCodes()
	s.findNumbers()
	s.findNatives()
	s.findPhrases()
	s.findThemes()
	s.findWords()
	s.findPeople()
	matches := s.weigh()
	slices.SortStableFunc(matches, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return Finding{Matches: matches, Uncovered: s.uncovered}
}

// usualEvidence is how much evidence most messages have at most.
const usualEvidence = 12

// joinTimeouts reads "timed out" and its like as the one word that guides use.
func joinTimeouts(tokens []token) []token {
	for i := range max(0, len(tokens)-1) {
		t, next := &tokens[i], &tokens[i+1]
		if (t.word == "time" || t.word == "timed" || t.word == "times" || t.word == "timing") && strings.HasPrefix(next.word, "out") {
			t.stem, t.role = "timeout", content
		}
	}
	return tokens
}

// A search is one text on its way through the index.
type search struct {
	*index
	text   string
	tokens []token
	paste  paste.Paste
	found  []evidence

	covered    []bool // tokens that evidence has explained
	uncovered  []Recognised
	rejected   []int // entries of numbers that only look like statuses
	elsewhere  int   // how sure it is that the text is about what no entry helps with, in percent
	confidence int   // of the model that the text is about trouble with an API, in percent
	heardParts []hearing
}

// Evidence is what speaks for one entry, and the tokens that say it.
type evidence struct {
	entry  int
	reason Reason
	tokens []int
	share  int // of the text that it explains, in percent, if its tokens do not tell
}

// places are 0, 1, 2 …, one for each token that a text can have: what evidence
// refers to is mostly a part of it.
var places = func() (p [2 * clipBytes]int) {
	for i := range p {
		p[i] = i
	}
	return p
}()

// run returns the tokens from one up to, not including, another.
func (s *search) run(from, to int) []int { return places[from:to:to] }

// add notes evidence. What it quotes is filled in when it counts.
func (s *search) add(entry int, kind ReasonKind, found string, points int, tokens []int) {
	if s.denied(tokens) {
		points /= 5
	}
	s.found = append(s.found, evidence{entry: entry, reason: Reason{Kind: kind, Found: found, Points: points}, tokens: tokens})
}

// quote fills in what evidence quotes.
func (s *search) quote(e *evidence) Reason {
	r := e.reason
	r.Start, r.End = s.tokens[e.tokens[0]].start, s.tokens[e.tokens[len(e.tokens)-1]].end
	if len(e.tokens) == 1 {
		t := s.tokens[e.tokens[0]]
		r.Said, r.Fixed = strings.ToValidUTF8(s.text[t.start:t.end], "�"), t.fixed
		return r
	}
	r.Said = s.join(e.tokens, func(t token) string { return s.text[t.start:t.end] })
	if slices.ContainsFunc(e.tokens, func(n int) bool { return s.tokens[n].fixed != "" }) {
		r.Fixed = s.join(e.tokens, func(t token) string { return cmp.Or(t.fixed, s.text[t.start:t.end]) })
	}
	return r
}

// join writes the words of tokens beside each other.
func (s *search) join(tokens []int, word func(token) string) string {
	var b strings.Builder
	b.Grow(10 * len(tokens))
	for i, n := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToValidUTF8(word(s.tokens[n]), "�"))
	}
	return b.String()
}

// findPhrases finds phrases whose words follow each other; words of grammar
// in between do not matter, unless the phrase itself has them.
func (s *search) findPhrases() {
	for i, t := range s.tokens {
		for _, id := range s.starts[t.stem] {
			p := s.phrases[id]
			if tokens := s.follow(p.stems, i); tokens != nil {
				s.add(p.entry, p.kind, p.found, p.points, tokens)
			}
		}
	}
}

// follow returns the tokens from i on that are the given stems, or nil.
func (s *search) follow(stems []string, i int) []int {
	var few [8]int // most searches end at the second word: they need no memory
	tokens := few[:0]
	for _, want := range stems {
		for i < len(s.tokens) && s.tokens[i].stem != want && s.tokens[i].role == filler && len(tokens) > 0 {
			i++
		}
		if i == len(s.tokens) || s.tokens[i].stem != want {
			return nil
		}
		tokens = append(tokens, i)
		i++
	}
	return slices.Clone(tokens)
}

// findThemes adds, for each title, alias or symptom, the share of its words
// that the text contains in any order.
func (s *search) findThemes() {
	var shares []share
	seen, places := map[string]bool{}, map[int]int{}
	for i, t := range s.tokens {
		if t.role != content && t.role != trouble || seen[t.stem] {
			continue
		}
		seen[t.stem] = true
		for _, th := range s.themes[t.stem] {
			at, ok := places[th.id]
			if !ok {
				at = len(shares)
				places[th.id], shares = at, append(shares, share{theme: th})
			}
			shares[at].add(i, cmp.Or(t.fixed, t.word))
		}
	}
	limit := s.tellingShares(shares)
	for _, sh := range shares {
		if points := sh.worth(); points >= limit {
			s.add(sh.entry, sh.kind, sh.found, points, sh.tokens)
		}
	}
}

// shareLimit is how many themes a text can have a share of; in a large guide an
// everyday word is in hundreds of titles.
const shareLimit = 64

// tellingShares returns the points below which shares are too many to tell
// entries apart.
func (s *search) tellingShares(shares []share) int {
	if len(shares) <= shareLimit {
		return 1
	}
	points := make([]int, len(shares))
	for i := range shares {
		points[i] = shares[i].worth()
	}
	slices.Sort(points)
	return max(1, points[len(points)-shareLimit])
}

// A share is the part of a theme that a text contains.
type share struct {
	theme
	tokens      []int
	mass, plain int
}

func (sh *share) add(token int, word string) {
	sh.tokens = append(sh.tokens, token)
	sh.mass += mass(word)
	sh.plain += mass(word) * plain(word)
}

// worth gives half of the theme's points for what is there, and the other
// half for how complete it is; jargon counts in full, everyday words less,
// unless they are the whole theme.
func (sh *share) worth() int {
	weight, complete := sh.plain/sh.mass, min(100, 100*sh.mass/sh.total)
	if complete == 100 && len(sh.tokens) > 1 {
		weight = max(weight, 80)
	}
	return sh.points * min(weight, 100) * (50 + complete/2) / 10_000
}

// wordEntries is how many entries a word may be in and still tell them apart.
const wordEntries = 12

// findWords adds the words of an entry's text. A word that many entries
// contain tells them apart less, and from some point on not at all.
func (s *search) findWords() {
	limit := min(max(3, len(s.entries)/50), wordEntries)
	for i, t := range s.tokens {
		list := s.postings[t.stem]
		if t.role != content || len(list) > limit {
			continue
		}
		for _, p := range list {
			s.add(p.entry, KindWord, p.word, pointsWord*plain(p.word)/100/len(list), s.run(i, i+1))
		}
	}
}
