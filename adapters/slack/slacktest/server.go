// Package slacktest is Slack at the wire, for tests: the Web API, Socket Mode,
// signed HTTP deliveries, response URLs and OAuth, with the rules and error
// codes of the real one, and with people who write, press and submit. It knows
// no client library, so any app can be pointed at it: see [Server.APIURL].
//
// An app under test should make Slack refuse nothing: after a test,
// [Server.Problems] is empty. Methods are safe for concurrent use; what they
// return is a copy of the moment.
package slacktest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options are the app's and the fake's settings. The zero value will do.
type Options struct {
	Name    string           // of the bot and its command; empty = apihelp
	AckWait time.Duration    // how long an envelope or HTTP delivery may stay unacknowledged; 0 = 3 s
	Retries []time.Duration  // when an event comes again; nil = 20 ms, 50 ms, 100 ms (Slack: at once, 1 min, 5 min)
	Ping    time.Duration    // between PING frames; 0 = 5 s
	History bool             // the app has channels:history: messages of channels it is in come unmentioned as well
	Clock   func() time.Time // nil = time.Now; message times, and expiry of triggers (3 s), response URLs (30 min) and tokens
	Scopes  []string         // what installations grant; nil = everything
	Rotate  bool             // tokens from OAuth expire after 12 h and come with a refresh token
}

// A Server is one Slack with one app.
type Server struct {
	o      Options
	origin string
	http   *http.Server
	client *http.Client
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	appID, appToken, signing, clientID, clientSecret, verification string

	mu       sync.Mutex // guards what follows, and everything that hangs on it
	changed  chan struct{}
	serial   int
	lastTS   int64 // microseconds
	base     string
	world    world
	tokens   map[string]*token
	faults   map[string][]Fault
	calls    []Call
	problems []string
	check    func(kind string, payload []byte) error
	line     line
	ui       ui
	oauth    oauth
	limited  bool
	buckets  map[*Channel]*bucket
}

// Start makes a Slack that listens on a free port of 127.0.0.1. End it with
// [Server.Close].
func Start(o Options) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("slacktest: start: %w", err)
	}
	s := &Server{
		o: withDefaults(o), origin: "http://" + l.Addr().String(), changed: make(chan struct{}),
		client: newHTTPClient(), tokens: map[string]*token{}, faults: map[string][]Fault{}, buckets: map[*Channel]*bucket{},
		world: newWorld(), line: newLine(), ui: newUI(), oauth: newOAuth(),
		signing: secret(32), clientID: "1111111111.2222222222", clientSecret: secret(32), verification: secret(24),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.appID = s.id("A")
	s.appToken = "xapp-1-" + s.appID + "-1-" + secret(32)
	s.tokens[s.appToken] = &token{app: true}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	s.wg.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Name == "" {
		o.Name = "apihelp"
	}
	if o.AckWait == 0 {
		o.AckWait = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond}
	}
	if o.Ping == 0 {
		o.Ping = 5 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	mux.HandleFunc("POST /commands/{team}/{id}/{key}", s.serveResponse)
	mux.HandleFunc("POST /actions/{team}/{id}/{key}", s.serveResponse)
	return mux
}

// Close ends every connection and waits until nothing of the server runs.
func (s *Server) Close() {
	s.mu.Lock()
	s.cancel() // under the lock: nothing starts afterwards
	s.mu.Unlock()
	s.CutSockets()
	_ = s.http.Close()
	s.wg.Wait()
	s.client.CloseIdleConnections()
}

// APIURL is the base of the Web API, http://127.0.0.1:port/api/.
func (s *Server) APIURL() string { return s.origin + "/api/" }

// AppID is the app's A….
func (s *Server) AppID() string { return s.appID }

// AppToken is the app-level token, xapp-…, for apps.connections.open.
func (s *Server) AppToken() string { return s.appToken }

// SigningSecret signs the HTTP deliveries.
func (s *Server) SigningSecret() string { return s.signing }

// ClientID is the app's at OAuth.
func (s *Server) ClientID() string { return s.clientID }

// ClientSecret is the app's at OAuth.
func (s *Server) ClientSecret() string { return s.clientSecret }

// Wait returns nil once until has returned true. It asks at the start and
// after everything that happens at the server, and returns ctx's error when
// that ends first.
func (s *Server) Wait(ctx context.Context, until func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if until() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("slacktest: wait: %w", ctx.Err())
		}
	}
}

// notify wakes those who wait. The caller holds s.mu.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) lock() func() {
	s.mu.Lock()
	return func() {
		s.notify()
		s.mu.Unlock()
	}
}

// id makes a new identifier in the manner of Slack. The caller holds s.mu, or
// is Start.
func (s *Server) id(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s0%08d", prefix, s.serial)
}

// ts makes the timestamp of a new message, later than all before. The caller
// holds s.mu.
func (s *Server) ts() string {
	s.lastTS = max(s.lastTS+1, s.o.Clock().Unix()*1_000_000+1)
	return fmt.Sprintf("%d.%06d", s.lastTS/1_000_000, s.lastTS%1_000_000)
}

func secret(n int) string { return strings.ToLower((rand.Text() + rand.Text())[:n]) }
