package slack

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"apihelp/bot"
)

// length counts a text as Slack does: characters, after escaping.
func length(s string) int { return utf8.RuneCountInString(escape(s)) }

// clean makes a text valid and drops control characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029': // line and paragraph separators
			return '\n'
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// oneLine is a cleaned text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// cost is what a character takes of a part: its length once escaped. A line
// break takes the indentation of the next line along, in the plain text.
func cost(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	case '\n':
		return 1 + len("    ")
	}
	return 1
}

// costs adds up the characters of a text.
func costs(s string) int {
	sum := 0
	for _, r := range s {
		sum += cost(r)
	}
	return sum
}

// cutText returns as much of the beginning of a text as room has space for,
// and the rest. It cuts behind a line break if it can, else behind a space, and
// within a word only if that is all there is and the word may be cut.
func cutText(s string, room int, within bool) (head, rest string) {
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
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[:i+size], s[i+size:]
	}
	if !within {
		end = 0
	}
	return s[:end], s[end:]
}

// urlLength is the longest address that becomes a link.
const urlLength = 1000

// linkable reports whether an address may become a link: one that a browser or
// a mail program opens, and that says where it leads.
func linkable(s string) bool {
	u, err := url.Parse(s)
	if err != nil || length(s) > urlLength || strings.ContainsAny(s, " <>|\"`") || clean(s) != s {
		return false
	}
	web := (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
	return web || u.Scheme == "mailto" && u.Opaque != ""
}

// tidy makes the text of a span clean, and an address that may not become a
// link part of it.
func tidy(s bot.Span) bot.Span {
	s.Text = clean(s.Text)
	switch {
	case s.URL == "":
	case linkable(s.URL):
		if strings.TrimSpace(s.Text) == "" {
			s.Text = s.URL
		}
	case s.URL == s.Text:
		s.URL = ""
	default:
		s.Text, s.URL = strings.TrimSpace(s.Text+" ("+clean(s.URL)+")"), ""
	}
	return s
}
