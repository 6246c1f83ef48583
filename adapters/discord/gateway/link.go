package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeWait  = 10 * time.Second
	closeWait  = time.Second
	closeKeeps = 4000 // any code but 1000 and 1001 keeps the session
)

// A link is one connection of a shard.
type link struct {
	*shard
	conn     *websocket.Conn
	resuming kept // the session to resume; without an ID it identifies
	turnOver func(identified bool)
	events   *dispatcher
	end      context.CancelCauseFunc
	running  sync.WaitGroup

	// Of the goroutine that reads.
	stage string    // what is awaited: HELLO, READY, RESUMED or events
	since time.Time // of the stage, or of the last event
	heard bool      // an event came

	asked  chan struct{} // for a heartbeat, by the server
	silent atomic.Bool   // the last heartbeat is not acknowledged
}

// dial opens a connection.
func dial(ctx context.Context, given string) (*websocket.Conn, error) {
	url, err := address(given)
	if err != nil {
		return nil, err
	}
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callWait}
	conn, answer, err := d.DialContext(ctx, url, http.Header{"User-Agent": {userAgent}})
	if err != nil {
		if answer != nil {
			return nil, fmt.Errorf("gateway: open a connection: status %d: %w", answer.StatusCode, err)
		}
		return nil, fmt.Errorf("gateway: open a connection: %w", err)
	}
	// An echo of 1000 or 1001 could end the session.
	conn.SetCloseHandler(func(int, string) error { return nil })
	return conn, nil
}

// run uses the connection until it ends, and returns why. All that ran for it
// has ended, too.
func (l *link) run(ctx context.Context) error {
	ctx, l.end = context.WithCancelCause(ctx)
	l.events = newDispatcher(ctx, l.shard, l.end)
	l.stage, l.since = "HELLO", time.Now()
	l.running.Go(func() {
		<-ctx.Done()
		message := websocket.FormatCloseMessage(closeKeeps, "")
		_ = l.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(closeWait)) // it may be dead
		_ = l.conn.Close()
	})
	l.end(l.read(ctx)) // the first reason counts
	if l.stage == "HELLO" {
		l.turnOver(false)
	}
	l.running.Wait()
	l.events.wait()
	return context.Cause(ctx)
}

func (l *link) read(ctx context.Context) error {
	for {
		_ = l.conn.SetReadDeadline(l.deadline()) // of a closed connection, which reading finds out
		p, err := readFrame(l.conn)
		if errors.Is(err, errUnreadable) {
			l.Log.Warn("frame skipped", "entry", l.name, "err", err)
			continue
		}
		if err != nil {
			return closing(err, l.stage)
		}
		if err := l.take(ctx, p); err != nil {
			return err
		}
	}
}

// deadline is when to give up waiting for what is awaited. There is none for
// events: missing acknowledgements tell.
func (l *link) deadline() time.Time {
	switch l.stage {
	case "HELLO":
		return l.since.Add(l.Timing.Hello)
	case "events":
		return time.Time{}
	}
	return l.since.Add(l.Timing.Answer)
}

// take does what a payload says. An error ends the connection.
func (l *link) take(ctx context.Context, p payload) error {
	switch *p.Op {
	case opDispatch:
		return l.dispatch(ctx, p)
	case opHeartbeat:
		select {
		case l.asked <- struct{}{}:
		default: // one is on its way
		}
	case opReconnect:
		return errors.New("gateway: Discord asked to reconnect")
	case opInvalidSession:
		wait := l.Timing.Invalid + rand.N(4*l.Timing.Invalid)
		return ending{forget: string(p.Data) != "true", wait: wait, err: errors.New("gateway: Discord ended the session")}
	case opHello:
		if l.stage == "HELLO" {
			return l.hello(ctx, p.Data)
		}
	case opHeartbeatACK:
		l.silent.Store(false)
	}
	return nil
}

// hello resumes or identifies, and starts the heartbeat.
func (l *link) hello(ctx context.Context, data json.RawMessage) error {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(data, &hello); err != nil || hello.Interval <= 0 {
		return errors.New("gateway: HELLO without a heartbeat interval")
	}
	if err := l.introduce(); err != nil {
		return err
	}
	l.since = time.Now()
	l.running.Go(func() { l.beat(ctx, milliseconds(hello.Interval)) })
	return nil
}

func (l *link) introduce() error {
	if l.resuming.ID != "" {
		l.stage = "RESUMED"
		return l.send(opResume, map[string]any{"token": l.Token, "session_id": l.resuming.ID, "seq": l.resuming.Seq})
	}
	l.stage = "READY"
	defer l.turnOver(true) // also if sending failed: Discord may have got it
	return l.send(opIdentify, map[string]any{
		"token": l.Token, "intents": l.Intents, "shard": [2]int{l.id, l.count},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "apihelp", "device": "apihelp"},
	})
}

// send writes a payload. Before the heartbeat has started, the goroutine that
// reads may send, from then on the heartbeat's.
func (l *link) send(op int, data any) error {
	frame, err := encode(op, data)
	if err != nil {
		return err
	}
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeWait)) // never fails
	if err := l.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
		return fmt.Errorf("gateway: send opcode %d: %w", op, err)
	}
	return nil
}

// dispatch queues an event.
func (l *link) dispatch(ctx context.Context, p payload) error {
	if p.Seq == nil || p.Type == "" || l.stage == "HELLO" || (l.stage == "READY") != (p.Type == "READY") {
		l.Log.Warn("event out of place skipped", "entry", l.name)
		return nil
	}
	e := Event{Type: p.Type, Data: p.Data, Seq: *p.Seq, Shard: l.id}
	l.heard = true
	switch e.Type {
	case "READY":
		if err := l.ready(ctx, e); err != nil {
			return err
		}
		l.established()
		return nil
	case "RESUMED":
		l.established()
		l.failed = 0 // this loop costs nothing of the budget
	}
	l.events.take(e)
	l.since = time.Now() // from now on, however long take waited
	return nil
}

// ready begins a session.
func (l *link) ready(ctx context.Context, e Event) error {
	var ready struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
	}
	if err := json.Unmarshal(e.Data, &ready); err != nil || ready.Session == "" {
		return ending{forget: true, err: errors.New("gateway: READY without a session")}
	}
	l.session.start(kept{ID: ready.Session, URL: ready.Resume, Seq: e.Seq, Intents: l.Intents, Gap: l.Fresh != nil})
	l.events.free.Store(0) // nothing else is read meanwhile
	defer func() { l.events.free.Store(time.Now().UnixNano()) }()
	if err := l.events.attempt(e); err != nil {
		l.Log.Error("event not handled", "entry", e.Type, "err", err)
	}
	if ctx.Err() == nil { // the shard is still this process's
		l.save(ctx) // one that dies within the second before the next save would lose the session
	}
	return nil
}

// established notes that the session is connected.
func (l *link) established() {
	l.stage = "events"
	l.up = time.Now()
	l.Log.Info("gateway connected", "entry", l.name)
	if l.Fresh != nil && l.session.current().Gap {
		select {
		case l.gap <- struct{}{}:
		default: // it is to be filled already
		}
	}
}

// beat sends heartbeats. One that is not acknowledged before the next is due
// ends the connection, unless the acknowledgement may wait unread.
func (l *link) beat(ctx context.Context, interval time.Duration) {
	due := time.NewTimer(rand.N(interval))
	defer due.Stop()
	var sent time.Time
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-l.asked:
		case <-due.C:
			free := l.events.free.Load()
			if l.silent.Load() && free > 0 && free <= sent.UnixNano() {
				l.end(errors.New("gateway: heartbeat not acknowledged"))
				return
			}
			sent = time.Now()
			l.silent.Store(true)
			due.Reset(interval)
		}
		if err := l.send(opHeartbeat, l.sequence()); err != nil {
			l.end(err)
		}
	}
}

// sequence returns the sequence for a heartbeat, nil if there is none.
func (l *link) sequence() *int64 {
	if k := l.session.current(); k.ID != "" {
		return &k.Seq
	}
	return nil
}
