package slacktest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"apihelp/adapters/slack/slacktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

func start(t *testing.T, o slacktest.Options) *slacktest.Server {
	t.Helper()
	s, err := slacktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// A client is an app written by hand. Its reply function makes the payload of
// acknowledgements; without one they are empty.
type client struct {
	t       *testing.T
	s       *slacktest.Server
	conn    *websocket.Conn
	wait    sync.WaitGroup
	writing sync.Mutex
	mu      sync.Mutex
	heard   []frame
	mute    bool // doesn't acknowledge
	pings   int
	err     error
	reply   func(frame) any
}

type frame struct {
	Type    string         `json:"type"`
	ID      string         `json:"envelope_id"`
	Attempt int            `json:"retry_attempt"`
	Reason  string         `json:"retry_reason"`
	Accepts bool           `json:"accepts_response_payload"`
	Payload map[string]any `json:"payload"`
	raw     string
}

func (f frame) event() object { e, _ := f.Payload["event"].(object); return e }

func dial(t *testing.T, s *slacktest.Server) *client { t.Helper(); return join(t, s, &client{}) }

// dialMute is a client that never acknowledges.
func dialMute(t *testing.T, s *slacktest.Server) *client {
	t.Helper()
	return join(t, s, &client{mute: true})
}

func join(t *testing.T, s *slacktest.Server, c *client) *client {
	t.Helper()
	c.t, c.s = t, s
	c.conn = connect(t, s)
	t.Cleanup(func() { _ = c.conn.Close(); c.wait.Wait() })
	c.conn.SetPingHandler(func(string) error { c.mu.Lock(); c.pings++; c.mu.Unlock(); return nil })
	c.wait.Go(c.read)
	c.until("hello", func() bool { return c.count("hello") == 1 })
	return c
}

func connect(t *testing.T, s *slacktest.Server) *websocket.Conn {
	t.Helper()
	answer := post(t, s, "apps.connections.open", s.AppToken(), nil)
	link, _ := answer["url"].(string)
	conn, res, err := websocket.DefaultDialer.Dial(link, nil)
	if err != nil {
		t.Fatalf("dial %s: %v", link, err)
	}
	_ = res.Body.Close()
	return conn
}

func (c *client) read() {
	for {
		_, data, err := c.conn.ReadMessage()
		if err != nil {
			c.mu.Lock()
			c.err = err
			c.mu.Unlock()
			return
		}
		f := frame{raw: string(data)}
		_ = json.Unmarshal(data, &f)
		c.mu.Lock()
		c.heard = append(c.heard, f)
		mute, reply := c.mute, c.reply
		c.mu.Unlock()
		if f.ID == "" || mute {
			continue
		}
		ack := object{"envelope_id": f.ID}
		if reply != nil {
			if p := reply(f); p != nil {
				ack["payload"] = p
			}
		}
		c.write(ack)
	}
}

// ignore ends its acknowledgements.
func (c *client) ignore() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mute = true
}

// write sends a frame: a string as it is, anything else as JSON.
func (c *client) write(v any) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if text, ok := v.(string); ok {
		_ = c.conn.WriteMessage(websocket.TextMessage, []byte(text))
		return
	}
	_ = c.conn.WriteJSON(v)
}

func (c *client) frames(kind string) []frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []frame
	for _, f := range c.heard {
		if f.Type == kind || kind == "" {
			out = append(out, f)
		}
	}
	return out
}

func (c *client) count(kind string) int { return len(c.frames(kind)) }

// until waits for a condition of the client or of the server.
func (c *client) until(what string, done func() bool) { c.t.Helper(); until(c.t, what, done) }

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// post calls a Web API method with a form.
func post(t *testing.T, s *slacktest.Server, method, token string, args map[string]string) object {
	t.Helper()
	form := url.Values{"token": {token}}
	for k, v := range args {
		form.Set(k, v)
	}
	res, err := http.PostForm(s.APIURL()+method, form)
	if err != nil {
		return object{"error": "cut"}
	}
	defer res.Body.Close()
	out := object{"status": res.StatusCode, "retry": res.Header.Get("Retry-After"), "content": res.Header.Get("Content-Type")}
	_ = json.NewDecoder(res.Body).Decode(&out)
	return out
}

// respond posts JSON to a response URL.
func respond(t *testing.T, link string, body any) (int, string) {
	t.Helper()
	data, _ := json.Marshal(body)
	res, err := http.Post(link, "application/json", strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	var answer struct{ Error string }
	if json.NewDecoder(res.Body).Decode(&answer) == nil {
		b.WriteString(answer.Error)
	}
	return res.StatusCode, b.String()
}

func noProblems(t *testing.T, s *slacktest.Server) {
	t.Helper()
	if p := s.Problems(); len(p) != 0 {
		t.Errorf("got problems %q, want none", p)
	}
}

func wantProblem(t *testing.T, s *slacktest.Server, part string) {
	t.Helper()
	until(t, "a problem with "+part, func() bool { return strings.Contains(strings.Join(s.Problems(), "\n"), part) })
}
