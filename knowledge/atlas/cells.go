package atlas

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A cell is one letter or digit of a text, lower-cased, with what stood before
// it. Everything else (blanks, punctuation, quotes, colours, escapes) is left
// out: a trie over cells takes CERTIFICATE_VERIFY_FAILED, "certificate verify
// failed" and certificateVerifyFailed for the same, on one line or on two.
type cell struct {
	c    byte // a-z, 0-9, or 0 for a letter that is none of them
	edge edge
	pos  int32 // of its byte in the text
}

// An edge says what stands before a cell.
type edge uint8

const (
	soft  edge = 1 << iota // an underscore or a camel's hump: a part of an identifier
	hard                   // anything else that is no letter: a new word
	blank                  // white space is among it
	wall                   // a stack frame is among it, no pattern goes across
)

// The most of a text that is read, from either end: a cause stands first in
// Node's traces, and last in Python's and Java's.
const window = 8 << 10

// A folder turns text into cells.
type folder struct {
	text  string
	cells []cell
	edge  edge // before the next cell
	last  byte // the byte of the last cell, for humps
}

// fold appends the cells of the text.
func (f *folder) fold() {
	f.edge, f.last = hard|blank|wall, 0
	for i := f.skipFrames(0); i < len(f.text); {
		c := f.text[i]
		switch class[c] {
		case letter, digit:
			f.add(c, c, i)
			i++
		case capital:
			if humped(f.last, c, f.text[i+1:]) {
				f.edge |= soft
			}
			f.add(c|0x20, c, i)
			i++
		case joint:
			f.edge |= soft
			i++
		case special:
			i = f.special(i)
		case newline:
			f.edge |= hard | blank
			i = f.skipFrames(i + 1)
		case space:
			f.edge |= hard | blank
			i++
		default:
			f.edge |= hard
			i++
		}
	}
}

func (f *folder) add(c, raw byte, pos int) {
	f.cells = append(f.cells, cell{c: c, edge: f.edge, pos: int32(pos)})
	f.edge, f.last = 0, raw
}

// humped reports whether a capital begins a part of an identifier: the T of
// connectTimeout and the E of SSLError.
func humped(last, c byte, rest string) bool {
	switch class[last] {
	case letter, digit:
		return true
	case capital:
		return len(rest) > 1 && class[rest[0]] == letter && class[rest[1]] == letter
	default:
		return false
	}
}

// special folds what is not one ASCII character: escapes, HTML entities,
// colours, runes. It returns the position behind.
func (f *folder) special(i int) int {
	switch f.text[i] {
	case '\\':
		return f.escape(i)
	case 0x1b:
		return colour(f.text, i+1)
	case '&':
		f.edge |= hard
		return i + entity(f.text[i:])
	}
	r, n := utf8.DecodeRuneInString(f.text[i:])
	switch {
	case r >= 0x200b && r <= 0x200f, r == 0xfeff, r == 0x2060, r == 0xad: // zero width, soft hyphen
	case unicode.IsSpace(r):
		f.edge |= hard | blank
	case unicode.IsLetter(r) || unicode.IsMark(r):
		f.add(0, 0, i)
	default:
		f.edge |= hard
	}
	return i + n
}

// escape folds a backslash of JSON, a shell or a printed string.
func (f *folder) escape(i int) int {
	rest := f.text[i+1:]
	switch {
	case rest == "":
	case rest[0] == 'n' || rest[0] == 'r':
		f.edge |= hard | blank
		return f.skipFrames(i + 2)
	case rest[0] == 't':
		f.edge |= hard | blank
		return i + 2
	case rest[0] == 'u' && len(rest) >= 5 && isHex(rest[1:5]):
		if strings.EqualFold(rest[1:5], "001b") {
			return colour(f.text, i+6)
		}
		f.edge |= hard
		return i + 6
	case strings.HasPrefix(rest, "x1b[") || strings.HasPrefix(rest, "x1B[") || strings.HasPrefix(rest, "033["):
		return colour(f.text, i+4)
	case strings.HasPrefix(rest, "e["):
		return colour(f.text, i+2)
	}
	f.edge |= hard
	return i + 1
}

// colour returns the end of a terminal's control sequence whose escape
// character ends at i.
func colour(text string, i int) int {
	if i >= len(text) || text[i] != '[' {
		return i
	}
	for j := i + 1; j < len(text) && j < i+24; j++ {
		if c := text[j]; c >= 0x40 && c <= 0x7e {
			return j + 1
		}
	}
	return i + 1
}

// entity returns the length of the HTML entity that s begins with, such as
// the &lt; that chat platforms send, or 1.
func entity(s string) int {
	for i := 1; i < len(s) && i < 8; i++ {
		switch c := s[i]; {
		case c == ';':
			return i + 1
		case c != '#' && class[c] != letter && class[c] != digit:
			return 1
		}
	}
	return 1
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; class[s[i]] != digit && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// What a byte is to a folder.
const (
	other = iota
	letter
	capital
	digit
	joint
	space
	newline
	special
)

// class is what each byte is.
var class = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z':
			t[c] = letter
		case c >= 'A' && c <= 'Z':
			t[c] = capital
		case c >= '0' && c <= '9':
			t[c] = digit
		case c == '_':
			t[c] = joint
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			t[c] = space
		case c == '\n':
			t[c] = newline
		case c == '\\' || c == '&' || c == 0x1b || c >= 0x80:
			t[c] = special
		}
	}
	return t
}()
