package discord

import (
	"strings"
	"testing"

	"apihelp/adapters/discord/discordtest/limits"
	"apihelp/bot"
)

func TestAPressSaysWhatTheChoiceDoes(t *testing.T) {
	long := "The certificate of the API is signed by an authority that the client does not know, or one that has *ended*"
	for name, say := range map[string]string{"short": "next step", "with bars": "a|b|c", "at the limit": strings.Repeat("x", 51), "beyond it": strings.Repeat("x", 52), "a long title": long, "lines": "a\nb"} {
		t.Run(name, func(t *testing.T) {
			r := reply(para("Which?"), bot.Choices{{Label: "First", Say: "first"}, {Label: say, Say: say}})
			for _, p := range append(render(r, view{}), plainPosts(r, view{})...) {
				if err := limits.Message(payload(t, p)); err != nil {
					t.Error(err)
				}
				var ids []string
				walk(p.Components, func(c component) {
					if c.CustomID != "" {
						ids = append(ids, c.CustomID)
					}
				})
				id, ok := parseButtonID(ids[1])
				if inline := len(say) <= 51; inline != (id.Kind == sayThis) {
					t.Errorf("%q is of kind %q", say, id.Kind)
				}
				if !ok || id.Reply != replyID || id.Asker != askerID || id.N != 1 {
					t.Errorf("%q is read as %+v", ids[1], id)
				}
				if got, ok := sayOf(ids[1], stored(t, p)); !ok || got != say {
					t.Errorf("%q says %q, want %q", ids[1], got, say)
				}
			}
		})
	}
}

func TestWhatFitsNeitherAButtonNorItsLabelIsKeptForIt(t *testing.T) {
	long := strings.Repeat("the whole story, ", 17)
	r := reply(para("Which?"), bot.Choices{{Label: "Take it", Say: "take"}, {Label: "Tell them", Say: long}})
	for _, p := range append(render(r, view{}), plainPosts(r, view{})...) {
		kept := 0
		walk(p.Components, func(c component) {
			if id, _ := parseButtonID(c.CustomID); id.Kind == sayKept {
				kept++
				if id.N != 1 || c.Say != strings.TrimSpace(long) {
					t.Errorf("button %d says %q", id.N, c.Say)
				}
			}
		})
		if body := string(payload(t, p)); kept != 1 || strings.Contains(body, "whole story") {
			t.Errorf("%d buttons are kept, in %s", kept, body)
		}
	}
}

func TestOtherCustomIDsSayNothing(t *testing.T) {
	for _, id := range []string{"", "v1", "v2|say|R|1|0|x", "v1|say||1|0|x", "v1|SAY|R|1|0|x", "v1|say|R|1|00|x", "v1|say|R|1|-1|x", "v1|say|R|1|0", "v1|say|R|1|0|", "v1|label|R|1|0|", "v1|post|R|1|25|"} {
		if got, ok := sayOf(id, post{}); ok {
			t.Errorf("%q says %q", id, got)
		}
	}
}

func FuzzACustomIDIsReadAsItIsWritten(f *testing.F) {
	f.Add("v1|say|ABCDEFGHIJKLMNOPQRST|175928847299117063|0|it worked")
	f.Add("v1|label|R||24|")
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := parseButtonID(s); ok && id.String() != s {
			t.Errorf("%q is read as %+v, which is written %q", s, id, id)
		}
	})
}
