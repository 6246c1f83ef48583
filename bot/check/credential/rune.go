package credential

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// characters tells what no credential contains: invisible characters, white
// space, letters of other alphabets, and URL-encoding. It returns the
// credential without them, or nothing if it can't be told what it was.
func (r *reader) characters(core string) string {
	seen := map[string]bool{}
	at := 0
	for i, c := range core {
		f := oddity(c, at, len(core[i:]) > 0 && c == utf8.RuneError && !strings.HasPrefix(core[i:], "\uFFFD"))
		if f.Kind != "" && !seen[f.Kind] {
			seen[f.Kind] = true
			r.add(f)
		}
		at++
	}
	if plain, err := url.PathUnescape(core); err == nil && plain != core {
		r.add(Fault{Encoded, "it is URL-encoded" + after(strings.Index(core, "%")) + ": send it as it was issued", true, "auth.key", hintCopied})
		core = plain
	}
	if seen[LookAlike] {
		return ""
	}
	return strings.Map(func(c rune) rune {
		if invisible(c) || unicode.IsSpace(c) {
			return -1
		}
		return c
	}, core)
}

// oddity is what is wrong with a character, of which so many stand before it.
func oddity(c rune, before int, broken bool) Fault {
	switch {
	case broken:
		return Fault{LookAlike, "there is a byte that is no character" + after(before), true, "auth.key", hintCopied}
	case c == '\n' || c == '\r' || c == '\t' || c == ' ':
		return Fault{Space, "there is " + spaceName(string(c)) + after(before), true, "auth.key", hintCopied}
	case invisible(c) || unicode.IsSpace(c):
		return Fault{Invisible, "there is an invisible " + runeName(c) + after(before), true, "auth.key", hintCopied}
	case c >= utf8.RuneSelf:
		return Fault{LookAlike, "there is a " + script(c) + fmt.Sprintf(" U+%04X", c) + after(before) + " where a plain one belongs", true, "auth.key", hintCopied}
	}
	return Fault{}
}

// after says where something is.
func after(n int) string {
	if n == 0 {
		return " before the first character"
	}
	return fmt.Sprintf(" after character %d", n)
}

// runeNames are the names of what nobody sees.
var runeNames = map[rune]string{
	0x0000: "null character", 0x00A0: "no-break space", 0x00AD: "soft hyphen", 0x034F: "combining grapheme joiner",
	0x061C: "arabic letter mark", 0x1680: "ogham space mark", 0x180E: "mongolian vowel separator", 0x2003: "em space", 0x2002: "en space", 0x2009: "thin space", 0x200A: "hair space",
	0x200B: "zero width space", 0x200C: "zero width non-joiner", 0x200D: "zero width joiner", 0x200E: "left-to-right mark", 0x200F: "right-to-left mark",
	0x2028: "line separator", 0x2029: "paragraph separator", 0x202A: "left-to-right embedding", 0x202B: "right-to-left embedding", 0x202C: "pop directional formatting",
	0x202D: "left-to-right override", 0x202E: "right-to-left override", 0x202F: "narrow no-break space", 0x205F: "medium mathematical space", 0x2060: "word joiner",
	0x2066: "left-to-right isolate", 0x2067: "right-to-left isolate", 0x2068: "first strong isolate", 0x2069: "pop directional isolate",
	0x3000: "ideographic space", 0x3164: "hangul filler", 0xFEFF: "byte order mark", 0x007F: "delete character", 0x001B: "escape character",
}

// runeName is the name of a character with its number.
func runeName(r rune) string {
	name, ok := runeNames[r]
	switch {
	case ok:
	case unicode.IsControl(r):
		name = "control character"
	default:
		name = "character"
	}
	return fmt.Sprintf("%s U+%04X", name, r)
}

// script is what sort of character it is for people.
func script(r rune) string {
	switch {
	case unicode.Is(unicode.Cyrillic, r):
		return "Cyrillic letter"
	case unicode.Is(unicode.Greek, r):
		return "Greek letter"
	case r >= 0xFF01 && r <= 0xFF5E:
		return "full-width character"
	case unicode.Is(unicode.Pd, r):
		return "typographic dash"
	case unicode.IsLetter(r):
		return "letter of another alphabet"
	}
	return "character that is not ASCII"
}
