package knowledge

import (
	"bytes"
	"regexp"
	"sort"
	"unicode/utf8"
)

// maxFileSize is the size in bytes above which a file is taken for a mistake.
// A guide of 10,000 topics has about 4 MiB.
const maxFileSize = 4 << 20

// maxNesting is how deep quotes and lists may stand in each other. People
// write three or four; the limit keeps a hostile file from costing the square
// of its length.
const maxNesting = 100

// prepare checks the bytes of a file and gives them the form that the parser
// expects: no byte order mark, lines end in "\n". It reports whether the file
// can be read at all.
func (d *draft) prepare(f File) ([]byte, bool) {
	if len(f.Src) > maxFileSize {
		d.fatal(f.Name, 1, "the file has more than 4 MiB; split the guide into several files")
		return nil, false
	}
	before := len(d.faults)
	src := bytes.TrimPrefix(f.Src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	if len(bytes.TrimSpace(src)) == 0 {
		d.fatal(f.Name, 1, "the file is empty; write a heading with text below it, or delete the file")
	}
	if i := badByte(src); i >= 0 {
		d.fatal(f.Name, lineAt(src, i), "byte 0x%02x is no UTF-8 text; save the file as UTF-8", src[i])
	}
	number := 0
	for line := range bytes.Lines(src) {
		if number++; nesting(line) > maxNesting {
			d.fatal(f.Name, number, "quotes and lists stand more than %d deep in each other; write it flat", maxNesting)
			break
		}
	}
	if len(d.faults) > before {
		return nil, false
	}
	return d.withoutFrontMatter(f.Name, src), true
}

// badByte returns the index of the first byte that no text contains, or -1.
func badByte(src []byte) int {
	bad := bytes.IndexByte(src, 0)
	if utf8.Valid(src) {
		return bad
	}
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if src[i] == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return bad
}

func lineAt(src []byte, offset int) int { return 1 + bytes.Count(src[:offset], []byte("\n")) }

// nesting estimates how deep the quotes and list items of a line stand in each
// other, as far as [maxNesting] and one more: each marker is one level, and so
// are two columns before the first.
func nesting(line []byte) int {
	rest := bytes.TrimLeft(line, " \t")
	indent := line[:len(line)-len(rest)]
	depth := (len(indent) + 3*bytes.Count(indent, []byte("\t"))) / 2
	for n := 0; ; n++ {
		marker := containerMarker.Find(rest)
		switch {
		case marker == nil && n == 0:
			return 0
		case marker == nil:
			return depth
		case depth >= maxNesting && thematicBreak.Match(line):
			return 0
		case depth >= maxNesting:
			return depth + 1
		}
		depth++
		rest = bytes.TrimLeft(rest[len(marker):], " \t")
	}
}

var (
	containerMarker = regexp.MustCompile(`^(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])`)
	thematicBreak   = regexp.MustCompile(`^[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)\n?$`)
	frontMatter     = regexp.MustCompile(`^---[ \t]*\n[A-Za-z_][\w-]*:(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)`)
)

// withoutFrontMatter blanks the lines with which site generators let a page
// begin, so that they are not read as a heading. Other lines keep their place.
// It writes to src, which is prepare's own copy.
func (d *draft) withoutFrontMatter(name string, src []byte) []byte {
	end := len(frontMatter.Find(src))
	if end == 0 {
		return src
	}
	d.fault(name, 1, "the settings between --- are not used; what the bot should know of a topic belongs in a comment below its heading")
	for i := range src[:end] {
		if src[i] != '\n' {
			src[i] = ' '
		}
	}
	return src
}

// lineIndex holds the offset at which each line of a source starts.
type lineIndex []int

func newLineIndex(src []byte) lineIndex {
	starts := lineIndex{0}
	for i, c := range src {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// line returns the number of the line that contains an offset, from 1.
func (x lineIndex) line(offset int) int {
	return sort.Search(len(x), func(i int) bool { return x[i] > offset })
}
