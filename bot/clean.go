package bot

import (
	"regexp"
	"strings"
	"unicode"

	"apihelp/bot/check/credential"
)

// keepBytes is how much of each end of a message is read. It is twice what
// the matcher reads, for redaction makes texts shorter.
const keepBytes = 8 << 10

// clean makes a message's text fit to be kept: valid UTF-8, bounded, without
// control characters, without credentials. What it took out is noted.
func clean(m Message, r *credential.Redactor) Message {
	text := ansi.ReplaceAllString(strings.ToValidUTF8(clip(m.Text), "�"), "")
	m.Text, m.Found = r.Redact(strings.Map(printable, text))
	return m
}

// clipTo cuts a text to a number of bytes, between two characters.
func clipTo(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-len("…")], "") + "…"
}

// ansi are the escape sequences with which programs colour what they print.
var ansi = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

// clip drops the middle of a long text. It cuts between words, so that no
// credential is cut into a piece that would not be recognised as one.
func clip(text string) string {
	if len(text) <= 2*keepBytes {
		return text
	}
	head, tail := text[:keepBytes], text[len(text)-keepBytes:]
	head = head[:max(0, strings.LastIndexFunc(head, unicode.IsSpace))]
	if i := strings.IndexFunc(tail, unicode.IsSpace); i >= 0 {
		tail = tail[i:]
	} else {
		tail = ""
	}
	return head + "\n…" + tail
}

// printable drops what could steer a terminal, reverse a line or hide between
// the letters of a key.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\r':
		return '\n'
	case r == '\u200d': // joins emoji
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}
