package paste

import "strings"

// mark reads what is between words: markup, quotes and braces. It returns
// where to go on, which is after i.
func (r *reader) mark(i, end int) int {
	switch c := r.text[i]; c {
	case ' ', '\t':
		return i + 1
	case '\x1b':
		k := colour(r.text[:end], i)
		r.noise(i, k)
		return k
	case '*', '~', '`':
		k := i + 1
		for k < end && r.text[k] == c {
			k++
		}
		if k-i > 1 || c == '`' || c == '*' && (byteAt(r.text, i-1) <= ' ' || byteAt(r.text, k) <= ' ') {
			r.noise(i, k)
		}
		return k
	case '<':
		return r.angle(i, end)
	case '[':
		return r.bracket(i, end)
	case '>':
		if strings.HasSuffix(r.text[:i], "---") && byteAt(r.text, i+1) == ' ' {
			r.inner(i + 2)
			r.from(".NET")
		} else if r.link {
			r.noise(i, i+1)
			r.link = false
		}
		return i + 1
	case '{':
		if i >= r.jsonEnd && startsObject(r.text, i) {
			r.jsonEnd = max(i+1, r.object(i, len(r.text), false))
		}
		return i + 1
	case '"', '\\', '\'':
		if i >= r.jsonEnd && i >= r.valueEnd && startsField(r.text, i) {
			r.jsonEnd = max(i+1, r.object(i, end, true))
		}
		return i + 1
	case 0xE2:
		return min(i+3, end)
	}
	return i + 1
}

// angle marks the brackets of Slack and Discord: <@U1>, <https://x|x>.
func (r *reader) angle(i, end int) int {
	c := byteAt(r.text[:end], i+1)
	if c != '@' && c != '#' && c != '!' && c != ':' {
		if rest := r.text[i+1 : end]; strings.HasPrefix(rest, "http") || strings.HasPrefix(rest, "mailto:") {
			r.noise(i, i+1)
			k := i + 1
			for k < end && strings.IndexByte("|> ", r.text[k]) < 0 {
				k++
			}
			r.noise(i+1, k)
			r.link = byteAt(r.text[:end], k) == '|'
			if r.link || byteAt(r.text[:end], k) == '>' {
				r.noise(k, k+1)
				k++
			}
			return k
		}
		return i + 1
	}
	for k := i + 2; k < end && k-i < 80; k++ {
		switch r.text[k] {
		case '>':
			r.noise(i, k+1)
			return k + 1
		case ' ', '<':
			return i + 1
		}
	}
	return i + 1
}

// bracket reads what a bracket opens: a time, a cause of Node, or the sign of
// Gin's log.
func (r *reader) bracket(i, end int) int {
	if k := stamp(r.text[:end], i); k > i {
		r.noise(i, k)
		return k
	}
	rest := r.text[i:end]
	switch {
	case strings.HasPrefix(rest, "[cause]: "):
		r.inner(i + len("[cause]: "))
		r.from("Node.js")
	case strings.HasPrefix(rest, "[previous exception] "):
		r.inner(i + len("[previous exception] "))
		r.from("PHP")
	case strings.HasPrefix(rest, "[GIN]"):
		r.gin = true
	}
	return i + 1
}

// unescapeQuery decodes a value in the query of a URL.
func unescapeQuery(s string) string {
	if strings.IndexByte(s, '+') < 0 && strings.IndexByte(s, '%') < 0 {
		return decode(s, 0)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '+' {
			c = ' '
		} else if c == '%' && i+2 < len(s) {
			if hex, _ := allHex(s[i+1:i+3], ""); hex {
				c = unhex(s[i+1])<<4 | unhex(s[i+2])
				i += 2
			}
		}
		b = append(b, c)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// unhex is the value of a hexadecimal digit.
func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c&7 + 9
}
