package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is the size of one UTF-16 code unit.
const unit = 5

// invisible is a character without width. Discord shows nothing for it, and
// reads no markup across it.
const invisible = "\u200b"

// size measures a text as Discord bounds it, in fifths of a UTF-16 code unit: a
// character of three bytes is worth more than its one unit, for 9,500 bytes must
// not be more than 3,800 units. Discord fails at 10,170 bytes of text displays,
// which it says nowhere (discord-api-docs issue 8554).
func size(s string) int {
	sum := 0
	for _, r := range s {
		sum += runeSize(r)
	}
	return sum
}

func runeSize(r rune) int {
	switch utf8.RuneLen(r) {
	case 4:
		return 2 * unit
	case 3:
		return unit + 1
	}
	return unit
}

// clean makes a text valid, and drops control characters and those that turn
// the direction of what follows.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029': // line and paragraph separators
			return '\n'
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// oneLine is a cleaned text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// special are the characters that begin or end markup, a mention, an emoji or a
// link somewhere in a line. A backslash makes each of them literal.
const special = "\\*_~`|>#-+[]():/@<"

// escape makes a cleaned text literal where Discord reads Markdown.
func escape(s string) string {
	var b strings.Builder
	before := rune(0)
	for i, r := range s {
		// A number with a dot begins a list; it may be in the span before.
		if strings.ContainsRune(special, r) || r == '.' && (before == 0 || unicode.IsDigit(before)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' && massMention(s[i+1:]) {
			b.WriteString(invisible)
		}
		before = r
	}
	return b.String()
}

// massMention reports whether a text makes a mention of many with the @ before
// it, or may do so with what follows.
func massMention(s string) bool {
	return s == "" || hasPrefixFold(s, "everyone") || hasPrefixFold(s, "here")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// unescape undoes what [escape] did.
func unescape(s string) string {
	var b strings.Builder
	escaped := false
	for _, r := range strings.ReplaceAll(s, invisible, "") {
		if r == '\\' && !escaped {
			escaped = true
			continue
		}
		b.WriteRune(r)
		escaped = false
	}
	return b.String()
}

// unfence breaks what would end a code fence.
func unfence(s string) string { return strings.ReplaceAll(s, "``", "`"+invisible+"`"+invisible) }

// textCost is the most that a character takes once it is escaped. A line break
// takes the indentation of the next line along.
func textCost(r rune) int {
	switch {
	case r == '\n':
		return 4 * unit
	case r == '@':
		return 2*unit + size(invisible)
	case r == '.' || strings.ContainsRune(special, r):
		return 2 * unit
	}
	return runeSize(r)
}

// codeCost is the most that a character takes within a code fence.
func codeCost(r rune) int {
	if r == '`' {
		return unit + size(invisible)
	}
	return runeSize(r)
}

// cutText returns as much of the beginning of a text as room has space for,
// and the rest. It cuts behind a line break if it can, else behind a space, and
// within a word only if that is all there is and the word may be cut.
func cutText(s string, room int, cost func(rune) int, within bool) (head, rest string) {
	end := len(s)
	for i, r := range s {
		if room -= cost(r); room < 0 {
			end = i
			break
		}
	}
	if end == len(s) {
		return s, ""
	}
	if i := strings.LastIndexByte(s[:end], '\n'); i >= 0 {
		return s[:i+1], s[i+1:]
	}
	if i := strings.LastIndexFunc(s[:end], unicode.IsSpace); i >= 0 {
		_, width := utf8.DecodeRuneInString(s[i:])
		return s[:i+width], s[i+width:]
	}
	if end = seam(s, end); !within {
		end = 0
	}
	return s[:end], s[end:]
}

// seam is the last place up to end where a cut leaves characters whole that are
// made of several, if there is one near.
func seam(s string, end int) int {
	for i := end; i > max(0, end-100); {
		left, width := utf8.DecodeLastRuneInString(s[:i])
		right, _ := utf8.DecodeRuneInString(s[i:])
		if !joined(left) && !joined(right) {
			return i
		}
		i -= width
	}
	return end
}

// joined reports whether a character makes one with its neighbours: a joiner,
// an accent, a variant, a skin tone or half a flag.
func joined(r rune) bool {
	return r == '\u200d' || unicode.Is(unicode.M, r) || r >= 0x1F3FB && r <= 0x1F3FF || r >= 0x1F1E6 && r <= 0x1F1FF
}
