package discordtest_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord/discordtest"
)

func text(n int) string { return strings.Repeat("x", n) }

func rows(n int) []object {
	return slices.Repeat([]object{{"type": 1, "components": []object{{"type": 2, "style": 5, "label": "Docs", "url": "https://example.com"}}}}, n)
}

func button(more object) []object {
	b := object{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
	for k, v := range more {
		b[k] = v
	}
	return []object{{"type": 1, "components": []object{b}}}
}

func v2(list ...object) object { return object{"flags": 1 << 15, "components": list} }

func show(n int) object { return object{"type": 10, "content": text(n)} }

func TestMessagesThatDiscordRefuses(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	for _, tc := range []struct {
		name         string
		status, code int
		body         object
	}{
		{"empty", 400, 50006, object{"content": " "}},
		{"long", 400, 50035, object{"content": text(2001)}},
		{"long nonce", 400, 50035, object{"content": "x", "nonce": text(26)}},
		{"reply to nothing", 400, 50035, object{"content": "x", "message_reference": object{"message_id": "1"}}},
		{"long embed title", 400, 50035, object{"embeds": []object{{"title": text(257)}}}},
		{"large embeds", 400, 50035, object{"embeds": []object{{"description": text(4000)}, {"description": text(2001)}}}},
		{"field without value", 400, 50035, object{"embeds": []object{{"fields": []object{{"name": "x", "value": ""}}}}}},
		{"six rows", 400, 50035, object{"content": "x", "components": rows(6)}},
		{"long label", 400, 50035, object{"content": "x", "components": button(object{"label": text(81)})}},
		{"long custom_id", 400, 50035, object{"content": "x", "components": button(object{"custom_id": text(101)})}},
		{"link with custom_id", 400, 50035, object{"content": "x", "components": button(object{"style": 5, "url": "https://example.com"})}},
		{"the same custom_id twice", 400, 50035, object{"content": "x", "components": append(button(nil), button(nil)...)}},
		{"empty row", 400, 50035, object{"content": "x", "components": []object{{"type": 1, "components": []object{}}}}},
		{"V2 without the flag", 400, 50035, object{"components": []object{show(1)}}},
		{"V2 with content", 400, 50035, object{"flags": 1 << 15, "content": "x", "components": []object{show(1)}}},
		{"41 components", 400, 50035, v2(slices.Repeat([]object{show(1)}, 41)...)},
		{"long texts", 400, 50035, v2(show(2000), show(2001))},
		{"many bytes", 500, 0, v2(object{"type": 10, "content": strings.Repeat("語", 3390)})},
		{"section without accessory", 400, 50035, v2(object{"type": 9, "components": []object{show(1)}})},
		{"modal's input in a message", 400, 50035, v2(object{"type": 18, "label": "x"})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want(t, x.s, tc.status, tc.code, "POST", "/channels/"+x.ch.ID+"/messages", tc.body)
		})
	}
	if n := len(x.ch.Messages()); n != 0 {
		t.Errorf("got %d messages, want none", n)
	}
	if got := x.s.Problems(); !slices.ContainsFunc(got, func(p string) bool {
		return strings.HasPrefix(p, "POST /channels/{}/messages: 50006 Cannot send an empty message")
	}) {
		t.Errorf("got %q", got)
	}
}

func TestWhatAPersonReads(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	body := v2(object{"type": 17, "accent_color": 255, "components": []object{
		{"type": 10, "content": "# 503"}, {"type": 14},
		{"type": 9, "components": []object{{"type": 10, "content": "Wait."}}, "accessory": object{"type": 2, "style": 5, "label": "Why", "url": "https://example.com"}},
		button(nil)[0],
		{"type": 1, "components": []object{{"type": 3, "custom_id": "which", "placeholder": "Which?", "options": []object{{"label": "One", "value": "1"}}}}},
	}})
	want(t, x.s, 200, 0, "POST", "/channels/"+x.ch.ID+"/messages", body)
	want(t, x.s, 200, 0, "POST", "/channels/"+x.ch.ID+"/messages", object{"content": "A", "embeds": []object{{"title": "B", "fields": []object{{"name": "C", "value": "D"}}}}})
	var got []string
	for _, m := range x.ch.Messages() {
		got = append(got, m.Plain())
	}
	if diff := cmp.Diff([]string{"# 503\nWait.\n[Why]\n[Go]\nWhich? [One]", "A\nB\nC\nD"}, got); diff != "" {
		t.Error(diff)
	}
	x.u.Press(x.ch.Messages()[0], "One")
	d := x.c.event("INTERACTION_CREATE").data()["data"].(object)
	if d["component_type"] != 3.0 || d["values"].([]any)[0] != "1" {
		t.Errorf("got %v", d)
	}
	noProblems(t, x.s)
}

func TestPermissionsDecide(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	u := g.User("ann")
	for _, tc := range []struct {
		deny         string
		status, code int
		method, path string
		body         object
	}{
		{"VIEW_CHANNEL", 403, 50001, "POST", "/messages", object{"content": "x"}},
		{"SEND_MESSAGES", 403, 50013, "POST", "/messages", object{"content": "x"}},
		{"EMBED_LINKS", 403, 50013, "POST", "/messages", object{"embeds": []object{{"title": "x"}}}},
		{"READ_MESSAGE_HISTORY", 400, 160002, "POST", "/messages", object{"content": "x", "message_reference": object{"message_id": "MESSAGE"}}},
		{"ADD_REACTIONS", 403, 50013, "PUT", "/messages/MESSAGE/reactions/%E2%9C%85/@me", nil},
		{"CREATE_PUBLIC_THREADS", 403, 50013, "POST", "/messages/MESSAGE/threads", object{"name": "x"}},
		{"CREATE_PRIVATE_THREADS", 403, 50013, "POST", "/threads", object{"name": "x"}},
		{"MANAGE_MESSAGES", 403, 50005, "PATCH", "/messages/MESSAGE", object{"content": "x"}},
		{"MANAGE_MESSAGES", 403, 50013, "DELETE", "/messages/MESSAGE", nil},
		{"MANAGE_THREADS", 404, 10008, "PATCH", "/messages/1", object{"content": "x"}},
	} {
		t.Run(tc.deny, func(t *testing.T) {
			ch := g.Channel(tc.deny)
			m := u.Say(ch, "hello")
			ch.Deny(tc.deny)
			if ref, ok := tc.body["message_reference"].(object); ok {
				ref["message_id"] = m.ID
			}
			var body any
			if tc.body != nil {
				body = tc.body
			}
			want(t, s, tc.status, tc.code, tc.method, "/channels/"+ch.ID+strings.Replace(tc.path, "MESSAGE", m.ID, 1), body)
			ch.Allow(tc.deny)
			want(t, s, 200, 0, "POST", "/channels/"+ch.ID+"/messages", object{"content": "x"})
		})
	}
	want(t, s, 404, 10003, "POST", "/channels/1/messages", object{"content": "x"})
	u.CloseDMs()
	dm := want(t, s, 200, 0, "POST", "/users/@me/channels", object{"recipient_id": u.ID})
	want(t, s, 403, 50007, "POST", "/channels/"+dm["id"].(string)+"/messages", object{"content": "x"})
	if got := s.Invalid(); got < 5 {
		t.Errorf("got %d invalid requests", got)
	}
}

func TestANonceMakesOneMessage(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	path := "/channels/" + x.ch.ID + "/messages"
	first := want(t, x.s, 200, 0, "POST", path, object{"content": "one", "nonce": "n1", "enforce_nonce": true})
	second := want(t, x.s, 200, 0, "POST", path, object{"content": "two", "nonce": "n1", "enforce_nonce": true})
	if first["id"] != second["id"] || second["content"] != "one" || len(x.ch.Messages()) != 1 {
		t.Errorf("got %v and %v", first["id"], second["id"])
	}
	want(t, x.s, 200, 0, "POST", path, object{"content": "three", "nonce": "n1"})
	if n := len(x.ch.Messages()); n != 2 {
		t.Errorf("got %d messages, want 2", n)
	}
}

func TestPingsAreProblems(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	m := x.u.Say(x.ch, "hello")
	path := "/channels/" + x.ch.ID + "/messages"
	none := object{"parse": []string{}}
	all := "<@" + x.u.ID + "> <@&" + x.g.Role("staff") + "> @everyone"
	want(t, x.s, 200, 0, "POST", path, object{"content": all, "allowed_mentions": none, "message_reference": object{"message_id": m.ID}})
	noProblems(t, x.s)
	want(t, x.s, 200, 0, "POST", path, object{"content": all})
	want(t, x.s, 200, 0, "POST", path, object{"content": "x", "message_reference": object{"message_id": m.ID}})
	want(t, x.s, 200, 0, "POST", path, object{"content": all, "allowed_mentions": object{"users": []string{x.u.ID}}})
	problems(t, x.s, "would ping "+x.u.ID+" "+x.g.Role("staff")+" everyone", "would ping "+x.u.ID, "would ping "+x.u.ID)
	last := x.ch.Messages()[4]
	if diff := cmp.Diff([]string{x.u.ID}, last.Pings); diff != "" {
		t.Error(diff)
	}
}

func TestPeopleEditDeleteAndReact(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	m := x.u.Say(x.ch, "@apihelp one")
	x.u.Edit(m, "@apihelp two")
	if got := x.c.event("MESSAGE_UPDATE").data(); got["id"] != m.ID || !strings.HasSuffix(got["content"].(string), "two") || got["edited_timestamp"] == nil {
		t.Errorf("got %v", got)
	}
	x.u.React(m, "👍")
	x.c.event("MESSAGE_REACTION_ADD")
	path := "/channels/" + x.ch.ID + "/messages/" + m.ID
	want(t, x.s, 204, 0, "PUT", path+"/reactions/%F0%9F%91%8D/@me", nil)
	if got := m.Reactions()["👍"]; len(got) != 2 {
		t.Errorf("got %v", got)
	}
	want(t, x.s, 204, 0, "DELETE", path+"/reactions/%F0%9F%91%8D/@me", nil)
	want(t, x.s, 200, 0, "GET", path, nil)
	x.u.Delete(m)
	if got := x.c.event("MESSAGE_DELETE").data()["id"]; got != m.ID || m.Now() != nil {
		t.Errorf("got %v", got)
	}
}

func TestHistoryIsPagedAndEmptiedWithoutTheIntent(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	var ids []string
	for _, say := range []string{"a", "@apihelp b", "c", "d"} {
		ids = append(ids, x.u.Say(x.ch, say).ID)
	}
	status, out := call(t, x.s, "GET", "/channels/"+x.ch.ID+"/messages?limit=2&after="+ids[0], nil)
	text := string(out)
	if status != 200 || strings.Contains(text, `"`+ids[3]+`"`) || strings.Index(text, ids[2]) > strings.Index(text, ids[1]) {
		t.Errorf("got %d %s", status, text)
	}
	if !strings.Contains(text, `\u003e b"`) || strings.Contains(text, `"content":"c"`) {
		t.Errorf("got %s", text)
	}
}

func TestFaultsOnDemand(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	path := "/channels/" + x.ch.ID + "/messages"
	body := object{"content": "x"}
	x.s.Fail("POST /channels/{}/messages", discordtest.Fault{RetryAfter: 1500 * time.Millisecond, Global: true})
	if got := want(t, x.s, 429, 0, "POST", path, body); got["retry_after"] != 1.5 || got["global"] != true {
		t.Errorf("got %v", got)
	}
	x.s.Fail("POST /channels/{}/messages", discordtest.Fault{HTML: true})
	if status, out := call(t, x.s, "POST", path, body); status != 502 || !strings.Contains(string(out), "<html>") {
		t.Errorf("got %d %s", status, out)
	}
	x.s.Fail("POST /channels/{}/messages", discordtest.Fault{Status: 403, Code: 50013, Message: "Missing Permissions"})
	want(t, x.s, 403, 50013, "POST", path, body)
	if n := len(x.ch.Messages()); n != 0 {
		t.Errorf("got %d messages, want none", n)
	}
	x.s.Fail("POST /channels/{}/messages", discordtest.Fault{Cut: true, AfterEffect: true})
	if status, _ := call(t, x.s, "POST", path, body); status != 0 || len(x.ch.Messages()) != 1 {
		t.Errorf("got status %d and %d messages", status, len(x.ch.Messages()))
	}
	x.s.Fail("POST /channels/{}/messages", discordtest.Fault{Delay: time.Millisecond})
	want(t, x.s, 200, 0, "POST", path, body)
	var got []int
	for _, c := range x.s.Calls("POST /channels/{}/messages") {
		got = append(got, c.Status)
	}
	if diff := cmp.Diff([]int{429, 502, 403, 500, 200}, got); diff != "" {
		t.Error(diff)
	}
	noProblems(t, x.s)
}

func TestRateLimitsAreEnforcedOnDemand(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	path := "/channels/" + x.ch.ID + "/messages"
	for range 8 {
		want(t, x.s, 200, 0, "POST", path, object{"content": "x"})
	}
	x.s.RateLimit(true)
	for range 5 {
		want(t, x.s, 200, 0, "POST", path, object{"content": "x"})
	}
	if got := want(t, x.s, 429, 0, "POST", path, object{"content": "x"}); got["global"] != false || got["retry_after"].(float64) > 5 {
		t.Errorf("got %v", got)
	}
	want(t, x.s, 200, 0, "POST", "/channels/"+x.g.Channel("other").ID+"/messages", object{"content": "x"})
	for range 60 {
		call(t, x.s, "GET", "/channels/"+x.g.Channel(text(1)+time.Now().String()).ID, nil)
	}
	if got := want(t, x.s, 429, 0, "GET", "/users/@me", nil); got["global"] != true {
		t.Errorf("got %v", got)
	}
}

func TestCheckAndTokenAndPaths(t *testing.T) {
	s := start(t, discordtest.Options{})
	var kinds []string
	s.Check(func(kind, route string, payload []byte) error {
		kinds = append(kinds, kind+" "+route)
		return errors.New("not good")
	})
	ch := s.Guild("Acme").Channel("help")
	want(t, s, 200, 0, "POST", "/channels/"+ch.ID+"/messages", object{"content": "x"})
	if diff := cmp.Diff([]string{"request POST /channels/" + ch.ID + "/messages"}, kinds); diff != "" {
		t.Error(diff)
	}
	problems(t, s, "not good")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/api/v9/users/@me", nil)
	r.Header.Set("Authorization", "Bot wrong")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != 401 {
		t.Errorf("got %d, want 401", answer.StatusCode)
	}
	want(t, s, 404, 0, "GET", "/nothing", nil)
	for _, path := range []string{"/users/@me", "/applications/@me", "/gateway", "/gateway/bot", "/users/@me/guilds", "/guilds/" + s.Guild("Acme").ID, "/channels/" + ch.ID} {
		if status, _ := call(t, s, "GET", path, nil); status != 200 {
			t.Errorf("GET %s: got %d, want 200", path, status)
		}
	}
	for _, path := range []string{"/channels", "/roles", "/threads/active", "/members/" + s.AppID()} {
		if status, _ := call(t, s, "GET", "/guilds/"+s.Guild("Acme").ID+path, nil); status != 200 {
			t.Errorf("GET %s: got %d, want 200", path, status)
		}
	}
}
