package slacktest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

func TestAnOutsiderMentionsTheBotInASharedChannel(t *testing.T) {
	s := start(t, slacktest.Options{History: true})
	c := dial(t, s)
	w, customer := s.Workspace("T1"), s.Outside("T9")
	ch := w.Channel("shared").Connect(customer)
	u := customer.User("eve")
	m := u.Say(ch, "@apihelp hello")
	c.until("both", func() bool { return c.count("events_api") == 2 && s.Unacked() == 0 })
	p := c.frames("events_api")[1].Payload
	e := p["event"].(object)
	got := []any{p["is_ext_shared_channel"], p["team_id"], e["team"], e["user_team"], p["authorizations"].([]any)[0].(object)["team_id"]}
	if diff := cmp.Diff([]any{true, "T1", "T9", "T9", "T1"}, got); diff != "" {
		t.Error(diff)
	}
	for _, x := range []interface{ Err() error }{u.Slash(ch, "x"), u.Shortcut(m, "x"), u.GlobalShortcut("x")} {
		if err := x.Err(); !errors.Is(err, slacktest.ErrCommand) {
			t.Errorf("got %v, want %v", err, slacktest.ErrCommand)
		}
	}
	info := post(t, s, "conversations.info", w.BotToken(), map[string]string{"channel": ch.ID})["channel"].(object)
	user := post(t, s, "users.info", w.BotToken(), map[string]string{"user": u.ID})["user"].(object)
	stranger := post(t, s, "users.info", w.BotToken(), map[string]string{"user": s.Outside("T8").User("x").ID})
	if diff := cmp.Diff([]any{true, true, "T9", false, "user_not_found"}, []any{info["is_ext_shared"], info["is_member"], user["team_id"], user["is_stranger"], stranger["error"]}); diff != "" {
		t.Error(diff)
	}
	u.DM("in private")
	c.until("the message", func() bool { return c.count("events_api") == 3 })
	noProblemsBut(t, s, "users.info: user_not_found")
}

func noProblemsBut(t *testing.T, s *slacktest.Server, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.Problems()); diff != "" {
		t.Error(diff)
	}
}

func TestAChannelOfTheCustomersWorkspace(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w, customer := s.Workspace("T1"), s.Outside("T9")
	ch := customer.Channel("ours").Private().Connect(w)
	customer.User("eve").Say(ch, "@apihelp hello")
	c.until("the event", func() bool { return c.count("events_api") == 1 })
	p := c.frames("events_api")[0].Payload
	if diff := cmp.Diff([]any{"T1", "T9"}, []any{p["team_id"], p["context_team_id"]}); diff != "" {
		t.Error(diff)
	}
	if a := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": ch.ID, "text": "hi"}); a["ok"] != true {
		t.Error(a)
	}
}

func TestEachOfTwoBotsInAChannelHearsOnlyItsMention(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	one, two := s.Workspace("T1"), s.Workspace("T2")
	ch := one.Channel("shared").Connect(two)
	two.User("bob").Say(ch, "@apihelp hello")
	c.until("the event", func() bool { return s.Unacked() == 0 })
	got := c.frames("events_api")
	if len(got) != 1 || got[0].Payload["team_id"] != "T2" {
		t.Errorf("got %v", got)
	}
}

func TestAnOrganizationsInstallation(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	o := s.Org("E1")
	w, other := o.Workspace("T1"), o.Workspace("T2")
	if w.BotToken() == "" || w.BotToken() != other.BotToken() {
		t.Error("got different tokens in one organization")
	}
	u := w.User("ann")
	ch := w.Channel("help")
	u.Say(ch, "@apihelp hello")
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": ch.ID, "text": "x", "blocks": buttons})
	if err := errors.Join(u.Press(ch.Messages()[1], "It worked").Err(), u.Slash(ch, "x").Err()); err != nil {
		t.Fatal(err)
	}
	c.until("the event", func() bool { return s.Unacked() == 0 })
	event, press, slash := c.frames("events_api")[0].Payload, c.frames("interactive")[0].Payload, c.frames("slash_commands")[0].Payload
	auth := event["authorizations"].([]any)[0].(object)
	got := []any{event["enterprise_id"], event["team_id"], auth["team_id"], auth["is_enterprise_install"], press["team"], press["enterprise"].(object)["id"], slash["is_enterprise_install"], slash["enterprise_id"]}
	if diff := cmp.Diff([]any{"E1", "T1", nil, true, nil, "E1", "true", "E1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestUninstallAndRevokeEndTheTokens(t *testing.T) {
	tests := map[string]struct {
		end    func(*slacktest.Workspace)
		code   string
		events []any
	}{
		"uninstall": {(*slacktest.Workspace).Uninstall, "account_inactive", []any{"app_uninstalled", "tokens_revoked"}},
		"revoke":    {(*slacktest.Workspace).RevokeTokens, "token_revoked", []any{"tokens_revoked"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, slacktest.Options{})
			c := dial(t, s)
			w := s.Workspace("T1")
			ch, token := w.Channel("help"), w.BotToken()
			test.end(w)
			w.User("ann").Say(ch, "@apihelp hello")
			w.User("ann").OpenHome()
			c.until("the events", func() bool { return s.Unacked() == 0 })
			var got []any
			for _, f := range c.frames("events_api") {
				got = append(got, f.event()["type"])
			}
			if diff := cmp.Diff(test.events, got); diff != "" {
				t.Error(diff)
			}
			if a := post(t, s, "auth.test", token, nil); a["error"] != test.code {
				t.Errorf("got %v, want %s", a, test.code)
			}
			if s.Workspace("T1").BotToken() != "" {
				t.Error("got a token, want none")
			}
		})
	}
}

func TestEditsAndDeletionsAreTold(t *testing.T) {
	s := start(t, slacktest.Options{History: true})
	c := dial(t, s)
	w := s.Workspace("T1")
	u, ch := w.User("ann"), w.Channel("help")
	m := u.Say(ch, "@apihelp hello")
	u.Edit(m, "@apihelp goodbye")
	u.Reply(m, "a reply")
	u.Delete(m)
	u.Delete(ch.Messages()[1])
	u.Join(ch)
	u.Share(ch, "a.log", "look")
	u.Broadcast(m, "all look")
	ch.BotSay("other", "beep")
	c.until("all", func() bool { return s.Unacked() == 0 })
	var got []any
	for _, f := range c.frames("events_api") {
		e := f.event()
		kind, _ := e["type"].(string)
		sub, _ := e["subtype"].(string)
		if e["edited"] != nil {
			sub = "edited"
		}
		got = append(got, kind+" "+sub)
	}
	want := []any{
		"message ", "app_mention ", "message message_changed", "app_mention edited", "message ", "message message_changed", "message message_deleted",
		"message channel_join", "message file_share", "message thread_broadcast", "message bot_message",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if first := ch.Messages()[0]; first.Subtype != "tombstone" {
		t.Errorf("got %v, want a tombstone", first)
	}
}

func TestTheBotsOwnPostsComeBackToIt(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	a := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": u.ID, "text": "x"})
	post(t, s, "chat.update", w.BotToken(), map[string]string{"channel": a["channel"].(string), "ts": a["ts"].(string), "text": "y"})
	c.until("both", func() bool { return c.count("events_api") == 2 })
	e := c.frames("events_api")[0].event()
	if e["bot_id"] == nil || e["app_id"] != s.AppID() || e["bot_profile"] == nil {
		t.Errorf("got %v", e)
	}
}
