package discordtest_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"apihelp/adapters/discord/discordtest"
)

func TestInteractionsTellWhoActs(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	staff := x.g.Role("staff")
	x.g.Grant(x.u, staff)
	x.g.Permit(x.u, "MANAGE_GUILD")
	x.u.SetLocale("nl")
	x.ch.Deny("EMBED_LINKS")
	x.u.Command(x.ch, "apihelp", nil)
	d := x.c.event("INTERACTION_CREATE").data()
	member := d["member"].(object)
	permissions, _ := strconv.Atoi(member["permissions"].(string))
	bots, _ := strconv.Atoi(d["app_permissions"].(string))
	if d["locale"] != "nl" || member["roles"].([]any)[0] != staff || permissions&(1<<5) == 0 || bots&(1<<14) != 0 {
		t.Errorf("got %v", d)
	}
}

func TestAGuildGoesAndComesBack(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	x.c.event("GUILD_CREATE")
	x.g.Outage()
	if got := x.c.event("GUILD_DELETE").data(); got["unavailable"] != true {
		t.Errorf("got %v", got)
	}
	x.c.event("GUILD_CREATE")
	want(t, x.s, 204, 0, "DELETE", "/users/@me/guilds/"+x.g.ID, nil)
	if got := x.c.event("GUILD_DELETE").data(); got["unavailable"] != nil {
		t.Errorf("got %v", got)
	}
	want(t, x.s, 404, 10004, "GET", "/guilds/"+x.g.ID, nil)
}

func TestPeopleStartThreadsAndAttachFiles(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	m := x.u.Attach(x.ch, "@apihelp see this", "log.txt")
	if got := x.c.event("MESSAGE_CREATE").data()["attachments"].([]any); got[0].(object)["filename"] != "log.txt" {
		t.Errorf("got %v", got)
	}
	th := x.u.StartThread(m, "mine")
	if got := x.c.event("THREAD_CREATE").data(); got["owner_id"] != x.u.ID || got["id"] != th.ID {
		t.Errorf("got %v", got)
	}
	want(t, x.s, 204, 0, "PUT", "/channels/"+th.ID+"/thread-members/@me", nil)
	want(t, x.s, 204, 0, "POST", "/channels/"+th.ID+"/typing", nil)
	th.SetArchived(true)
	want(t, x.s, 400, 50083, "PUT", "/channels/"+th.ID+"/thread-members/@me", nil)
	list := want(t, x.s, 200, 0, "GET", "/channels/"+x.ch.ID+"/threads/archived/public", nil)["threads"].([]any)
	if len(list) != 1 || list[0].(object)["id"] != th.ID {
		t.Errorf("got %v", list)
	}
	x.u.React(m, "👍")
	status, out := call(t, x.s, "GET", "/channels/"+x.ch.ID+"/messages/"+m.ID+"/reactions/%F0%9F%91%8D", nil)
	if status != 200 || !bytes.Contains(out, []byte(x.u.ID)) {
		t.Errorf("got %d %s", status, out)
	}
}

func TestAMessageWithAFile(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	post := func() int {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("payload_json", `{"flags":32768,"components":[{"type":13,"file":{"url":"attachment://a.txt"}},{"type":12,"items":[{"media":{"url":"https://example.com/a.png"},"description":"a graph"}]}]}`)
		part, _ := form.CreateFormFile("files[0]", "a.txt")
		_, _ = part.Write([]byte("log"))
		_ = form.Close()
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, x.s.URL()+"/api/v9/channels/"+x.ch.ID+"/messages", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Authorization", "Bot "+x.s.Token())
		r.Header.Set("User-Agent", "DiscordBot (x, 1)")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	if got := post(); got != 200 {
		t.Fatalf("got %d, want 200", got)
	}
	m := x.ch.Messages()[0]
	if diff := cmp.Diff([]string{"a.txt"}, m.Files); diff != "" {
		t.Error(diff)
	}
	if got := m.Plain(); got != "a graph\n(a.txt)" {
		t.Errorf("got %q", got)
	}
	x.ch.Deny("ATTACH_FILES")
	if got := post(); got != 403 {
		t.Errorf("got %d, want 403", got)
	}
}

func TestFaultsAreTakenBack(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	x.s.Fail("GET /users/{}", discordtest.Fault{Times: -1})
	x.s.Fail("GET /users/@me", discordtest.Fault{Status: 503})
	want(t, x.s, 503, 0, "GET", "/users/@me", nil)
	for range 3 {
		want(t, x.s, 500, 0, "GET", "/users/@me", nil)
	}
	x.s.Heal("GET /users/{}")
	want(t, x.s, 200, 0, "GET", "/users/@me", nil)
	x.s.InjectBinary([]byte("x"))
	if err := x.c.conn.WriteMessage(websocket.BinaryMessage, nil); err != nil {
		t.Fatal(err)
	}
	if got := x.c.closed(); got != 4002 {
		t.Errorf("got close code %d, want 4002", got)
	}
	if len(x.c.heard) == 0 || slices.ContainsFunc(x.c.heard, func(f frame) bool { return f.Op == 11 }) {
		t.Errorf("got %v", x.c.heard)
	}
}
