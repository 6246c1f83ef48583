package discordtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"apihelp/adapters/discord/discordtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// description is Discord's own of its API. Tests do without it.
const description = "../../../../shared/spec/discord-openapi.json"

var spec = sync.OnceValue(func() *discordtest.Validator {
	if _, err := os.Stat(description); err != nil {
		return nil
	}
	v, err := discordtest.Spec(description)
	if err != nil {
		panic(err)
	}
	return v
})

func start(t *testing.T, o discordtest.Options) *discordtest.Server {
	t.Helper()
	s, err := discordtest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

func until(t *testing.T, s *discordtest.Server, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	if err := s.Wait(ctx, cond); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func noProblems(t *testing.T, s *discordtest.Server) {
	t.Helper()
	if list := s.Problems(); len(list) > 0 {
		t.Errorf("got problems\n%s", strings.Join(list, "\n"))
	}
}

// problems checks that each wanted text is in a problem of its own.
func problems(t *testing.T, s *discordtest.Server, want ...string) {
	t.Helper()
	got := s.Problems()
	ok := len(got) == len(want)
	for i := range want {
		ok = ok && strings.Contains(got[i], want[i])
	}
	if !ok {
		t.Errorf("got problems %q, want %q", got, want)
	}
}

// rest makes a call and returns the status and the body.
func rest(t *testing.T, s *discordtest.Server, method, path string, body any) (int, object) {
	t.Helper()
	status, out := call(t, s, method, path, body)
	var o object
	_ = json.Unmarshal(out, &o)
	return status, o
}

func call(t *testing.T, s *discordtest.Server, method, path string, body any) (int, []byte) {
	t.Helper()
	var in io.Reader
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/api/v10"+path, in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+s.Token())
	r.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = answer.Body.Close() }()
	out, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	described(t, method, path, answer.StatusCode, out)
	return answer.StatusCode, out
}

// described holds the answer against the description, if there is one.
func described(t *testing.T, method, path string, status int, body []byte) {
	t.Helper()
	if spec() == nil || status >= 500 || !json.Valid(body) && len(body) > 0 {
		return
	}
	path, _, _ = strings.Cut(path, "?")
	if status >= 400 { // the description has numbers where Discord has BASE_TYPE_REQUIRED and the like
		var o object
		_ = json.Unmarshal(body, &o)
		delete(o, "errors")
		body, _ = json.Marshal(o)
	}
	if err := spec().Response(method, path, status, body); err != nil && !errors.Is(err, discordtest.ErrRoute) {
		t.Errorf("%s %s: %v", method, path, err)
	}
}

// want makes a call that must have this status and error code.
func want(t *testing.T, s *discordtest.Server, status, code int, method, path string, body any) object {
	t.Helper()
	got, o := rest(t, s, method, path, body)
	gotCode, _ := o["code"].(float64)
	if got != status || int(gotCode) != code {
		t.Errorf("%s %s: got %d %v, want %d with code %d", method, path, got, o, status, code)
	}
	return o
}

// A frame is one of the gateway's.
type frame struct {
	Op int
	T  string
	S  int
	D  json.RawMessage
}

func (f frame) data() object {
	var o object
	_ = json.Unmarshal(f.D, &o)
	return o
}

// A client is an app's gateway connection, written by hand.
type client struct {
	t     *testing.T
	s     *discordtest.Server
	conn  *websocket.Conn
	mu    sync.Mutex
	wake  chan struct{}
	heard []frame
	err   error
}

func dial(t *testing.T, s *discordtest.Server, url string) *client {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(url+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, s: s, conn: conn, wake: make(chan struct{}, 1)}
	var wait sync.WaitGroup
	wait.Go(c.read)
	t.Cleanup(func() {
		_ = conn.Close()
		wait.Wait()
	})
	return c
}

func gatewayURL(s *discordtest.Server) string {
	return "ws" + strings.TrimPrefix(s.URL(), "http") + "/gateway"
}

// connect opens a session with these intents.
func connect(t *testing.T, s *discordtest.Server, intents int, more ...object) *client {
	t.Helper()
	c := dial(t, s, gatewayURL(s))
	c.next("hello", func(f frame) bool { return f.Op == 10 })
	d := object{"token": s.Token(), "intents": intents, "properties": object{"os": "linux", "browser": "test", "device": "test"}}
	for _, m := range more {
		for k, v := range m {
			d[k] = v
		}
	}
	c.send(2, d)
	return c
}

const allIntents = 1 | 1<<9 | 1<<10 | 1<<12 | 1<<13

// ready opens a session and waits for READY.
func ready(t *testing.T, s *discordtest.Server, intents int) *client {
	t.Helper()
	c := connect(t, s, intents)
	c.event("READY")
	return c
}

func (c *client) read() {
	for {
		_, data, err := c.conn.ReadMessage()
		c.mu.Lock()
		var f frame
		if err != nil {
			c.err = err
		} else if json.Unmarshal(data, &f) == nil {
			c.heard = append(c.heard, f)
		}
		c.mu.Unlock()
		select {
		case c.wake <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (c *client) send(op int, d any) {
	c.t.Helper()
	if err := c.conn.WriteJSON(object{"op": op, "d": d}); err != nil {
		c.t.Fatal(err)
	}
}

// wait waits until cond, which sees all frames and the read error, is true.
func (c *client) wait(what string, cond func([]frame, error) bool) {
	c.t.Helper()
	timeout := time.After(8 * time.Second)
	for {
		c.mu.Lock()
		ok := cond(c.heard, c.err)
		heard := fmt.Sprint(c.heard)
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-c.wake:
		case <-timeout:
			c.t.Fatalf("%s: didn't come; %v; heard %.2000s", what, c.err, heard)
		}
	}
}

// next waits for a frame, the first of those that haven't been asked for.
func (c *client) next(what string, is func(frame) bool) frame {
	c.t.Helper()
	var found frame
	c.wait(what, func(heard []frame, _ error) bool {
		i := slices.IndexFunc(heard, is)
		if i < 0 {
			return false
		}
		found = heard[i]
		c.heard = slices.Delete(heard, i, i+1)
		return true
	})
	return found
}

func (c *client) event(name string) frame {
	c.t.Helper()
	return c.next(name, func(f frame) bool { return f.T == name })
}

// closed waits for the end of the connection and returns the close code.
func (c *client) closed() int {
	c.t.Helper()
	code := 0
	c.wait("the end of the connection", func(_ []frame, err error) bool {
		closing := &websocket.CloseError{}
		if errors.As(err, &closing) {
			code = closing.Code
		}
		return err != nil
	})
	return code
}
