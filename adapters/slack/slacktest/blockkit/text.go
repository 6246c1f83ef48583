package blockkit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes are how Slack stores the characters that its markup is made of.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// length counts what Slack stores of a literal text.
func length(s string) int { return utf8.RuneCountInString(escapes.Replace(s)) }

// storedLength counts what Slack stores of a text that is escaped already.
func storedLength(s string) int { return length(unescape.Replace(s)) }

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain is a plain_text object of at most most characters.
func plain(most int) rule {
	return textObject(map[string]rule{"plain_text": plainText(most)})
}

// text is a text object of either type.
func text(most int) rule {
	return textObject(map[string]rule{"plain_text": plainText(most), "mrkdwn": mrkdwnText(most)})
}

func textObject(types map[string]rule) rule { return union("text", types) }

func plainText(most int) rule {
	return object("text", fields{"type": anything, "emoji": boolean, "text": every(str(1, most), printable)})
}

func mrkdwnText(most int) rule {
	shape := object("text", fields{"type": anything, "verbatim": boolean, "text": markup(most)})
	return func(c *checker, at string, v any) {
		shape(c, at, v)
		o, _ := v.(map[string]any)
		if is, _ := truth(o["verbatim"]); !is && parsed.MatchString(member(v, "text")) {
			c.fault(at, "Slack makes links and mentions of this text unless it is verbatim")
		}
	}
}

// parsed is what Slack makes links and mentions of in mrkdwn that is not
// verbatim: names behind @ and #, addresses, and bare domains.
var parsed = regexp.MustCompile(`[@#]\w|://|\b[\w-]+\.[a-zA-Z]{2,}\b`)

// markup is escaped text of at most most characters.
func markup(most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fault(at, "got %s, want a string", kind(v))
			return
		}
		c.length(at, storedLength(s), 1, most)
		escaped(c, at, v)
		printable(c, at, v)
	}
}

// escaped wants a text in which nothing is a mention or a link. Only dates may
// be marked up: links have their place in rich text.
func escaped(c *checker, at string, v any) {
	s, _ := v.(string)
	s = date.ReplaceAllString(s, "")
	if strings.ContainsAny(s, "<>") {
		c.fault(at, "unescaped < or >: a link or a mention")
	}
	if strings.Contains(entity.ReplaceAllString(s, ""), "&") {
		c.fault(at, "unescaped &")
	}
}

var (
	date   = regexp.MustCompile(`<!date\^[0-9]+\^[^<>|]*\|[^<>|]*>`)
	entity = regexp.MustCompile(`&(?:amp|lt|gt);`)
)

// printable wants no control characters but line breaks and tabs.
func printable(c *checker, at string, v any) {
	s, _ := v.(string)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		c.fault(at, "control character")
	}
}

// formatted is what Slack formats in a text: pairs of * _ ~ or backticks, and
// quoted lines.
var formatted = regexp.MustCompile("(?m)(?:^|[^\\w*_~`])(?:\\*[^\\s*][^*\n]*\\*|_[^\\s_][^_\n]*_|~[^\\s~][^~\n]*~|`[^`\n]+`)|```|^&gt;")
