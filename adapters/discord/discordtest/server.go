// Package discordtest is Discord at the wire, for tests: the gateway, the REST
// API and signed HTTP interactions, with the rules and error codes of the real
// one, and with people who write, press and submit. It knows no client library,
// so any app can be pointed at it: see [Server.URL].
//
// An app under test should make Discord refuse nothing: after a test,
// [Server.Problems] is empty. Methods are safe for concurrent use; what they
// return is a copy of the moment.
package discordtest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options are the app's and the fake's settings. The zero value will do.
type Options struct {
	Name           string           // of the bot; empty = apihelp
	Heartbeat      time.Duration    // interval in HELLO; 0 = 41.25 s. A connection is closed when a heartbeat is late by half of it, and 2 s at least
	Content        bool             // the app has the MESSAGE_CONTENT intent enabled in the portal
	RoleContent    bool             // a mention of the managed role alone brings the content, without the intent (undocumented at Discord)
	Clock          func() time.Time // nil = time.Now; ids, times, and the 3 s and 15 min limits of interactions
	Shards         int              // recommended in GET /gateway/bot; 0 = 1
	MaxConcurrency int              // IDENTIFYs at the same time; 0 = 1
	Identifies     int              // session_start_limit.total: IDENTIFYs a day; 0 = 1000. One more, and the token is reset
	IdentifyEvery  time.Duration    // least time between IDENTIFYs of one max_concurrency bucket, by the real clock; 0 = none (Discord: 5 s)
}

// A Server is one Discord with one app.
type Server struct {
	o      Options
	origin string
	http   *http.Server
	client *http.Client
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	rest   http.Handler
	key    ed25519.PrivateKey
	appID  string

	mu       sync.Mutex // guards what follows, and everything that hangs on it
	changed  chan struct{}
	lastID   int64
	token    string
	base     string
	world    world
	gw       gateway
	inter    interactions
	commands map[string][]object // by guild id, "" = global
	faults   map[string][]Fault
	lost     map[string]bool // calls that worked but whose answer was a fault
	calls    []*Call
	problems []string
	pingable map[string]bool // roles that the bot may ping
	check    func(kind, route string, payload []byte) error
	limits   limits
	invalid  int
}

// Start makes a Discord that listens on a free port of 127.0.0.1. End it with
// [Server.Close].
func Start(o Options) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("discordtest: start: %w", err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("discordtest: make the app's key: %w", err)
	}
	s := &Server{
		o: withDefaults(o), origin: "http://" + l.Addr().String(), changed: make(chan struct{}), key: key,
		client: &http.Client{Transport: &http.Transport{}}, token: newToken(), commands: map[string][]object{},
		faults: map[string][]Fault{}, lost: map[string]bool{}, world: newWorld(), gw: newGateway(), inter: newInteractions(), limits: newLimits(),
		pingable: map[string]bool{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.appID = s.id()
	s.world.bot = &User{ID: s.appID, Name: s.o.Name, s: s, bot: true}
	s.rest = s.routes()
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	s.wg.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Name == "" {
		o.Name = "apihelp"
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Shards = max(o.Shards, 1)
	o.MaxConcurrency = max(o.MaxConcurrency, 1)
	if o.Identifies == 0 {
		o.Identifies = 1000
	}
	return o
}

// Close ends every connection and waits until nothing of the server runs.
func (s *Server) Close() {
	s.mu.Lock()
	s.cancel() // under the lock: nothing starts afterwards
	s.gw.stopShuffle()
	s.mu.Unlock()
	s.CutSockets()
	_ = s.http.Close()
	s.wg.Wait()
	s.client.CloseIdleConnections()
}

// URL is the origin, http://127.0.0.1:port. The paths are Discord's, such as
// /api/v10/gateway/bot.
func (s *Server) URL() string { return s.origin }

// Token is the bot's, as it stands now: see [Options.Identifies].
func (s *Server) Token() string {
	defer s.lockQuietly()()
	return s.token
}

// AppID is the app's, which is the bot user's id as well.
func (s *Server) AppID() string { return s.appID }

// PublicKey is the app's Ed25519 key in hex, which verifies HTTP interactions.
func (s *Server) PublicKey() string {
	public, _ := s.key.Public().(ed25519.PublicKey)
	return hex.EncodeToString(public)
}

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
			return fmt.Errorf("discordtest: wait: %w", ctx.Err())
		}
	}
}

// lock takes s.mu; what it returns gives it back and wakes those who wait.
func (s *Server) lock() func() {
	s.mu.Lock()
	return func() {
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
	}
}

func (s *Server) lockQuietly() func() {
	s.mu.Lock()
	return s.mu.Unlock
}

// epoch is the first millisecond of Discord's snowflakes.
const epoch = 1420070400000

// id makes a snowflake, greater than all before. The caller holds s.mu, or is
// Start.
func (s *Server) id() string {
	s.lastID = max(s.lastID+1, (s.o.Clock().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(s.lastID, 10)
}

func (s *Server) now() string { return stamp(s.o.Clock()) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

func newToken() string {
	return rand.Text()[:24] + "." + rand.Text()[:6] + "." + rand.Text() + rand.Text()[:12]
}

func secret(n int) string { return strings.ToLower((rand.Text() + rand.Text())[:n]) }

// object is a JSON object.
type object = map[string]any
