package discordtest

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	payloadLimit = 4096 // bytes of a frame from the app; Discord closes with 4002 above
	sendLimit    = 120  // frames from the app in 60 s; Discord closes with 4008 above
)

// A socket is one gateway connection. Frames are written in order by a
// goroutine of its own, so nobody waits for a client that doesn't read.
type socket struct {
	s       *Server
	conn    *websocket.Conn
	resume  bool          // it came to the resume URL
	gone    chan struct{} // closed when the connection is over
	wake    chan struct{}
	over    sync.Once
	session *session    // guarded by Server.mu
	sent    []time.Time // by the app, in the last minute; of the reader

	mu    sync.Mutex
	queue []frame
	mute  bool
	done  bool // a close frame is on its way
}

type frame struct {
	kind int
	data []byte
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f, there := s.takeFault("socket"); there {
		if s.hold(r, f) && !f.harmless() {
			f.answer(w)
			return
		}
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	k := &socket{s: s, conn: conn, gone: make(chan struct{}), wake: make(chan struct{}, 1), resume: strings.HasPrefix(r.URL.Path, "/resume")}
	if !s.welcome(k, r) {
		k.cut()
		return
	}
	defer s.wg.Done()
	k.read()
	unlock := s.lock()
	s.gw.sockets = slices.DeleteFunc(s.gw.sockets, func(x *socket) bool { return x == k })
	if k.session != nil && k.session.on == k {
		k.session.on = nil
	}
	unlock()
}

// welcome takes the socket in and says hello, unless the server is closed.
func (s *Server) welcome(k *socket, r *http.Request) bool {
	defer s.lock()()
	if s.ctx.Err() != nil {
		return false
	}
	k.mute = s.gw.silentHello
	s.wg.Add(1) // for the reader, which is the caller
	s.wg.Go(k.write)
	s.gw.sockets = append(s.gw.sockets, k)
	q := r.URL.Query()
	switch {
	case s.gw.silentHello:
	case q.Get("v") != "10" && q.Get("v") != "9":
		s.fatal(k, 4012, "Invalid API version")
	case q.Get("encoding") != "json" || q.Get("compress") != "":
		s.complain("gateway: only encoding=json without compress is served, got %q", r.URL.RawQuery)
		k.close(4000, "Unknown error.")
	case s.gw.op7ForHello:
		k.op(7, nil)
	default:
		k.op(10, object{"heartbeat_interval": s.o.Heartbeat.Milliseconds(), "_trace": []string{"[\"gateway-test\"]"}})
	}
	return true
}

// op queues a frame that is no dispatch.
func (k *socket) op(code int, d any) {
	text, _ := json.Marshal(object{"op": code, "d": d, "s": nil, "t": nil})
	k.send(websocket.TextMessage, text)
}

// close queues a close frame; the connection ends after it.
func (k *socket) close(code int, reason string) {
	k.send(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
}

func (k *socket) send(kind int, data []byte) {
	k.mu.Lock()
	if !k.done {
		k.queue = append(k.queue, frame{kind, data})
		k.done = kind == websocket.CloseMessage
	}
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *socket) write() {
	for {
		k.mu.Lock()
		queue, mute := k.queue, k.mute
		k.queue = nil
		k.mu.Unlock()
		for _, f := range queue {
			if mute {
				continue // swallowed
			}
			_ = k.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if k.conn.WriteMessage(f.kind, f.data) != nil {
				k.cut()
				return
			}
			if f.kind == websocket.CloseMessage {
				k.farewell()
				return
			}
		}
		select {
		case <-k.wake:
		case <-k.gone:
			return
		}
	}
}

// farewell ends the connection after a close frame once the client has left,
// or soon: a connection closed at once could take the frame with it.
func (k *socket) farewell() {
	if tcp, ok := k.conn.NetConn().(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	timer := time.NewTimer(2 * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-k.gone:
	}
	k.cut()
}

// read takes frames until the connection ends or the heartbeats stop.
func (k *socket) read() {
	defer k.cut()
	beat := time.Now()
	for {
		_ = k.conn.SetReadDeadline(beat.Add(k.patience()))
		kind, data, err := k.conn.ReadMessage()
		if err != nil {
			k.ended(err)
			return
		}
		if k.closing() {
			continue
		}
		if kind != websocket.TextMessage {
			k.s.closeFatally(k, 4002, "Decode error: a binary frame")
			continue
		}
		if k.tooMany() {
			k.s.closeFatally(k, 4008, "Rate limited.")
			continue
		}
		if k.s.receive(k, data) == opHeartbeat {
			beat = time.Now()
		}
	}
}

// patience is how long after a heartbeat the next must have come.
func (k *socket) patience() time.Duration {
	return k.s.o.Heartbeat + max(k.s.o.Heartbeat/2, 2*time.Second)
}

// tooMany counts a frame, and reports whether it is beyond the limit.
func (k *socket) tooMany() bool {
	now := time.Now()
	k.sent = append(slices.DeleteFunc(k.sent, func(t time.Time) bool { return now.Sub(t) > time.Minute }), now)
	return len(k.sent) > sendLimit
}

// ended sees to the session of a connection that is over: a client that closes
// with 1000 or 1001 gives it up.
func (k *socket) ended(err error) {
	defer k.s.lock()()
	if k.closing() {
		return
	}
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
		k.s.gw.drop(k.session)
		return
	}
	select {
	case <-k.gone:
		return
	default:
	}
	if timeout, ok := err.(interface{ Timeout() bool }); ok && timeout.Timeout() && !k.muted() {
		k.s.complain("gateway: no heartbeat for %v", k.patience())
		_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4000, "missed heartbeats"), time.Now().Add(time.Second))
	}
}

func (k *socket) closing() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.done
}

func (k *socket) muted() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.mute
}

// cut ends the connection without a word.
func (k *socket) cut() {
	k.over.Do(func() {
		close(k.gone)
		_ = k.conn.NetConn().Close()
	})
}
