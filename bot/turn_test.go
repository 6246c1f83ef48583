package bot_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// smallGuide differs from the default one, as after a reload.
func smallGuide(t testing.TB) *knowledge.Guide {
	g, err := knowledge.Parse(knowledge.File{Name: "g.md", Src: []byte("# Keys\n\nAsk for one.\n\n## Rate Limiting\n\n1. Wait\n")})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// lines are what people say in any order; each goes through another path.
var said = []string{
	"CONN_RESET every few minutes", "429 Too Many Requests", "getting a 401", "token exipred", "certificate error", "slow response times",
	"404 or 500, it depends", "everything is slow", "what next?", "done", "tried 1 and 2", "1-3 didn't help", "step 3 again", "back",
	"step 99 again", "show me all the steps", "the first one", "2", "3", "that fixed it", "but it still fails", "start over",
	"talk to a human", "hi", "thanks", "what can you do", "what's for lunch", "", " \n ", "🚀", "\xff\xfe", "Invalid API Key",
}

func TestRandomTalksKeepTheRules(t *testing.T) {
	guides := []*knowledge.Guide{knowledge.Default(), smallGuide(t)}
	everything := append(slices.Clone(said), linesOf(t)...)
	rapid.Check(t, func(t *rapid.T) {
		var s sessions.Session
		asked := map[string]bool{} // who was asked something by the last reply to them
		for i := range rapid.IntRange(1, 30).Draw(t, "turns") {
			g := rapid.SampledFrom(guides).Draw(t, "guide")
			m := bot.Message{
				ID: strconv.Itoa(i), Text: rapid.OneOf(rapid.SampledFrom(everything), rapid.String()).Draw(t, "said"),
				From: bot.User{ID: rapid.SampledFrom([]string{"ann", "bob", "cy"}).Draw(t, "from")},
				At:   time.Unix(int64(1000*i), 0), Overheard: rapid.IntRange(0, 9).Draw(t, "overheard") == 0,
				Able: bot.Able{Check: rapid.Bool().Draw(t, "live")}, Lang: rapid.SampledFrom([]string{"", "de"}).Draw(t, "lang"),
			}
			p := bot.Hold(g, s, m)
			if diff := cmp.Diff(encode(t, p), encode(t, bot.Hold(g, s, m))); diff != "" {
				t.Fatalf("the same turn went two ways: %s", diff)
			}
			checkPlan(t, g, s, m, p)
			if p.Act == bot.Clarify && asked[m.From.ID] && len(p.Replies) > 0 {
				t.Fatalf("two questions back in a row, the second to %q", m.Text)
			}
			if p.Act != bot.Silent {
				asked[m.From.ID] = p.Act == bot.Clarify
			}
			s = p.Session
		}
		for _, user := range []string{"ann", "bob", "cy", "dee"} {
			p := bot.Hold(guides[0], s, bot.Message{ID: "human", Text: "talk to a human", From: bot.User{ID: user}, At: time.Unix(30_000, 0)})
			if p.Act != bot.Handoff {
				t.Fatalf("%s asks for a human and gets %s", user, p.Act)
			}
		}
	})
}

// linesOf returns everything that people say in the labelled dialogues.
func linesOf(t *testing.T) []string {
	var lines []string
	for _, name := range []string{"dev", "a", "b"} {
		for _, d := range readDialogs(t, "testdata/dialogs/"+name+".jsonl") {
			for _, turn := range d.Turns {
				lines = append(lines, turn.User)
			}
		}
	}
	return lines
}

func encode(t *rapid.T, p bot.Plan) string {
	data, err := json.Marshal(struct {
		A bot.Act
		S sessions.Session
		R []bot.Reply
	}{p.Act, p.Session, p.Replies})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// checkPlan holds one turn against what must be true of all.
func checkPlan(t *rapid.T, g *knowledge.Guide, was sessions.Session, m bot.Message, p bot.Plan) {
	if len(p.Replies) == 0 && p.Act != bot.Silent || p.Act == "" {
		t.Fatalf("got act %q with %d replies, want an act and a reply", p.Act, len(p.Replies))
	}
	if p.Topic != "" && g.Entry(p.Topic) == nil {
		t.Fatalf("%s of %q, which the guide does not have", p.Act, p.Topic)
	}
	if talk, _ := was.Talk(m.From.ID); p.Act == bot.NextStep && slices.Contains(talk.Tried, p.Step) && p.Topic == talk.Topic {
		t.Fatalf("step %d was tried, and is offered again", p.Step)
	}
	for _, r := range p.Replies {
		text := r.Plain()
		if strings.TrimSpace(text) == "" || !utf8.ValidString(text) || len(r.ID) != 20 {
			t.Fatalf("reply %q with ID %q", text, r.ID)
		}
		for _, b := range r.Blocks {
			checkBlock(t, b)
		}
	}
}

// checkBlock refuses blocks that a platform has nothing to show for.
func checkBlock(t *rapid.T, b bot.Block) {
	empty := false
	switch b := b.(type) {
	case bot.Heading:
		empty = b == ""
	case bot.Para:
		empty = bot.Rich(b).String() == ""
	case bot.Steps:
		empty = len(b.Items) == 0 || b.First < 1
	case bot.Facts:
		empty = len(b) == 0
	case bot.Choices:
		empty = len(b) == 0
		for _, c := range b {
			empty = empty || c.Label == "" || c.Say == "" && c.URL == ""
		}
	}
	if empty {
		t.Fatalf("got an empty block: %#v", b)
	}
}

func TestWhatAChoiceSaysAndWhatItIsCalledDoTheSame(t *testing.T) {
	g := knowledge.Default()
	for _, text := range []string{"CONN_RESET", "getting a 401", "404 or 500", "slow response times", "getting a 503", "what's for lunch"} {
		first := bot.Turn(g, sessions.Session{}, bot.Message{ID: "1", Text: text})
		for _, c := range choicesOf(first) {
			pressed := bot.Turn(g, first.Session, bot.Message{ID: "2", Text: c.Say})
			typed := bot.Turn(g, first.Session, bot.Message{ID: "2", Text: strings.ToLower(c.Label)})
			if c.Say != "something else" && pressed.Act == bot.Unknown || pressed.Act == bot.Clarify {
				t.Errorf("after %q, pressing %q gives %s", text, c.Label, pressed.Act)
			}
			if pressed.Act != typed.Act || pressed.Topic != typed.Topic {
				t.Errorf("after %q, pressing %q gives %s %s, typing it %s %s", text, c.Label, pressed.Act, pressed.Topic, typed.Act, typed.Topic)
			}
		}
	}
}

func choicesOf(p bot.Plan) []bot.Choice {
	var out []bot.Choice
	for _, r := range p.Replies {
		for _, b := range r.Blocks {
			c, _ := b.(bot.Choices)
			out = append(out, c...)
		}
	}
	return out
}

func TestEveryEntryOfTheDefaultGuideIsReached(t *testing.T) {
	g := knowledge.Default()
	for _, e := range g.Entries {
		texts := []string{e.Title, "getting " + e.Title + " since this morning"}
		if e.Kind == knowledge.Code {
			texts = append(texts, "status "+e.ID, strings.ToLower(e.ID), "error code: "+e.ID+"!")
		}
		for _, text := range texts {
			p := bot.Ask(g, text)
			got := g.Entry(p.Topic)
			if p.Act != bot.Answer || got != e && (got == nil || !slices.Contains(got.Related, e)) {
				t.Errorf("%q: got %s %q, want an answer with %s", text, p.Act, p.Topic, e.ID)
			}
		}
		all := bot.Ask(g, e.Title).Replies[0].Plain()
		for _, step := range e.Steps() {
			if !strings.Contains(all, step.String()) {
				t.Errorf("the answer to %q lacks the step %q", e.Title, step)
			}
		}
	}
}

func TestPastesOfAnyKindGetAnAnswerOrAnHonestNo(t *testing.T) {
	g := knowledge.Default()
	logLine := "2026-11-22T10:00:00Z INFO worker handled job 500 in 12 ms\n"
	for _, tt := range []struct {
		name, text string
		want       bot.Act
	}{
		{"1 MB of words", strings.Repeat("lorem ipsum dolor ", 60_000), bot.Unknown},
		{"1 MB of one letter", strings.Repeat("a", 1<<20), bot.Unknown},
		{"1 MB of zero bytes", strings.Repeat("\x00", 1<<20), bot.Unknown},
		{"1 MB of brackets", strings.Repeat("[{(", 350_000), bot.Unknown},
		{"invalid UTF-8", strings.Repeat("\xff\xc0", 1000) + " CONN_RESET", bot.Answer},
		{"10,000 lines of log with the cause at the end", strings.Repeat(logLine, 10_000) + "CONN_RESET\n", bot.Answer},
		{"10,000 lines of log with the cause at the start", "CONN_RESET\n" + strings.Repeat(logLine, 10_000), bot.Answer},
		{"only emoji", "🚀🔥👩‍💻🇩🇪", bot.Unknown},
		{"only white space", " \t\r\n　", bot.Unknown},
		{"only digits", strings.Repeat("401 ", 1), bot.Answer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := bot.Ask(g, tt.text); got.Act != tt.want {
				t.Errorf("got %s %q, want %s", got.Act, got.Topic, tt.want)
			}
		})
	}
}

func FuzzAsk(f *testing.F) {
	for _, s := range said {
		f.Add(s, s)
	}
	f.Add("curl -H 'Authorization: Bearer sk_live_FAKE000111222333'", "-----BEGIN RSA PRIVATE KEY-----\nMIIE")
	g := knowledge.Default()
	f.Fuzz(func(t *testing.T, first, second string) {
		p := bot.Turn(g, sessions.Session{}, bot.Message{ID: "1", Text: first})
		q := bot.Turn(g, p.Session, bot.Message{ID: "2", Text: second})
		for _, r := range append(p.Replies, q.Replies...) {
			if !utf8.ValidString(r.Plain()) {
				t.Errorf("got a reply that is no valid text: %q", r.Plain())
			}
		}
		if len(p.Replies) == 0 || len(q.Replies) == 0 && q.Act != bot.Silent {
			t.Error("got no reply")
		}
	})
}
