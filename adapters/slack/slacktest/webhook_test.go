package slacktest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

// An app is one behind HTTP; answer may be nil.
type app struct {
	mu     sync.Mutex
	heard  []*http.Request
	bodies []string
	answer func(w http.ResponseWriter, r *http.Request, body string)
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.heard, a.bodies = append(a.heard, r), append(a.bodies, string(body))
	a.mu.Unlock()
	if a.answer != nil {
		a.answer(w, r, string(body))
	}
}

func serve(t *testing.T, s *slacktest.Server, answer func(http.ResponseWriter, *http.Request, string)) *app {
	a := &app{answer: answer}
	h := httptest.NewServer(a)
	t.Cleanup(h.Close)
	s.DeliverTo(h.URL)
	return a
}

func (a *app) headers(name string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, r := range a.heard {
		out = append(out, r.Header.Get(name))
	}
	return out
}

func TestDeliveriesOverHTTPAreSigned(t *testing.T) {
	s := start(t, slacktest.Options{})
	a := serve(t, s, nil)
	w := s.Workspace("T1")
	u := w.User("ann")
	u.DM("hello")
	if err := u.Slash(w.Channel("help"), "a & b").Err(); err != nil {
		t.Fatal(err)
	}
	if err := u.GlobalShortcut("ask").Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "all", func() bool { return s.Unacked() == 0 })
	paths := map[string]string{}
	for i, r := range a.heard {
		mac := hmac.New(sha256.New, []byte(s.SigningSecret()))
		mac.Write([]byte("v0:" + r.Header.Get("X-Slack-Request-Timestamp") + ":" + a.bodies[i]))
		if got, want := r.Header.Get("X-Slack-Signature"), "v0="+hex.EncodeToString(mac.Sum(nil)); got != want {
			t.Errorf("got signature %s, want %s", got, want)
		}
		paths[r.URL.Path] = a.bodies[i]
	}
	var event, shortcut object
	_ = json.Unmarshal([]byte(paths["/slack/events"]), &event)
	slash, _ := url.ParseQuery(paths["/slack/commands"])
	form, _ := url.ParseQuery(paths["/slack/interactions"])
	_ = json.Unmarshal([]byte(form.Get("payload")), &shortcut)
	got := []any{event["type"], slash.Get("command"), slash.Get("text"), slash.Get("is_enterprise_install"), shortcut["callback_id"]}
	if diff := cmp.Diff([]any{"event_callback", "/apihelp", "a &amp; b", "false", "ask"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRetriesOverHTTPSayWhy(t *testing.T) {
	block := make(chan struct{})
	defer close(block)
	tests := map[string]struct {
		answer func(http.ResponseWriter, *http.Request, string)
		want   []string // X-Slack-Retry-Reason
	}{
		"an error": {func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(500) }, []string{"", "http_error", "http_error", "http_error"}},
		"an error without retries": {func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(500)
		}, []string{""}},
		"too slow": {func(_ http.ResponseWriter, r *http.Request, _ string) { <-r.Context().Done() }, []string{"", "http_timeout", "http_timeout", "http_timeout"}},
		"cut":      {func(http.ResponseWriter, *http.Request, string) { panic(http.ErrAbortHandler) }, []string{"", "connection_failed", "connection_failed", "connection_failed"}},
		"taken":    {nil, []string{""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, slacktest.Options{AckWait: 50 * time.Millisecond, Retries: []time.Duration{1, 1, 1}})
			a := serve(t, s, test.answer)
			s.Workspace("T1").User("ann").DM("hello")
			until(t, "the end", func() bool { return s.Unacked() == 0 })
			if diff := cmp.Diff(test.want, a.headers("X-Slack-Retry-Reason")); diff != "" {
				t.Error(diff)
			}
			numbers := []string{"", "1", "2", "3"}[:len(test.want)]
			if diff := cmp.Diff(numbers, a.headers("X-Slack-Retry-Num")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRedirectsEndAfterTwo(t *testing.T) {
	s := start(t, slacktest.Options{Retries: []time.Duration{1}})
	a := serve(t, s, func(w http.ResponseWriter, r *http.Request, _ string) {
		http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
	})
	s.Workspace("T1").User("ann").DM("hello")
	until(t, "the end", func() bool { return s.Unacked() == 0 })
	if got := a.headers("X-Slack-Retry-Reason"); got[len(got)-1] != "too_many_redirects" || len(got) != 6 {
		t.Errorf("got %q", got)
	}
}

func TestCommandsAndPressesOverHTTPDontComeAgain(t *testing.T) {
	s := start(t, slacktest.Options{AckWait: 50 * time.Millisecond})
	a := serve(t, s, func(w http.ResponseWriter, r *http.Request, _ string) { w.WriteHeader(500) })
	w := s.Workspace("T1")
	if err := w.User("ann").Slash(w.Channel("help"), "x").Err(); !errors.Is(err, slacktest.ErrDispatch) {
		t.Errorf("got %v, want %v", err, slacktest.ErrDispatch)
	}
	if got := len(a.headers("")); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

func TestTheEventsURLIsVerifiedByItsEcho(t *testing.T) {
	s := start(t, slacktest.Options{})
	serve(t, s, func(w http.ResponseWriter, _ *http.Request, body string) {
		var p struct{ Challenge string }
		_ = json.Unmarshal([]byte(body), &p)
		_, _ = io.WriteString(w, p.Challenge)
	})
	if err := s.VerifyURL(); err != nil {
		t.Error(err)
	}
	if err := s.CheckSSL(); err != nil {
		t.Error(err)
	}
	serve(t, s, nil)
	if s.VerifyURL() == nil {
		t.Error("got no error without an echo")
	}
}

func TestABodyOfACommandIsShown(t *testing.T) {
	s := start(t, slacktest.Options{})
	serve(t, s, func(w http.ResponseWriter, _ *http.Request, _ string) { _, _ = io.WriteString(w, "plain words") })
	w := s.Workspace("T1")
	x := w.User("ann").Slash(w.Channel("help"), "x")
	if err := x.Err(); err != nil {
		t.Fatal(err)
	}
	if got := w.User("ann").Ephemerals(); len(got) != 1 || got[0].Text != "plain words" || len(x.Posts()) != 1 {
		t.Errorf("got %v", got)
	}
	w.User("ann").GlobalShortcut("x").Done()
	wantProblem(t, s, "a body in the answer to an interaction")
}
