package discord

import (
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"apihelp/adapters/discord/discordtest/limits"
	"apihelp/bot"
)

// settles checks that a post with buttons can be settled: it fits, says the
// same and the note, and has no button left that says something.
func settles(t rapid.TB, p post) {
	t.Helper()
	now, ok := settled(stored(t, p), "Ann @everyone pressed "+strings.Repeat("*語* ", 300))
	if !ok {
		return
	}
	if err := limits.Message(payload(t, now)); err != nil {
		t.Fatal(err)
	}
	before, after := strings.Join(p.texts(), "\n\n"), strings.Join(now.texts(), "\n\n")
	if !strings.HasPrefix(after, before+"\n\n-# Ann") {
		t.Fatalf("says %.300q, want %.300q and a note", after, before)
	}
	walk(now.Components, func(c component) {
		if c.CustomID != "" {
			t.Fatalf("button %q is left", c.Label)
		}
	})
}

func TestAPressReplacesTheButtons(t *testing.T) {
	r := reply(para("Well?"), bot.Choices{{Label: "Next step", Say: "next step"}, {Label: "Read", URL: "https://example.com/"}})
	text := func(s string) component { return component{Type: discordgo.TextDisplayComponent, Content: s} }
	read := rowsOf([]component{{Type: discordgo.ButtonComponent, Style: discordgo.LinkButton, Label: "Read", URL: "https://example.com/"}})
	for _, tt := range []struct {
		name string
		was  post
		want post
	}{
		{"components", render(r, view{Ephemeral: true})[0], post{Flags: discordgo.MessageFlagsIsComponentsV2 | discordgo.MessageFlagsSuppressEmbeds, Components: []component{
			{Type: discordgo.ContainerComponent, Components: append([]component{text("Well?"), text(`-# Ann \<\@1\> pressed Next step`)}, read...)},
		}}},
		{"plain", plainPosts(r, view{})[0], post{Flags: discordgo.MessageFlagsSuppressEmbeds, Components: read, Content: "Well?\n\n" + `-# Ann \<\@1\> pressed Next step`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now, ok := settled(stored(t, tt.was), "Ann <@1>\npressed Next step")
			if !ok {
				t.Fatal("nothing was settled")
			}
			if diff := cmp.Diff(string(payload(t, tt.want)), string(payload(t, now))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, again := settled(stored(t, now), "Bob pressed"); again {
				t.Error("settled twice")
			}
		})
	}
}

func TestTakingAwayTheLastRowSaysSo(t *testing.T) {
	now, _ := settled(stored(t, plainPosts(reply(para("x"), bot.Choices{{Label: "Go", Say: "go"}}), view{})[0]), "")
	if body := string(payload(t, now)); !strings.Contains(body, `"components": []`) {
		t.Errorf("got %s, want an empty list of components", body)
	}
}
