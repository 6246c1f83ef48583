package slacktest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// What a person reads when the app doesn't take a command, press or form.
var (
	ErrTimeout  = errors.New("slacktest: operation_timeout")   // not acknowledged in time
	ErrDispatch = errors.New("slacktest: dispatch_failed")     // no way to the app, or it answered with an error
	ErrNoSuch   = errors.New("slacktest: nothing like that")   // the person sees no such button, view or message
	ErrCommand  = errors.New("slacktest: not a valid command") // slash commands and shortcuts don't exist for outsiders
	ErrInput    = errors.New("slacktest: input refused")       // a required input is empty, or one is too short or long
)

// line is what is on its way to the app.
type line struct {
	sockets []*socket
	turn    int
	tickets map[string]bool
	pending map[string]*envelope
	expired map[string]string // envelope ids that are over, and why
	open    int               // deliveries neither acknowledged nor given up
	gaveUp  int
	last    *delivery
}

func newLine() line {
	return line{tickets: map[string]bool{}, pending: map[string]*envelope{}, expired: map[string]string{}}
}

// A delivery is one payload on its way to the app.
type delivery struct {
	kind    string // events_api, slash_commands or interactive
	payload []byte
	retry   bool // comes again when it isn't acknowledged
	accepts bool // the acknowledgement may have a payload
	attempt int  // of the first
	over    func(body json.RawMessage, err error)
}

// An outcome is how one attempt ended.
type outcome struct {
	ok     bool
	body   json.RawMessage
	reason string // of Slack's retry reasons
	stop   bool   // no more attempts
	gap    bool   // there was no socket: try again as soon as there is one
}

// deliver sends d and sees it through. The first attempt is written to the
// socket before deliver returns, so payloads start in order. The caller holds
// s.mu. It returns false, and does nothing, when the server is closed.
func (s *Server) deliver(d *delivery) bool {
	if s.ctx.Err() != nil {
		return false
	}
	s.line.open++
	var first *envelope
	if s.base == "" {
		first = s.enqueue(d, d.attempt, "")
	}
	base := s.base
	s.wg.Go(func() {
		out := s.attempts(d, first, base)
		s.finish(d, out)
	})
	return true
}

func (s *Server) attempts(d *delivery, first *envelope, base string) outcome {
	reason := ""
	if d.attempt > 0 {
		reason = "timeout"
	}
	for n := d.attempt; ; n++ {
		var out outcome
		if base != "" {
			out = s.post(base, d, n, reason)
		} else {
			out = s.send(d, first, n, reason)
			first = nil
		}
		reason = out.reason
		retries := len(s.o.Retries)
		if out.ok || out.stop || !d.retry || n >= retries && !out.gap || retries == 0 || s.ctx.Err() != nil {
			return out
		}
		if out.gap && n >= retries {
			n = retries - 1 // what no socket could carry isn't given up
		}
		if !s.pause(s.o.Retries[min(n, retries-1)]) {
			return out
		}
	}
}

// pause returns false if the server ends before the time is over.
func (s *Server) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *Server) finish(d *delivery, out outcome) {
	defer s.lock()()
	s.line.open--
	if !out.ok && s.ctx.Err() == nil {
		s.line.gaveUp++
	}
	if d.over == nil {
		return
	}
	switch {
	case out.ok:
		d.over(out.body, nil)
	case out.reason == "timeout" || out.reason == "http_timeout":
		d.over(nil, ErrTimeout)
	default:
		d.over(nil, fmt.Errorf("%w: %s", ErrDispatch, out.reason))
	}
}

// An envelope is one attempt over a socket.
type envelope struct {
	id   string
	on   *socket
	d    *delivery
	acks chan json.RawMessage // one
}

// enqueue writes d to the next socket, and returns nil if none is open. The
// caller holds s.mu.
func (s *Server) enqueue(d *delivery, attempt int, reason string) *envelope {
	on := s.next()
	if on == nil {
		return nil
	}
	e := &envelope{id: uuid(), on: on, d: d, acks: make(chan json.RawMessage, 1)}
	s.line.pending[e.id] = e
	frame := object{"envelope_id": e.id, "type": d.kind, "accepts_response_payload": d.accepts, "payload": json.RawMessage(d.payload)}
	if d.kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = attempt, reason
	}
	text, _ := json.Marshal(frame)
	on.send(websocket.TextMessage, text)
	return e
}

// send makes one attempt over a socket and waits for how it ends.
func (s *Server) send(d *delivery, e *envelope, attempt int, reason string) outcome {
	if e == nil {
		ctx, cancel := s.ctx, context.CancelFunc(func() {})
		if !d.retry {
			ctx, cancel = context.WithTimeout(s.ctx, s.o.AckWait)
		}
		defer cancel()
		err := s.Wait(ctx, func() bool {
			defer s.lockQuietly()()
			e = s.enqueue(d, attempt, reason)
			return e != nil
		})
		if err != nil {
			return outcome{reason: "connection_failed"}
		}
	}
	timer := time.NewTimer(s.o.AckWait)
	defer timer.Stop()
	select {
	case body := <-e.acks:
		return outcome{ok: true, body: body}
	case <-e.on.gone:
		return s.expire(e, outcome{reason: "timeout", gap: true}, "its socket was closed")
	case <-timer.C:
		return s.expire(e, outcome{reason: "timeout"}, "late")
	case <-s.ctx.Done():
		return outcome{reason: "timeout"}
	}
}

// expire gives the envelope up unless its acknowledgement came meanwhile.
func (s *Server) expire(e *envelope, out outcome, why string) outcome {
	defer s.lockQuietly()()
	delete(s.line.pending, e.id)
	select {
	case body := <-e.acks:
		return outcome{ok: true, body: body}
	default:
		s.line.expired[e.id] = why
		return out
	}
}

func (s *Server) lockQuietly() func() {
	s.mu.Lock()
	return s.mu.Unlock
}

// Unacked is the number of deliveries neither acknowledged nor given up.
func (s *Server) Unacked() int {
	defer s.lockQuietly()()
	return s.line.open
}

// GaveUp is the number of deliveries that were never acknowledged in all their
// attempts.
func (s *Server) GaveUp() int {
	defer s.lockQuietly()()
	return s.line.gaveUp
}

// Redeliver makes the last event come n more times, as attempts 1 to n with
// the same event_id in new envelopes, as if its acknowledgement had been lost.
func (s *Server) Redeliver(n int) {
	for i := range n {
		s.again(i + 1)
	}
}

// Twice makes the last event come again, as another first attempt.
func (s *Server) Twice() { s.again(0) }

func (s *Server) again(attempt int) {
	defer s.lock()()
	if s.line.last == nil {
		return
	}
	d := *s.line.last
	d.attempt = attempt
	s.deliver(&d)
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
