package slacktest_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

const everyBlock = `[
{"type":"header","text":{"type":"plain_text","text":"Title <x>"}},
{"type":"section","text":{"type":"mrkdwn","text":"a &amp; <https://x.example|link> <#C1> <@U1>"},"fields":[{"type":"plain_text","text":"f1"},{"type":"mrkdwn","text":"f2"}],
 "accessory":{"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}},
{"type":"divider"},
{"type":"rich_text","elements":[
 {"type":"rich_text_section","elements":[{"type":"text","text":"say "},{"type":"link","url":"https://y.example"},{"type":"emoji","name":"wave"},{"type":"user","user_id":"U2"}]},
 {"type":"rich_text_list","style":"ordered","offset":2,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"third"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"fourth"}]}]},
 {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://z.example","text":"point"}]}]},
 {"type":"rich_text_preformatted","elements":[{"type":"text","text":"code &amp;"}]}]},
{"type":"context","elements":[{"type":"mrkdwn","text":"why"},{"type":"image","image_url":"https://x.example/i.png","alt_text":"picture"}]},
{"type":"image","image_url":"https://x.example/i.png","alt_text":"alone"},
{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"fb","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"g"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"b"}}]}
]`

func TestPlainIsWhatAPersonReads(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	ch, u := w.Channel("help"), w.User("ann")
	if a := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": ch.ID, "text": "x", "blocks": everyBlock}); a["ok"] != true {
		t.Fatal(a)
	}
	m := ch.Messages()[0]
	want := "Title <x>\na & link C1 @U1\nf1\nf2\n[One]\nsay https://y.example:wave:@U2\n3. third\n4. fourth\n• point\ncode &amp;\nwhy picture\nalone\n[Good] [Bad]"
	if diff := cmp.Diff(want, m.Plain()); diff != "" {
		t.Error(diff)
	}
	for _, label := range []string{"One", "Bad"} {
		if err := u.Press(m, label).Err(); err != nil {
			t.Error(err)
		}
	}
	if got := c.frames("interactive")[1].Payload["actions"].([]any)[0].(object)["value"]; got != "b" {
		t.Errorf("got value %v, want b", got)
	}
	noProblems(t, s)
}

func TestBlocksThatSlackRefuses(t *testing.T) {
	tests := map[string]string{
		"an unknown block":      `{"type":"poster"}`,
		"a modal's block":       `{"type":"alert","text":{"type":"plain_text","text":"x"}}`,
		"an empty section":      `{"type":"section"}`,
		"empty text":            `{"type":"section","text":{"type":"mrkdwn","text":""}}`,
		"a marked-up header":    `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`,
		"an image without alt":  `{"type":"image","image_url":"https://x.example"}`,
		"empty rich text":       `{"type":"rich_text","elements":[]}`,
		"an unknown part":       `{"type":"rich_text","elements":[{"type":"rich_text_poem","elements":[]}]}`,
		"an unknown element":    `{"type":"actions","elements":[{"type":"lever"}]}`,
		"actions without any":   `{"type":"actions","elements":[]}`,
		"action_id twice":       `{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"y"}}]}`,
		"a menu without option": `{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[]}]}`,
	}
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	for name, block := range tests {
		t.Run(name, func(t *testing.T) {
			a := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": w.Channel("help").ID, "blocks": "[" + block + "]"})
			if a["error"] != "invalid_blocks" || a["response_metadata"] == nil {
				t.Errorf("got %v, want invalid_blocks", a)
			}
		})
	}
}

func TestInputsTakeTextAndChoices(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	options := `"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}]`
	label := `"label":{"type":"plain_text","text":"L"}`
	view := `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"S"},"blocks":[
		{"type":"input","block_id":"radio",` + label + `,"element":{"type":"radio_buttons","action_id":"a",` + options + `}},
		{"type":"input","block_id":"boxes",` + label + `,"element":{"type":"checkboxes","action_id":"b",` + options + `}},
		{"type":"input","block_id":"free","optional":true,` + label + `,"element":{"type":"plain_text_input","action_id":"c"}}]}`
	x := u.GlobalShortcut("x")
	if a := post(t, s, "views.open", w.BotToken(), map[string]string{"trigger_id": x.TriggerID, "view": view}); a["ok"] != true {
		t.Fatal(a)
	}
	v := u.Views()[0]
	for name, values := range map[string]map[string]string{"no such option": {"radio": "Three", "boxes": "One"}, "no such input": {"radio": "One", "boxes": "One", "lost": "x"}} {
		if err := u.Submit(v, values).Err(); !errors.Is(err, slacktest.ErrNoSuch) {
			t.Errorf("%s: got %v, want %v", name, err, slacktest.ErrNoSuch)
		}
	}
	if err := u.Submit(v, map[string]string{"radio": "Two", "b": "One\n2"}).Err(); err != nil {
		t.Fatal(err)
	}
	frames := c.frames("interactive")
	state, _ := json.Marshal(frames[len(frames)-1].Payload["view"].(object)["state"])
	one, two := `{"text":{"text":"One","type":"plain_text"},"value":"1"}`, `{"text":{"text":"Two","type":"plain_text"},"value":"2"}`
	want := `{"values":{"boxes":{"b":{"selected_options":[` + one + `,` + two + `],"type":"checkboxes"}},"free":{"c":{"type":"plain_text_input","value":null}},"radio":{"a":{"selected_option":` + two + `,"type":"radio_buttons"}}}}`
	if diff := cmp.Diff(want, string(state)); diff != "" {
		t.Error(diff)
	}
}

func TestDirectMessagesAreOpenedOnce(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	first := post(t, s, "conversations.open", w.BotToken(), map[string]string{"users": u.ID})
	id := first["channel"].(object)["id"]
	second := post(t, s, "conversations.open", w.BotToken(), map[string]string{"channel": id.(string), "return_im": "true"})
	got := []any{first["already_open"], second["already_open"], second["channel"].(object)["id"], second["channel"].(object)["user"]}
	if diff := cmp.Diff([]any{nil, true, id, u.ID}, got); diff != "" {
		t.Error(diff)
	}
	u.OpenMessages()
	w.Emit(object{"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1", "event_ts": "1.2"})
	c.until("both", func() bool { return c.count("events_api") == 2 })
	e := c.frames("events_api")
	if diff := cmp.Diff([]any{id, "messages", "C1"}, []any{e[0].event()["channel"], e[0].event()["tab"], e[1].event()["new_channel_id"]}); diff != "" {
		t.Error(diff)
	}
	var last object
	if err := json.Unmarshal(s.LastEvent(), &last); err != nil || last["event_id"] != e[1].Payload["event_id"] {
		t.Errorf("got %v, %v", last, err)
	}
}

func TestHealEndsAFault(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	s.Fail("auth.test", slacktest.Fault{Times: -1, Error: "fatal_error"})
	for range 3 {
		if a := post(t, s, "auth.test", w.BotToken(), nil); a["error"] != "fatal_error" {
			t.Errorf("got %v", a)
		}
	}
	s.Heal("auth.test")
	if a := post(t, s, "auth.test", w.BotToken(), nil); a["ok"] != true {
		t.Errorf("got %v", a)
	}
}
