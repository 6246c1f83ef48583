package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// keys is a guide to lint: two topics that the matcher can tell apart.
const keys = "# Guide\n\n## Rate Limiting\n1. Wait a minute\n\n## Certificate Errors\n%s\n1. Update the bundle\n"

func lintOf(t *testing.T, src string) []Fault {
	t.Helper()
	g, err := Parse(File{Name: "g.md", Src: []byte(src)})
	if err != nil {
		t.Fatal(err)
	}
	return g.Lint()
}

func checkLint(t *testing.T, src string, want []string) {
	t.Helper()
	var got []string
	for _, f := range lintOf(t, src) {
		got = append(got, fmt.Sprintf("%d: %s", f.Line, f.Msg))
	}
	if len(got) != len(want) {
		t.Fatalf("got faults %q, want %q", got, want)
	}
	for i, w := range want {
		line, parts, _ := strings.Cut(w, ": ")
		for part := range strings.SplitSeq(parts, " … ") {
			if !strings.HasPrefix(got[i], line+": ") || !strings.Contains(got[i], part) {
				t.Errorf("got %q, want %q", got[i], w)
			}
		}
	}
}

func TestLintHoldsTheGuideToTheExamplesOfItsAuthor(t *testing.T) {
	for _, tt := range []struct {
		name, hints string
		want        []string
	}{
		{"kept", "<!--\nmust-match: certificate errors, we get certificate errors\nmust-not-match: rate limiting, lunch\n-->", nil},
		{"another topic answers", "<!--\nmust-match:\n- certificate errors\n- rate limiting since monday\n-->",
			[]string{`10: must-match "rate limiting since monday" is answered with "rate-limiting" because of "rate limiting" (title); … not-symptom there`}},
		{"nothing answers", "<!-- must-match: blorp -->", []string{`7: "blorp" matches nothing; add`}},
		{"not wanted", "<!--\nsymptoms: rotten chain\nmust-not-match:\n- rotten chain\n-->", []string{`10: must-not-match "rotten chain" is answered with "certificate-errors" because of "rotten chain" (symptom); add`}},
		{"a code that leads here answers", "<!--\ncodes: E_CHAIN\nmust-match: E_CHAIN\n-->", nil},
		{"a code that leads here is not wanted", "<!--\ncodes: E_CHAIN\nmust-not-match: got E_CHAIN\n-->", []string{`9: "got E_CHAIN" is answered with "E_CHAIN" because of "E_CHAIN" (code)`}},
		{"no value", "<!-- must-match: -->", []string{`7: "must-match" has no value`}},
		{"misspelt", "<!-- must_not_match: x -->", []string{`7: write "must-not-match"`}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkLint(t, fmt.Sprintf(keys, tt.hints), tt.want) })
	}
}

func TestACodeOfSeveralTopicsMayMatchWhatOneOfThemMustNot(t *testing.T) {
	checkLint(t, "# A\n\n## Certificates\n<!--\ncodes: E_TWO\nmust-not-match: E_TWO\n-->\n1. x\n\n## Tokens\n<!-- codes: E_TWO -->\n1. y\n", nil)
}

func TestAnExampleThatIsOnlyWorthAQuestionIsNoAnswer(t *testing.T) {
	src := "## Certificate Rotation Schedule\n<!-- must-match: %s -->\ntext\n"
	for _, text := range []string{"rotation", "schedule", "our schedule of big parties at home", "certificate party on monday morning"} {
		g, err := Parse(File{Name: "g.md", Src: fmt.Appendf(nil, src, text)})
		if err != nil {
			t.Fatal(err)
		}
		matches := g.Match(text)
		if len(matches) == 0 || matches[0].Sure {
			continue
		}
		checkLint(t, fmt.Sprintf(src, text), []string{"2: only for a question back"})
		checkLint(t, strings.ReplaceAll(fmt.Sprintf(src, text), "must-match", "must-not-match"), nil)
		return
	}
	t.Skip("the matcher is sure of all of these, or of none")
}

func TestLintFindsHeadingsThatWouldFitAnyTopic(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"says nothing", "# Keys\n\ntext\n\n# Other problems\n\n1. Restart the gizmo\n2. Paint the gizmo\n", []string{`5: "Other problems" would fit any topic; … gizmo, `}},
		{"says nothing and has no words", "# Errors\n\n```\nx\n```\n", []string{`1: what goes wrong, or give`}},
		{"is reached by other names", "# Errors\n<!-- aliases: gizmo -->\ntext\n", nil},
		{"is reached by codes", "# Errors\n\ntext\n\n- `E_A`: a\n", nil},
		{"is a chapter", "# Troubleshooting guide\n\nWelcome.\n\n## Keys\ntext\n", nil},
		{"another chapter follows", "# Keys\ntext\n## Problems\ntext\n# Tokens\ntext\n", []string{"3: would fit any"}},
		{"says something", "# Invalid requests\n\ntext\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) { checkLint(t, tt.src, tt.want) })
	}
}

func TestLintFindsTopicsThatAreTooAlike(t *testing.T) {
	const long = "1. Open the dashboard and find the gizmo\n2. Paint the gizmo blue with a brush\n3. Wait until the colour is dry\n"
	const more = "zebra yak xylophone willow walnut"
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"same words", "# Expired tokens\ntext\n# Token expiry errors\ntext\n", []string{`3: same telling words as "Expired tokens" at g.md:1`}},
		{"same heading", "# Tokens\ntext\n# Keys\ntext\n# Tokens\ntext\n", []string{`5: same telling words as "Tokens" at g.md:1`}},
		{"same words, one within the other", "# Tokens\ntext\n# Token errors\ntext\n", []string{`3: same telling words`}},
		{"one within the other", "# Token cache timeouts\ntext\n# Token cache\ntext\n", []string{`1: contains that of "Token cache" at g.md:3`}},
		{"only some words in common", "# Token timeouts\ntext\n# Token cache\ntext\n", nil},
		{"the same words in other places", "# Cache token\ntext\n# Token of the cache timeouts\ntext\n", nil},
		{"below what it narrows", "# Timeouts\ntext\n## Timeouts behind a proxy\ntext\n", nil},
		{"same steps", "# Tokens\n" + long + "# Keys\n" + long, []string{`5: the steps of "Keys" are nearly those of "Tokens" at g.md:1`}},
		{"nearly the same steps", "# Tokens\n" + long + "# Keys\n" + long + "4. Smile\n", []string{`5: nearly those`}},
		{"thrice", "# Tokens\n" + long + "# Keys\n" + long + "# Doors\n" + long, []string{`5: "Tokens"`, `9: "Tokens"`}},
		{"half of the steps", "# Tokens\n" + long + "# Keys\n1. Open the dashboard and find the gizmo\n2. Ask somebody else for another brand of paint thinner\n", nil},
		{"two thirds of the steps", "# Tokens\n" + long + "# Keys\n" + long + "4. " + more + "\n# Doors\n1. " + more + " north south east west\n# Roofs\n1. " + more + " spring summer autumn winter\n", nil},
		{"a standard phrase", "# Tokens\n1. Contact support\n# Keys\n1. Contact support\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) { checkLint(t, tt.src, tt.want) })
	}
}

func TestLintKeepsTheFaultsOfTheGuideInOrder(t *testing.T) {
	g, err := Parse(
		File{Name: "z.md", Src: []byte("# Errors\ntext\n<b>x</b>\n")},
		File{Name: "a.md", Src: []byte("lost\n\n# Problems\ntext\n")},
	)
	if err != nil {
		t.Fatal(err)
	}
	before := len(g.Faults)
	var got []string
	for _, f := range g.Lint() {
		got = append(got, fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	if want := []string{"z.md:1", "z.md:3", "z.md:3", "a.md:1", "a.md:3"}; !slices.Equal(got, want) {
		t.Errorf("got faults at %v, want %v", got, want)
	}
	if len(g.Faults) != before {
		t.Errorf("got %d faults in the guide itself, want %d as before", len(g.Faults), before)
	}
}

func TestTheDefaultGuideHasNothingToLint(t *testing.T) {
	if faults := Default().Lint(); len(faults) > 0 {
		t.Errorf("got %v, want no faults", faults)
	}
}

// What lint says of any guide is in order, and the same each time.
func FuzzLint(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(keys, "<!--\nmust-match: rate limiting, \xf0\nmust-not-match: certificate errors\n-->")))
	f.Add([]byte("# Errors\ntext\n# Errors\n1. a\n# ??\n1. a\n"))
	f.Add([]byte("# A\n<!-- must-match:\n- a, b\n- -\n-->\n# B A\n- `E_A`: x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		g, err := Parse(File{Name: "g.md", Src: src})
		if err != nil {
			return
		}
		faults := g.Lint()
		if len(faults) < len(g.Faults) {
			t.Errorf("got %d faults, want at least those of the guide, %d", len(faults), len(g.Faults))
		}
		if !slices.IsSortedFunc(faults, func(a, b Fault) int { return g.order.compare(a.Pos, b.Pos) }) {
			t.Errorf("got %v, want them in the order of the guide", faults)
		}
		if again := g.Lint(); !slices.Equal(faults, again) {
			t.Errorf("got %v, and the second time %v", faults, again)
		}
	})
}

func BenchmarkLint10000Topics(b *testing.B) {
	var src strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&src, "# Gizmo%d of lot%d\n1. Open drawer%d in the hall\n2. Paint it with colour%d and brush%d\n3. Wait until the paint is dry and clean\n", i, i%100, i%1000, i%77, i)
	}
	g, err := Parse(File{Name: "g.md", Src: []byte(src.String())})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g.Lint()
	}
}
