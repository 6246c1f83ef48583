package slack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/adapters/slack/slacktest"
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

// withLive gives the rig live checks of the URLs, by the names of their targets.
func (r *rig) withLive(pairs ...string) {
	var targets []check.Target
	r.live = &bot.Live{Quota: check.NewQuota()}
	for i := 0; i < len(pairs); i += 2 {
		r.live.Targets = append(r.live.Targets, pairs[i])
		targets = append(targets, check.Target{Name: pairs[i], URL: pairs[i+1], Method: "GET", Expect: []int{200}, AllowPrivate: true,
			Header: map[string]string{"Authorization": "Bearer {key}"}})
	}
	r.live.Runner = check.NewRunner(targets, check.Options{})
}

// keyForm asks for a live check and presses "Check my key" below it.
func (r *rig) keyForm(ann *slacktest.User, c *slacktest.Channel) (asked *slacktest.Message, form *slacktest.View) {
	r.t.Helper()
	asked = ann.Say(c, "@apihelp run live check")
	offer := r.thread(asked, 1)[0]
	r.thread(asked, 2) // the one without a key
	if err := ann.Press(offer, "Check my key").Err(); err != nil {
		r.t.Fatal(err)
	}
	r.until("the form", func() bool { return len(ann.Views()) == 1 })
	return asked, ann.Views()[0]
}

// shows waits until the view of somebody shows a text.
func (r *rig) shows(u *slacktest.User, want string) string {
	r.t.Helper()
	r.until(want, func() bool { v := u.Views(); return len(v) == 1 && strings.Contains(v[0].Plain(), want) })
	return u.Views()[0].Plain()
}

func TestAKeyIsCheckedInAFormAndTheResultIsInTheThread(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		api := newAPI(t, 0)
		r.withLive("production", api.URL+"/v1/me", "staging", api.URL+"/v1/me")
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		asked, form := r.keyForm(ann, w.Channel("general"))
		for _, want := range []string{"Please use a test key", "no input that hides", "apihelp check", "Environment"} {
			contains(t, form.Plain(), want)
		}
		for key, want := range map[string]string{" ": "nothing here but space", "\t\n": "nothing here but space"} {
			contains(t, string(ann.Submit(form, map[string]string{"key": key}).Ack()), want)
		}
		ack := ann.Submit(form, map[string]string{"key": goodKey, "target": "staging"})
		contains(t, string(ack.Ack()), `"response_action":"update"`)
		if ack.Took() > 2*time.Second {
			t.Errorf("the acknowledgement took %v", ack.Took())
		}
		shown := r.shows(ann, "in our conversation as well")
		contains(t, shown, "OK auth")
		if strings.Contains(shown, "production") {
			t.Errorf("got %q, want the chosen target alone", shown)
		}
		report := r.thread(asked, 3)[2]
		contains(t, report.Plain(), "OK auth")
		contains(t, report.Plain(), "[It worked]")
		if got := api.keys(); len(got) != 1 || got[0] != "Bearer "+goodKey {
			t.Errorf("the API saw %d keys, want one", len(got))
		}
	})
}

func TestRowsAppearAsTheyAreFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	api := newAPI(t, 1500*time.Millisecond)
	r.withLive("production", api.URL+"/v1/me")
	r.run(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	_, form := r.keyForm(ann, w.Channel("general"))
	ann.Submit(form, map[string]string{"key": "sk_test_none_of_theirs"})
	early := r.shows(ann, "Checking …")
	contains(t, early, "OK tcp")
	if strings.Contains(early, "auth") {
		t.Errorf("got %q before the API has answered", early)
	}
	contains(t, r.shows(ann, "in our conversation as well"), "FAIL auth")
	updates := r.Calls("views.update")
	for i := 1; i < len(updates); i++ {
		if pause := updates[i].At.Sub(updates[i-1].At); pause < 900*time.Millisecond {
			t.Errorf("got %v between two updates, want a second", pause)
		}
		if updates[i].Args["hash"] == "" {
			t.Errorf("update %d has no hash", i)
		}
	}
}

func TestAFormThatOpensTooLateSaysSo(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.withLive("production", newAPI(t, 0).URL+"/v1/me")
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		asked := ann.Say(w.Channel("general"), "@apihelp run live check")
		offer := r.thread(asked, 2)[0]
		r.Fail("views.open", slacktest.Fault{Error: "expired_trigger_id"})
		press := ann.Press(offer, "Check my key")
		r.until("a note", func() bool { return len(press.Posts()) == 1 })
		contains(t, press.Posts()[0].Plain(), "press \"Check my key\" again")
		ann.Press(offer, "Check my key")
		r.until("the form", func() bool { return len(ann.Views()) == 1 })
	})
}

func TestAFormSubmittedTwiceIsCheckedOnce(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		api := newAPI(t, 0)
		r.withLive("production", api.URL+"/v1/me")
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		asked, form := r.keyForm(ann, w.Channel("general"))
		first, second := ann.Submit(form, map[string]string{"key": goodKey}), ann.Submit(form, map[string]string{"key": goodKey})
		contains(t, string(first.Ack()), "Checking")
		contains(t, string(second.Ack()), "Checking")
		r.shows(ann, "in our conversation as well")
		r.thread(asked, 3)
		r.settled()
		if n, keys := len(asked.Thread()), api.keys(); n != 3 || len(keys) != 1 {
			t.Errorf("got %d answers and %d keys shown, want 3 and 1", n, len(keys))
		}
	})
}

func TestOnlyTheAskerOpensTheForm(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.withLive("production", newAPI(t, 0).URL+"/v1/me")
	r.run(r.options())
	w := r.Workspace("T1")
	ann, general := w.User("ann"), w.Channel("general")
	stranger := r.Workspace("T2").User("eve")
	general.Connect(r.Workspace("T2"))
	asked := ann.Say(general, "@apihelp run live check")
	press := stranger.Press(r.thread(asked, 1)[0], "Check my key")
	r.until("a note", func() bool { return len(press.Posts()) == 1 })
	contains(t, press.Posts()[0].Plain(), "for the person who asked")
	if len(stranger.Views()) > 0 {
		t.Error("a stranger got the form")
	}
}

func TestWhatOnlyTheAskerSeesStaysSo(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.withLive("production", newAPI(t, 0).URL+"/v1/me")
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		ann.Slash(general, "check")
		r.until("the checks without a key", func() bool { return len(ann.Ephemerals()) == 2 })
		ann.Press(ann.Ephemerals()[0], "Check my key")
		r.until("the form", func() bool { return len(ann.Views()) == 1 })
		ann.Submit(ann.Views()[0], map[string]string{"key": goodKey})
		r.shows(ann, "in our conversation as well")
		r.until("the report", func() bool { return len(ann.Ephemerals()) == 3 })
		contains(t, ann.Ephemerals()[2].Plain(), "OK auth")
		if n := len(ann.DMs()) + len(general.Messages()); n > 0 {
			t.Errorf("got %d messages elsewhere, want none", n)
		}
	})
}

func TestAClosedFormStillReports(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.withLive("production", newAPI(t, 0).URL+"/v1/me")
	r.run(r.options())
	w := r.Workspace("T1")
	r.expected = "not_found" // so Slack says that it is closed
	ann := w.User("ann")
	asked, form := r.keyForm(ann, w.Channel("general"))
	if err := ann.Submit(form, map[string]string{"key": goodKey}).Err(); err != nil {
		t.Fatal(err)
	}
	ann.CloseView(form)
	contains(t, r.thread(asked, 3)[2].Plain(), "OK auth")
}

func TestAFormOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.http = true
	api := newAPI(t, 0)
	r.withLive("production", api.URL+"/v1/me")
	r.run(r.options())
	for name, metadata := range map[string]string{"another's": `{"by":"U1","asker":"U1","in":{"Adapter":"slack","Team":"T1","Channel":"C1","Thread":"1.1"}}`, "none": "", "broken": "{"} {
		payload, err := json.Marshal(map[string]any{
			"type": "view_submission", "team": map[string]string{"id": "T1"}, "user": map[string]string{"id": "U2"},
			"view": map[string]any{"id": "V-" + name, "callback_id": "apihelp_key", "private_metadata": metadata,
				"state": map[string]any{"values": map[string]any{"key": map[string]any{"key": map[string]string{"type": "plain_text_input", "value": goodKey}}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		req, err := r.Request("/slack/interactions", "application/x-www-form-urlencoded", []byte("payload="+url.QueryEscape(string(payload))), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(body), "not valid any more") {
			t.Errorf("%s: got %s, error %v", name, body, err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if len(api.keys()) > 0 {
		t.Error("the key was used")
	}
}

func TestABusyCheckSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	api := newAPI(t, 0)
	r.withLive("production", api.URL+"/v1/me")
	r.run(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	asked, form := r.keyForm(ann, w.Channel("general"))
	for range 20 { // somebody else's
		if done, err := r.live.Quota.Allow("other", "production"); err == nil {
			done(check.Report{OK: true})
		}
	}
	for range 20 {
		if done, err := r.live.Quota.Allow("another", "production"); err == nil {
			done(check.Report{OK: true})
		}
	}
	ann.Submit(form, map[string]string{"key": goodKey})
	if shown := r.shows(ann, "checked often in the last minute. Please try again in"); strings.Contains(shown, "conversation") {
		t.Errorf("got %q, want nothing reported", shown)
	}
	r.settled()
	if n := len(asked.Thread()); n != 2 || len(api.keys()) > 0 {
		t.Errorf("got %d answers and %d keys shown, want 2 and none", n, len(api.keys()))
	}
}

func TestWithoutAFormThePressIsAMessage(t *testing.T) {
	for name, page := range map[string]bool{"no live checks": false, "a private page": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, slacktest.Options{})
			o := r.options()
			if page {
				r.withLive("production", newAPI(t, 0).URL+"/v1/me")
				o.KeyPage = true
			}
			r.run(o)
			w := r.Workspace("T1")
			ann := w.User("ann")
			asked := ann.Say(w.Channel("general"), "@apihelp getting a 503")
			ann.PressAction(r.thread(asked, 1)[0], "say:0", "check my key")
			contains(t, r.thread(asked, 2)[1].Plain(), "run apihelp check")
			if len(ann.Views()) > 0 || len(r.Calls("views.open")) > 0 {
				t.Error("a form was opened")
			}
		})
	}
}

func TestRunLiveCheckAndCheckAgainAreButtons(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	l := lab.Start(t)
	r.withLive("production", l.Fault("closed port").URL)
	r.run(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	asked := ann.Say(w.Channel("general"), "@apihelp connection refused")
	ann.Press(r.thread(asked, 1)[0], "Run live check")
	all := r.thread(asked, 3)
	contains(t, all[2].Plain(), "FAIL tcp")
	ann.Press(all[2], "Check again")
	contains(t, r.thread(asked, 5)[4].Plain(), "FAIL tcp")
	slash := ann.Slash(w.Channel("general"), "check")
	if err := slash.Err(); err != nil {
		t.Fatal(err)
	}
	r.until("a report", func() bool { return len(ann.Ephemerals()) >= 2 })
	contains(t, ann.Ephemerals()[1].Plain(), "FAIL tcp")
}

// TestAKeyIsNowhere plants a key in the form, makes the checks go all ways, and
// searches everything that the bot wrote and sent.
func TestAKeyIsNowhere(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	faults := map[string]slacktest.Fault{"hash_conflict": {Error: "hash_conflict"}, "html": {HTML: true}, "429": {RetryAfter: time.Second}, "none": {Delay: time.Millisecond}}
	for name, key := range map[string]string{
		"none": goodKey, "hash_conflict": "  " + goodKey + "\n", "html": "sk_live_plantedPLANTEDplanted77", "429": "undefined_planted\r\nHost: evil.example.com",
	} {
		t.Run(name, func(t *testing.T) {
			both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
				redis, api := r.withRedis(), newAPI(t, 0)
				r.withLive("well", api.URL+"/v1/me", "closed", l.Fault("closed port").URL, "expired", l.Fault("401 expired token").URL)
				r.run(r.options())
				w := r.Workspace("T1")
				ann := w.User("ann")
				asked, form := r.keyForm(ann, w.Channel("general"))
				r.Fail("views.update", faults[name])
				ann.Submit(form, map[string]string{"key": key})
				r.shows(ann, "in our conversation as well")
				r.thread(asked, 3)
				if want := name != "429"; want != (len(api.keys()) == 1) {
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
	sent, err := json.Marshal(r.Calls(""))
	if err != nil {
		r.t.Fatal(err)
	}
	counted, err := r.count.Gather()
	if err != nil {
		r.t.Fatal(err)
	}
	places := map[string]string{"log": r.log.String(), "Redis": redis, "requests": string(sent), "metrics": fmt.Sprint(counted), "problems": fmt.Sprint(r.Problems())}
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
