package slacktest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

func modal(title string) string {
	data, _ := json.Marshal(object{
		"type": "modal", "callback_id": "ask", "title": object{"type": "plain_text", "text": title}, "submit": object{"type": "plain_text", "text": "Send"},
		"private_metadata": "x", "notify_on_close": true,
		"blocks": []any{object{
			"type": "input", "block_id": "question", "label": object{"type": "plain_text", "text": "Question"},
			"element": object{"type": "plain_text_input", "action_id": "text", "max_length": 10},
		}, object{"type": "actions", "elements": []any{object{"type": "button", "action_id": "more", "text": object{"type": "plain_text", "text": "More"}}}}},
	})
	return string(data)
}

const buttons = `[{"type":"section","text":{"type":"mrkdwn","text":"*Answer*"}},{"type":"actions","elements":[
{"type":"button","action_id":"yes","value":"1","text":{"type":"plain_text","text":"It worked"}},
{"type":"static_select","action_id":"pick","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}]}]`

// A clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time        { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) move(by time.Duration) { c.mu.Lock(); c.now = c.now.Add(by); c.mu.Unlock() }
func newClock() *clock                 { return &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func TestACommandsAcknowledgementAndResponseURLAreShown(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	c.reply = func(f frame) any {
		if f.Type == "slash_commands" && f.Accepts {
			return object{"text": "at once"}
		}
		return nil
	}
	w := s.Workspace("T1")
	u, ch := w.User("ann"), w.Channel("help")
	x := u.Slash(ch, "why @bob <b>")
	w.User("bob")
	if err := x.Err(); err != nil || !strings.Contains(string(x.Ack()), "at once") {
		t.Fatalf("got %s, %v", x.Ack(), err)
	}
	for range 5 {
		if status, _ := respond(t, x.ResponseURL, object{"text": "later", "response_type": "in_channel"}); status != 200 {
			t.Errorf("got %d", status)
		}
	}
	noProblems(t, s)
	if status, code := respond(t, x.ResponseURL, object{"text": "too much"}); status != 404 || code != "used_url" {
		t.Errorf("got %d %s, want 404 used_url", status, code)
	}
	if len(u.Ephemerals()) != 1 || len(ch.Messages()) != 5 || len(x.Posts()) != 6 {
		t.Errorf("got %d ephemeral, %d public, %d posts", len(u.Ephemerals()), len(ch.Messages()), len(x.Posts()))
	}
	if got := c.frames("slash_commands")[0].Payload["text"]; got != "why @bob &lt;b&gt;" {
		t.Errorf("got text %q", got)
	}
}

func TestAResponseURLDiesAfterHalfAnHour(t *testing.T) {
	now := newClock()
	s := start(t, slacktest.Options{Clock: now.Now})
	dial(t, s)
	w := s.Workspace("T1")
	x := w.User("ann").Slash(w.Channel("help"), "x")
	now.move(30*time.Minute - 1)
	if status, _ := respond(t, x.ResponseURL, object{"text": "x"}); status != 200 {
		t.Errorf("got %d", status)
	}
	now.move(1)
	if status, code := respond(t, x.ResponseURL, object{"text": "x"}); status != 404 || code != "expired_url" {
		t.Errorf("got %d %s", status, code)
	}
}

func TestAPressComesWithItsMessageAndCanReplaceIt(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u, ch := w.User("ann"), w.Channel("help")
	root := u.Say(ch, "hello")
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": ch.ID, "text": "Answer", "blocks": buttons, "thread_ts": root.TS})
	m := root.Thread()[0]
	if diff := cmp.Diff("*Answer*\n[It worked] [One]", m.Plain()); diff != "" {
		t.Error(diff)
	}
	x := u.Press(m, "It worked")
	if err := errors.Join(x.Err(), u.Press(m, "One").Err(), w.User("bob").PressAction(m, "yes", "forged").Err()); err != nil {
		t.Fatal(err)
	}
	if err := u.Press(m, "Nothing").Err(); !errors.Is(err, slacktest.ErrNoSuch) {
		t.Errorf("got %v", err)
	}
	got := c.frames("interactive")
	values := []any{}
	for _, f := range got {
		a := f.Payload["actions"].([]any)[0].(object)
		option, _ := a["selected_option"].(object)
		values = append(values, a["action_id"], a["value"], option["value"])
	}
	if diff := cmp.Diff([]any{"yes", "1", nil, "pick", nil, "1", "yes", "forged", nil}, values); diff != "" {
		t.Error(diff)
	}
	container := got[0].Payload["container"].(object)
	if container["thread_ts"] != root.TS || got[0].Payload["message"].(object)["ts"] != m.TS {
		t.Errorf("got %v", got[0].Payload)
	}
	respond(t, x.ResponseURL, object{"replace_original": true, "text": "Done"})
	if now := m.Now(); now.Plain() != "Done" || now.Ephemeral {
		t.Errorf("got %v", now)
	}
	respond(t, x.ResponseURL, object{"delete_original": true})
	if m.Now() != nil {
		t.Error("got the message after its deletion")
	}
	noProblems(t, s)
}

func TestAnEphemeralMessageIsReplacedByItsResponseURLOnly(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	post(t, s, "chat.postEphemeral", w.BotToken(), map[string]string{"channel": w.Channel("help").ID, "user": u.ID, "text": "x", "blocks": buttons})
	m := u.Ephemerals()[0]
	x := u.Press(m, "It worked")
	if x.Err() != nil || !errors.Is(w.User("bob").Press(m, "It worked").Err(), slacktest.ErrNoSuch) {
		t.Error("got a press of what somebody else sees")
	}
	p := c.frames("interactive")[0].Payload
	if p["message"] != nil || p["container"].(object)["is_ephemeral"] != true {
		t.Errorf("got %v", p)
	}
	respond(t, x.ResponseURL, object{"replace_original": "true", "text": "Done"})
	if got := u.Ephemerals(); len(got) != 1 || got[0].Plain() != "Done" {
		t.Errorf("got %v", got)
	}
	respond(t, x.ResponseURL, object{"delete_original": true})
	if len(u.Ephemerals()) != 0 {
		t.Error("got the message after its deletion")
	}
}

func TestATriggerWorksOnceForThreeSeconds(t *testing.T) {
	now := newClock()
	s := start(t, slacktest.Options{Clock: now.Now})
	dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	x := u.GlobalShortcut("ask")
	args := map[string]string{"trigger_id": x.TriggerID, "view": modal("Ask")}
	first := post(t, s, "views.open", w.BotToken(), args)
	second := post(t, s, "views.open", w.BotToken(), args)
	args["trigger_id"] = u.GlobalShortcut("ask").TriggerID
	now.move(3 * time.Second)
	third := post(t, s, "views.open", w.BotToken(), args)
	if diff := cmp.Diff([]any{nil, "exchanged_trigger_id", "expired_trigger_id"}, []any{first["error"], second["error"], third["error"]}); diff != "" {
		t.Error(diff)
	}
}

// judge answers to a submission by what was entered.
func judge(f frame) any {
	if f.Payload["type"] != "view_submission" {
		return nil
	}
	state := f.Payload["view"].(object)["state"].(object)["values"].(object)["question"].(object)["text"].(object)
	return map[string]any{
		"wrong": object{"response_action": "errors", "errors": object{"question": "no"}},
		"next":  object{"response_action": "update", "view": json.RawMessage(modal("Next"))},
		"push":  object{"response_action": "push", "view": json.RawMessage(modal("Pushed"))},
		"clear": object{"response_action": "clear"},
	}[state["value"].(string)]
}

func TestAModalIsUpdatedSubmittedPushedAndClosed(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	c.reply = judge
	w := s.Workspace("T1")
	u := w.User("ann")
	titles := func() (out []string) {
		for _, v := range u.Views() {
			out = append(out, v.Title)
		}
		return out
	}
	open := func() *slacktest.View {
		t.Helper()
		x := u.GlobalShortcut("ask")
		a := post(t, s, "views.open", w.BotToken(), map[string]string{"trigger_id": x.TriggerID, "view": modal("Ask")})
		if a["ok"] != true {
			t.Fatal(a)
		}
		return u.Views()[0]
	}
	v := open()
	update := map[string]string{"view_id": v.ID, "hash": v.Hash, "view": modal("Updated")}
	first, second := post(t, s, "views.update", w.BotToken(), update), post(t, s, "views.update", w.BotToken(), update)
	if first["ok"] != true || second["error"] != "hash_conflict" {
		t.Errorf("got %v and %v", first, second)
	}
	for _, bad := range []map[string]string{{"question": ""}, {"question": "more than ten"}} {
		if err := u.Submit(v, bad).Err(); !errors.Is(err, slacktest.ErrInput) {
			t.Errorf("got %v, want %v", err, slacktest.ErrInput)
		}
	}
	steps := []struct {
		say  string
		want []string
	}{{"wrong", []string{"Updated"}}, {"next", []string{"Next"}}, {"push", []string{"Next", "Pushed"}}, {"fine", []string{"Next"}}, {"push", []string{"Next", "Pushed"}}, {"clear", nil}}
	for _, step := range steps {
		views := u.Views()
		if err := u.Submit(views[len(views)-1], map[string]string{"text": step.say}).Err(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, titles()); diff != "" {
			t.Errorf("%s: %s", step.say, diff)
		}
		if step.say == "wrong" && u.Views()[0].Errors["question"] != "no" {
			t.Errorf("got errors %v", u.Views()[0].Errors)
		}
	}
	v = open()
	press := u.PressIn(v, "More")
	if a := post(t, s, "views.push", w.BotToken(), map[string]string{"trigger_id": press.TriggerID, "view": modal("On top")}); a["ok"] != true {
		t.Error(a)
	}
	if err := u.CloseView(u.Views()[1]).Err(); err != nil || len(titles()) != 1 {
		t.Errorf("got %v, %v", titles(), err)
	}
	closed := c.frames("interactive")
	if got := closed[len(closed)-1].Payload["type"]; got != "view_closed" {
		t.Errorf("got %v, want view_closed", got)
	}
}

func TestTheHomeTabIsPublishedByHash(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	args := map[string]string{"user_id": u.ID, "view": `{"type":"home","blocks":[{"type":"section","text":{"type":"plain_text","text":"Hello"}}]}`}
	post(t, s, "views.publish", w.BotToken(), args)
	u.OpenHome()
	c.until("the event", func() bool { return s.Unacked() == 0 })
	hash := c.frames("events_api")[0].event()["view"].(object)["hash"].(string)
	args["hash"] = hash
	first, second := post(t, s, "views.publish", w.BotToken(), args), post(t, s, "views.publish", w.BotToken(), args)
	if first["ok"] != true || second["error"] != "hash_conflict" || u.Home().Plain() != "Hello" {
		t.Errorf("got %v, %v, %q", first, second, u.Home().Plain())
	}
}

func TestACommandNobodyTakesFails(t *testing.T) {
	s := start(t, slacktest.Options{AckWait: 20 * time.Millisecond})
	w := s.Workspace("T1")
	if err := w.User("ann").Slash(w.Channel("help"), "x").Err(); !errors.Is(err, slacktest.ErrDispatch) {
		t.Errorf("got %v, want %v", err, slacktest.ErrDispatch)
	}
	dial(t, s).ignore()
	if err := w.User("ann").Slash(w.Channel("help"), "x").Err(); !errors.Is(err, slacktest.ErrTimeout) {
		t.Errorf("got %v, want %v", err, slacktest.ErrTimeout)
	}
}
