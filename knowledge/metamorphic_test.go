package knowledge

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"apihelp/knowledge/atlas"
)

// labelled is a line of a file of labelled messages.
type labelled struct {
	Text   string   `json:"text"`
	Accept []string `json:"accept"`
}

// readLabelled returns the messages of a file that are about something.
func readLabelled(t testing.TB, name string) []labelled {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	for in := bufio.NewScanner(f); in.Scan(); {
		var l labelled
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if len(l.Accept) > 0 && l.Accept[0] != "none" {
			out = append(out, l)
		}
	}
	return out
}

// quoted returns messages in which a native error is quoted, and answered.
func quoted(g *Guide) []string {
	var out []string
	for _, row := range atlas.Rows() {
		text := "our nightly job says " + strings.NewReplacer("{n}", "30", "*", "api.example.com").Replace(row.Pattern)
		if m := g.Match(text); len(m) > 0 && m[0].Sure && m[0].Reasons[0].Kind == KindNative {
			out = append(out, text)
		}
	}
	return out
}

// disguises change how a message is written, not what it says.
var disguises = map[string]func(string) string{
	"smart quotes":         strings.NewReplacer("'", "’", "\"", "”").Replace,
	"a code fence":         func(s string) string { return "```\n" + s + "\n```" },
	"closing marks":        func(s string) string { return s + " !!!" },
	"a quote":              func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
	"colours":              func(s string) string { return "\x1b[31m" + s + "\x1b[0m" },
	"CRLF":                 func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") + "\r\n" },
	"the head of a log":    func(s string) string { return "2025-01-01T00:00:00Z ERROR [worker-3] " + s },
	"JSON":                 func(s string) string { return `{"message":` + strconv.Quote(s) + `}` },
	"courtesy":             func(s string) string { return "hi all, " + s + " thanks!" },
	"spaces":               func(s string) string { return "\t " + strings.ReplaceAll(s, " ", "  ") },
	"a mention":            func(s string) string { return "<@U07BOT> " + s },
	"upper case":           strings.ToUpper,
	"an address behind it": func(s string) string { return s + " https://status.example.net/incidents/42" },
}

// keptFloor is the share of answers, in percent, that a disguise must leave as
// they are. It is not 100, because some errors are told apart by their case or
// by standing alone on a line, and a cut is a cut.
const keptFloor = 95

func TestDisguisesDoNotChangeTheAnswer(t *testing.T) {
	g := Default()
	messages := quoted(g)
	for _, l := range readLabelled(t, "testdata/heldout.jsonl") {
		if m := g.Match(l.Text); len(m) > 0 && m[0].Sure {
			messages = append(messages, l.Text)
		}
	}
	if len(messages) < 500 {
		t.Fatalf("only %d messages are answered", len(messages))
	}
	for name, disguise := range disguises {
		var changed []string
		for _, text := range messages {
			if best(g, disguise(text)) != best(g, text) {
				changed = append(changed, text)
			}
		}
		if kept := 100 - 100*len(changed)/len(messages); kept < keptFloor {
			t.Errorf("%s keeps %d %% of %d answers, want %d; among the changed: %q", name, kept, len(messages), keptFloor, changed[:min(5, len(changed))])
		}
	}
}

// TestWhoseHostItIsDoesNotMatter: addresses, ports and ids carry no meaning.
func TestWhoseHostItIsDoesNotMatter(t *testing.T) {
	g := Default()
	for _, form := range []string{
		"curl: (7) Failed to connect to HOST port PORT after 3 ms: Couldn't connect to server",
		"dial tcp IP:PORT: connect: connection refused (request ID)",
		"request ID to https://HOST:PORT/v1/me took 9 seconds, slow since monday",
	} {
		one := strings.NewReplacer("HOST", "api.example.com", "PORT", "443", "IP", "10.0.0.1", "ID", "3f2b8a1c-9d4e-4b7a-8c1d-0e5f6a7b8c9d").Replace(form)
		two := strings.NewReplacer("HOST", "eu-3.payments.example.org", "PORT", "8443", "IP", "192.168.7.33", "ID", "a0b1c2d3-e4f5-4a6b-9c7d-8e9f0a1b2c3d").Replace(form)
		a, b := g.Match(one), g.Match(two)
		if len(a) == 0 || len(b) == 0 || a[0].Entry != b[0].Entry || a[0].Score != b[0].Score {
			t.Errorf("%q: got %v and %v", form, a, b)
		}
	}
}

// heading2 begins a part of the default guide.
var heading2 = regexp.MustCompile(`(?m)^## `)

// sections cuts the default guide at its headings; the first part is what
// stands before them.
func sections() []string {
	src := string(defaultSource)
	var out []string
	start := 0
	for _, at := range heading2.FindAllStringIndex(src, -1) {
		out = append(out, src[start:at[0]])
		start = at[0]
	}
	return append(out, src[start:])
}

func parseSections(t *testing.T, parts []string) *Guide {
	t.Helper()
	g, err := Parse(File{Name: defaultName, Src: []byte(strings.Join(parts, ""))})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheOrderOfTheGuideDoesNotChangeAnswers(t *testing.T) {
	g := Default()
	parts := sections()
	back := slices.Clone(parts[1:])
	slices.Reverse(back)
	turned := parseSections(t, append(parts[:1:1], back...))
	for _, l := range readLabelled(t, "testdata/heldout.jsonl") {
		a, b := g.Match(l.Text), turned.Match(l.Text)
		switch {
		case len(a) == 0 && len(b) == 0, len(a) > 1 && a[0].Score == a[1].Score:
		case len(a) == 0 || len(b) == 0 || a[0].Entry.ID != b[0].Entry.ID || a[0].Sure != b[0].Sure:
			t.Errorf("%q: got %v, and %v with the guide turned round", l.Text, matchIDs(a), matchIDs(b))
		}
	}
}

// TestWithoutItsTopicAMessageGetsNoOther: what was answered from a topic is no
// other topic's when that one is deleted.
func TestWithoutItsTopicAMessageGetsNoOther(t *testing.T) {
	g, parts := Default(), sections()
	for i := 1; i < len(parts); i++ {
		rest := parseSections(t, slices.Delete(slices.Clone(parts), i, i+1))
		for _, text := range quoted(g) {
			was := g.Match(text)[0].Entry
			if rest.Entry(was.ID) != nil || was.Kind != Topic {
				continue
			}
			if m := rest.Match(text); len(m) > 0 && m[0].Sure && m[0].Entry.Kind == Topic {
				t.Errorf("without %s, %q is answered from %s because of %+v", was.ID, text, m[0].Entry.ID, m[0].Reasons[0])
			}
		}
	}
}
