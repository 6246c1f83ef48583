package atlas

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// Symbols of a key beside the letters and digits of cells.
const (
	number = '#'
	gap    = '*'
)

// bit is the place of each symbol in a node's set, in the order of bytes. The
// first two are number and gap; no node has the last one.
var bit = func() (t [256]uint8) {
	for c := range t {
		t[c] = 63
	}
	for i, c := range []byte("#*0123456789abcdefghijklmnopqrstuvwxyz") {
		t[c] = uint8(i)
	}
	return t
}()

// wild is the set of number and gap.
const wild = 1<<0 | 1<<1

// A form is one spelling of a row, as the cells a text must have.
type form struct {
	key    string // cells, numbers and gaps
	text   string // as the client writes it
	row    int32  // in the order of rows
	ident  bool   // one identifier: its case tells it from words
	coded  bool   // has a program's spelling, "code = Unavailable": telling when spelt so
	jargon bool   // has a technical word, so that it may lie inside an identifier
	raw    bool   // matches byte by byte only
	words  int    // how telling its words are, 0 to 100, however they are spelt
}

// A node of the trie. The child under its k-th symbol is child+k.
type node struct {
	symbols     uint64 // by bit
	child       int32
	first, last int32 // forms that end here: forms[first:last]
}

// A table is the atlas, ready to be matched.
type table struct {
	rows    []Row
	wrapper []bool // by row
	forms   []form // sorted by key, then by row
	nodes   []node
}

var compiled = sync.OnceValue(func() *table {
	t := &table{rows: rows()}
	words, wraps := wordClasses(), wrappers()
	for i := range t.rows {
		r := &t.rows[i]
		t.wrapper = append(t.wrapper, wraps[r.Pattern])
		for _, text := range spellings(r.Pattern) {
			t.forms = append(t.forms, newForm(text, int32(i), words))
		}
	}
	slices.SortFunc(t.forms, func(a, b form) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.row, b.row))
	})
	t.nodes = append(t.nodes, node{})
	t.grow(0, 0, len(t.forms), 0)
	return t
})

// grow fills node n with forms[lo:hi], whose keys share their first depth symbols.
func (t *table) grow(n int32, lo, hi, depth int) {
	first := lo
	for lo < hi && len(t.forms[lo].key) == depth {
		lo++
	}
	var symbols uint64
	for i := lo; i < hi; i++ {
		symbols |= 1 << bit[t.forms[i].key[depth]]
	}
	child := int32(len(t.nodes))
	t.nodes[n] = node{symbols: symbols, child: child, first: int32(first), last: int32(lo)}
	t.nodes = append(t.nodes, make([]node, bits.OnesCount64(symbols))...)
	for ; lo < hi; child++ {
		end := lo + 1
		for end < hi && t.forms[end].key[depth] == t.forms[lo].key[depth] {
			end++
		}
		t.grow(child, lo, end, depth+1)
		lo = end
	}
}

// next returns the child of node n under c, or 0.
func (t *table) next(n int32, c byte) int32 {
	at, b := &t.nodes[n], uint64(1)<<bit[c]
	if at.symbols&b == 0 {
		return 0
	}
	return at.child + int32(bits.OnesCount64(at.symbols&(b-1)))
}

// isRaw reports whether a pattern is matched byte by byte, because as words
// it says nothing: curl's codes ("curl 7" is a version), Elixir's atoms, and
// sentences of everyday words that only their punctuation tells.
func isRaw(pattern string) bool {
	if rest, ok := strings.CutPrefix(pattern, "curl: ("); ok {
		return strings.HasSuffix(rest, ")")
	}
	if rest, ok := strings.CutPrefix(pattern, "Cannot "); ok && strings.HasSuffix(rest, " /") {
		return true
	}
	return pattern == "Giving up." || pattern[0] == ':' && !strings.ContainsAny(pattern, " {")
}

// spellings returns a pattern and the shorter ways in which the same is
// printed: without the path of a qualified name.
func spellings(pattern string) []string {
	out := []string{pattern}
	if rest, ok := cutFold(pattern, "net::"); ok && strings.Contains(rest, "_") {
		return append(out, rest)
	}
	path := 0
	for i := 0; i < len(pattern) && (class[pattern[i]] == letter || class[pattern[i]] == digit || pattern[i] == '_' || pattern[i] == '.'); i++ {
		if pattern[i] == '.' {
			path = i + 1
		}
	}
	name, _, sentence := strings.Cut(pattern[path:], " ")
	if path > 0 && name != "" && class[name[0]] == capital && (sentence || strings.Count(shape(name), "A") > 2 || strings.HasSuffix(name, "Exception") || strings.Contains(name, "Timeout") || strings.Contains(name, "SSL")) {
		out = append(out, pattern[path:])
	}
	return out
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// shape writes an A for each part of an identifier.
func shape(name string) string {
	f := folder{text: name}
	f.fold()
	var b strings.Builder
	for _, c := range f.cells {
		if c.edge != 0 {
			b.WriteByte('A')
		}
	}
	return b.String()
}

// newForm compiles one spelling of a row.
func newForm(text string, row int32, words map[string]wordClass) form {
	f := form{text: strings.Trim(text, `"'<>{}[](),.: `), row: row, raw: isRaw(text)}
	f.ident = !strings.Contains(f.text, " ")
	f.coded = f.ident || strings.ContainsAny(f.text, "=_{$\\") || strings.Contains(f.text, ": ")
	var key []byte
	var scale weigher
	for rest := text; rest != ""; {
		at := strings.IndexByte(rest, '*')
		if n := strings.Index(rest, "{n}"); n >= 0 && (at < 0 || n < at) {
			at = n
		}
		literal, symbol, skip := rest, byte(0), 0
		switch {
		case at >= 0 && rest[at] == '*':
			literal, symbol, skip = rest[:at], gap, 1
		case at >= 0:
			literal, symbol, skip = rest[:at], number, len("{n}")
			scale.words++
		}
		cells := folder{text: literal}
		cells.fold()
		for _, c := range cells.cells {
			key = append(key, c.c)
		}
		scale.add(cells.cells, words)
		if symbol != 0 {
			key = append(key, symbol)
		}
		rest = rest[len(literal)+skip:]
	}
	f.key, f.words, f.jargon = string(key), scale.strong(), scale.technical > 0
	return f
}
