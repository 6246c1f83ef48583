package feature

import (
	"strings"
	"unicode"
)

// isWord reports whether r belongs to a word.
func isWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// isApostrophe reports whether r is one of the marks in "don't": they are
// dropped, so that "dont" is the same word.
func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '`' || r == '´' }

func lower(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

// classOf returns the class that stands in for a number or an identifier, ""
// for a word. The statuses of HTTP that clients report stay words.
func classOf(form []byte) string {
	digits, letters := 0, 0
	for _, c := range form {
		if '0' <= c && c <= '9' {
			digits++
		} else {
			letters++
		}
	}
	switch {
	case digits == 0:
		return ""
	case letters == 0 && digits == 3 && (form[0] == '4' || form[0] == '5'):
		return ""
	case letters == 0:
		return numberClass(digits)
	case digits+letters >= 8 && digits >= 2:
		return "<id>"
	case letters <= 3 && digits <= 6 && '0' <= form[0] && form[0] <= '9':
		return "<num>" // with a unit: 30s, 5xx is kept apart by its letters' pieces
	}
	return ""
}

// numberClass tells small numbers, which count things, from long ones.
func numberClass(digits int) string {
	if digits <= 2 {
		return "<n>"
	}
	if digits <= 6 {
		return "<num>"
	}
	return "<long>"
}

// urlEnd returns the end of the address that begins at i, or i.
func urlEnd(text string, i int) int {
	if text[i]|0x20 != 'h' || !strings.HasPrefix(text[i:], "http://") && !strings.HasPrefix(text[i:], "https://") {
		return i
	}
	end := strings.IndexAny(text[i:], " \n\t\r<>\"'`|)")
	if end < 0 {
		return len(text)
	}
	return i + end
}

// mentionEnd returns the end of the mention <@U07BOT> that begins at i, or i.
func mentionEnd(text string, i int) int {
	const longest = 40
	if !strings.HasPrefix(text[i:], "<@") {
		return i
	}
	if end := strings.IndexByte(text[i:min(len(text), i+longest)], '>'); end > 0 {
		return i + end + 1
	}
	return i
}
