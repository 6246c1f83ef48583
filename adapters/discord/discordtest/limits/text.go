package limits

import (
	"regexp"
	"strings"
	"unicode/utf16"
)

// length counts UTF-16 code units.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// str is a string of at least least and at most most characters. One that must
// not be empty must not be blank either, for Discord trims it.
func str(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fault(at, "got %s, want a string", kind(v))
			return
		}
		if n := length(s); n < least || n > most {
			c.fault(at, "%d characters, want %d to %d", n, least, most)
		} else if least > 0 && strings.TrimSpace(s) == "" {
			c.fault(at, "blank")
		}
	}
}

// markdown is a text that Discord formats.
func markdown(least, most int) rule {
	return func(c *checker, at string, v any) {
		str(least, most)(c, at, v)
		if s, _ := v.(string); fenceOpen(s) {
			c.fault(at, "a code fence is not closed")
		}
	}
}

// display is the content of a text display, which counts for the message's
// total too. The 12 bytes are what Discord adds for each.
func display(c *checker, at string, v any) {
	markdown(1, displayed)(c, at, v)
	s, _ := v.(string)
	c.units += length(s)
	c.bytes += len(s) + 12
}

// fenceOpen reports whether a code fence begins in a text and does not end.
// Outside a fence a backslash makes the next character literal.
func fenceOpen(s string) bool {
	for {
		loc := fenceOrEscape.FindStringIndex(s)
		if loc == nil {
			return false
		}
		if s[loc[0]] == '\\' {
			s = s[loc[1]:]
			continue
		}
		_, rest, ok := strings.Cut(s[loc[1]:], "```")
		if !ok {
			return true
		}
		s = rest
	}
}

var fenceOrEscape = regexp.MustCompile("(?s)\\\\.|```")

// snowflake is an ID of Discord's.
func snowflake(c *checker, at string, v any) {
	if s, ok := v.(string); !ok || !snowflakes.MatchString(s) {
		c.fault(at, "got %v, want an id", v)
	}
}

var snowflakes = regexp.MustCompile(`^(0|[1-9]\d{0,19})$`)
