package knowledge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"apihelp/knowledge/paste"
)

// A token is a word or a number of a text.
type token struct {
	start, end int    // bytes in the text
	word       string // lower case, without apostrophes
	stem       string
	fixed      string // the word it was taken for, if it was misspelt
	role       role
	denied     bool // said not to be, or to be over
}

// A role is what a token can do for a match.
type role uint8

const (
	content role = iota // may be evidence, and has mass
	neutral             // about some API, but about nothing in particular
	trouble             // that something is wrong, but not what; weak evidence, no mass
	filler              // grammar, courtesy; neither evidence nor mass
	number
)

// clipBytes bounds how much of each end of a text is read: the cause of a
// failure stands at one end of a long paste, first in Node, last in Python.
const clipBytes = 4 << 10

// tokenize splits a text. Addresses, paths and identifiers that name one
// thing of the writer's are left out; they carry no meaning.
func tokenize(text string) []token { return tokenizeBut(text, nil) }

// tokenizeBut leaves out what stands in noise, whose parts are in order.
func tokenizeBut(text string, noise []paste.Span) []token {
	tokens := scan(make([]token, 0, min(len(text), 2*clipBytes)/5+4), text, 0, min(len(text), clipBytes))
	if len(text) > clipBytes {
		tokens = scan(tokens, text, max(clipBytes, len(text)-clipBytes), len(text))
	}
	tokens = slices.DeleteFunc(tokens, func(t token) bool {
		for len(noise) > 0 && noise[0].End <= t.start {
			noise = noise[1:]
		}
		return len(noise) > 0 && noise[0].Start <= t.start && t.end <= noise[0].End
	})
	var s stemmer
	for i := range tokens {
		tokens[i].resolve(&s)
	}
	return tokens
}

// scan appends the tokens of text[from:to].
func scan(tokens []token, text string, from, to int) []token {
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		end := i + fieldLen(text[i:to])
		if !opaque(text[i:end]) {
			tokens = scanField(tokens, text, i, end)
		}
		i = end
	}
	return tokens
}

func fieldLen(s string) int {
	if n := strings.IndexFunc(s, unicode.IsSpace); n >= 0 {
		return n
	}
	return len(s)
}

// opaque reports whether a field is an address, a mention or an identifier of
// the writer's own: nothing in it is a word.
func opaque(field string) bool {
	switch {
	case strings.Contains(field, "://"), strings.HasPrefix(field, "<@"), strings.HasPrefix(field, "<#"):
		return true
	case strings.HasPrefix(field, "/") && len(field) > 1:
		return true
	case strings.Contains(field, "@") && strings.Contains(field, "."):
		return true
	}
	return len(field) >= 16 && strings.ContainsAny(field, "0123456789") &&
		strings.Trim(field, "0123456789abcdefABCDEF-.,;:") == ""
}

func scanField(tokens []token, text string, from, to int) []token {
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(text[i:to])
		if !wordRune(r) {
			i += size
			continue
		}
		end := to
		if n := strings.IndexFunc(text[i:to], func(r rune) bool { return !wordRune(r) && !apostrophe(r) }); n >= 0 {
			end = i + n
		}
		tokens = append(tokens, token{start: i, end: end})
		tokens[len(tokens)-1].word = fold(text[i:end])
		i = end
	}
	return tokens
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

// fold gives the form in which words are compared.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if apostrophe(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return strings.ToValidUTF8(s, "")
}

func (t *token) resolve(s *stemmer) {
	switch {
	case strings.Trim(t.word, "0123456789") == "":
		t.role = number
	case fillers[t.word]:
		t.role = filler
	case neutrals[t.word]:
		t.role = neutral
	case troubles[t.word]:
		t.role = trouble
	}
	t.stem = s.stem(t.word)
}

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// fillers are the words of grammar and courtesy.
var fillers = wordSet(`a about after again all also always am an and any anybody anyone anything are arent as at back be because
been before being but by can cant could couldnt did didnt do does doesnt doing done dont each either else even ever every everybody
everyone everything few for from get gets getting give given go goes going gone got had has hasnt have havent having he hello help
her here hers hey hi him his hmm how i id if ill im in into is isnt it its ive just keep keeps know let lets like lol made make makes
many maybe me might more most much must my myself need needs never new no nobody none nope nor not nothing now of off often oh ok okay
on once one only or other our ours out over own please pls plz put quite really right same saw say says see seeing seen seems she should
since so some somebody someone something sometimes still stuff such sure than thank thanks that thats the their theirs them then there
theres these they theyre thing things think this those though through thx till to today time times together tonight too try tried trying until up us
use used using very via want wants was wasnt way we well went were weve what whats when whenever where which while who whom whose why will
with within without wont would wouldnt wow yeah yep yes yesterday yet you your youre yours`)

// neutrals are the words that any trouble with any API is told in.
var neutrals = wordSet(`api apis app application backend call called calling calls client clients code codes curl endpoint endpoints
error errors exception fail failed failing fails failure failures http https integration issue issues json library log logged logs message
messages post prod problem problems production reply replies request requests response responses rest return returned returning returns
script sdk server servers service services staging status system trouble webhook worker workers`)

// troubles are the words that go with any name of a thing that is broken.
var troubles = wordSet(`bad broken corrupt crash crashed crashes denied died dies dropped drops expired expires expiring expiration incorrect
accept accepted invalid malformed mismatch missing refused refuses rejected rejects stopped stuck suddenly unable unexpected unknown valid work worked working works wrong`)

// sameWord maps what people write to the stem that guides use for it.
var sameWord = map[string]string{
	"cert": "certif", "certs": "certif", "creds": "credenti", "timedout": "timeout",
	"expiration": "expir", "expiry": "expir", "auth": "authent",
}
