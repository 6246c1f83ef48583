package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"apihelp/adapters/adaptertest"
	"apihelp/adapters/slack/slacktest/blockkit"
	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const replyID = "ABCDEFGHIJKLMNOPQRST"

// reply is a reply of the bot's to Ann.
func reply(blocks ...bot.Block) bot.Reply {
	return bot.Reply{ID: replyID, For: bot.User{ID: "U1", Team: "T1"}, Blocks: blocks}
}

func para(text string) bot.Para { return bot.Para{{Text: text}} }

// payload is a post as it goes to chat.postMessage.
func payload(t testing.TB, p post) []byte {
	t.Helper()
	message := map[string]any{"channel": "C1", "text": p.Text}
	if p.Blocks != nil {
		message["blocks"] = p.Blocks
	} else {
		message["mrkdwn"] = false
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(message); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// answer is what the bot says to a message about the default guide.
func answer(text string) bot.Reply {
	plan := bot.Turn(knowledge.Default(), sessions.Session{}, bot.Message{Text: text, Direct: true})
	return reply(plan.Replies[0].Blocks...)
}

func TestRepliesLookAsTheyShould(t *testing.T) {
	long := strings.Repeat("A label that goes on and on ", 4)
	because := bot.Para{{Text: "Because you wrote "}, {Text: "<!channel> & *x*", Style: bot.Mono}, {Text: "."}}
	for _, tt := range []struct {
		name  string
		reply bot.Reply
		view  view
	}{
		{"heading first", reply(bot.Heading("Connection timeout :smile: & <!here>")), view{}},
		{"heading long", reply(bot.Heading(strings.Repeat("word ", 40))), view{}},
		{"heading later", reply(para("Before."), bot.Heading("After")), view{}},
		{"because", reply(bot.Heading("Title"), because), view{}},
		{"because elsewhere", reply(bot.Heading("Title"), para("Text."), because), view{}},
		{"para", reply(bot.Para{{Text: "plain "}, {Text: "all", Style: bot.Bold | bot.Italic | bot.Mono | bot.Strike}, {Text: " <@U1> `x`\nline"}}), view{}},
		{"links", reply(bot.Para{{Text: "docs", URL: "https://example.com/?a=1&b=2"}, {Text: "write", URL: "mailto:a@example.com"},
			{Text: "script", URL: "javascript:alert(1)"}, {Text: "trick", URL: "https://good.example@evil.example/"}}), view{}},
		{"steps", reply(bot.Steps{First: 1, Items: []bot.Rich{{{Text: "one"}}, {{Text: "two\nlines"}}}}), view{}},
		{"steps further", reply(bot.Steps{First: 4, Items: []bot.Rich{{{Text: "four"}}, nil, {{Text: "six"}}}}), view{}},
		{"code", reply(bot.Code{Lang: "sh", Text: "curl -v \\\n  -H 'X: ```'\n"}, bot.Code{Lang: "no such\nlanguage", Text: "x"}), view{}},
		{"facts", reply(bot.Facts{{Label: "Meaning", Value: bot.Rich{{Text: "refused"}}}, {Label: "Code", Value: bot.Rich{{Text: "E1", Style: bot.Mono}}}}), view{}},
		{"report", reply(bot.Report{{Mark: bot.OK, Label: "dns", Detail: "3 ms"}, {Mark: bot.Fail, Label: "tls", Detail: "untrusted"},
			{Mark: bot.Warn, Label: "limits", Detail: "near"}, {Mark: bot.Skip, Label: "auth"}}), view{}},
		{"choices", reply(para("Well?"), bot.Choices{{Label: "It worked", Say: "it worked"}, {Label: "Next step", Say: "next step"},
			{Label: "Read", URL: "https://example.com/guide#x"}, {Label: long, Say: "long"}, {Label: "Bad", URL: "javascript:alert(1)"}, {Label: "Mute"}}), view{}},
		{"ephemeral", reply(bot.Heading("Topic"), para("Answer."), bot.Choices{{Label: "It worked", Say: "it worked"}}), view{Ephemeral: true}},
		{"ephemeral among outsiders", reply(bot.Heading("Topic"), para("Answer.")), view{Ephemeral: true, Outsiders: true}},
		{"ephemeral without a topic", reply(para("Hello.")), view{Ephemeral: true}},
		{"everything", adaptertest.Everything(), view{}},
		{"answer topic", answer("connection timeout"), view{}},
		{"answer code", answer("I get a 401"), view{}},
		{"two posts", reply(para(strings.Repeat("first ", 400)), para(strings.Repeat("second ", 350)), bot.Choices{{Label: "Go", Say: "go"}}), view{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got bytes.Buffer
			for _, p := range render(tt.reply, tt.view) {
				body := payload(t, p)
				if err := blockkit.Message(body); err != nil {
					t.Error(err)
				}
				got.Write(body)
			}
			golden(t, "testdata/render/"+strings.ReplaceAll(tt.name, " ", "_")+".json", got.Bytes())
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
			if got := render(empty, v); len(got) != 0 {
				t.Errorf("got %d posts, the first %s", len(got), payload(t, got[0]))
			}
		})
	}
}

func TestWhatDoesNotFitIsContinued(t *testing.T) {
	step := bot.Rich{{Text: strings.Repeat("step ", 200)}}
	steps := bot.Steps{First: 3, Items: []bot.Rich{step, step, step, step, step, step}}
	posts := render(reply(steps, bot.Code{Lang: "go", Text: strings.Repeat("fmt.Println()\n", 300)}, bot.Choices{{Label: "Go", Say: "go"}}), view{})
	var lists, fences []string
	for i, p := range posts {
		for j, b := range p.Blocks {
			switch b := b.(type) {
			case *slackgo.RichTextBlock:
				switch e := b.Elements[0].(type) {
				case *slackgo.RichTextList:
					lists = append(lists, fmt.Sprint(e.Offset, "+", len(e.Elements)))
				case *slackgo.RichTextPreformatted:
					fences = append(fences, e.Language)
				}
			case *slackgo.ActionBlock:
				if i != len(posts)-1 || j != len(p.Blocks)-1 {
					t.Errorf("buttons in block %d of post %d, want them last", j, i)
				}
			}
		}
	}
	if diff := cmp.Diff([]string{"2+2", "4+2", "6+2"}, lists); diff != "" {
		t.Errorf("lists, offset and items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"go", "go"}, fences); diff != "" {
		t.Errorf("fences (-want +got):\n%s", diff)
	}
}

func TestPlainPostsMatchTheOthersOneForOne(t *testing.T) {
	r := reply(para(strings.Repeat("*first* ", 400)), bot.Code{Text: "```"}, bot.Choices{{Label: "Go", Say: "go"}})
	rich, plain := render(r, view{}), plainPost(r)
	if len(rich) != len(plain) {
		t.Fatalf("got %d posts and %d plain ones", len(rich), len(plain))
	}
	for i, p := range plain {
		if p.Text != rich[i].Text || p.Blocks != nil {
			t.Errorf("post %d: got %+v, want the text %q alone", i, p, rich[i].Text)
		}
		if err := blockkit.Message(payload(t, p)); err != nil {
			t.Error(err)
		}
	}
}
