package paste

import "strings"

// What a byte can be, as bits, so that a word is judged by the union of its
// bytes without reading it again.
const (
	letter = 1 << iota
	digit
	dot
	colon
	slash
	at
	dash
	other // of a word, but none of the above: _ # $ and everything outside ASCII
)

// class says for each byte what it is; zero is no part of a word.
var class = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = letter
		case c >= '0' && c <= '9':
			t[c] = digit
		case c >= 0x80:
			t[c] = other
		}
	}
	t['.'], t[':'], t['/'], t['@'], t['-'] = dot, colon, slash, at, dash
	t['_'], t['#'], t['$'] = other, other, other
	return t
}()

func isDigit(c byte) bool { return class[c] == digit }

// byteAt is s[i], or zero outside of s.
func byteAt(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

// lineEnd is where the line that holds i ends: at its newline, or at the end.
func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

func trimRight(s string, start, end int) int {
	for end > start && (s[end-1] == ' ' || s[end-1] == '\t' || s[end-1] == '\r') {
		end--
	}
	return end
}

func skipSpace(s string, i, end int) int {
	for i < end && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// fold reports whether s is the word, which is in lower case, in any case.
func fold(s, word string) bool { return len(s) == len(word) && strings.EqualFold(s, word) }

// hasFold reports whether s starts with the word, in any case.
func hasFold(s, word string) bool {
	return len(s) >= len(word) && strings.EqualFold(s[:len(word)], word)
}

// shape matches s at i with a pattern in which d is a digit, a is a letter and
// all else is itself. It returns where the match ends, or -1.
func shape(s string, i int, pattern string) int {
	if i < 0 || i+len(pattern) > len(s) {
		return -1
	}
	for k := range len(pattern) {
		c := s[i+k]
		switch p := pattern[k]; {
		case p == 'd' && class[c] == digit, p == 'a' && class[c] == letter, p == c && p != 'd' && p != 'a':
		default:
			return -1
		}
	}
	return i + len(pattern)
}

// digits is where the digits that start at i end.
func digits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// allHex reports whether s is made of hexadecimal digits and the extra bytes,
// and whether a decimal digit is among them.
func allHex(s, extra string) (hex, decimal bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			decimal = true
		case c|0x20 >= 'a' && c|0x20 <= 'f', strings.IndexByte(extra, c) >= 0:
		default:
			return false, false
		}
	}
	return len(s) > 0, decimal
}

// statusOf is the status that three digits are, or 0.
func statusOf(s string) int {
	if len(s) != 3 || s[0] < '1' || s[0] > '5' || !isDigit(s[1]) || !isDigit(s[2]) {
		return 0
	}
	return int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
}
