package credential

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A view is a text as it is searched, and where each of its bytes stands in
// the text that was written.
type view struct {
	text  string
	lower string  // text with the letters A to Z in lower case
	at    []int32 // source of each byte and of the end; nil if the same
}

// source is where the span from start to end of the view was written.
func (v *view) source(start, end int) (int, int) {
	if v.at == nil {
		return start, end
	}
	return int(v.at[start]), int(v.at[end])
}

// seen is a text as a reader sees it: without what has no width, and with
// look-alikes of ASCII, such as full-width letters and typographic quotes, as
// ASCII.
func seen(text string) *view {
	i := 0
	for i < len(text) && (text[i] >= ' ' && text[i] < 0x7f || text[i] == '\n' || text[i] == '\t') {
		i++
	}
	if i == len(text) {
		return &view{text: text, lower: lower(text)}
	}
	var b builder
	b.same(text[:i], 0)
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch to := fold(r); {
		case to == r:
			b.same(text[i:i+n], i)
		case to >= 0:
			b.put(byte(to), i)
		}
		i += n
	}
	return b.view(len(text))
}

// fold is the ASCII character that r looks like, r itself, or -1 for nothing.
func fold(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == utf8.RuneError:
		return r
	case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
		return '\n'
	case r < 0x7f && r >= ' ':
		return r
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms
		return r - 0xFEE0
	case strings.ContainsRune("‘’‚‛′´", r):
		return '\''
	case strings.ContainsRune("“”„‟″«»", r):
		return '"'
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case invisible(r):
		return -1
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

// invisible reports whether r takes no room on a screen.
func invisible(r rune) bool {
	switch {
	case r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// lower turns A to Z into lower case and leaves every byte at its place.
func lower(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if i < 0 {
		return text
	}
	b := []byte(text)
	for ; i < len(b); i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// A builder makes a view byte by byte.
type builder struct {
	text []byte
	at   []int32
}

func (b *builder) put(c byte, at int) {
	b.text = append(b.text, c)
	b.at = append(b.at, int32(at))
}

func (b *builder) same(s string, at int) {
	for i := range len(s) {
		b.put(s[i], at+i)
	}
}

func (b *builder) view(end int) *view {
	text := string(b.text)
	return &view{text: text, lower: lower(text), at: append(b.at, int32(end))}
}
