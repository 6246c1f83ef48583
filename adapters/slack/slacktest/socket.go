package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	ackLimit    = 20 << 10 // bytes of an acknowledgement; Slack closes the socket above
	socketLimit = 10       // sockets open at once
	farewell    = 2        // AckWaits between a disconnect frame and the end
)

// A socket is one Socket Mode connection. Frames are written in order by a
// goroutine of its own, so nobody waits for a client that doesn't read.
type socket struct {
	s    *Server
	conn *websocket.Conn
	gone chan struct{} // closed when the connection is over
	wake chan struct{}
	over sync.Once

	mu    sync.Mutex
	queue []frame
	mute  bool
}

type frame struct {
	kind int
	data []byte
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if s.fail(w, r, "socket", nil) {
		return
	}
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	valid := s.line.tickets[ticket] && len(s.line.sockets) < socketLimit
	delete(s.line.tickets, ticket)
	_, silent := s.fault("hello")
	s.mu.Unlock()
	if !valid {
		http.Error(w, "invalid ticket", http.StatusNotFound)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	k := &socket{s: s, conn: conn, gone: make(chan struct{}), wake: make(chan struct{}, 1), mute: silent}
	if !s.welcome(k) {
		k.cut()
		return
	}
	defer s.wg.Done()
	k.read()
	unlock := s.lock()
	s.line.sockets = slices.DeleteFunc(s.line.sockets, func(x *socket) bool { return x == k })
	unlock()
}

// welcome takes the socket in, unless the server is closed.
func (s *Server) welcome(k *socket) bool {
	defer s.lock()()
	if s.ctx.Err() != nil {
		return false
	}
	s.wg.Add(1) // for the reader, which is the caller
	s.wg.Go(k.write)
	s.line.sockets = append(s.line.sockets, k)
	hello, _ := json.Marshal(object{
		"type": "hello", "num_connections": len(s.line.sockets),
		"debug_info":      object{"host": "applink-test", "build_number": 10, "approximate_connection_time": 18060},
		"connection_info": object{"app_id": s.appID},
	})
	k.send(websocket.TextMessage, hello)
	s.wg.Go(k.ping)
	return true
}

// send queues a frame.
func (k *socket) send(kind int, data []byte) {
	k.mu.Lock()
	k.queue = append(k.queue, frame{kind, data})
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
				k.cut()
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

func (k *socket) ping() {
	ticker := time.NewTicker(k.s.o.Ping)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			k.send(websocket.PingMessage, []byte("Ping from applink-test"))
		case <-k.gone:
			return
		}
	}
}

// read takes acknowledgements until the connection ends.
func (k *socket) read() {
	defer k.cut()
	k.conn.SetPingHandler(func(data string) error {
		k.send(websocket.PongMessage, []byte(data))
		return nil
	})
	for {
		kind, data, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			k.s.problem("socket: a binary frame from the app")
			continue
		}
		if len(data) > ackLimit {
			k.s.problem("socket: acknowledgement of %d bytes, over 20480", len(data))
			k.send(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseMessageTooBig, "Max frame length of 20480 has been exceeded"))
			continue
		}
		k.s.acknowledge(data)
	}
}

func (s *Server) acknowledge(data []byte) {
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(data, &ack); err != nil || ack.ID == "" {
		s.problem("socket: a frame that is no acknowledgement")
		return
	}
	defer s.lock()()
	e := s.line.pending[ack.ID]
	switch {
	case e == nil && s.line.expired[ack.ID] == "late":
		s.complain("socket: acknowledged later than %v", s.o.AckWait)
	case e == nil && s.line.expired[ack.ID] == "done":
		s.complain("socket: acknowledged twice")
	case e == nil && s.line.expired[ack.ID] == "":
		s.complain("socket: acknowledgement of an unknown envelope")
	case e == nil: // its socket was closed; the answer came too late for it
	default:
		if len(ack.Payload) > 0 && string(ack.Payload) != "null" && string(ack.Payload) != "{}" && !e.d.accepts {
			s.complain("socket: a payload in an acknowledgement that takes none")
		}
		delete(s.line.pending, ack.ID)
		s.line.expired[ack.ID] = "done"
		e.acks <- ack.Payload
	}
}

// cut ends the connection without a word.
func (k *socket) cut() {
	k.over.Do(func() {
		close(k.gone)
		_ = k.conn.NetConn().Close()
	})
}

// next is the socket for the next payload, in turn. The caller holds s.mu.
func (s *Server) next() *socket {
	for range s.line.sockets {
		s.line.turn++
		k := s.line.sockets[s.line.turn%len(s.line.sockets)]
		select {
		case <-k.gone:
		default:
			return k
		}
	}
	return nil
}

func (s *Server) open() []*socket {
	defer s.lockQuietly()()
	return slices.Clone(s.line.sockets)
}

// Sockets is the number of Socket Mode connections.
func (s *Server) Sockets() int { return len(s.open()) }

// CutSockets breaks every connection without a word, as a network does. What
// was not acknowledged comes again.
func (s *Server) CutSockets() {
	for _, k := range s.open() {
		k.cut()
	}
}

// Disconnect announces the end of every connection (reason warning,
// refresh_requested, too_many_websockets or link_disabled) and ends it some
// time later; until then payloads still come.
func (s *Server) Disconnect(reason string) {
	text, _ := json.Marshal(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-test"}})
	defer s.lockQuietly()()
	if s.ctx.Err() != nil {
		return
	}
	for _, k := range s.line.sockets {
		k.send(websocket.TextMessage, text)
		s.wg.Go(k.farewell)
	}
}

func (k *socket) farewell() {
	timer := time.NewTimer(farewell * k.s.o.AckWait)
	defer timer.Stop()
	select {
	case <-timer.C:
		k.cut()
	case <-k.gone:
	}
}

// Mute makes the sockets that are open now connected but silent: no pings, no
// pongs, and payloads written to them are lost. Those opened later speak.
// Mute(false) gives all their voice back. For sockets that say nothing from
// the start use [Server.Fail] with "hello".
func (s *Server) Mute(on bool) {
	for _, k := range s.open() {
		k.mu.Lock()
		k.mute = on
		k.mu.Unlock()
	}
}

// Inject writes a raw text frame to one socket, whatever it holds.
func (s *Server) Inject(frame []byte) { s.inject(websocket.TextMessage, frame) }

// InjectBinary writes a raw binary frame to one socket.
func (s *Server) InjectBinary(frame []byte) { s.inject(websocket.BinaryMessage, frame) }

func (s *Server) inject(kind int, data []byte) {
	defer s.lockQuietly()()
	var e struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(data, &e) == nil && e.ID != "" {
		s.line.expired[e.ID] = "injected" // may be acknowledged, and need not be
	}
	if k := s.next(); k != nil {
		k.send(kind, data)
	}
}
