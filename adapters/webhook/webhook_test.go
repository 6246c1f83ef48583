package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apihelp/adapters/webhook"
	"apihelp/bot"
)

var ticket = bot.Reply{ID: "ABCDEFGHIJKLMNOPQRST", Blocks: []bot.Block{
	bot.Heading("Needs a human: Rate Limiting"),
	bot.Facts{{Label: "Question", Value: bot.Rich{{Text: "429 all day"}}}},
	bot.Para{{Text: "Conversation: "}, {Text: "https://example.com/t/1", URL: "https://example.com/t/1"}},
}}

func TestATicketIsPostedAndSigned(t *testing.T) {
	var got struct {
		ID, Title, Link string
		Facts           map[string]string
	}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		at, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("X-Apihelp-Signature"), "t="), ",")
		var sent time.Time
		if unix, err := time.ParseDuration(at + "s"); err == nil {
			sent = time.Unix(int64(unix.Seconds()), 0)
		}
		if want := webhook.Signature("s3cret", sent, data); r.Header.Get("X-Apihelp-Signature") != want || time.Since(sent).Abs() > time.Minute {
			t.Errorf("got signature %q, want %q", r.Header.Get("X-Apihelp-Signature"), want)
		}
		if webhook.Signature("other", sent, data) == r.Header.Get("X-Apihelp-Signature") || r.Header.Get("Idempotency-Key") != ticket.ID {
			t.Error("anybody could have signed it, or no key tells its attempts")
		}
		if err := json.Unmarshal(data, &got); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	a := webhook.New([]webhook.Hook{{URL: srv.URL + "/hook", Secret: "s3cret"}})
	if _, err := a.Send(t.Context(), bot.Conversation{Adapter: "webhook", Channel: srv.URL + "/hook"}, ticket); err != nil {
		t.Fatal(err)
	}
	if got.ID != ticket.ID || got.Title != "Needs a human: Rate Limiting" || got.Facts["Question"] != "429 all day" || got.Link != "https://example.com/t/1" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatMayWorkLaterIsTriedAgain(t *testing.T) {
	for status, want := range map[int]bool{500: true, 503: true, 429: true, 400: false, 404: false, 302: false} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
		}))
		a := webhook.New([]webhook.Hook{{URL: srv.URL + "/s3cret-path"}})
		_, err := a.Send(t.Context(), bot.Conversation{Channel: srv.URL + "/s3cret-path"}, ticket)
		failed, ok := errors.AsType[*bot.SendError](err)
		if !ok || failed.Retry != want || want && failed.After != 7*time.Second || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("status %d: got %v, want retry %v", status, err, want)
		}
		srv.Close()
		if _, err = a.Send(t.Context(), bot.Conversation{Channel: srv.URL + "/s3cret-path"}, ticket); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("of a server that is away: got %v", err)
		}
	}
	if _, err := webhook.New(nil).Send(t.Context(), bot.Conversation{Channel: "https://example.com"}, ticket); err == nil {
		t.Error("a webhook that nobody configured is posted to")
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := webhook.New(nil).Run(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestAHookIsHTTPSOrOnThisMachine(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://tickets.example.com/hook": true, "http://127.0.0.1:9/x": true, "http://localhost/x": true,
		"http://tickets.example.com": false, "ftp://x": false, "": false, "hook": false,
	} {
		if err := (webhook.Hook{URL: url}).Validate(); (err == nil) != ok {
			t.Errorf("%q: got %v", url, err)
		}
	}
}
