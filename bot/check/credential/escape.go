package credential

import (
	"strconv"
	"strings"
)

// layers is how often escapes are undone: JSON in JSON in a URL is three.
const layers = 3

// unescaped is a view with its URL-encoding, HTML entities and backslashes
// undone, and whether there were any.
func unescaped(v *view) (*view, bool) {
	found := false
	for range layers {
		next, ok := unescapeOnce(v)
		if !ok {
			break
		}
		v, found = next, true
	}
	return v, found
}

func unescapeOnce(v *view) (*view, bool) {
	if !strings.ContainsAny(v.text, `%&\`) {
		return v, false
	}
	var b builder
	changed := false
	for i := 0; i < len(v.text); {
		from, _ := v.source(i, i)
		c, n := escape(v.text[i:])
		if n == 0 {
			c, n = v.text[i], 1
		} else {
			changed = true
		}
		b.put(c, from)
		i += n
	}
	if !changed {
		return v, false
	}
	_, end := v.source(len(v.text), len(v.text))
	return b.view(end), true
}

// escape is the ASCII character that s begins with an escape of, and how long
// that escape is; 0 if there is none.
func escape(s string) (c byte, n int) {
	switch s[0] {
	case '%':
		return number(s, 1, 2, 16)
	case '&':
		return entity(s)
	case '\\':
		return backslash(s)
	}
	return 0, 0
}

// number is the character whose code has so many digits from a position on.
func number(s string, from, digits, base int) (byte, int) {
	if len(s) < from+digits {
		return 0, 0
	}
	code, err := strconv.ParseUint(s[from:from+digits], base, 32)
	if err != nil || code < ' ' && code != '\n' && code != '\r' && code != '\t' || code > '~' {
		return 0, 0
	}
	return byte(code), from + digits
}

// entity reads "&quot;", "&#34;" and "&#x22;".
func entity(s string) (byte, int) {
	end := strings.IndexByte(s[:min(len(s), 10)], ';')
	if end < 3 {
		return 0, 0
	}
	switch name := s[1:end]; name {
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "nbsp":
		return ' ', end + 1
	case "colon":
		return ':', end + 1
	case "equals":
		return '=', end + 1
	case "lowbar":
		return '_', end + 1
	}
	var c byte
	n := 0
	if s[1] == '#' && s[2]|0x20 == 'x' {
		c, n = number(s, 3, end-3, 16)
	} else if s[1] == '#' {
		c, n = number(s, 2, end-2, 10)
	}
	if n > 0 {
		n++ // the semicolon
	}
	return c, n
}

// backslash reads the escapes of JSON and of program text, and that of a
// quoted backslash.
func backslash(s string) (byte, int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\'', '/', '\\', '`', '$', '&', '=', ':', '_', '-':
		return s[1], 2
	case 'n', 'r':
		return '\n', 2
	case 't':
		return ' ', 2
	case 'u':
		return number(s, 2, 4, 16)
	case 'x':
		return number(s, 2, 2, 16)
	}
	return 0, 0
}
