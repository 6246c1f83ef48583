package slack_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"apihelp/adapters/slack"
	"apihelp/adapters/slack/slacktest"
	"apihelp/adapters/slack/slacktest/blockkit"
	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

// A rig is a fake Slack, and the bot in it with a store of its own.
type rig struct {
	*slacktest.Server
	t     testing.TB
	store *sessions.Store
	http  bool
	log   *safeBuffer
	guide *knowledge.Guide
	live  *bot.Live            // nil for no live checks
	count *prometheus.Registry // of the replica that started last

	expected string // part of the problems that the test makes
	line     string // the mention that may be in posts, and the only one
}

// newRig starts a Slack that checks everything that is sent to it.
func newRig(t testing.TB, o slacktest.Options) *rig {
	t.Helper()
	server, err := slacktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: server, t: t, log: &safeBuffer{}, guide: knowledge.Default()}
	server.Check(func(kind string, payload []byte) error {
		payload = r.withoutLine(payload)
		switch kind {
		case "view":
			return blockkit.View(payload)
		case "response":
			return blockkit.Response(payload)
		}
		return blockkit.Message(payload)
	})
	store, err := sessions.Open(sessions.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.store = store
	t.Cleanup(func() {
		for _, p := range server.Problems() {
			if r.expected != "" && strings.Contains(p, r.expected) {
				continue
			}
			t.Errorf("slack would not like it: %s", p)
		}
		server.Close()
		if err := r.store.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(r.log.String())
		}
	})
	return r
}

// withoutLine is a payload without the mention that may be in it.
func (r *rig) withoutLine(payload []byte) []byte {
	if r.line == "" {
		return payload
	}
	inJSON := strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(r.line)
	return []byte(strings.NewReplacer(r.line, "called", inJSON, "called").Replace(string(payload)))
}

// options are those of an adapter for the workspace T1.
func (r *rig) options() slack.Options {
	o := slack.Options{
		BotToken: r.Workspace("T1").BotToken(), APIURL: r.APIURL(), Pace: time.Millisecond,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if r.http {
		o.SigningSecret = r.SigningSecret()
	} else {
		o.AppToken = r.AppToken()
	}
	return o
}

// A replica is one process of the bot.
type replica struct {
	*bot.Bot
	stop func() error
}

// run starts the bot and waits until it is connected.
func (r *rig) run(o slack.Options) *replica {
	r.t.Helper()
	want := r.Sockets() + max(o.Sockets, 1)
	b, handler := r.start(o)
	if !r.http {
		r.until("sockets", func() bool { return r.Sockets() >= want })
		return b
	}
	web := httptest.NewServer(handler)
	r.t.Cleanup(web.Close)
	r.DeliverTo(web.URL)
	return b
}

// start starts the bot, and returns it with what it serves over HTTP.
func (r *rig) start(o slack.Options) (*replica, http.Handler) {
	r.t.Helper()
	var b *bot.Bot
	o.Purge = func(ctx context.Context, team string) error { return b.Purge(ctx, slack.Name, team) }
	o.Recent = func(ctx context.Context, team, user string) ([]bot.Past, error) {
		return b.Recent(ctx, slack.Name, team, user)
	}
	o.Forget = func(ctx context.Context, team, user string) error { return b.Forget(ctx, slack.Name, team, user) }
	if r.live != nil {
		o.Targets = r.live.Targets
		o.Check = func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error) { return b.Check(ctx, q) }
		o.Report = func(ctx context.Context, asked bot.Message, c bot.Checked) error { return b.Report(ctx, asked, c) }
	}
	adapter, err := slack.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.count = prometheus.NewRegistry()
	b = bot.New(bot.Options{
		Guide: func() *knowledge.Guide { return r.guide }, Store: r.store, TTL: time.Hour,
		Adapters: []bot.Adapter{adapter}, Metrics: bot.NewMetrics(r.count), Log: o.Log, Live: r.live,
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stop := sync.OnceValue(func() error { cancel(); return <-done })
	r.t.Cleanup(func() {
		if err := stop(); err != nil {
			r.t.Error(err)
		}
	})
	return &replica{b, stop}, adapter.Handler()
}

// both runs a test over Socket Mode and over HTTP.
func both(t *testing.T, o slacktest.Options, test func(t *testing.T, r *rig)) {
	for _, transport := range []string{"socket", "http"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, o)
			r.http = transport == "http"
			test(t, r)
		})
	}
}

// until waits for a condition.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			r.t.Fatalf("waited in vain for %s\n%s", what, r.log.String())
		}
	}
}

// settled waits until Slack has nothing to deliver and the outbox is quiet.
func (r *rig) settled() {
	r.t.Helper()
	r.until("quiet", func() bool { return r.Unacked() == 0 })
}

// thread waits for n replies in the thread of a message.
func (r *rig) thread(m *slacktest.Message, n int) []*slacktest.Message {
	r.t.Helper()
	r.until("replies", func() bool { return len(m.Thread()) >= n })
	return m.Thread()
}

func contains(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("got %q, want it to contain %q", text, want)
	}
}

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write implements [io.Writer].
func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var _ io.Writer = (*safeBuffer)(nil)
