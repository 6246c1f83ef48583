package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const (
	token   = "secret-token"
	patient = 15 * time.Second // before a test gives up
)

// A fake is a Discord whose connections a test plays by hand.
type fake struct {
	http  *httptest.Server
	peers chan *peer

	mu      sync.Mutex
	start   map[string]int // session_start_limit
	shards  int
	status  int // of /gateway/bot, unless it is zero
	invited int
}

// A peer is Discord's end of a connection.
type peer struct {
	t    testing.TB
	conn *websocket.Conn
	path string       // that was dialled
	in   chan payload // all but heartbeats
	over chan struct{}

	mu    sync.Mutex
	deaf  bool // heartbeats are not acknowledged
	beats []string
	code  int // of the close
}

func newFake(t testing.TB) *fake {
	f := &fake{peers: make(chan *peer, 100), shards: 1, start: map[string]int{"remaining": 1000, "max_concurrency": 1}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v10/gateway/bot", f.invite)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		p := &peer{t: t, conn: conn, path: r.URL.String(), in: make(chan payload, 100), over: make(chan struct{})}
		go p.read()
		f.peers <- p
	})
	f.http = httptest.NewServer(mux)
	t.Cleanup(func() {
		for len(f.peers) > 0 {
			(<-f.peers).conn.Close()
		}
		f.http.Close()
	})
	return f
}

func (f *fake) ws(path string) string { return strings.Replace(f.http.URL, "http", "ws", 1) + path }

func (f *fake) invite(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.invited++
	if r.Header.Get("Authorization") != "Bot "+token || !strings.HasPrefix(r.UserAgent(), "DiscordBot (") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"url": f.ws(""), "shards": f.shards, "session_start_limit": f.start})
}

// set changes what /gateway/bot answers.
func (f *fake) set(status int, limit string, value int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
	f.start[limit] = value
}

// accept waits for the next connection.
func (f *fake) accept(t testing.TB) *peer {
	t.Helper()
	p := receive(t, f.peers, "a connection")
	t.Cleanup(func() { p.conn.Close(); <-p.over })
	return p
}

// receive waits for a value.
func receive[T any](t testing.TB, from <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patient):
		t.Fatalf("got nothing, want %s", what)
	}
	return v
}

func (p *peer) read() {
	defer close(p.over)
	for {
		var in payload
		_, r, err := p.conn.NextReader()
		if err == nil {
			err = json.NewDecoder(r).Decode(&in)
		}
		p.mu.Lock()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			p.code = closed.Code
		}
		deaf := p.deaf
		p.mu.Unlock()
		switch {
		case err != nil:
			return
		case *in.Op != opHeartbeat:
			p.in <- in
			continue
		}
		p.mu.Lock()
		p.beats = append(p.beats, string(in.Data))
		p.mu.Unlock()
		if !deaf {
			p.write(`{"op":11}`)
		}
	}
}

func (p *peer) write(frame string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.conn.SetWriteDeadline(time.Now().Add(patient))
	_ = p.conn.WriteMessage(websocket.TextMessage, []byte(frame)) // the other end may be gone
}

// event sends an event of a channel.
func (p *peer) event(seq int, kind, channel string) {
	p.write(fmt.Sprintf(`{"op":0,"s":%d,"t":%q,"d":{"id":"%d","channel_id":%q}}`, seq, kind, seq, channel))
}

// messages sends a message with each sequence number.
func (p *peer) messages(seqs ...int) {
	for _, seq := range seqs {
		p.event(seq, "MESSAGE_CREATE", "c")
	}
}

func (p *peer) hello(interval time.Duration) {
	p.write(fmt.Sprintf(`{"op":10,"d":{"heartbeat_interval":%d}}`, interval.Milliseconds()))
}

// want waits for a payload with an opcode, and returns its data.
func (p *peer) want(op int) map[string]any {
	p.t.Helper()
	in := receive(p.t, p.in, fmt.Sprint("opcode ", op))
	var d map[string]any
	if err := json.Unmarshal(in.Data, &d); err != nil || *in.Op != op {
		p.t.Fatalf("got opcode %d, %v, want %d", *in.Op, err, op)
	}
	if d["token"] != token {
		p.t.Fatalf("got token %v", d["token"])
	}
	return d
}

// ready plays the whole beginning of a new session.
func (p *peer) ready(id, resumeURL string) {
	p.t.Helper()
	p.hello(time.Minute)
	p.want(opIdentify)
	p.write(fmt.Sprintf(`{"op":0,"s":1,"t":"READY","d":{"session_id":%q,"resume_gateway_url":%q}}`, id, resumeURL))
}

// resume waits for a RESUME of a session from a sequence number.
func (p *peer) resume(id string, seq int) {
	p.t.Helper()
	p.hello(time.Minute)
	d := p.want(opResume)
	if d["session_id"] != id || d["seq"] != float64(seq) {
		p.t.Fatalf("got RESUME of %v from %v, want of %s from %d", d["session_id"], d["seq"], id, seq)
	}
}

// resumed plays the whole resumption, with messages that were missed.
func (p *peer) resumed(id string, from int, missed ...int) {
	p.t.Helper()
	p.resume(id, from)
	p.messages(missed...)
	p.event(100_000+from, "RESUMED", "")
}

// close closes with a code.
func (p *peer) close(code int) {
	_ = p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "why"), time.Now().Add(patient))
	p.conn.Close()
}

// cut ends the connection without a word.
func (p *peer) cut() { p.conn.Close() }

// closed waits for the other end to close, and returns its code.
func (p *peer) closed() int {
	p.t.Helper()
	receive(p.t, p.over, "the end of the connection")
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code
}

func (p *peer) setDeaf() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = true
}

// heartbeats returns the sequences of all heartbeats so far.
func (p *peer) heartbeats() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.beats...)
}

var _ io.Writer = (*logbook)(nil)

// A logbook is a log for tests to read.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
