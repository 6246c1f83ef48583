package slacktest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"apihelp/adapters/slack/slacktest"
)

const samples = "../../../../shared/spec/slack-samples"

// known are keys that real payloads have and the samples lack.
var known = map[string]string{
	"context_team_id":               "all events have it since Slack Connect",
	"context_enterprise_id":         "as above",
	"event/app_id":                  "on the posts of bots",
	"event/message/app_id":          "as above",
	"event/previous_message/app_id": "as above",
	"event/view/blocks":             "the samples' views are incomplete",
	"view/blocks":                   "as above",
	"state/values":                  "the values of a message's inputs, by block",
	"view/state/values":             "as above",
	"event/view/state/values":       "as above",
	"response_urls":                 "of view_submission, likewise",
}

func TestPayloadsHaveNoKeysThatSlackNeverSends(t *testing.T) {
	for name, got := range sampleTour(t) {
		t.Run(name, func(t *testing.T) {
			if len(got) == 0 {
				t.Fatal("got no such payload from the fake")
			}
			data, err := os.ReadFile(filepath.Join(samples, name+".json"))
			if err != nil {
				t.Skip("no sample")
			}
			var sample any
			if err := json.Unmarshal(data, &sample); err != nil {
				t.Fatal(err)
			}
			for _, p := range got {
				for _, path := range strange("", p, []any{sample}) {
					if known[path] == "" {
						t.Errorf("got key %s, which Slack never sends", path)
					}
				}
			}
		})
	}
}

// strange lists the paths of keys in got that none of the samples has. Lists
// of things with a type are compared with samples of that type.
func strange(at string, got any, in []any) (out []string) {
	switch got := got.(type) {
	case object:
		for k, v := range got {
			path := strings.TrimPrefix(at+"/"+k, "/")
			var next []any
			there := false
			for _, x := range in {
				if o, ok := x.(object); ok {
					if y, ok := o[k]; ok {
						there, next = true, append(next, y)
					}
				}
			}
			switch {
			case !there && !strings.HasSuffix(at, "state/values"):
				out = append(out, path)
			case k == "blocks" || strings.HasSuffix(at, "state"): // the app's own
			default:
				out = append(out, strange(path, v, next)...)
			}
		}
	case []any:
		var next []any
		for _, x := range in {
			if list, ok := x.([]any); ok {
				next = append(next, list...)
			}
		}
		for _, v := range got {
			out = append(out, strange(at, v, next)...)
		}
	}
	return out
}

// sampleTour does everything once and returns the payloads by the name of
// their sample.
func sampleTour(t *testing.T) map[string][]object {
	s := start(t, slacktest.Options{History: true})
	c := dial(t, s)
	w := s.Workspace("T1")
	customer := s.Outside("T9")
	u, ch := w.User("ann"), w.Channel("help").Connect(customer)
	m := u.Say(ch, "@apihelp `x` https://x.example")
	u.Reply(m, "more")
	u.Edit(m, "@apihelp better")
	extra := u.Say(ch, "to be deleted")
	u.Delete(extra)
	customer.User("eve").Say(ch, "@apihelp from outside")
	ch.BotSay("other", "beep")
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": ch.ID, "text": "x", "blocks": buttons, "thread_ts": m.TS})
	answer := ch.Messages()[len(ch.Messages())-1]
	post(t, s, "chat.update", w.BotToken(), map[string]string{"channel": ch.ID, "ts": answer.TS, "text": "x", "blocks": buttons})
	post(t, s, "chat.postEphemeral", w.BotToken(), map[string]string{"channel": ch.ID, "user": u.ID, "text": "x", "blocks": buttons})
	_ = u.Press(answer, "It worked").Err()
	_ = u.Press(answer, "One").Err()
	_ = u.Press(u.Ephemerals()[0], "It worked").Err()
	_ = u.Shortcut(m, "x").Err()
	_ = u.Slash(ch, "x").Err()
	post(t, s, "views.publish", w.BotToken(), map[string]string{"user_id": u.ID, "view": `{"type":"home","blocks":[{"type":"divider"}]}`})
	u.OpenHome()
	for range 2 {
		x := u.GlobalShortcut("x")
		post(t, s, "views.open", w.BotToken(), map[string]string{"trigger_id": x.TriggerID, "view": modal("Ask")})
		_ = u.PressIn(u.Views()[0], "More").Err()
		if len(c.frames("interactive")) < 8 {
			_ = u.Submit(u.Views()[0], map[string]string{"text": "why"}).Err()
			continue
		}
		_ = u.CloseView(u.Views()[0]).Err()
	}
	w.Uninstall()
	until(t, "the end", func() bool { return s.Unacked() == 0 })
	return sorted(c)
}

func sorted(c *client) map[string][]object {
	out := map[string][]object{}
	add := func(name string, p object) { out[name] = append(out[name], p) }
	for _, name := range []string{"events/AppMentionPayload", "events/MessagePayload", "events/MessageChangedPayload", "events/MessageDeletedPayload", "events/MessageBotPayload",
		"events/AppHomeOpenedPayload", "events/AppUninstalledPayload", "events/TokensRevokedPayload", "slash-commands/SlashCommandPayload",
		"interactive-components/BlockActionPayload", "interactive-components/MessageShortcutPayload", "views/ViewSubmissionPayload", "views/ViewClosedPayload"} {
		out[name] = nil
	}
	kinds := map[string]string{
		"app_mention": "events/AppMentionPayload", "app_home_opened": "events/AppHomeOpenedPayload", "app_uninstalled": "events/AppUninstalledPayload", "tokens_revoked": "events/TokensRevokedPayload",
		"message": "events/MessagePayload", "message_changed": "events/MessageChangedPayload", "message_deleted": "events/MessageDeletedPayload", "bot_message": "events/MessageBotPayload",
		"block_actions": "interactive-components/BlockActionPayload", "message_action": "interactive-components/MessageShortcutPayload",
		"view_submission": "views/ViewSubmissionPayload", "view_closed": "views/ViewClosedPayload",
	}
	for _, f := range c.frames("") {
		kind, _ := f.Payload["type"].(string)
		if f.Type == "slash_commands" {
			add("slash-commands/SlashCommandPayload", f.Payload)
			continue
		}
		if e := f.event(); e != nil {
			kind, _ = e["type"].(string)
			if sub, _ := e["subtype"].(string); kinds[sub] != "" {
				kind = sub
			}
		}
		if kinds[kind] != "" {
			add(kinds[kind], f.Payload)
		}
	}
	return out
}

func TestTheShapeTestSeesStrangeKeys(t *testing.T) {
	got := strange("", object{"a": 1, "l": []any{object{"x": 1, "y": 2}}}, []any{object{"l": []any{object{"x": 1}}}})
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "l/y"}) {
		t.Errorf("got %q", got)
	}
}
