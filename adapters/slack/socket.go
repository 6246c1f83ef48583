package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"
)

const (
	socketsUsual  = 2                // one covers while the other reconnects
	silenceUsual  = 45 * time.Second // Slack pings every few seconds
	frameLimit    = bodyLimit
	ackWait       = 2 * time.Second
	writeBuffer   = 32 << 10 // above the largest acknowledgement: Slack reads no continuation frames
	handshakeWait = 20 * time.Second
	eventWorkers  = 16 // events of one channel are taken one after the other
	workerQueue   = 64
)

// listen receives over Socket Mode until ctx is done. Sockets reconnect by
// themselves; the error is a token that Slack refuses.
func (a *Adapter) listen(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	n := a.Sockets
	if n == 0 {
		n = socketsUsual
	}
	work := newWorkers(ctx, a)
	for range n {
		group.Go(func() error { return a.socket(ctx, work) })
	}
	err := group.Wait()
	work.wait()
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil
	}
	return err
}

// socket keeps one socket open. One that falls silent is closed, and slack-go
// opens the next.
func (a *Adapter) socket(ctx context.Context, work *workers) error {
	pulse := &pulse{}
	api := slackgo.New(a.BotToken, slackgo.OptionAPIURL(a.APIURL), slackgo.OptionAppLevelToken(a.AppToken),
		slackgo.OptionHTTPClient(&http.Client{Timeout: handshakeWait}))
	client := socketmode.New(api,
		socketmode.OptionDialer(pulse.dialer()), socketmode.OptionReadLimit(frameLimit),
		socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(ctx)
	isOpen := false
	defer func() { a.noteSocket(&isOpen, false) }()
	done := make(chan error, 1)
	go func() { done <- client.RunContext(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	go pulse.watch(ctx, a.silence(), func() { a.Log.Warn("socket silent, reconnecting", "adapter", Name) })
	for {
		select {
		case e := <-client.Events:
			switch e.Type {
			case socketmode.EventTypeConnecting:
				a.noteSocket(&isOpen, false)
			case socketmode.EventTypeHello:
				a.noteSocket(&isOpen, true)
			}
			if err := a.socketEvent(ctx, client, e, work); err != nil {
				return socketError(ctx, err)
			}
		case err := <-done:
			return socketError(ctx, err)
		}
	}
}

// noteSocket counts the sockets that are open.
func (a *Adapter) noteSocket(was *bool, is bool) {
	switch {
	case is && !*was:
		a.sockets.Add(1)
	case !is && *was:
		a.sockets.Add(-1)
	}
	*was = is
}

func (a *Adapter) silence() time.Duration {
	if a.Silence > 0 {
		return a.Silence
	}
	return silenceUsual
}

// socketError names what ended a socket for good.
func socketError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("slack: open a socket: %w; check SLACK_APP_TOKEN: an app-level token (xapp-…) with connections:write, and Socket Mode switched on", err)
}

// socketEvent takes one event of slack-go's. An error is one that no retry
// mends.
func (a *Adapter) socketEvent(ctx context.Context, client *socketmode.Client, e socketmode.Event, work *workers) error {
	switch e.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		work.do(e.Request.Type, e.Request.EnvelopeID, e.Request.Payload, client)
	case socketmode.EventTypeErrorBadMessage: // slack-go does not know the event, or a field of it
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
			a.unknownFrame(bad.Message, client, work)
		}
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slackgo.ConnectionErrorEvent); ok {
			a.Log.Warn("socket not opened", "adapter", Name, "err", failed.ErrorObj)
			a.failure.Store(&failed.ErrorObj)
			return hopelessLink(failed.ErrorObj)
		}
	case socketmode.EventTypeHello:
		a.Log.Info("socket open", "adapter", Name)
	}
	return nil
}

// hopelessLink returns the refusals at which slack-go would go on for ever.
func hopelessLink(err error) error {
	switch errorCode(err) {
	case "forbidden_team", "token_expired", "not_allowed_token_type", "missing_scope", "no_permission", "access_denied",
		"org_login_required", "team_access_not_granted", "user_removed_from_team":
		return err
	}
	return nil
}

// unknownFrame takes what slack-go could not read, if it is an envelope: it
// would come again and again unless it is acknowledged.
func (a *Adapter) unknownFrame(frame json.RawMessage, client *socketmode.Client, work *workers) {
	var e struct {
		ID      string          `json:"envelope_id"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(frame, &e) != nil || e.ID == "" {
		a.Log.Warn("frame unreadable", "adapter", Name)
		return
	}
	work.do(e.Type, e.ID, e.Payload, client)
}

// A pulse knows when the last byte of its socket came.
type pulse struct {
	last atomic.Int64 // Unix nanoseconds; 0 while there is no socket
	conn atomic.Pointer[pulseConn]
}

type pulseConn struct {
	net.Conn
	pulse *pulse
}

// Read implements [net.Conn].
func (c *pulseConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.pulse.last.Store(time.Now().UnixNano())
	}
	return n, err
}

func (p *pulse) dialer() *websocket.Dialer {
	dial := (&net.Dialer{Timeout: handshakeWait}).DialContext
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeWait, WriteBufferSize: writeBuffer,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			c := &pulseConn{conn, p}
			p.last.Store(time.Now().UnixNano())
			p.conn.Store(c)
			return c, nil
		},
	}
}

// watch closes a socket on which nothing has come for too long.
func (p *pulse) watch(ctx context.Context, silence time.Duration, report func()) {
	tick := time.NewTicker(silence / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			conn := p.conn.Load()
			if conn != nil && now.Sub(time.Unix(0, p.last.Load())) > silence && p.conn.CompareAndSwap(conn, nil) {
				report()
				_ = conn.Close() // it is dead
			}
		}
	}
}
