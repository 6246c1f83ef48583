package discord

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"apihelp/bot"
)

// around is the most that the signs of a style take: "~~***" on both sides, and
// one that keeps them apart from others.
const around = (2*len("~~***") + 2) * unit

// spanCost is the most that a character of a span takes. Styles end with a
// line, and begin anew on the next.
func spanCost(s bot.Span) func(rune) int {
	if s.Style == 0 {
		return textCost
	}
	return func(r rune) int {
		if r == '\n' {
			return textCost(r) + around
		}
		return textCost(r)
	}
}

// cutRich cuts a text into runs of a size at most.
func cutRich(r bot.Rich, room int) []bot.Rich {
	var runs []bot.Rich
	var run bot.Rich
	left := room
	flush := func() { runs, run, left = append(runs, run), nil, room }
	for _, s := range r {
		s = tidy(s)
		if s.URL != "" {
			if run != nil && linkSize(s) > left {
				flush()
			}
			run, left = append(run, s), left-linkSize(s)
			continue
		}
		for s.Text != "" {
			head, rest := cutText(s.Text, left-around, spanCost(s), run == nil)
			if head == "" {
				flush()
				continue
			}
			run = append(run, bot.Span{Text: head, Style: s.Style})
			left -= around
			for _, r := range head {
				left -= spanCost(s)(r)
			}
			if s.Text = rest; rest != "" {
				flush()
			}
		}
	}
	if run != nil {
		flush()
	}
	return runs
}

// markdown writes spans for Discord. Markup comes from their styles and links
// alone.
func markdown(r bot.Rich) string {
	var b strings.Builder
	closed := false // a sign of a style is the last thing written
	for _, s := range r {
		if s.URL != "" {
			b.WriteString(link(s))
			closed = false
			continue
		}
		for i, line := range strings.Split(s.Text, "\n") {
			if i > 0 {
				b.WriteByte('\n')
				closed = false
			}
			if line != "" {
				text, signs := styled(line, s.Style)
				if closed && signs {
					b.WriteString(invisible)
				}
				b.WriteString(text)
				closed = signs && !strings.HasSuffix(text, " ")
			}
		}
	}
	return b.String()
}

// styled sets off a line of text, without the white space at its ends, which
// signs of a style can't touch. It reports whether it did.
func styled(line string, style bot.Style) (text string, signs bool) {
	core := strings.TrimSpace(line)
	if core == "" || style == 0 || style&bot.Mono != 0 && strings.Contains(core, "`") {
		return escape(line), false
	}
	lead := line[:len(line)-len(strings.TrimLeftFunc(line, unicode.IsSpace))]
	trail := line[len(lead)+len(core):]
	if style&bot.Mono != 0 { // within code, no other sign is read
		return lead + "`" + core + "`" + trail, true
	}
	sign := ""
	for _, one := range []struct {
		style bot.Style
		sign  string
	}{{bot.Italic, "*"}, {bot.Bold, "**"}} {
		if style&one.style != 0 {
			sign += one.sign
		}
	}
	text = sign + escape(core) + sign
	if style&bot.Strike != 0 {
		text = "~~" + text + "~~"
	}
	return lead + text + trail, true
}

// linkLabel is the longest label of a link, and linkURL the longest address, in
// UTF-16 code units.
const (
	linkLabel = 200
	linkURL   = 512
)

// address returns an address as it may stand in a link, if it may: one of the
// web, encrypted, that says where it leads and ends no markup.
func address(s string) (string, bool) {
	s = strings.NewReplacer("(", "%28", ")", "%29", "*", "%2A").Replace(s)
	_, err := url.Parse(s)
	return s, err == nil && len(s) <= linkURL && addresses.MatchString(s)
}

var addresses = regexp.MustCompile(`^https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&'+,;=%-]*)?$`)

// tidy makes the text of a span clean, and an address that can't be a link part
// of it.
func tidy(s bot.Span) bot.Span {
	s.Text = clean(s.Text)
	if s.URL == "" {
		return s
	}
	if strings.TrimSpace(s.Text) == "" {
		s.Text = s.URL
	}
	target, ok := address(s.URL)
	switch {
	case ok && (s.Text == s.URL || linkable(s.Text)):
		s.URL = target
	case s.URL == s.Text:
		s.Text, s.URL = clean(s.URL), ""
	default:
		s.Text, s.URL = s.Text+" ("+clean(s.URL)+")", ""
	}
	return s
}

// linkable reports whether a text can be the label of a link. Discord shows no
// link whose label looks like another.
func linkable(label string) bool {
	return size(label) <= linkLabel*unit && !strings.ContainsAny(label, "\n[]") &&
		!strings.Contains(label, "://") && !strings.Contains(strings.ToLower(label), "www.")
}

// link writes a tidy span with an address.
func link(s bot.Span) string {
	if target, _ := address(s.Text); target == s.URL {
		return "<" + s.URL + ">"
	}
	label, _ := styled(s.Text, s.Style)
	return "[" + label + "](" + s.URL + ")"
}

func linkSize(s bot.Span) int { return size(link(s)) }
