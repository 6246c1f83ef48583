package bot_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds each wait for something to happen.
const patience = 30 * time.Second

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// openStore opens the store at url, or an embedded one.
func openStore(t *testing.T, url string) *sessions.Store {
	t.Helper()
	store, err := sessions.Open(sessions.Options{URL: url, TTL: time.Hour, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// defaultGuide is the embedded guide, parsed once.
var defaultGuide = sync.OnceValue(knowledge.Default)

// newBot makes a bot over a store. Its log goes to w.
func newBot(store *sessions.Store, w io.Writer, adapters ...bot.Adapter) (*bot.Bot, *prometheus.Registry) {
	reg := prometheus.NewRegistry()
	return bot.New(bot.Options{
		Guide: defaultGuide, Store: store, TTL: time.Hour, Adapters: adapters, Metrics: bot.NewMetrics(reg), StoreWait: patience,
		Log: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}), reg
}

// run runs the bot in the background; stop ends it and returns its error.
func run(t *testing.T, b *bot.Bot) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	return stop
}
