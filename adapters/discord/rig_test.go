package discord_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/adapters/discord/gateway"
	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

// A rig is a fake Discord, and the bot in it with a store of its own.
type rig struct {
	*discordtest.Server
	t     *testing.T
	store *sessions.Store
	http  bool
	log   *safeBuffer
	guide *knowledge.Guide
	live  *bot.Live            // nil for no live checks
	count *prometheus.Registry // of the replica that started last

	web      string // where interactions are served over HTTP
	expected string // part of the problems that the test makes
}

// newRig starts a Discord that checks everything that is sent to it.
func newRig(t *testing.T, o discordtest.Options) *rig {
	t.Helper()
	server, err := discordtest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	server.Check(checker())
	store, err := sessions.Open(sessions.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: server, t: t, store: store, log: &safeBuffer{}, guide: knowledge.Default()}
	t.Cleanup(func() {
		for _, p := range server.Problems() {
			if r.expected != "" && strings.Contains(p, r.expected) {
				continue
			}
			t.Errorf("discord would not like it: %s", p)
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

// options are those of an adapter.
func (r *rig) options() discord.Options {
	return discord.Options{
		Token: r.Token(), PublicKey: r.PublicKey(), APIURL: r.URL(), Shelf: r.store.Shelf(discord.Name), Kept: time.Hour,
		Topics: func() []string { return []string{"Rate Limiting", "503: Service Unavailable"} },
		Timing: gateway.Timing{Backoff: 10 * time.Millisecond, BackoffMax: 100 * time.Millisecond, Identify: time.Millisecond, Invalid: time.Millisecond, Save: 20 * time.Millisecond},
		Log:    slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

// A replica is one process of the bot.
type replica struct {
	*bot.Bot
	stop func() error
}

// run starts the bot and waits until it is connected.
func (r *rig) run(o discord.Options) *replica {
	r.t.Helper()
	var b *bot.Bot
	o.Purge = func(ctx context.Context, guild string) error { return b.Purge(ctx, discord.Name, guild) }
	o.Forget = func(ctx context.Context, guild, user string) error { return b.Forget(ctx, discord.Name, guild, user) }
	if r.live != nil {
		o.Targets = r.live.Targets
		o.Check = func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error) { return b.Check(ctx, q) }
		o.Report = func(ctx context.Context, asked bot.Message, c bot.Checked) error { return b.Report(ctx, asked, c) }
	}
	adapter, err := discord.New(o)
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
	if r.http {
		web := httptest.NewServer(adapter.Handler())
		r.t.Cleanup(web.Close)
		r.web = web.URL
		r.DeliverTo(web.URL)
	}
	r.until("a session", func() bool { return r.Sockets() > 0 && len(r.Sessions()) > 0 })
	r.t.Cleanup(func() {
		if err := stop(); err != nil {
			r.t.Error(err)
		}
	})
	return &replica{b, stop}
}

// both runs a test over Socket Mode and over HTTP.
func both(t *testing.T, o discordtest.Options, test func(t *testing.T, r *rig)) {
	for _, transport := range []string{"gateway", "http"} {
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

// says waits for n messages of the bot's in a channel or thread.
func (r *rig) says(messages func() []*discordtest.Message, n int) []*discordtest.Message {
	r.t.Helper()
	var own []*discordtest.Message
	r.until("messages of the bot's", func() bool {
		own = nil
		for _, m := range messages() {
			if m.Author == r.AppID() {
				own = append(own, m)
			}
		}
		return len(own) >= n
	})
	return own
}

// thread waits for n answers in the thread of a message.
func (r *rig) thread(m *discordtest.Message, n int) []*discordtest.Message {
	r.t.Helper()
	return r.says(func() []*discordtest.Message {
		if t := m.Thread(); t != nil {
			return t.Messages()
		}
		return nil
	}, n)
}

func contains(t *testing.T, text, want string) {
	t.Helper()
	if text = literal(text); !strings.Contains(text, want) {
		t.Errorf("got %q, want it to contain %q", text, want)
	}
}

// literal undoes what keeps Discord from formatting a text.
func literal(text string) string { return escaped.ReplaceAllString(text, "$1") }

var escaped = regexp.MustCompile(`\\([[:punct:]])`)

// reads reports whether people read a text in a message.
func reads(m *discordtest.Message, text string) bool {
	return strings.Contains(literal(m.Plain()), text)
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
