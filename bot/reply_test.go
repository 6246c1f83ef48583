package bot_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
)

func TestARepliesEncodingKeepsEveryBlock(t *testing.T) {
	for name, want := range map[string]bot.Reply{
		"everything": adaptertest.Everything(),
		"nothing":    {ID: "x"},
		"all beside": {ID: "x", For: bot.User{ID: "u", Name: "n", Team: "t"}, Private: true, Notify: []string{"S1", "S2"}},
		"empty blocks": {ID: "x", Blocks: []bot.Block{
			bot.Heading(""), bot.Para{}, bot.Steps{}, bot.Code{}, bot.Facts{}, bot.Report{}, bot.Choices{},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			var got bot.Reply
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nencoded: %s", diff, data)
			}
		})
	}
}

func TestABlockOfAnUnknownKindIsRefused(t *testing.T) {
	var r bot.Reply
	if err := json.Unmarshal([]byte(`{"id":"x","blocks":[{"carousel":[]}]}`), &r); err == nil {
		t.Errorf("got %+v, want an error", r)
	}
}

func TestDifferentConversationsHaveDifferentStrings(t *testing.T) {
	part := rapid.OneOf(rapid.String(), rapid.StringMatching(`[:%a]{0,4}`))
	draw := func(t *rapid.T, label string) bot.Conversation {
		return bot.Conversation{Adapter: part.Draw(t, label), Team: part.Draw(t, label), Channel: part.Draw(t, label), Thread: part.Draw(t, label)}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		if (a == b) != (a.String() == b.String()) {
			t.Fatalf("%+v is %q, %+v is %q", a, a, b, b)
		}
		if strings.Count(a.String(), ":") != 3 {
			t.Fatalf("got %q, want four parts", a)
		}
	})
}
