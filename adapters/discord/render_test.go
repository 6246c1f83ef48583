package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/adaptertest"
	"apihelp/adapters/discord/discordtest/limits"
	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	replyID = "ABCDEFGHIJKLMNOPQRST"
	askerID = "175928847299117063"
)

// reply is a reply of the bot's to Ann.
func reply(blocks ...bot.Block) bot.Reply {
	return bot.Reply{ID: replyID, For: bot.User{ID: askerID}, Blocks: blocks}
}

func para(text string) bot.Para { return bot.Para{{Text: text}} }

// payload is a post as it goes to Discord.
func payload(t interface{ Fatal(...any) }, p post) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// answerTo is what the bot says to a message about the default guide.
func answerTo(text string) bot.Reply {
	plan := bot.Turn(knowledge.Default(), sessions.Session{}, bot.Message{Text: text, Direct: true})
	return reply(plan.Replies[0].Blocks...)
}

func TestRepliesLookAsTheyShould(t *testing.T) {
	long := strings.Repeat("A label that goes on and on ", 4)
	styles := bot.Para{{Text: "b", Style: bot.Bold}, {Text: "i", Style: bot.Italic}, {Text: "bi", Style: bot.Bold | bot.Italic}, {Text: " s ", Style: bot.Strike},
		{Text: "m", Style: bot.Mono}, {Text: "`m`", Style: bot.Mono}, {Text: "two\nlines", Style: bot.Bold | bot.Strike}, {Text: " 1"}, {Text: ". x"}}
	links := bot.Para{{Text: "docs", URL: "https://example.com/a?b=1&c=2"}, {Text: " "}, {Text: "code", Style: bot.Mono, URL: "https://example.com/(x)_y"}, {Text: " "},
		{Text: "https://example.com/x", URL: "https://example.com/x"}, {Text: " "}, {URL: "https://example.com"}, {Text: " "}, {Text: "old", URL: "http://example.com"}, {Text: " "},
		{Text: "bad", URL: "javascript:alert(1)"}, {Text: "[x]", URL: "https://example.com/"}, {Text: " who", URL: "https://a@b.example/"}}
	for _, tt := range []struct {
		name  string
		reply bot.Reply
		view  view
	}{
		{"heading", reply(bot.Heading("Timeouts & <@1> #1"), para("x"), bot.Heading("Later"), para("y")), view{}},
		{"heading long", reply(bot.Heading(strings.Repeat("word ", 100)), para("x")), view{}},
		{"because", reply(bot.Heading("Topic"), bot.Para{{Text: "Because you wrote "}, {Text: "<!x> *y*", Style: bot.Mono}, {Text: "."}}, para("Because not.")), view{}},
		{"para", reply(styles), view{}},
		{"links", reply(links), view{}},
		{"steps", reply(bot.Steps{First: 1, Items: []bot.Rich{{{Text: "one"}}, {{Text: "two\n- more"}}}}, bot.Steps{First: 4, Items: []bot.Rich{{{Text: "four"}}, nil, {{Text: "six"}}}}), view{}},
		{"code", reply(bot.Code{Lang: "sh", Text: "curl -v \\\n  -H 'X: ````'\n"}, bot.Code{Lang: "no such\nlanguage", Text: "@everyone"}), view{}},
		{"facts", reply(bot.Facts{{Label: "Meaning", Value: bot.Rich{{Text: "refused"}}}, {Label: "Code", Value: bot.Rich{{Text: "E1", Style: bot.Mono}}}}), view{}},
		{"report", reply(bot.Report{{Mark: bot.OK, Label: "dns", Detail: "3 ms"}, {Mark: bot.Fail, Label: "tls", Detail: "untrusted"},
			{Mark: bot.Warn, Label: "limits", Detail: "near"}, {Mark: bot.Skip, Label: "auth"}}), view{}},
		{"choices", reply(para("Well?"), bot.Choices{{Label: "It worked", Say: "it worked"}, {Label: "Next step", Say: "next step"}, {Label: "Read", URL: "https://example.com/guide#x"},
			{Label: long, Say: long}, {Label: "Bad", URL: "javascript:alert(1)"}, {Label: "Mute"}, {Say: "no label"}}), view{}},
		{"choices alone", reply(bot.Choices{{Label: "Go", Say: "go"}}), view{Locale: "de"}},
		{"ephemeral", reply(bot.Heading("Topic"), para("Answer."), bot.Choices{{Label: "It worked", Say: "it worked"}}), view{Ephemeral: true, Locale: "de-AT"}},
		{"everything", adaptertest.Everything(), view{}},
		{"answer topic", answerTo("connection timeout"), view{}},
		{"answer code", answerTo("I get a 401"), view{}},
		{"two posts", reply(para(strings.Repeat("first ", 400)), bot.Heading("Second"), para(strings.Repeat("second ", 400)), bot.Choices{{Label: "Go", Say: "go"}}), view{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for suffix, posts := range map[string][]post{"": render(tt.reply, tt.view), "_plain": plainPosts(tt.reply, tt.view)} {
				var got bytes.Buffer
				for _, p := range posts {
					body := payload(t, p)
					if err := limits.Message(body); err != nil {
						t.Error(err)
					}
					got.Write(body)
				}
				golden(t, "testdata/render/"+strings.ReplaceAll(tt.name, " ", "_")+suffix+".json", got.Bytes())
			}
		})
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestAReplyWithoutAWordGivesNoPost(t *testing.T) {
	empty := reply(bot.Heading(" "), bot.Para{}, bot.Para{{Text: "\n"}}, bot.Steps{}, bot.Code{Text: "\n"}, bot.Facts{}, bot.Report{}, bot.Choices{}, bot.Choices{{}})
	for name, v := range map[string]view{"channel": {}, "ephemeral": {Ephemeral: true}} {
		t.Run(name, func(t *testing.T) {
			if got := append(render(empty, v), plainPosts(empty, v)...); len(got) != 0 {
				t.Errorf("got %d posts, the first %s", len(got), payload(t, got[0]))
			}
		})
	}
}

func TestWhatDoesNotFitIsContinued(t *testing.T) {
	step := bot.Rich{{Text: strings.Repeat("step ", 200)}}
	r := reply(bot.Steps{First: 3, Items: []bot.Rich{step, step, step, step, step, step}}, bot.Code{Lang: "go", Text: strings.Repeat("fmt.Println()\n", 300)}, bot.Choices{{Label: "Go", Say: "go"}})
	for name, posts := range map[string][]post{"components": render(r, view{}), "plain": plainPosts(r, view{})} {
		t.Run(name, func(t *testing.T) {
			var all reading
			for i, p := range posts {
				for _, text := range p.texts() {
					all.read(t, text)
				}
				if got, want := buttonsOf(p) > 0, i == len(posts)-1; got != want {
					t.Errorf("post %d of %d has buttons: %v", i, len(posts), got)
				}
			}
			words := strings.Fields(all.text.String())
			if all.lists != 6 || words[0] != "3." {
				t.Errorf("got %d steps, the first %q", all.lists, words[0])
			}
			if len(all.code) < 2 || strings.Join(all.code, "") != strings.Repeat("go", len(all.code)) {
				t.Errorf("languages of fences %q, want go for several", all.code)
			}
		})
	}
}

func buttonsOf(p post) int {
	n := 0
	walk(p.Components, func(c component) {
		if c.Type == discordgo.ButtonComponent {
			n++
		}
	})
	return n
}

func TestAHeadingStaysWithWhatFollows(t *testing.T) {
	posts := render(reply(para(strings.Repeat("x", 3400)), bot.Heading("Next"), para(strings.Repeat("y ", 500))), view{})
	if len(posts) != 2 || !strings.HasPrefix(posts[1].texts()[0], "### Next\ny") {
		t.Errorf("got %d posts: %.40q", len(posts), posts[len(posts)-1].texts())
	}
}

func TestEachPostHasANonceOfItsOwn(t *testing.T) {
	r := reply(para(strings.Repeat("word ", 3000)))
	seen := map[string]bool{}
	for _, p := range append(render(r, view{}), plainPosts(r, view{})...) {
		if seen[p.Nonce] || len(p.Nonce) < len(replyID) {
			t.Errorf("nonce %q is there twice, or too short", p.Nonce)
		}
		seen[p.Nonce] = true
	}
}
