package credential

import (
	"regexp"
	"strings"
)

// valueFrom is where the value ends that begins at i: at the quote that opened
// before it, else at what separates words.
func (s *scan) valueFrom(i int) int {
	text := s.view.text
	if i > 0 && i < len(text) && strings.IndexByte("\"'`", text[i-1]) >= 0 {
		if n := closing(line(text, i), text[i-1], i > 1 && text[i-2] == '\\'); n >= 0 {
			return i + n
		}
	}
	if strings.HasPrefix(text[i:], "[object ") || strings.HasPrefix(text[i:], "<") || strings.HasPrefix(text[i:], "{{") || strings.HasPrefix(text[i:], "${") {
		if n := strings.IndexAny(line(text, i), "]>}"); n >= 0 && n < textBytes {
			for n < len(text)-i && strings.IndexByte("]>}", text[i+n]) >= 0 {
				n++
			}
			return i + n
		}
	}
	end := valueEnd(text, i, " \t\n\"'`,;<>|")
	end = min(end, i+valueBytes)
	if strings.Contains(text[i:end], "&") {
		if n := query.FindStringIndex(text[i:end]); n != nil {
			end = i + n[0]
		}
	}
	for end > i && strings.IndexByte(".:)]}", text[end-1]) >= 0 && !strings.HasSuffix(text[i:end], "...") && text[i] != '{' && text[i] != '[' && text[i] != '(' {
		end--
	}
	return end
}

// closing is where the quote is that ends a value, or -1. Within quotes that
// are not escaped themselves, escaped ones are part of the value.
func closing(rest string, quote byte, escaped bool) int {
	for i := range len(rest) {
		if rest[i] == quote && (escaped || i == 0 || rest[i-1] != '\\') {
			return i
		}
	}
	return -1
}

// query is the next parameter of a URL or a form.
var query = regexp.MustCompile(`&(?:amp)?;?[\w.\[\]-]+=`)

// valueEnd is where the first of some characters is, or the end of the text.
func valueEnd(text string, i int, stop string) int {
	if n := strings.IndexAny(text[i:], stop); n >= 0 {
		return i + n
	}
	return len(text)
}

// line is the rest of the line from i on, as far as values reach.
func line(text string, i int) string {
	rest := text[i:min(len(text), i+valueBytes)]
	return rest[:lineEnd(rest, 0)]
}

// valueBytes is more than any credential on one line has.
const valueBytes = 4 << 10
