package slacktest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

func section(text string) string {
	data, _ := json.Marshal([]any{object{"type": "section", "text": object{"type": "mrkdwn", "text": text, "verbatim": true}}})
	return string(data)
}

func many(n int, block string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(block+",", n), ",") + "]"
}

func TestTheWebAPIRefusesAsSlackDoes(t *testing.T) {
	s := start(t, slacktest.Options{Scopes: []string{"chat:write", "im:write"}})
	w := s.Workspace("T1")
	c, left, old, other := w.Channel("help"), w.Channel("left"), w.Channel("old"), s.Workspace("T2").Channel("x")
	hidden := w.Channel("hidden").Private()
	hidden.Leave()
	left.Leave()
	old.Archive()
	u := w.User("ann")
	said := u.Say(c, "hello")
	button := func(more string) string {
		return `{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}` + more + `}]}`
	}
	tests := []struct {
		method, token string
		args          map[string]string
		want          string
	}{
		{"auth.test", "", nil, "not_authed"},
		{"auth.test", "xoxb-1", nil, "invalid_auth"},
		{"chat.postMessage", s.AppToken(), nil, "not_allowed_token_type"},
		{"apps.connections.open", w.BotToken(), nil, "not_allowed_token_type"},
		{"chat.shout", w.BotToken(), nil, "unknown_method"},
		{"users.info", w.BotToken(), map[string]string{"user": u.ID}, "missing_scope"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID}, "no_text"},
		{"chat.postMessage", "", map[string]string{"channel": "C1", "text": "x"}, "channel_not_found"},
		{"chat.postMessage", "", map[string]string{"channel": other.ID, "text": "x"}, "channel_not_found"},
		{"chat.postMessage", "", map[string]string{"channel": left.ID, "text": "x"}, "not_in_channel"},
		{"chat.postMessage", "", map[string]string{"channel": hidden.ID, "text": "x"}, "channel_not_found"},
		{"chat.postMessage", "", map[string]string{"channel": old.ID, "text": "x"}, "is_archived"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "attachments": many(101, "{}")}, "too_many_attachments"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": section(strings.Repeat("x", 3001))}, "invalid_blocks"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": many(51, `{"type":"divider"}`)}, "invalid_blocks"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": many(2, `{"type":"divider","block_id":"a"}`)}, "invalid_blocks"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": many(5, strings.Trim(section(strings.Repeat("x", 2900)), "[]"))}, "msg_blocks_too_long"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": "[" + button(`,"style":"big"`) + "]"}, "invalid_blocks"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": "[" + button(`,"colour":"red"`) + "]"}, "invalid_blocks"},
		{"chat.postMessage", "", map[string]string{"channel": c.ID, "blocks": "{"}, "invalid_blocks_format"},
		{"chat.update", "", map[string]string{"channel": c.ID, "ts": "1.2", "text": "x"}, "message_not_found"},
		{"chat.update", "", map[string]string{"channel": c.ID, "ts": said.TS, "text": "x"}, "cant_update_message"},
		{"chat.delete", "", map[string]string{"channel": c.ID, "ts": said.TS}, "cant_delete_message"},
		{"chat.postEphemeral", "", map[string]string{"channel": c.ID, "user": "U1", "text": "x"}, "user_not_in_channel"},
		{"conversations.open", "", map[string]string{"users": "U1"}, "user_not_found"},
		{"views.open", "", map[string]string{"trigger_id": "1.2.3", "view": modal("m")}, "invalid_trigger_id"},
		{"views.open", "", map[string]string{"trigger_id": "1.2.3", "view": `{"type":"modal","blocks":[]}`}, "invalid_arguments"},
		{"views.update", "", map[string]string{"view_id": "V1", "view": modal("m")}, "not_found"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.want, func(t *testing.T) {
			token := test.token
			if token == "" && test.want != "not_authed" {
				token = w.BotToken()
			}
			got := post(t, s, test.method, token, test.args)
			if got["ok"] != false || got["error"] != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

func TestPostsStandInChannelsThreadsAndDirectMessages(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	u, c := w.User("ann"), w.Channel("help")
	said := u.Say(c, "hello")
	reply := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": c.ID, "text": "hi", "thread_ts": said.TS})
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": u.ID, "text": "psst", "blocks": section("psst &amp; <https://x.example|more>")})
	if got := said.Thread(); len(got) != 1 || got[0].Text != "hi" || got[0].TS != reply["ts"] || got[0].User != w.BotUser() {
		t.Errorf("got %v", got)
	}
	if got := u.DMs(); len(got) != 1 || got[0].Plain() != "psst & more" {
		t.Errorf("got %v", got)
	}
	noProblems(t, s)
	answer := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": c.ID, "text": "lost", "thread_ts": "1.2"})
	if m := answer["message"].(object); m["thread_ts"] != nil {
		t.Errorf("got %v, want a message outside threads", m)
	}
	wantProblem(t, s, "no message for thread_ts")
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": c.ID, "text": "<!channel>", "link_names": "1", "colour": "red"})
	wantProblem(t, s, "link_names")
	wantProblem(t, s, "mass mention")
	wantProblem(t, s, "unknown argument colour")
}

func TestAnUpdateCountsEscapedCharacters(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	c := w.Channel("help")
	args := map[string]string{"channel": c.ID, "blocks": section(strings.Repeat("&", 2999))}
	answer := post(t, s, "chat.postMessage", w.BotToken(), args)
	if answer["ok"] != true {
		t.Fatalf("got %v", answer)
	}
	args["ts"] = answer["ts"].(string)
	if got := post(t, s, "chat.update", w.BotToken(), args); got["error"] != "invalid_blocks" && got["error"] != "msg_blocks_too_long" {
		t.Errorf("got %v, want a refusal", got)
	}
	args["blocks"] = section("short")
	if got := post(t, s, "chat.update", w.BotToken(), args); got["ok"] != true {
		t.Errorf("got %v", got)
	}
	if got := c.Messages()[0]; !got.Edited || got.Plain() != "short" {
		t.Errorf("got %v", got)
	}
}

func TestEphemeralsAreOnePersonsAndNotUpdatable(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	c, u := w.Channel("help"), w.User("ann")
	answer := post(t, s, "chat.postEphemeral", w.BotToken(), map[string]string{"channel": c.ID, "user": u.ID, "text": "psst"})
	if len(u.Ephemerals()) != 1 || len(c.Messages()) != 0 || len(w.User("bob").Ephemerals()) != 0 {
		t.Error("got the message elsewhere")
	}
	ts, _ := answer["message_ts"].(string)
	if got := post(t, s, "chat.update", w.BotToken(), map[string]string{"channel": c.ID, "ts": ts, "text": "x"}); got["error"] != "message_not_found" {
		t.Errorf("got %v", got)
	}
}

func TestFaultsAreUsedUpInOrder(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	c := w.Channel("help")
	s.Fail("chat.postMessage", slacktest.Fault{Error: "fatal_error", Times: 2})
	s.Fail("chat.postMessage", slacktest.Fault{RetryAfter: 1500 * time.Millisecond})
	s.Fail("chat.postMessage", slacktest.Fault{HTML: true})
	s.Fail("chat.postMessage", slacktest.Fault{Cut: true, AfterEffect: true})
	s.Fail("chat.postMessage", slacktest.Fault{})
	s.Fail("chat.postMessage", slacktest.Fault{Delay: time.Millisecond})
	var got []string
	for range 8 {
		a := post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": c.ID, "text": "x"})
		got = append(got, fmt.Sprint(a["status"], " ", a["error"], " ", a["retry"]))
	}
	want := []string{"200 fatal_error ", "200 fatal_error ", "429 ratelimited 2", "503 <nil> ", "<nil> cut <nil>", "500 <nil> ", "200 <nil> ", "200 <nil> "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(c.Messages()); n != 3 {
		t.Errorf("got %d messages, want 3: one with its effect before the cut, two that worked", n)
	}
	if n := len(s.Calls("chat.postMessage")); n != 8 {
		t.Errorf("got %d calls, want 8", n)
	}
}

func TestMoreThanAPostASecondIsRefusedWhenLimited(t *testing.T) {
	s := start(t, slacktest.Options{})
	s.RateLimit(true)
	w := s.Workspace("T1")
	args := map[string]string{"channel": w.Channel("help").ID, "text": "x"}
	for i := range 4 {
		a := post(t, s, "chat.postMessage", w.BotToken(), args)
		if (a["status"] == 429) != (i == 3) {
			t.Errorf("post %d: got %v", i, a)
		}
		if i == 3 && a["retry"] != "1" {
			t.Errorf("got Retry-After %v, want 1", a["retry"])
		}
	}
	wantProblem(t, s, "ratelimited")
}

func TestHistoryAndRepliesComeInPages(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	c, u := w.Channel("help"), w.User("ann")
	root := u.Say(c, "root")
	for i := range 3 {
		u.Reply(root, fmt.Sprint("r", i))
	}
	u.Say(c, "later")
	texts := func(a object) (out []string) {
		for _, m := range a["messages"].([]any) {
			out = append(out, m.(object)["text"].(string))
		}
		return out
	}
	args := map[string]string{"channel": c.ID, "ts": root.TS, "limit": "3"}
	page := post(t, s, "conversations.replies", w.BotToken(), args)
	args["cursor"] = page["response_metadata"].(object)["next_cursor"].(string)
	rest := post(t, s, "conversations.replies", w.BotToken(), args)
	all := post(t, s, "conversations.history", w.BotToken(), map[string]string{"channel": c.ID})
	got := [][]string{texts(page), texts(rest), texts(all)}
	if diff := cmp.Diff([][]string{{"root", "r0", "r1"}, {"r2"}, {"later", "root"}}, got); diff != "" {
		t.Error(diff)
	}
	if page["has_more"] != true || rest["has_more"] != false {
		t.Errorf("got has_more %v and %v", page["has_more"], rest["has_more"])
	}
}

func TestReactionsPermalinksAndStatus(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	c := w.Channel("help")
	m := w.User("ann").Say(c, "hi")
	args := map[string]string{"channel": c.ID, "timestamp": m.TS, "name": "eyes"}
	var got []any
	for _, method := range []string{"reactions.add", "reactions.add", "reactions.remove", "reactions.remove"} {
		got = append(got, post(t, s, method, w.BotToken(), args)["error"])
	}
	link := post(t, s, "chat.getPermalink", w.BotToken(), map[string]string{"channel": c.ID, "message_ts": m.TS})["permalink"]
	status := post(t, s, "assistant.threads.setStatus", w.BotToken(), map[string]string{"channel_id": c.ID, "thread_ts": m.TS, "status": "thinks"})["ok"]
	got = append(got, link, status)
	want := []any{nil, "already_reacted", nil, "no_reaction", "https://t1.slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(m.TS, ".", ""), true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryPayloadIsChecked(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	var seen []string
	s.Check(func(kind string, payload []byte) error {
		seen = append(seen, kind)
		if strings.Contains(string(payload), "bad") {
			return errors.New("no good")
		}
		return nil
	})
	post(t, s, "chat.postMessage", w.BotToken(), map[string]string{"channel": w.Channel("help").ID, "text": "bad"})
	post(t, s, "views.publish", w.BotToken(), map[string]string{"user_id": w.User("ann").ID, "view": `{"type":"home","blocks":[]}`})
	if diff := cmp.Diff([]string{"message", "view"}, seen); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"check of a message: no good"}, s.Problems()); diff != "" {
		t.Error(diff)
	}
}
