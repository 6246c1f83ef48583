package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
	"apihelp/bot/check"
	"apihelp/sessions"
)

// newLiveBot is a bot that checks the API at url, and whoever talks to it.
func newLiveBot(t *testing.T, store *sessions.Store, url string, w io.Writer) (*adaptertest.Chat, *bot.Bot) {
	t.Helper()
	target := check.Target{Name: "production", URL: url, Method: "GET", Header: map[string]string{"Authorization": "Bearer {key}"}, Expect: []int{200}, AllowPrivate: true}
	chat := adaptertest.NewChat("chat")
	b := bot.New(bot.Options{
		Guide: defaultGuide, Store: store, TTL: time.Hour, Adapters: []bot.Adapter{chat}, Metrics: bot.NewMetrics(prometheus.NewRegistry()), StoreWait: patience,
		Log:  slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Live: &bot.Live{Runner: check.NewRunner([]check.Target{target}, check.Options{}), Quota: check.NewQuota(), Targets: []string{"production"}},
	})
	run(t, b)
	return chat, b
}

func TestALiveCheckIsToldAndProvesTheRepair(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprint(w, `{}`)
	}))
	defer api.Close()
	store := openStore(t, "")
	chat, _ := newLiveBot(t, store, api.URL, io.Discard)
	chat.Say("C1", "ann", "getting a 503")
	until(t, "the button", func() bool { return strings.Contains(chat.Heard(), "[Run live check]") })
	chat.Say("C1", "ann", "run live check")
	until(t, "the report", func() bool {
		return strings.Contains(chat.Heard(), "[fail] http:") && strings.Contains(chat.Heard(), "[Check again]")
	})
	broken.Store(false)
	chat.Say("C1", "ann", "check again")
	until(t, "the proof", func() bool { return strings.Contains(chat.Heard(), "UTC: fixed") })
	until(t, "the record", func() bool { return strings.Contains(ledger(t, store), "verified") })
}

func TestAKeyInALiveCheckIsNowhereAfterwards(t *testing.T) {
	const key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"error":"invalid api key %s"}`, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	}))
	defer api.Close()
	var log lockedBuffer
	store := openStore(t, "")
	chat, b := newLiveBot(t, store, api.URL, &log)
	m := chat.Say("C1", "ann", "invalid api key")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	secret := check.NewSecret(key)
	checked, err := b.Check(t.Context(), bot.CheckRequest{By: m.From, In: m.In, Key: secret})
	if err != nil || len(checked.Diagnoses) != 1 || checked.Diagnoses[0].OK {
		t.Fatalf("got %+v, %v", checked, err)
	}
	if !secret.IsZero() {
		t.Error("the key is not cleared")
	}
	if err := b.Report(t.Context(), m, checked); err != nil {
		t.Fatal(err)
	}
	until(t, "the report", func() bool { return strings.Contains(chat.Heard(), "[fail] auth:") })
	var kept bytes.Buffer
	fmt.Fprintf(&kept, "%+v %#v %s %s", checked, checked, chat.Heard(), log.String())
	if strings.Contains(kept.String(), key[8:20]) {
		t.Errorf("the key is in %s", kept.String())
	}
	if text := chat.Heard(); !strings.Contains(text, "Invalid API Key") {
		t.Errorf("the report does not lead to the guide:\n%s", text)
	}
}

func TestTooManyChecksAreRefusedWithATime(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }))
	defer api.Close()
	chat, b := newLiveBot(t, openStore(t, ""), api.URL, io.Discard)
	m := chat.Say("C1", "ann", "getting a 503")
	busy := bot.Checked{}
	for range 30 {
		var err error
		if busy, err = b.Check(context.WithoutCancel(t.Context()), bot.CheckRequest{By: m.From, In: m.In}); err != nil {
			t.Fatal(err)
		}
		if busy.Busy != nil {
			break
		}
	}
	if busy.Busy == nil {
		t.Fatal("thirty checks in a row were run")
	}
	if err := b.Report(t.Context(), m, busy); err != nil {
		t.Fatal(err)
	}
	until(t, "a refusal", func() bool { return strings.Contains(chat.Heard(), "Please try again in") })
}

func TestAnotherTargetThatIsBrokenIsNotFixed(t *testing.T) {
	g := defaultGuide()
	var s sessions.Session
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	told := func(id string, production, staging int) bot.Plan {
		checked := &bot.Checked{}
		for i, code := range []int{staging, production} { // what broke first is what is remembered
			name := []string{"staging", "production"}[i]
			row := check.Result{Check: check.HTTP, Status: check.OK}
			if code != 200 {
				row.Status, row.Cause, row.Detail = check.Fail, fmt.Sprintf("http.%d", code), "answers"
			}
			r := check.Report{Target: name, OK: code == 200, Code: code, At: at, Verdict: name, Rows: []check.Result{row}}
			checked.Diagnoses = append(checked.Diagnoses, bot.Diagnose(g, r))
		}
		p := bot.Hold(g, s, bot.Message{ID: id, At: at, Able: bot.Able{Check: true}, Checked: checked})
		s = p.Session
		return p
	}
	told("1", 503, 503)
	if p := told("2", 503, 200); p.Act == bot.Resolved || p.Verified {
		t.Errorf("got %s, verified %v, while production is broken", p.Act, p.Verified)
	}
	if p := told("3", 200, 200); p.Act != bot.Resolved || !p.Verified {
		t.Errorf("got %s, verified %v, when all is well", p.Act, p.Verified)
	}
}

func TestCheckMyKeyIsNoChoiceOfATopic(t *testing.T) {
	first := bot.Hold(defaultGuide(), sessions.Session{}, bot.Message{ID: "1", Text: "getting a 401", Able: bot.Able{Check: true, Page: true}})
	p := bot.Hold(defaultGuide(), first.Session, bot.Message{ID: "2", Text: "check my key", Able: bot.Able{Check: true, Page: true}})
	if p.Act != bot.CheckKey || len(p.Replies) != 1 || !p.Replies[0].Private {
		t.Errorf("got %s with %d replies", p.Act, len(p.Replies))
	}
}

func TestAnIncidentComesFirstWhereItMayBeTheCause(t *testing.T) {
	incident := &check.Incident{Name: "Elevated errors", Status: "investigating", URL: "https://status.example.com/i/1"}
	for text, told := range map[string]bool{"getting a 503": true, "CONN_TIMEOUT": true, "invalid api key": false} {
		p := bot.Hold(defaultGuide(), sessions.Session{}, bot.Message{ID: "1", Text: text, Incident: incident})
		reply := p.Replies[0].Plain()
		if strings.HasPrefix(reply, "The status page") != told || strings.Contains(reply, "Elevated errors (") != told {
			t.Errorf("%q: got %.80q, want the incident told: %v", text, reply, told)
		}
	}
}

func TestAnAPIThatKeepsFailingIsLeftAloneAndItsLastCheckTold(t *testing.T) {
	var asked atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer api.Close()
	chat, b := newLiveBot(t, openStore(t, ""), api.URL, io.Discard)
	m := chat.Say("C1", "ann", "getting a 503")
	var last bot.Checked
	for i := range 10 {
		var err error
		if last, err = b.Check(t.Context(), bot.CheckRequest{By: bot.User{ID: fmt.Sprint("u", i)}, In: m.In}); err != nil {
			t.Fatal(err)
		}
	}
	if last.Busy == nil || last.Busy.Why != check.Resting || asked.Load() != 5 {
		t.Fatalf("got %+v after %d requests, want rest after five", last.Busy, asked.Load())
	}
	if err := b.Report(t.Context(), m, last); err != nil {
		t.Fatal(err)
	}
	until(t, "the last check", func() bool {
		return strings.Contains(chat.Heard(), "The last check, at") && strings.Contains(chat.Heard(), "[fail] http:")
	})
}
