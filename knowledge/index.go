package knowledge

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"apihelp/knowledge/atlas"
	"apihelp/knowledge/model"
)

// An index is what [Guide.Match] looks things up in. Entries are meant by
// their position in the guide.
type index struct {
	byID    map[string]*Entry
	entries []*Entry

	identifiers map[string]int        // codes without their punctuation, lower case
	prose       map[string][]int      // HTTP statuses in the text of topics
	numbers     map[string]int        // codes that are numbers
	spelled     map[string][][]string // stems of the words that a number stands for
	phrases     []phrase
	starts      map[string][]int     // stem -> phrases that may begin with it
	themes      map[string][]theme   // stem -> titles, aliases and symptoms that contain it
	postings    map[string][]posting // stem -> entries whose text contains it
	themeCount  int
	bound       binding  // which entry helps with a concept
	vetoes      []phrase // what somebody says who needs something else

	codeSpelling speller           // of identifiers
	spelling     speller           // of the vocabulary that typing mistakes are corrected to
	vocabulary   map[string]string // the stems of those words
	known        map[string]bool   // all stems of the guide
}

// A phrase is evidence when all its words follow each other.
type phrase struct {
	entry  int
	kind   ReasonKind
	found  string
	stems  []string
	points int
}

// A theme is a title, an alias or a symptom; the share of its words that a
// message contains is evidence.
type theme struct {
	entry  int
	kind   ReasonKind
	found  string
	total  int // mass of all its words
	points int
	id     int
}

// A posting says that an entry's text contains a word.
type posting struct {
	entry int
	word  string
}

func newIndex(entries []*Entry) *index {
	x := &index{
		entries: entries, byID: map[string]*Entry{}, identifiers: map[string]int{}, numbers: map[string]int{}, spelled: statusTexts(), prose: map[string][]int{},
		starts: map[string][]int{}, themes: map[string][]theme{}, postings: map[string][]posting{},
		vocabulary: map[string]string{}, known: map[string]bool{},
	}
	x.learn(strings.Join(slices.Sorted(maps.Keys(troubles)), " "))
	x.learn(strings.Join(slices.Sorted(maps.Keys(neutrals)), " "))
	for i, e := range entries {
		x.byID[e.ID] = e
		if e.Kind == Code {
			x.addCode(i, e)
		} else {
			x.addTopic(i, e)
		}
	}
	x.bound = bindConcepts(x)
	warmUp()
	return x
}

// statusTexts returns the words of the HTTP statuses that tell of a failure.
func statusTexts() map[string][][]string {
	texts := map[string][][]string{}
	for n := 400; n < 600; n++ {
		if text := http.StatusText(n); text != "" {
			texts[strconv.Itoa(n)] = [][]string{stems(text)}
		}
	}
	return texts
}

// warmUp loads what all guides share, so that the first message need not wait
// for it.
func warmUp() {
	vocables()
	atlas.Find("warm up")
	model.Predict("warm up")
}

func (x *index) addCode(i int, e *Entry) {
	parts := codeParts(e.ID)
	if _, err := strconv.Atoi(e.ID); err == nil {
		x.numbers[e.ID] = i
	} else {
		joined := strings.Join(parts, "")
		x.identifiers[joined] = i
		if len(joined) >= 6 {
			x.codeSpelling.learn(joined)
		}
	}
	if len(parts) > 1 {
		x.addPhrase(i, KindCode, strings.Join(parts, " "), pointsCodeSplit)
		x.addPhrase(i, KindCode, strings.Join(spellOut(parts), " "), pointsCodeSplit)
	}
	x.addPhrase(i, KindMeaning, e.Meaning.String(), pointsMeaning)
	if n, err := strconv.Atoi(e.ID); err == nil {
		x.addPhrase(i, KindMeaning, http.StatusText(n), pointsMeaning)
		x.spelled[e.ID] = append(x.spelled[e.ID], stems(e.Meaning.String()))
	}
	x.addText(i, e.Meaning.String()+" "+e.Solution.String())
}

func (x *index) addTopic(i int, e *Entry) {
	x.addTheme(i, KindTitle, e.Title, pointsTitle)
	for _, a := range e.Aliases {
		x.addTheme(i, KindAlias, a, pointsTitle)
	}
	for _, s := range e.Symptoms {
		x.addTheme(i, KindSymptom, s, pointsSymptom)
	}
	for _, s := range e.NotSymptoms {
		x.vetoes = append(x.vetoes, phrase{entry: i, kind: KindSymptom, found: s, stems: stems(s)})
	}
	for _, p := range e.Body {
		for _, item := range p.Items {
			if p.Kind != Listing {
				x.addText(i, item.String())
			}
		}
	}
}

func (x *index) addPhrase(entry int, kind ReasonKind, text string, points int) {
	p := phrase{entry: entry, kind: kind, found: text, stems: stems(text), points: points}
	if len(p.stems) == 0 {
		return
	}
	if len(p.stems) == 1 {
		p.points = points * plain(strings.ToLower(text)) / 100
	}
	x.starts[p.stems[0]] = append(x.starts[p.stems[0]], len(x.phrases))
	x.phrases = append(x.phrases, p)
	x.learn(text)
}

func (x *index) addTheme(entry int, kind ReasonKind, text string, points int) {
	var own []token
	th := theme{entry: entry, kind: kind, found: text, points: points, id: x.themeCount}
	x.themeCount++
	for _, t := range tokenize(text) {
		if t.role == content || t.role == trouble {
			own = append(own, t)
			th.total += mass(t.word)
		}
	}
	for _, t := range own {
		x.themes[t.stem] = append(x.themes[t.stem], th)
	}
	x.addPhrase(entry, kind, text, points)
}

// addText makes the words of running text findable, and the HTTP statuses that
// it speaks of.
func (x *index) addText(entry int, text string) {
	tokens := tokenize(text)
	for i, t := range tokens {
		if isStatus(tokens, i) && x.entries[entry].Kind == Topic {
			x.prose[t.word] = append(x.prose[t.word], entry)
		}
		x.known[t.stem] = true
		p := posting{entry: entry, word: t.word}
		old := x.postings[t.stem]
		if t.role == content && (len(old) == 0 || old[len(old)-1].entry != entry) {
			x.postings[t.stem] = append(old, p)
		}
	}
}

// isStatus reports whether a word of a guide is an HTTP status rather than a
// number of something.
func isStatus(tokens []token, i int) bool {
	w := tokens[i].word
	if tokens[i].role != number || len(w) != 3 || w[0] != '4' && w[0] != '5' {
		return false
	}
	return (i == 0 || !counted[tokens[i-1].word]) && (i+1 == len(tokens) || !quantities[tokens[i+1].word])
}

// learn makes words known to the correction of typing mistakes.
func (x *index) learn(text string) {
	for _, t := range tokenize(text) {
		x.known[t.stem] = true
		if _, ok := x.vocabulary[t.word]; !ok && t.role != number && len(t.word) >= 4 {
			x.vocabulary[t.word] = t.stem
			x.spelling.learn(t.word)
		}
	}
}

func stems(text string) []string {
	var s []string
	for _, t := range tokenize(text) {
		s = append(s, t.stem)
	}
	return s
}

// codeParts splits an identifier where its writer joined words: CONN_RESET,
// connReset and conn-reset are "conn", "reset".
func codeParts(code string) []string {
	var b strings.Builder
	lower := false
	for _, r := range code {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		case unicode.IsUpper(r) && lower:
			b.WriteByte(' ')
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		lower = unicode.IsLower(r)
	}
	return strings.Fields(b.String())
}

// spellOut writes the usual abbreviations of a code's parts in full.
func spellOut(parts []string) []string {
	long := map[string]string{"conn": "connection", "auth": "authentication", "req": "request", "resp": "response",
		"cert": "certificate", "db": "database", "err": "error", "perm": "permission", "svc": "service"}
	var out []string
	for _, p := range parts {
		if l, ok := long[p]; ok {
			p = l
		}
		out = append(out, p)
	}
	return out
}
