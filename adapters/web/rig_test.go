package web_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"apihelp/adapters/adaptertest"
	"apihelp/adapters/web"
	"apihelp/bot"
	"apihelp/bot/check"
	"apihelp/knowledge"
	"apihelp/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	// patience bounds each wait for something to happen.
	patience = 10 * time.Second

	// planted is a key that must be found nowhere but in the API.
	planted = "sk_live_7hPq2ZrX9vKd4TnW8sLb"
)

// buffer can be read while it is written to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// until waits for a condition.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// A site is a Redis, an API and a chat, with any number of replicas of the bot.
type site struct {
	redis   *miniredis.Miniredis
	wire    *buffer // all that went to and from Redis
	log     *buffer
	chat    *adaptertest.Chat
	api     *httptest.Server
	answer  func(w http.ResponseWriter, r *http.Request) // of the API to a request with the key
	targets []string
}

func newSite(t *testing.T, targets ...string) *site {
	s := &site{redis: miniredis.RunT(t), wire: &buffer{}, log: &buffer{}, chat: adaptertest.NewChat("chat"), targets: targets}
	s.answer = func(http.ResponseWriter, *http.Request) {}
	s.api = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != "Bearer "+planted {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.answer(w, r)
	}))
	t.Cleanup(s.api.Close)
	return s
}

// tap passes connections on to Redis and keeps what goes through. Its address
// is returned.
func (s *site) tap(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", s.redis.Addr())
			if err != nil {
				near.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				io.Copy(io.MultiWriter(s.wire, to), from)
				to.Close()
			}
			serving.Go(func() { pass(far, near) })
			serving.Go(func() { pass(near, far) })
		}
	})
	t.Cleanup(func() { l.Close(); serving.Wait() })
	return l.Addr().String()
}

// A replica is one process of the bot.
type replica struct {
	*site
	t      *testing.T
	store  *sessions.Store
	bot    *bot.Bot
	page   *web.Page
	server *httptest.Server
}

func (s *site) start(t *testing.T) *replica {
	logger := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	store, err := sessions.Open(sessions.Options{URL: "redis://" + s.tap(t), TTL: time.Hour, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	live := &bot.Live{Quota: check.NewQuota(), Targets: s.targets}
	var targets []check.Target
	for _, name := range s.targets {
		targets = append(targets, check.Target{Name: name, URL: s.api.URL, Method: "GET", Header: map[string]string{"Authorization": "Bearer {key}"}, Expect: []int{200}, AllowPrivate: true})
	}
	live.Runner = check.NewRunner(targets, check.Options{})
	b := bot.New(bot.Options{
		Guide: sync.OnceValue(knowledge.Default), Store: store, TTL: time.Hour, Adapters: []bot.Adapter{s.chat},
		Metrics: bot.NewMetrics(prometheus.NewRegistry()), Log: logger, Live: live, StoreWait: patience,
	})
	r := &replica{site: s, t: t, store: store, bot: b}
	r.serve(web.Options{
		Shelf: store.Shelf(web.Name), Targets: s.targets, Log: logger, Check: b.Check,
		Report: func(ctx context.Context, m bot.Message, c bot.Checked) error { return b.Report(ctx, m, c) },
		Advice: func(f bot.Finding) string { return "see " + f.Topic },
	})
	live.Link = r.page.Link
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return r
}

// serve serves a page in place of the one before.
func (r *replica) serve(o web.Options) {
	r.t.Helper()
	r.server = httptest.NewUnstartedServer(nil)
	o.PublicURL = "http://" + r.server.Listener.Addr().String()
	page, err := web.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.page = page
	r.server.Config.Handler = page
	r.server.Config.ErrorLog = log.New(r.log, "", 0)
	r.server.Start()
	r.t.Cleanup(r.server.Close)
}

// ask makes ann ask for a link in the chat.
func (r *replica) ask() string {
	r.t.Helper()
	before := len(r.chat.Posts())
	r.chat.Say("C1", "ann", "check my key")
	var link string
	until(r.t, "a link", func() bool {
		for _, p := range r.chat.Posts()[before:] {
			for _, b := range p.Reply.Blocks {
				if choices, ok := b.(bot.Choices); ok && choices[0].URL != "" {
					link = choices[0].URL
				}
			}
		}
		return link != ""
	})
	return link
}

// link makes one without the chat.
func (r *replica) link() string {
	r.t.Helper()
	link, err := r.page.Link(r.t.Context(), bot.Message{In: bot.Conversation{Adapter: "chat", Team: "T1", Channel: "C1"}, From: bot.User{ID: "ann"}})
	if err != nil {
		r.t.Fatal(err)
	}
	return link
}

// request is one to the page, as a browser makes it.
func request(t testing.TB, method, link, body string, header ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, link, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return req
}

// An answered request.
type answered struct {
	code   int
	header http.Header
	body   string
}

func do(t testing.TB, req *http.Request) answered {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return answered{resp.StatusCode, resp.Header, string(body)}
}

func open(t testing.TB, link string) answered {
	t.Helper()
	return do(t, request(t, http.MethodGet, link, ""))
}

// form is what the page's form sends.
func form(key string, targets ...string) string {
	return url.Values{"value": {key}, "target": targets}.Encode()
}

// post hands a key in. Accept asks for events.
func post(t testing.TB, link, key string, header ...string) answered {
	t.Helper()
	return do(t, request(t, http.MethodPost, link, form(key), header...))
}

// reports is how many reports of live checks the conversation has.
func (s *site) reports() int { return strings.Count(s.chat.Heard(), "Live check\n") }
