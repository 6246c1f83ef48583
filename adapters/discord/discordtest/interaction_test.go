package discordtest_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"apihelp/adapters/discord/discordtest"
)

// callbackPath is where the next interaction that the client hears of is
// answered.
func callbackPath(c *client) string { return callbackOf(c.event("INTERACTION_CREATE").data()) }

func callbackOf(d object) string {
	return "/interactions/" + d["id"].(string) + "/" + d["token"].(string) + "/callback"
}

func webhookOf(s *discordtest.Server, d object) string {
	return "/webhooks/" + s.AppID() + "/" + d["token"].(string)
}

// A stage is a guild with a channel, a person and a session of the bot.
type stage struct {
	s  *discordtest.Server
	g  *discordtest.Guild
	ch *discordtest.Channel
	u  *discordtest.User
	c  *client
}

func newStage(t *testing.T, o discordtest.Options) stage {
	t.Helper()
	s := start(t, o)
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	return stage{s, g, ch, u, ready(t, s, allIntents)}
}

func TestADeferredCommandIsEditedAndFollowed(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	i := x.u.Command(x.ch, "apihelp", map[string]string{"question": "why 503"})
	d := x.c.event("INTERACTION_CREATE").data()
	if got := d["data"].(object)["options"].([]any)[0].(object)["value"]; got != "why 503" {
		t.Errorf("got option %v", got)
	}
	hook := webhookOf(x.s, d)
	want(t, x.s, 404, 10008, "GET", hook+"/messages/@original", nil)
	want(t, x.s, 404, 10015, "POST", hook, object{"content": "too early"})
	o := want(t, x.s, 200, 0, "POST", callbackOf(d)+"?with_response=true", object{"type": 5})
	if got := o["interaction"].(object)["response_message_loading"]; got != true {
		t.Errorf("got loading %v", got)
	}
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	if got := i.Original().Plain(); got != "thinking…" {
		t.Errorf("got %q", got)
	}
	want(t, x.s, 400, 40060, "POST", callbackOf(d), object{"type": 4, "data": object{"content": "again"}})
	want(t, x.s, 200, 0, "PATCH", hook+"/messages/@original", object{"flags": 1 << 15, "components": []object{{"type": 10, "content": "Wait"}}})
	if got := i.Original().Plain(); got != "Wait" {
		t.Errorf("got %q", got)
	}
	want(t, x.s, 200, 0, "POST", hook, object{"content": "for you", "flags": 64})
	if got := x.u.Ephemerals(); len(got) != 1 || got[0].Plain() != "for you" {
		t.Errorf("got %v", got)
	}
	if got := i.Followups(); len(got) != 1 || got[0].ID != x.u.Ephemerals()[0].ID {
		t.Errorf("got %v", got)
	}
	if kind, _ := i.Response(); kind != discordtest.CallbackDeferred {
		t.Errorf("got type %d", kind)
	}
	want(t, x.s, 204, 0, "DELETE", hook+"/messages/@original", nil)
	if i.Original() != nil || len(x.ch.Messages()) != 0 {
		t.Error("the original is still there")
	}
	problems(t, x.s, "10008", "10015", "40060")
}

func TestInteractionsHaveTheirTime(t *testing.T) {
	var later atomic.Int64
	x := newStage(t, discordtest.Options{Clock: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	x.u.Command(x.ch, "apihelp", nil)
	late := x.c.event("INTERACTION_CREATE").data()
	later.Add(int64(4 * time.Second))
	want(t, x.s, 404, 10062, "POST", callbackOf(late), object{"type": 5})

	x.u.Command(x.ch, "apihelp", nil)
	d := x.c.event("INTERACTION_CREATE").data()
	want(t, x.s, 204, 0, "POST", callbackOf(d), object{"type": 5})
	later.Add(int64(14 * time.Minute))
	want(t, x.s, 200, 0, "PATCH", webhookOf(x.s, d)+"/messages/@original", object{"content": "in time"})
	later.Add(int64(2 * time.Minute))
	want(t, x.s, 401, 50027, "PATCH", webhookOf(x.s, d)+"/messages/@original", object{"content": "late"})
	problems(t, x.s, "10062", "50027")
}

func TestAnUnansweredInteractionFails(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	if err := x.u.Command(x.ch, "apihelp", nil).Err(); !errors.Is(err, discordtest.ErrTimeout) {
		t.Errorf("got %v, want %v", err, discordtest.ErrTimeout)
	}
	problems(t, x.s, "not acknowledged in 3s")
}

func TestAPressUpdatesItsMessage(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	row := object{"type": 1, "components": []object{
		{"type": 2, "style": 3, "label": "It worked", "custom_id": "ok"}, {"type": 2, "style": 2, "label": "No", "custom_id": "no", "disabled": true},
		{"type": 2, "style": 5, "label": "Docs", "url": "https://example.com"},
	}}
	want(t, x.s, 200, 0, "POST", "/channels/"+x.ch.ID+"/messages", object{"content": "Step 1", "components": []object{row}})
	m := x.ch.Messages()[0]
	if got, want := m.Plain(), "Step 1\n[It worked] [No (disabled)] [Docs]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, label := range []string{"No", "Docs", "Other"} {
		if err := x.u.Press(m, label).Err(); !errors.Is(err, discordtest.ErrNoSuch) {
			t.Errorf("%s: got %v, want %v", label, err, discordtest.ErrNoSuch)
		}
	}
	i := x.u.Press(m, "It worked")
	d := x.c.event("INTERACTION_CREATE").data()
	if got := d["data"].(object)["custom_id"]; got != "ok" || d["message"].(object)["id"] != m.ID {
		t.Errorf("got %v on %v", got, d["message"])
	}
	want(t, x.s, 204, 0, "POST", callbackOf(d), object{"type": 7, "data": object{"content": "Solved", "components": []object{}}})
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	if got := m.Now().Plain(); got != "Solved" || i.Original().ID != m.ID || i.Took() <= 0 {
		t.Errorf("got %q, %v", got, i.Original())
	}
	forged := x.u.PressID(m, "forged")
	want(t, x.s, 204, 0, "POST", callbackPath(x.c), object{"type": 6})
	if err := forged.Err(); err != nil {
		t.Error(err)
	}
	noProblems(t, x.s)
}

func modal() object {
	label := func(text string, inner object) object { return object{"type": 18, "label": text, "component": inner} }
	option := func(v string) object { return object{"label": "L" + v, "value": v} }
	return object{"title": "Details", "custom_id": "details", "components": []object{
		{"type": 10, "content": "No secrets, please."},
		label("What", object{"type": 4, "custom_id": "what", "style": 2, "min_length": 3, "max_length": 100}),
		label("How", object{"type": 21, "custom_id": "how", "options": []object{option("a"), option("b")}}),
		label("Which", object{"type": 22, "custom_id": "which", "required": false, "options": []object{option("x"), option("y")}}),
		label("Sure", object{"type": 23, "custom_id": "sure"}),
	}}
}

func TestAModalIsFilledInAndSubmitted(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	i := x.u.Command(x.ch, "apihelp", nil)
	want(t, x.s, 204, 0, "POST", callbackPath(x.c), object{"type": 9, "data": modal()})
	if got, want := i.Modal().Plain(), "Details\nNo secrets, please.\nWhat\nHow\n[La]\n[Lb]\nWhich\n[Lx]\n[Ly]\nSure"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := x.u.Submit(i, map[string]string{"what": "no", "how": "a"}).Err(); !errors.Is(err, discordtest.ErrInput) {
		t.Errorf("got %v, want %v", err, discordtest.ErrInput)
	}
	done := x.u.Submit(i, map[string]string{"What": "a 503", "how": "Lb", "which": "x,y", "sure": "true"})
	d := x.c.event("INTERACTION_CREATE").data()
	list := d["data"].(object)["components"].([]any)
	var values []any
	for _, c := range list[1:] {
		inner := c.(object)["component"].(object)
		values = append(values, inner["value"], inner["values"])
	}
	got, _ := json.Marshal(values)
	if want := `["a 503",null,"b",null,null,["x","y"],true,null]`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want(t, x.s, 400, 50035, "POST", callbackOf(d), object{"type": 9, "data": modal()})
	want(t, x.s, 204, 0, "POST", callbackOf(d), object{"type": 4, "data": object{"content": "Noted"}})
	if err := done.Err(); err != nil || done.Original().Content != "Noted" {
		t.Errorf("got %v and %v", err, done.Original())
	}
}

func TestAutocompletionOffersChoices(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	i := x.u.Autocomplete(x.ch, "apihelp", "question", "50")
	d := x.c.event("INTERACTION_CREATE").data()
	want(t, x.s, 400, 50035, "POST", callbackOf(d), object{"type": 5})
	want(t, x.s, 204, 0, "POST", callbackOf(d), object{"type": 8, "data": object{"choices": []object{{"name": "502", "value": "502"}, {"name": "503", "value": "503"}}}})
	if got, want := i.Choices(), []string{"502", "503"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestASecondTryAfterALostAnswerIsNoProblem(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	x.s.Fail("POST /interactions/{}/{}/callback", discordtest.Fault{HTML: true, AfterEffect: true})
	i := x.u.Command(x.ch, "apihelp", nil)
	path := callbackPath(x.c)
	body := object{"type": 4, "data": object{"content": "once"}}
	want(t, x.s, 502, 0, "POST", path, body)
	want(t, x.s, 400, 40060, "POST", path, body)
	if err := i.Err(); err != nil || len(x.ch.Messages()) != 1 {
		t.Errorf("got %v and %d messages", err, len(x.ch.Messages()))
	}
	noProblems(t, x.s)
}

func TestAMessageCommandBringsTheContent(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	m := x.u.Say(x.ch, "nothing works")
	x.u.MessageCommand(m, "Troubleshoot this message")
	data := x.c.event("INTERACTION_CREATE").data()["data"].(object)
	shown := data["resolved"].(object)["messages"].(object)[m.ID].(object)
	if data["target_id"] != m.ID || shown["content"] != "nothing works" {
		t.Errorf("got %v", data)
	}
}

func verified(key ed25519.PublicKey, r *http.Request, body []byte) bool {
	signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	return ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature)
}

func TestInteractionsOverHTTP(t *testing.T) {
	s := start(t, discordtest.Options{})
	key, _ := hex.DecodeString(s.PublicKey())
	answer := make(chan string, 9)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/discord/interactions" || !verified(key, r, body) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		text := <-answer
		if text == "" {
			w.WriteHeader(http.StatusAccepted)
		}
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(app.Close)
	answer <- `{"type":1}`
	if err := s.Verify(t.Context(), app.URL); err != nil {
		t.Error(err)
	}
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	s.DeliverTo(app.URL)
	answer <- `{"type":4,"data":{"content":"by HTTP"}}`
	i := u.Command(ch, "apihelp", nil)
	if err := i.Err(); err != nil || i.Original().Content != "by HTTP" {
		t.Errorf("got %v, %v", err, i.Original())
	}
	answer <- `{"type":99}`
	if err := u.Command(ch, "apihelp", nil).Err(); !errors.Is(err, discordtest.ErrDispatch) {
		t.Errorf("got %v, want %v", err, discordtest.ErrDispatch)
	}
	answer <- ""
	i = u.Command(ch, "apihelp", nil)
	want(t, s, 204, 0, "POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 5})
	if err := i.Err(); err != nil {
		t.Error(err)
	}
	problems(t, s, "Invalid Form Body")
}
