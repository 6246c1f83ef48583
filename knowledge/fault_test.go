package knowledge

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const topicAbove = "# T\ntext\n\n" // lines 1 to 3

// Every fault says where it is and what is wrong. A fatal one is marked with
// an exclamation mark.
func TestFaultsNameTheirLine(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string // "line: a part of the message"
	}{
		{"text before the first heading", "lost\nlost\n\n- lost\n\n# T\ntext\n", []string{"1: before the first heading", "4: before the first heading"}},
		{"heading without text", topicAbove + "##\nmore\n", []string{"4: no text"}},
		{"empty heading", "# T\n\n## A\ntext\n## B\n## C\ntext\n", []string{"5: nothing stands below"}},
		{"empty step", topicAbove + "1. a\n2.\n3. c\n", []string{"5: step is empty"}},
		{"empty bullet", topicAbove + "- a\n-\n- c\n", []string{"5: bullet is empty"}},
		{"empty nested bullet", topicAbove + "1. a\n   - b\n   -\n", []string{"6: bullet is empty"}},
		{"code without meaning", topicAbove + "- `E_A`: a\n- `E_B`:\n", []string{"5: E_B has no meaning"}},
		{"row without code", topicAbove + "|Code|Meaning|\n|-|-|\n|401|x|\n||y|\n|Other|z|\n", []string{"7: no code", `8: "Other" does not look like a code`}},
		{"row without meaning", topicAbove + "|Code|Meaning|\n|-|-|\n|401||\n", []string{"6: 401 has no meaning"}},
		{"empty rows", topicAbove + "|Code|Meaning|\n|-|-|\n|401|x|\n|||\n\n|A|B|\n|-|-|\n|||\n|1|2|\n", []string{"7: row is empty", "11: row is empty"}},
		{"table without rows", topicAbove + "|A|B|\n|-|-|\n|||\n", []string{"4: no rows"}},
		{"empty column", topicAbove + "|A|B|\n|-|-|\n|1||\n|2||\n", []string{`4: in the column "B"`}},
		{"row with too many cells", topicAbove + "|A|B|\n|-|-|\n|1|2|3|\n", []string{"6: more cells"}},
		{"table that is none", topicAbove + "|A|B|C|\n|-|-|\n|1|2|\n", []string{"5: this is no table"}},
		{"code twice", topicAbove + "- `E_A`: a\n- `e_a`: b\n\n|Code|Meaning|\n|-|-|\n|E_A|c|\n", []string{"5: already at g.md:4", "9: already at g.md:4"}},
		{"HTML block", topicAbove + "<div>\ntext\n</div>\n", []string{"4: <div>", "5: text within it"}},
		{"inline HTML", topicAbove + "some\ntext <b>bold</b>\n", []string{"5: <b>", "5: </b>"}},
		{"text behind a comment", topicAbove + "<!-- a\nb --> lost\n", []string{"5: HTML is not used"}},
		{"image", topicAbove + "some\ntext ![x](y.png)\n", []string{"5: images are not shown"}},
		{"relative link", topicAbove + "some\n[x](other.md#y)\n", []string{"5: relative link"}},
		{"link without host", topicAbove + "[x](//host/x) [y](javascript:x) [z](http:///x)\n", []string{"4: relative", "4: only http", "4: only http"}},
		{"unreadable link", topicAbove + "[x](http://[::1)\n", []string{"4: cannot be read"}},
		{"link to no heading", topicAbove + "[x](#t) [y](#u)\n", []string{"4: #u"}},
		{"text that is an unused definition", topicAbove + "[E401]: Unauthorized\n", []string{"4: address of a link [E401]"}},
		{"numbers jump", topicAbove + "1. a\n2. b\n4. c\n5. d\n", []string{"6: number 4 follows 2"}},
		{"numbers repeat", topicAbove + "1. a\n2. b\n2. c\n", []string{"6: number 2 follows 2"}},
		{"numbers jump in a step", topicAbove + "1. a\n   1. b\n   3. c\n", []string{"6: number 3 follows 1"}},
		{"list begins late", topicAbove + "3. a\n4. b\n", []string{"4: begins with 3"}},
		{"second list begins wrong", topicAbove + "1. a\n2. b\n\ntext\n\n4. d\n", []string{"9: begins with 4, but its first step is number 3"}},
		{"empty code block", topicAbove + "```\n\n```\n", []string{"4: code block is empty"}},
		{"unclosed fence", topicAbove + "~~~ sh\nx\n# Lost\n", []string{"!4: never closed"}},
		{"unclosed fence in a step", topicAbove + "1. a\n   ```\n   x\n2. b\n", []string{"!5: never closed"}},
		{"unclosed comment", topicAbove + "<!-- x\n\n# Lost\n", []string{"!4: <!-- x is never closed"}},
		{"not UTF-8", topicAbove + "a\nb\xff\n\xfe", []string{"!5: 0xff"}},
		{"NUL", topicAbove + "a\nb\x00", []string{"!5: 0x00"}},
		{"empty file", "\ufeff \r\n", []string{"!1: empty"}},
		{"no topic", "# T\n## U\n", []string{"!1: no topic", "2: nothing stands below"}},
		{"too large", strings.Repeat("a", maxFileSize+1), []string{"!1: 4 MiB"}},
		{"too deep", topicAbove + strings.Repeat(">", 10_000) + " x\n", []string{"!4: deep"}},
		{"deep list", topicAbove + strings.Repeat("- ", 10_000) + "x\n", []string{"!4: deep"}},
		{"CRLF", "# T\r\ntext\r\n\r\n##\r\n", []string{"4: no text"}},
		{"front matter", "---\ntitle: x\n---\n# T\ntext\n##\n", []string{"1: settings", "6: no text"}},
		{"heading without words", "# ??\ntext\n", []string{"1: neither letters nor digits"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkFaults(t, tt.src, tt.want) })
	}
}

func TestAnnotationFaultsNameTheRightWord(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"misspelt first key", topicAbove + "<!-- alias: x -->\n", []string{`4: write "aliases"`}},
		{"misspelt later key", topicAbove + "<!--\ncodes: E_A\nsymtoms:\n- x\n-->\n", []string{`6: write "symptoms"`}},
		{"unknown key beside a known one", topicAbove + "<!-- owner: me\naliases: x -->\n", []string{"4: the keys are aliases, symptoms"}},
		{"within HTML", topicAbove + "<div>\n<!-- alias: x -->\n", []string{"4: <div>", `5: write "aliases"`}},
		{"underscore", topicAbove + "<!-- escalate_to: me -->\n", []string{`4: write "escalate-to"`}},
		{"unknown check", topicAbove + "<!-- checks: dns, ping -->\n", []string{"4: credential, dns, tcp, tls, http, auth, limits"}},
		{"no value", topicAbove + "<!-- aliases:\nsymptoms: x -->\n", []string{`4: "aliases" has no value`}},
		{"no value at the end", topicAbove + "<!-- aliases: x\nsymptoms: -->\n", []string{`5: "symptoms" has no value`}},
		{"key twice", topicAbove + "<!-- aliases: x -->\n\n<!--\naliases: y -->\n", []string{"7: already on line 4"}},
		{"line that is nothing", topicAbove + "<!-- aliases: x,\n  y -->\n", []string{`5: "y" is neither`}},
		{"two places to go", topicAbove + "<!-- escalate-to:\n- a\n- b -->\n", []string{"6: one place"}},
		{"no code", topicAbove + "<!-- codes: a b -->\n", []string{`4: "a b" is no code`}},
		{"above any heading", "<!-- aliases: x -->\n" + topicAbove, []string{"1: below the heading"}},
		{"under a heading without content", topicAbove + "## U\n<!-- aliases: x -->\n### V\ntext\n", []string{"5: only a topic has hints"}},
		{"under codes", topicAbove + "## U\n<!--\naliases: x -->\n- `E_A`: a\n", []string{"6: only a topic has hints"}},
		{"within a line", topicAbove + "text <!-- aliases: x -->\n", []string{"4: lines of its own"}},
		{"the author's own", topicAbove + "<!-- note: x\naliases are good -->\n<!-- notes: y -->\n<!---->\n<!-- TODO -->\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkFaults(t, tt.src, tt.want) })
	}
}

func checkFaults(t *testing.T, src string, want []string) {
	t.Helper()
	g, err := Parse(File{Name: "g.md", Src: []byte(src)})
	faults := faultsOf(g, err)
	if len(faults) != len(want) {
		t.Fatalf("got faults %v, want %q", faults, want)
	}
	for i, f := range faults {
		line, part, _ := strings.Cut(want[i], ": ")
		got := fmt.Sprint(f.Line)
		if f.Fatal {
			got = "!" + got
		}
		if got != line || !strings.Contains(f.Msg, part) || f.File != "g.md" {
			t.Errorf("got %s: %v, want %q", got, f, want[i])
		}
	}
}

// faultsOf returns the faults of a guide, or those that its error joins.
func faultsOf(g *Guide, err error) []Fault {
	if err == nil {
		return g.Faults
	}
	var faults []Fault
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		f, _ := errors.AsType[Fault](err)
		faults = append(faults, f)
	}
	return faults
}

func TestFaultsComeInTheOrderOfTheFiles(t *testing.T) {
	g, err := Parse(
		File{"z.md", []byte("# T\ntext\n- `E_A`: a\n")},
		File{"a.md", []byte("lost\n# T\n- `E_A`: b\n\nmore\n##\n")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range g.Faults {
		got = append(got, fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	if diff := cmp.Diff([]string{"a.md:1", "a.md:3", "a.md:6"}, got); diff != "" {
		t.Error(diff)
	}
}

// Hostile input costs time in proportion to its length. The bound is far
// above what it takes, and far below what the square of the length would.
func TestHostileInputIsReadInTime(t *testing.T) {
	deepList := &strings.Builder{}
	for i := range 3000 {
		fmt.Fprintf(deepList, "%s- a\n", strings.Repeat("  ", min(i, maxNesting-1)))
	}
	tooDeep := &strings.Builder{}
	for i := range 1500 {
		fmt.Fprintf(tooDeep, "%s- a\n", strings.Repeat("  ", i))
	}
	for name, src := range map[string]string{
		"quotes":        strings.Repeat(">", 10_000),
		"quoted lines":  strings.Repeat(strings.Repeat("> ", maxNesting)+"a\n", 2_000),
		"indented list": deepList.String(),
		"deeper list":   tooDeep.String(),
		"brackets":      strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"emphasis":      strings.Repeat("*a **b _c ", 5_000),
		"backticks":     strings.Repeat("`a``b```c", 5_000),
		"entities":      strings.Repeat("&#", 50_000),
		"comments":      strings.Repeat("<!-- a: b --> ", 10_000),
		"same heading":  strings.Repeat("# a\nb\n", 20_000),
		"codes":         strings.Repeat("- `E_1`: a\n", 10_000),
		"table":         "|a|b|\n|-|-|\n" + strings.Repeat("|401|x|\n", 10_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _ = Parse(File{Name: "g.md", Src: []byte("# T\n" + src)})
			took := time.Since(start)
			t.Log(took)
			if took > 10*time.Second {
				t.Errorf("got %v for %d bytes, want a fraction of a second", took, len(src))
			}
		})
	}
}
