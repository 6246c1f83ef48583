package atlas

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find returns the native errors that text contains, in order of position, a
// longer one before those within it. At each position the longest pattern
// wins; one within a longer one of the same concept is left out, and so is a
// weak one within any longer one. Of a text over 16 KB, the first and the last
// 8 KB are read. The rows pointed to are shared: don't change them.
func Find(text string) []Hit {
	t := compiled()
	if len(text) <= 2*window {
		return settle(t.scan(nil, text, 0))
	}
	hits := t.scan(nil, text[:window], 0)
	return settle(t.scan(hits, text[len(text)-window:], len(text)-window))
}

// A scanner looks for patterns in the cells of one text.
type scanner struct {
	*table
	text  string
	cells []cell
	start int // the cell where the pattern begins
	steps int // left for this start, so that no text can cost more than linear time

	form *form // the longest found at start so far
	end  int   // the cell behind it
	gap  bool  // whether a gap was needed
}

// maxSteps bounds the work at one position. The longest pattern has some 90
// cells; a gap tries a few of its continuations at each of six words.
const maxSteps = 600

// scan appends the hits of one window of the text, which begins at base.
func (t *table) scan(hits []Hit, text string, base int) []Hit {
	f := folder{text: text, cells: make([]cell, 0, len(text))}
	f.fold()
	s := scanner{table: t, text: text, cells: f.cells}
	for i := range s.cells {
		if s.cells[i].edge == 0 {
			continue
		}
		if n := t.next(0, s.cells[i].c); n != 0 {
			hits = s.at(hits, i, n, base)
		}
	}
	return hits
}

// at appends the longest pattern that begins at cell i and whose first symbol
// leads to node n.
func (s *scanner) at(hits []Hit, i int, n int32, base int) []Hit {
	s.start, s.steps, s.form = i, maxSteps, nil
	s.end = 0
	s.walk(n, i+1, false)
	if s.form == nil {
		return hits
	}
	if s.form.raw {
		return append(hits, s.raw(s.form, i, base))
	}
	from, to := int(s.cells[i].pos), int(s.cells[s.end-1].pos)+1
	spelt := strings.Contains(s.text[from:to], s.form.text)
	h := Hit{Row: &s.rows[s.form.row], Start: base + from, End: base + to, Exact: !s.gap && (spelt || !s.form.ident),
		Strong: s.form.words, Wrapper: s.wrapper[s.form.row]}
	if s.form.coded && spelt {
		h.Strong = decisive
	}
	return append(hits, h)
}

// walk follows the trie from node n over the cells from i on.
func (s *scanner) walk(n int32, i int, gapped bool) {
	for n != 0 && s.steps > 0 {
		s.steps--
		at := &s.nodes[n]
		if at.first < at.last {
			s.accept(at, i, gapped)
		}
		if i >= len(s.cells) || s.cells[i].edge&wall != 0 {
			return
		}
		if at.symbols&wild != 0 {
			s.branch(n, i, gapped)
		}
		n = s.next(n, s.cells[i].c)
		i++
	}
}

// branch tries the number and the gap that node n allows at cell i.
func (s *scanner) branch(n int32, i int, gapped bool) {
	if m := s.next(n, number); m != 0 && class[s.cells[i].c] == digit &&
		(s.cells[i].edge != 0 || class[s.cells[i-1].c] != digit) {
		s.walk(m, s.numberEnd(i), gapped)
	}
	m := s.next(n, gap)
	if m == 0 {
		return
	}
	for j, words := i+1, 1; j < len(s.cells) && words <= 6 && s.steps > 0 && s.cells[j].edge&wall == 0; j++ {
		s.steps--
		if s.cells[j].edge&hard == 0 {
			continue
		}
		before := s.end
		if s.walk(m, j, true); s.end != before {
			return
		}
		if s.cells[j].edge&blank != 0 {
			words++
		}
	}
}

// numberEnd returns the cell behind the number at cell i, with its decimals
// and thousands.
func (s *scanner) numberEnd(i int) int {
	for i++; i < len(s.cells) && class[s.cells[i].c] == digit; i++ {
		if c := s.cells[i]; c.edge != 0 && (c.edge != hard || s.text[c.pos-1] != '.' && s.text[c.pos-1] != ',') {
			break
		}
	}
	return i
}

// accept takes the pattern that ends before cell i, unless it is shorter than
// what was found, or is cut out of a word.
func (s *scanner) accept(at *node, i int, gapped bool) {
	if i <= s.end || !s.bounded(i) {
		return
	}
	inside := s.cells[s.start].edge&hard == 0 || i < len(s.cells) && s.cells[i].edge == soft
	var best *form
	for k := at.first; k < at.last; k++ {
		f := &s.forms[k]
		if inside && !(f.ident && f.jargon) { // "not found" in ModuleNotFoundError says nothing
			continue
		}
		if f.raw {
			if _, ok := s.rawFrom(f, s.start); !ok {
				continue
			}
		}
		if best == nil || s.spelt(f, i) && !s.spelt(best, i) {
			best = f
		}
	}
	if best != nil {
		s.form, s.end, s.gap = best, i, gapped
	}
}

// spelt reports whether the text up to cell i has a form's very spelling.
func (s *scanner) spelt(f *form, i int) bool {
	return strings.Contains(s.text[s.cells[s.start].pos:s.cells[i-1].pos+1], f.text)
}

// bounded reports whether a word, or a part of an identifier, ends before cell
// i. A plural's s may follow: "two ECONNRESETs".
func (s *scanner) bounded(i int) bool {
	if i >= len(s.cells) || s.cells[i].edge != 0 {
		return true
	}
	return s.cells[i].c == 's' && (i+1 == len(s.cells) || s.cells[i+1].edge&hard != 0)
}

// rawFrom returns where the pattern of a raw row begins whose first cell is i,
// and whether it stands there byte by byte.
func (s *scanner) rawFrom(f *form, i int) (from int, ok bool) {
	from = int(s.cells[i].pos)
	pattern := s.rows[f.row].Pattern
	if pattern[0] == ':' {
		from--
	}
	if from < 0 || s.cells[i].edge&hard == 0 || !strings.HasPrefix(s.text[from:], pattern) {
		return 0, false
	}
	cut := i > 0 && int(s.cells[i-1].pos)+1 == from // the atom's colon follows a word: key:value
	return from, !cut && !atomGoesOn(pattern, s.text[from+len(pattern):])
}

// raw returns the hit of a raw row.
func (s *scanner) raw(f *form, i, base int) Hit {
	from, _ := s.rawFrom(f, i)
	row := &s.rows[f.row]
	return Hit{Row: row, Start: base + from, End: base + from + len(row.Pattern), Exact: true,
		Strong: rawStrong(row.Pattern, s.text[:from]), Wrapper: s.wrapper[f.row]}
}

// atomGoesOn reports whether an atom is the beginning of another one, or of an
// emoji's name.
func atomGoesOn(pattern, rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return pattern[0] == ':' && rest != "" && (r == ':' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r))
}

// rawStrong grades a raw pattern after what stands before it. An atom is an
// error where a term has one ("{:error, :closed}"), and nothing in running text.
func rawStrong(pattern, before string) int {
	if pattern == "Giving up." {
		return weak
	}
	before = strings.TrimRight(before, " ")
	if pattern[0] != ':' || before == "" || strings.IndexByte(":,{(=>`\"\n", before[len(before)-1]) >= 0 {
		return decisive
	}
	return weak
}

// settle sorts hits and drops those that a longer one makes needless.
func settle(hits []Hit) []Hit {
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	kept := hits[:0]
	for _, h := range hits {
		if !absorbed(kept, h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// around is how many hits before one are asked whether they contain it.
const around = 16

// absorbed reports whether one of the last hits stands for h as well. That one
// is then at least as telling as h.
func absorbed(kept []Hit, h Hit) bool {
	for i := len(kept) - 1; i >= max(0, len(kept)-around); i-- {
		k := &kept[i]
		if k.End >= h.End && (k.Row.Concept == h.Row.Concept || h.Strong <= weak) {
			k.Strong = max(k.Strong, h.Strong)
			return true
		}
	}
	return false
}
