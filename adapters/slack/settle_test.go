package slack

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"apihelp/adapters/slack/slacktest/blockkit"
	"apihelp/bot"
)

// stored is a post as Slack hands it back with a press: plain text escaped,
// rich text as it was.
func stored(t rapid.TB, p post) post {
	t.Helper()
	data, err := json.Marshal(p.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks slackgo.Blocks
	if err := json.Unmarshal(data, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks.BlockSet {
		switch b := b.(type) {
		case *slackgo.HeaderBlock:
			b.Text.Text = escape(b.Text.Text)
		case *slackgo.ContextBlock:
			text := b.ContextElements.Elements[0].(*slackgo.TextBlockObject)
			text.Text = escape(text.Text)
		}
	}
	return post{Text: p.Text, Blocks: blocks.BlockSet}
}

// settled checks that a post with buttons can be settled: it fits, says the
// same, and has a note in place of the buttons.
func settled(t rapid.TB, p post) {
	t.Helper()
	if _, ok := p.Blocks[len(p.Blocks)-1].(*slackgo.ActionBlock); !ok {
		return
	}
	now, ok := settle(stored(t, p), "Ann <!channel> pressed "+strings.Repeat("& ", 300))
	if !ok {
		t.Fatal("not settled")
	}
	if err := blockkit.Message(message(t, now)); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(now.Text, p.Text) {
		t.Fatalf("text %.200q, want it to begin with %.200q", now.Text, p.Text)
	}
	before, err1 := json.Marshal(p.Blocks[:len(p.Blocks)-1])
	after, err2 := json.Marshal(now.Blocks[:len(now.Blocks)-1])
	if err1 != nil || err2 != nil || string(before) != string(after) {
		t.Fatalf("blocks %.300s,\nwant   %.300s (%v %v)", after, before, err1, err2)
	}
}

func TestAPressReplacesTheButtons(t *testing.T) {
	r := reply(bot.Heading("A & B"), para("<x>"), bot.Choices{{Label: "Next step", Say: "next step"}})
	was := stored(t, render(r, view{})[0])
	was.Text = strings.Replace(was.Text, "&lt;x&gt;", "&lt;x&gt; <https://example.com/?a=1&amp;b=2|example.com>", 1)
	now, ok := settle(was, "Ann <@U1>\npressed Next step")
	if !ok {
		t.Fatal("nothing was settled")
	}
	if got, want := now.Text, "A &amp; B\n\n&lt;x&gt; https://example.com/?a=1&amp;b=2\n\n[Next step]\n\nAnn &lt;@U1&gt; pressed Next step"; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
	want := []slackgo.Block{
		slackgo.NewHeaderBlock(literal("A & B")), was.Blocks[1], slackgo.NewContextBlock("", literal("Ann <@U1> pressed Next step")),
	}
	if diff := cmp.Diff(want, now.Blocks); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestAPostWithoutButtonsStaysAsItIs(t *testing.T) {
	was := stored(t, render(reply(para("x")), view{})[0])
	if now, ok := settle(was, "Ann pressed"); ok || !reflect.DeepEqual(now, was) {
		t.Errorf("got %+v, settled: %v", now, ok)
	}
}
