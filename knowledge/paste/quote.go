package paste

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// readString reads the string whose opening quote is at i and is escaped so
// many times. It ends at its closing quote, at a newline or with the text.
func readString(s string, i, level int) (content Span, next int) {
	switch s[i] {
	case '\'':
		return readSingle(s, i+1)
	case 0xE2:
		return readSmart(s, i+3)
	}
	start, run := i+1, 0
	unit := 1<<level - 1
	for k := start; k < len(s); k++ {
		switch s[k] {
		case '\\':
			run++
			continue
		case '\n':
			return Span{start, trimRight(s, start, k)}, k
		case '"':
			if run < unit { // a string around this one ends
				return Span{start, k - run}, k - run
			}
			if run&(2*unit+1) == unit {
				return Span{start, k - unit}, k + 1
			}
		}
		run = 0
	}
	return Span{start, trimRight(s, start, len(s))}, len(s)
}

// readSingle reads a string of Python or JavaScript. An apostrophe within a
// word does not end it.
func readSingle(s string, start int) (content Span, next int) {
	for k := start; k < len(s); k++ {
		switch s[k] {
		case '\\':
			k++
		case '\n':
			return Span{start, k}, k
		case '\'':
			if c := byteAt(s, skipSpace(s, k+1, min(len(s), k+8))); c == 0 || strings.IndexByte(",:}]);=\n\r", c) >= 0 || class[byteAt(s, k+1)] == 0 && class[c] == letter && byteAt(s, k-1) != 's' {
				return Span{start, k}, k + 1
			}
		}
	}
	return Span{start, len(s)}, len(s)
}

// readSmart reads a string that a word processor gave its quotes.
func readSmart(s string, start int) (content Span, next int) {
	start = min(start, len(s))
	for k := start; k < len(s); k++ {
		switch {
		case s[k] == '\n':
			return Span{start, k}, k
		case s[k] == '"':
			return Span{start, k}, k + 1
		case s[k] == 0xE2 && byteAt(s, k+1) == 0x80 && (byteAt(s, k+2) == 0x9C || byteAt(s, k+2) == 0x9D):
			return Span{start, k}, k + 3
		}
	}
	return Span{start, len(s)}, len(s)
}

// startsObject reports whether the brace at i opens an object with a field.
func startsObject(s string, i int) bool {
	if byteAt(s, i) != '{' {
		return false
	}
	k := i + 1
	for stop := min(len(s), i+64); k < stop; k++ {
		if s[k] == '\\' && strings.IndexByte("nrt", byteAt(s, k+1)) >= 0 {
			k++
		} else if s[k] == '>' && s[k-1] == '\n' {
			continue
		} else if strings.IndexByte(" \t\r\n", s[k]) < 0 {
			break
		}
	}
	if n := backslashes(s, k); byteAt(s, k+n) == '"' || n == 0 && (byteAt(s, k) == '\'' || byteAt(s, k) == 0xE2) {
		return true
	}
	name := k
	for k < len(s) && k-name < 40 && class[s[k]]&(letter|other) != 0 {
		k++
	}
	c := byteAt(s, k)
	return k > name && (c == ':' || c == '=')
}

// startsField reports whether a quoted field that is about errors starts at i,
// outside of any object.
func startsField(s string, i int) bool {
	k := i + backslashes(s[:min(len(s), i+8)], i)
	q := byteAt(s, k)
	if q != '"' && q != '\'' || k > i && byteAt(s, i-1) == '\\' {
		return false
	}
	name := k + 1
	for k = name; k < len(s) && k-name < 32 && class[s[k]]&(letter|other|dash) != 0; k++ {
	}
	n := backslashes(s[:min(len(s), k+8)], k)
	if k == name || byteAt(s, k+n) != q || fieldOf(s[name:k]) == noField {
		return false
	}
	k = skipSpace(s, k+n+1, min(len(s), k+n+8))
	return byteAt(s, k) == ':'
}

// decode takes the escapes off a value, so many times.
func decode(s string, times int) string {
	for range times {
		if strings.IndexByte(s, '\\') < 0 {
			break
		}
		s = unescape(s)
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// unescape takes JSON's escapes off. What is no escape stays as it is.
func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b', 'f':
			b = append(b, ' ')
		case '"', '\'', '\\', '/':
			b = append(b, c)
		case 'u':
			r, n := codePoint(s[i:])
			b = utf8.AppendRune(b, r)
			i += n - 1
		default:
			b = append(b, '\\', c)
		}
	}
	return string(b)
}

// codePoint reads uXXXX, or two of them that are one rune, and says how many
// bytes it took.
func codePoint(s string) (rune, int) {
	first, ok := hex4(s)
	if !ok {
		return 'u', 1
	}
	if utf16.IsSurrogate(first) && len(s) >= 11 && s[5] == '\\' && s[6] == 'u' {
		if second, ok := hex4(s[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 11
			}
		}
	}
	return first, 5
}

func hex4(s string) (rune, bool) {
	if len(s) < 5 {
		return 0, false
	}
	if hex, _ := allHex(s[1:5], ""); !hex {
		return 0, false
	}
	var r rune
	for i := 1; i < 5; i++ {
		r = r<<4 | rune(unhex(s[i]))
	}
	return r, true
}
