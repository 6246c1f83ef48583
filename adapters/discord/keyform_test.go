package discord_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/bot"
	"apihelp/bot/check"
	"apihelp/bot/check/lab"
)

const goodKey = "sk_test_4f9QmZr7Tx2LkW8vBn5Hc3Jd"

// An api is one to check: it knows goodKey, and what it was shown.
type api struct {
	*httptest.Server
	mu    sync.Mutex
	shown []string
}

func newAPI(t *testing.T, delay time.Duration) *api {
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
		key := r.Header.Get("Authorization")
		a.mu.Lock()
		if key != "" {
			a.shown = append(a.shown, key)
		}
		a.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if key != "Bearer "+goodKey {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":{"code":"invalid_api_key","message":"Invalid API Key provided"}}`)
			return
		}
		fmt.Fprint(w, `{"id":"usr_1"}`)
	}))
	t.Cleanup(a.Close)
	return a
}

// keys are those that the API was shown, with their scheme.
func (a *api) keys() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.shown...)
}

// withLive gives the rig live checks of the URLs, by the names of their targets,
// and returns options that let the server acme have the form.
func (r *rig) withLive(pairs ...string) discord.Options {
	var targets []check.Target
	r.live = &bot.Live{Quota: check.NewQuota()}
	for i := 0; i < len(pairs); i += 2 {
		r.live.Targets = append(r.live.Targets, pairs[i])
		targets = append(targets, check.Target{Name: pairs[i], URL: pairs[i+1], Method: "GET", Expect: []int{200}, AllowPrivate: true,
			Header: map[string]string{"Authorization": "Bearer {key}"}})
	}
	r.live.Runner = check.NewRunner(targets, check.Options{})
	o := r.options()
	o.KeyForms = []string{r.Guild("acme").ID}
	return o
}

// offer asks for a live check, and returns the answer that offers the form.
func (r *rig) offer(ann *discordtest.User) (asked, offer *discordtest.Message) {
	r.t.Helper()
	asked = ann.Say(r.Guild("acme").Channel("help"), "@apihelp run live check")
	r.thread(asked, 2) // the second is the one without a key
	return asked, r.thread(asked, 1)[0]
}

// keyForm has the form opened.
func (r *rig) keyForm(ann *discordtest.User) (asked *discordtest.Message, form *discordtest.Interaction) {
	r.t.Helper()
	asked, offer := r.offer(ann)
	form = ann.Press(offer, "Check my key")
	if form.Modal() == nil {
		r.t.Fatalf("no form was shown: %v", form.Err())
	}
	return asked, form
}

// shows waits until the answer to a form shows a text.
func (r *rig) shows(i *discordtest.Interaction, want string) string {
	r.t.Helper()
	r.until(want, func() bool { m := i.Original(); return m != nil && reads(m, want) })
	if !i.Original().Ephemeral {
		r.t.Error("everybody sees the answer to the form")
	}
	return literal(i.Original().Plain())
}

func TestAKeyIsCheckedInAFormAndTheResultIsInTheThread(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		api := newAPI(t, 0)
		r.run(r.withLive("production", api.URL+"/v1/me", "staging", api.URL+"/v1/me"))
		ann := r.Guild("acme").User("ann")
		asked, form := r.keyForm(ann)
		for _, want := range []string{"Test keys only", "no input that hides", "apihelp check", "A test key that I can revoke"} {
			contains(t, form.Modal().Plain(), want)
		}
		sent := ann.Submit(form, map[string]string{"key": goodKey, "consent": "test", "target": "staging"})
		if kind, _ := sent.Response(); kind != discordtest.CallbackDeferred {
			t.Errorf("got a response of type %d, want a deferred one", kind)
		}
		shown := r.shows(sent, "in our conversation as well")
		contains(t, shown, "**OK** auth")
		if strings.Contains(shown, "production") {
			t.Errorf("got %q, want the chosen target alone", shown)
		}
		contains(t, r.thread(asked, 3)[2].Plain(), "**OK** auth")
		if got := api.keys(); len(got) != 1 || got[0] != "Bearer "+goodKey {
			t.Errorf("the API saw %d keys, want one", len(got))
		}
	})
}

func TestRowsAppearAsTheyAreFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.withLive("production", newAPI(t, 1500*time.Millisecond).URL+"/v1/me"))
	ann := r.Guild("acme").User("ann")
	ann.SetLocale("de")
	_, form := r.keyForm(ann)
	sent := ann.Submit(form, map[string]string{"key": "sk_test_none_of_theirs", "consent": "test"})
	early := r.shows(sent, "Ich prüfe …")
	contains(t, early, "**OK** tcp")
	if strings.Contains(early, "auth") {
		t.Errorf("got %q before the API has answered", early)
	}
	contains(t, r.shows(sent, "auch in unserem Gespräch"), "**FAIL** auth")
	edits := r.Calls("PATCH /webhooks/{}/{}/messages/{}")
	if len(edits) < 2 {
		t.Errorf("got %d edits, want some", len(edits))
	}
	for i := 1; i < len(edits); i++ {
		if pause := edits[i].At.Sub(edits[i-1].At); pause < 900*time.Millisecond {
			t.Errorf("got %v between two edits, want a second", pause)
		}
	}
}

func TestTheFormIsOnlyWhereTheOperatorWantsIt(t *testing.T) {
	for name, change := range map[string]func(*discord.Options){
		"no server":      func(o *discord.Options) { o.KeyForms = nil },
		"another server": func(o *discord.Options) { o.KeyForms = []string{"1", "dm"} },
		"a private page": func(o *discord.Options) { o.KeyPage = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, discordtest.Options{})
			o := r.withLive("production", newAPI(t, 0).URL+"/v1/me")
			change(&o)
			r.run(o)
			ann := r.Guild("acme").User("ann")
			asked := ann.Say(r.Guild("acme").Channel("help"), "@apihelp getting a 503")
			id := r.customID(r.thread(asked, 1)[0], "Talk to a human", "talk to a human", "check my key")
			press := ann.PressID(r.thread(asked, 1)[0], id)
			contains(t, r.thread(asked, 2)[1].Plain(), "run apihelp check")
			if press.Modal() != nil {
				t.Error("a form was opened")
			}
		})
	}
}

// customID returns the custom_id of a button with something else to say.
func (r *rig) customID(m *discordtest.Message, button, says, instead string) (id string) {
	r.t.Helper()
	var walk func(list []any)
	walk = func(list []any) {
		for _, x := range list {
			c, _ := x.(map[string]any)
			if c["label"] == button {
				id, _ = c["custom_id"].(string)
			}
			inner, _ := c["components"].([]any)
			walk(inner)
		}
	}
	var all []any
	if err := json.Unmarshal(m.Components, &all); err != nil {
		r.t.Fatal(err)
	}
	if walk(all); !strings.HasSuffix(id, says) {
		r.t.Fatalf("got %q for the button %s", id, button)
	}
	return strings.TrimSuffix(id, says) + instead
}

func TestInDirectMessagesTheFormHasItsOwnSetting(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	o := r.withLive("production", newAPI(t, 0).URL+"/v1/me")
	o.KeyForms = []string{"dm"}
	r.run(o)
	ann := r.Guild("acme").User("ann")
	ann.DM("run live check")
	form := ann.Press(r.says(ann.DMs, 2)[0], "Check my key")
	sent := ann.Submit(form, map[string]string{"key": goodKey, "consent": "test"})
	r.shows(sent, "in our conversation as well")
	r.until("the report", func() bool {
		var found bool
		for _, m := range ann.DMs() {
			found = found || reads(m, "**OK** auth") && !m.Ephemeral
		}
		return found
	})
}

func TestWhatOnlyTheAskerSeesStaysSo(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.withLive("production", newAPI(t, 0).URL+"/v1/me"))
		r.register()
		g := r.Guild("acme")
		ann, help := g.User("ann"), g.Channel("help")
		i := ann.Command(help, "apihelp", map[string]string{"question": "run live check"})
		r.until("the checks without a key", func() bool {
			f := i.Followups()
			return len(f) == 1 && reads(f[0], "no key given") && f[0].Ephemeral
		})
		form := ann.Press(i.Original(), "Check my key")
		sent := ann.Submit(form, map[string]string{"key": goodKey, "consent": "test"})
		r.shows(sent, "in our conversation as well")
		r.until("the report", func() bool {
			f := sent.Followups()
			return len(f) == 1 && reads(f[0], "**OK** auth") && f[0].Ephemeral
		})
		contains(t, sent.Original().Plain(), "in our conversation as well")
		if n := len(ann.DMs()) + len(help.Messages()); n > 0 {
			t.Errorf("got %d messages elsewhere, want none", n)
		}
	})
}

func TestAFormIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string]string
		want   string
	}{
		"another key": {map[string]string{"key": goodKey, "consent": "other"}, "I take test keys only"},
		"space":       {map[string]string{"key": " \t ", "consent": "test"}, "nothing but space"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, discordtest.Options{})
			api := newAPI(t, 0)
			r.run(r.withLive("production", api.URL+"/v1/me"))
			ann := r.Guild("acme").User("ann")
			asked, form := r.keyForm(ann)
			r.shows(ann.Submit(form, c.values), c.want)
			if n := len(r.thread(asked, 2)); n != 2 || len(api.keys()) > 0 {
				t.Errorf("got %d answers and %d keys shown, want 2 and none", n, len(api.keys()))
			}
		})
	}
}

func TestOnlyTheAskerOpensTheForm(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.withLive("production", newAPI(t, 0).URL+"/v1/me"))
	g := r.Guild("acme")
	ann, bob := g.User("ann"), g.User("bob")
	_, offer := r.offer(ann)
	no := bob.Press(offer, "Check my key")
	if no.Modal() != nil {
		t.Fatal("a stranger got the form")
	}
	contains(t, no.Original().Plain(), "for the person who asked")
}

func TestAFormDeliveredTwiceIsCheckedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.expected = "40060"
	api := newAPI(t, 0)
	r.run(r.withLive("production", api.URL+"/v1/me"))
	ann := r.Guild("acme").User("ann")
	asked, form := r.keyForm(ann)
	r.DuplicateEvents(true)
	sent := ann.Submit(form, map[string]string{"key": goodKey, "consent": "test"})
	r.shows(sent, "in our conversation as well")
	r.thread(asked, 3)
	if n, keys := len(asked.Thread().Messages()), api.keys(); n != 3 || len(keys) != 1 {
		t.Errorf("got %d answers and %d keys shown, want 3 and 1", n, len(keys))
	}
}

func TestABusyCheckSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	api := newAPI(t, 0)
	r.run(r.withLive("production", api.URL+"/v1/me"))
	ann := r.Guild("acme").User("ann")
	asked, form := r.keyForm(ann)
	for _, other := range []string{"one", "another"} {
		for range 20 {
			if done, err := r.live.Quota.Allow(other, "production"); err == nil {
				done(check.Report{OK: true})
			}
		}
	}
	sent := ann.Submit(form, map[string]string{"key": goodKey, "consent": "test"})
	if shown := r.shows(sent, "checked often in the last minute. Please try again in"); strings.Contains(shown, "conversation") {
		t.Errorf("got %q, want nothing reported", shown)
	}
	if n := len(r.thread(asked, 2)); n != 2 || len(api.keys()) > 0 {
		t.Errorf("got %d answers and %d keys shown, want 2 and none", n, len(api.keys()))
	}
}

func TestRunLiveCheckAndCheckAgainAreButtons(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := lab.Start(t)
	r.run(r.withLive("production", l.Fault("closed port").URL))
	g := r.Guild("acme")
	ann := g.User("ann")
	asked := ann.Say(g.Channel("help"), "@apihelp connection refused")
	ann.Press(r.thread(asked, 1)[0], "Run live check")
	all := r.thread(asked, 3)
	contains(t, all[2].Plain(), "**FAIL** tcp")
	ann.Press(all[2], "Check again")
	contains(t, r.thread(asked, 5)[4].Plain(), "**FAIL** tcp")
}

// TestAKeyIsNowhere plants a key in the form, makes the checks go all ways, and
// searches everything that the bot wrote and sent.
func TestAKeyIsNowhere(t *testing.T) {
	t.Parallel()
	const edit = "PATCH /webhooks/{}/{}/messages/{}"
	l := lab.Start(t)
	faults := map[string]discordtest.Fault{"502": {Times: 1, Status: 502}, "html": {Times: 1, Status: 503, HTML: true}, "cut": {Times: 1, Cut: true}, "none": {Times: 1, Delay: time.Millisecond}}
	for name, key := range map[string]string{
		"none": goodKey, "502": "  " + goodKey + "\n", "html": "sk_live_plantedPLANTEDplanted77", "cut": "undefined_planted\r\nHost: evil.example.com",
	} {
		t.Run(name, func(t *testing.T) {
			both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
				redis, api := r.withRedis(), newAPI(t, 0)
				r.run(r.withLive("well", api.URL+"/v1/me", "closed", l.Fault("closed port").URL, "expired", l.Fault("401 expired token").URL))
				ann := r.Guild("acme").User("ann")
				asked, form := r.keyForm(ann)
				r.Fail(edit, faults[name])
				sent := ann.Submit(form, map[string]string{"key": key, "consent": "test"})
				r.shows(sent, "in our conversation as well")
				r.thread(asked, 3)
				if want := name != "cut"; want != (len(api.keys()) == 1) {
					t.Errorf("the API was shown %d keys", len(api.keys()))
				}
				r.searched(redis.Dump(), "4f9QmZr7Tx2LkW8v", "plantedPLANTED", "undefined_planted", "evil.example")
			})
		})
	}
}

// searched searches what the bot wrote and sent for what was planted.
func (r *rig) searched(redis string, planted ...string) {
	r.t.Helper()
	var sent strings.Builder
	for _, c := range r.Calls("") {
		fmt.Fprintln(&sent, c.Path, c.Query, c.Header, string(c.Body))
	}
	counted, err := r.count.Gather()
	if err != nil {
		r.t.Fatal(err)
	}
	places := map[string]string{"log": r.log.String(), "Redis": redis, "requests": sent.String(), "metrics": fmt.Sprint(counted), "problems": fmt.Sprint(r.Problems())}
	for place, text := range places {
		if text == "" || place == "Redis" && !strings.Contains(text, "check-") {
			r.t.Errorf("%s: got nothing to search", place)
		}
		for _, p := range planted {
			if strings.Contains(text, p) {
				r.t.Errorf("%s: contains %s", place, p)
			}
		}
	}
}
