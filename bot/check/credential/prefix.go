package credential

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed prefixes.tsv
var prefixesTSV string

// A prefix is how issued credentials of one sort begin.
type prefix struct {
	text  string // in lower case unless exact
	exact bool   // matched with its capitals
	drawn int    // shortest rest, which must look drawn; 0 if any will do
	name  string
}

// anyRest is the shortest rest of a credential whose prefix is telling.
const anyRest = 6

// prefixes are those of prefixes.tsv by their first byte in lower case, the
// longest first.
var prefixes = parsePrefixes(prefixesTSV)

func parsePrefixes(tsv string) (table [256][]prefix) {
	for line := range strings.Lines(tsv) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if line[0] == '#' || len(fields) != 3 {
			continue
		}
		p := prefix{text: fields[0], name: fields[2]}
		p.exact = lower(p.text) != p.text
		p.drawn, _ = strconv.Atoi(fields[1]) // "any" is 0
		first := lower(p.text)[0]
		table[first] = append(table[first], p)
	}
	for _, ps := range table {
		slices.SortFunc(ps, func(a, b prefix) int { return cmp.Compare(len(b.text), len(a.text)) })
	}
	return table
}

// prefixed finds the credentials that begin with a known prefix.
func (s *scan) prefixed() {
	text := s.view.text
	for i := 0; i < len(text); {
		p, ok := s.prefixAt(i)
		if !ok {
			i++
			continue
		}
		body := i + len(p.text)
		end := keyEnd(text, body)
		s.judgePrefixed(p, span{i, end})
		i = max(end, body)
	}
}

// prefixAt is the prefix that begins at i. In the middle of a word only those
// count that no word contains.
func (s *scan) prefixAt(i int) (prefix, bool) {
	for _, p := range prefixes[s.view.lower[i]] {
		in := s.view.lower
		if p.exact {
			in = s.view.text
		}
		if !strings.HasPrefix(in[i:], p.text) {
			continue
		}
		if i == 0 || !alnum(s.view.text[i-1]) || p.drawn == 0 && len(p.text) >= 4 && strings.ContainsAny(p.text, "_-") {
			return p, true
		}
	}
	return prefix{}, false
}

// judgePrefixed decides what a word with a known prefix is.
func (s *scan) judgePrefixed(p prefix, at span) {
	word := s.view.text[at.start:at.end]
	body := word[len(p.text):]
	telling := p.drawn <= 12 // API-Key is a header, not an Octopus Deploy key
	switch kind, name := judge(body); {
	case kind == Masked && telling:
		s.add(Finding{Masked, p.name, word})
	case kind == Placeholder && telling:
		s.add(Finding{Placeholder, name, word})
	case kind != Leaked:
	case len(body) < max(anyRest, p.drawn), p.drawn > 0 && !drawn(body),
		p.text == "eyJ" && !strings.Contains(body, "."):
	default:
		s.leak(at.start, wrapped(s.view.text, at.start, at.end), p.name)
	}
}

// keyEnd is where the characters end that keys are made of. Signs that end a
// sentence are no part of a key.
func keyEnd(text string, from int) int {
	i := from
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !keyRune(r) {
			break
		}
		i += n
	}
	for i > from && strings.IndexByte(".,:-/", text[i-1]) >= 0 && !strings.HasSuffix(text[from:i], "...") {
		i--
	}
	return i
}

// keyRune reports whether keys, or masked keys, have such a character. Letters
// that look like ASCII are some: a key with a Cyrillic letter is still one.
func keyRune(r rune) bool {
	if r < utf8.RuneSelf {
		return alnum(byte(r)) || strings.IndexByte("_-./+=~*:", byte(r)) >= 0
	}
	return r == '…' || r == '•' || r == '●' || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// wrapped is where a key ends that a mail program, a terminal or a person
// broke over several lines: lines go on with it that are one drawn word.
func wrapped(text string, start, end int) int {
	for range wrappedLines {
		next := strings.TrimLeft(text[end:], `=\"'`+"` ")
		if len(next) == 0 || next[0] != '\n' {
			return end
		}
		next = strings.TrimLeft(next[1:], ">|\"' \t")
		from := len(text) - len(next)
		to := keyEnd(text, from)
		if to-from < anyRest || !continues(text[from:to]) {
			return end
		}
		end = to
	}
	return end
}

// wrappedLines is over how many lines a key may go that is no block: a JSON
// Web Token of a mail program.
const wrappedLines = 64

// continues reports whether a word is the rest of a key rather than the next
// line of a text.
func continues(word string) bool {
	return drawn(word) && !strings.ContainsAny(word, ":*…")
}
