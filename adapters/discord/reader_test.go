package discord

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// What a reader sees of a text, by the rules that Discord's clients have for
// Markdown: in the order in which they try them at each place of a line.
var (
	fences   = regexp.MustCompile("(?s)^```(?:([a-z0-9_+.#-]+)\n)?\n*(.*?)\n*```")
	codes    = regexp.MustCompile("(?s)^`([^`]+)`")
	masked   = regexp.MustCompile(`^\[((?:\\.|[^\\\[\]\n])+)\]\((https://[^()\s<>]+)\)`)
	framed   = regexp.MustCompile(`^<(https://[^ >]+)>`)
	signs    = regexp.MustCompile(`^(?:\*{1,3}|~~)`)
	leads    = regexp.MustCompile(`^(?:### |-# |\d{1,10}\. )`)
	outliers = regexp.MustCompile(`^(?:https?://|steam://|discord\.gg/|@(?i:everyone|here)|<[@#:at/i]|[>#|_\[\]` + "`" + `]|[-+] )`)
)

// A reading is what a reader sees of a post.
type reading struct {
	text  strings.Builder
	links []string
	marks int // signs of styles
	lists int // lines that begin with a number
	code  []string
}

// read shows a text, and fails for markup that the adapter never writes.
func (g *reading) read(t interface {
	Fatalf(string, ...any)
	Helper()
}, md string) {
	t.Helper()
	for first := true; md != ""; {
		if first {
			if lead := leads.FindString(md); lead != "" {
				g.text.WriteString(strings.Trim(lead, "#- "))
				g.text.WriteByte(' ')
				if unicode.IsDigit(rune(lead[0])) {
					g.lists++
				}
				md = md[len(lead):]
			}
		}
		first = false
		plain := strings.IndexAny(md, "\\`[]<>*~@#|_-+hsd\n") // where something can begin, so that long texts are read fast
		switch {
		case plain != 0:
			if plain < 0 {
				plain = len(md)
			}
			g.text.WriteString(md[:plain])
			md = md[plain:]
		case strings.HasPrefix(md, `\`):
			if len(md) < 2 || !strings.Contains(special+".", md[1:2]) {
				t.Fatalf("a backslash before %.20q", md[1:])
			}
			g.text.WriteString(md[1:2])
			md = md[2:]
		case fences.MatchString(md):
			m := fences.FindStringSubmatch(md)
			g.code = append(g.code, m[1])
			g.text.WriteString(" " + m[2] + " ")
			md = md[len(m[0]):]
		case codes.MatchString(md):
			m := codes.FindStringSubmatch(md)
			g.text.WriteString(m[1])
			md = md[len(m[0]):]
		case masked.MatchString(md):
			m := masked.FindStringSubmatch(md)
			g.read(t, m[1])
			g.text.WriteString(" " + m[2] + " ")
			g.links = append(g.links, m[2])
			md = md[len(m[0]):]
		case framed.MatchString(md):
			m := framed.FindStringSubmatch(md)
			g.text.WriteString(m[1])
			g.links = append(g.links, m[1])
			md = md[len(m[0]):]
		case signs.MatchString(md):
			g.marks++
			md = md[len(signs.FindString(md)):]
		case outliers.MatchString(md):
			t.Fatalf("markup that nobody wrote: %.60q", md)
		default:
			first = md[0] == '\n'
			g.text.WriteByte(md[0])
			md = md[1:]
			for first && strings.HasPrefix(md, "   ") {
				md = md[3:]
			}
		}
	}
	g.text.WriteByte('\n')
}

// visible is what a reader sees of a text.
func visible(t testing.TB, md string) string {
	t.Helper()
	var g reading
	g.read(t, md)
	return strings.TrimSuffix(strings.ReplaceAll(g.text.String(), invisible, ""), "\n")
}

var literals = map[string]string{
	"everyone": "@everyone and @here, @EveryOne", "a role": "<@&1>", "a user": "<@!123> <@1>", "a channel": "<#123>", "a spoiler": "||spoilers||",
	"a fence": "```sh\nrm\n```", "code": "`x` ``y``", "a quote": "> quoted\n>>> all", "headings": "# one\n## two\n-# small", "lists": "- a\n* b\n+ c\n1. d\n 23. e",
	"styles": "*a* **b** _c_ __d__ ~~e~~ ***f***", "a masked link": "[docs](https://evil.example)", "a framed link": "<https://evil.example>",
	"addresses": "https://evil.example/x?y=1 http://a.example discord.gg/x", "a time": "<t:1700000000:R>", "custom emoji": "<:x:123> <a:y:456> :smile:",
	"commands": "</apihelp:123> <id:customize>", "backslashes": `\*a\* \\ \`, "shrug": `¯\_(ツ)_/¯`, "emoji": "😀👩‍👩‍👧🇩🇪👍🏽", "right to left": "שלום العربية",
	"a mail": "ann@example.com", "symbols": `a+b=c; 50% & more! "x" 'y' {z} $1 ^2 1.2.3.`,
}

func TestTextStaysLiteral(t *testing.T) {
	for name, text := range literals {
		t.Run(name, func(t *testing.T) {
			var g reading
			md := escape(clean(text))
			g.read(t, md)
			if got := visible(t, md); got != text {
				t.Errorf("a reader sees %q of %q", got, text)
			}
			if g.marks+g.lists+len(g.links)+len(g.code) > 0 {
				t.Errorf("%q has markup: %+v", md, g)
			}
			if got := unescape(md); got != text {
				t.Errorf("unescaped %q, want %q", got, text)
			}
		})
	}
}

func TestCharactersThatMislead(t *testing.T) {
	if got, want := clean("a\x00\x1b[31m\u202eb\u2066c\u2028d\re\tf\xff"), "a[31mbc\nde\tf�"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMassMentionsAreBrokenAcrossSpans(t *testing.T) {
	for _, md := range []string{escape("@everyone"), escape("@") + escape("here")} {
		if !strings.Contains(md, "@"+invisible) {
			t.Errorf("got %q, want something between @ and the word", md)
		}
	}
}
