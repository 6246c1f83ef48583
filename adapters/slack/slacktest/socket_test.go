package slacktest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"apihelp/adapters/slack/slacktest"
)

func TestAMentionComesAsTwoEventsForOneTimestamp(t *testing.T) {
	s := start(t, slacktest.Options{History: true})
	c := dial(t, s)
	w := s.Workspace("T1")
	m := w.User("ann").Say(w.Channel("help"), "@apihelp a <b> & `c<d` @here https://x.example/?a=1&b")
	c.until("both", func() bool { return c.count("events_api") == 2 && s.Unacked() == 0 })
	got := c.frames("events_api")
	if got[0].event()["type"] != "message" || got[1].event()["type"] != "app_mention" {
		t.Errorf("got %v and %v, want message and app_mention", got[0].event(), got[1].event())
	}
	if got[0].Payload["event_id"] == got[1].Payload["event_id"] {
		t.Error("got one event_id for two events")
	}
	want := "<@" + w.BotUser() + "> a &lt;b&gt; &amp; `c&lt;d` <!here> <https://x.example/?a=1&amp;b>"
	for _, f := range got {
		if diff := cmp.Diff([]any{m.TS, want}, []any{f.event()["ts"], f.event()["text"]}); diff != "" {
			t.Error(diff)
		}
	}
	if got, want := m.Plain(), "@"+w.BotUser()+" a <b> & c<d @here https://x.example/?a=1&b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	noProblems(t, s)
}

func TestWithoutHistoryOnlyMentionsAndDirectMessagesCome(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	w := s.Workspace("T1")
	u := w.User("ann")
	u.Say(w.Channel("help"), "nothing for a bot")
	u.Say(w.Channel("help"), "@apihelp hello")
	u.DM("hello")
	c.until("two events", func() bool { return c.count("events_api") == 2 && s.Unacked() == 0 })
	got := c.frames("events_api")
	if got[0].event()["type"] != "app_mention" || got[1].event()["channel_type"] != "im" {
		t.Errorf("got %v", got)
	}
}

func TestWhatIsNotAcknowledgedComesThreeTimesMore(t *testing.T) {
	s := start(t, slacktest.Options{AckWait: 30 * time.Millisecond})
	c := dial(t, s)
	c.ignore()
	w := s.Workspace("T1")
	w.User("ann").Say(w.Channel("help"), "@apihelp hello")
	c.until("the end", func() bool { return s.Unacked() == 0 })
	var attempts []string
	ids := map[any]bool{}
	envelopes := map[string]bool{}
	for _, f := range c.frames("events_api") {
		attempts = append(attempts, fmt.Sprint(f.Attempt, f.Reason))
		ids[f.Payload["event_id"]], envelopes[f.ID] = true, true
	}
	if diff := cmp.Diff([]string{"0", "1timeout", "2timeout", "3timeout"}, attempts); diff != "" {
		t.Error(diff)
	}
	if len(ids) != 1 || len(envelopes) != 4 || s.GaveUp() != 1 {
		t.Errorf("got %d event ids, %d envelopes, %d given up", len(ids), len(envelopes), s.GaveUp())
	}
	last := c.frames("events_api")[3].ID
	c.write(object{"envelope_id": last})
	wantProblem(t, s, "acknowledged later than")
}

func TestWhatNoSocketCarriedComesWithTheNext(t *testing.T) {
	s := start(t, slacktest.Options{Retries: []time.Duration{time.Millisecond}})
	w := s.Workspace("T1")
	for i := range 20 {
		w.User("ann").Say(w.Channel("help"), fmt.Sprint("@apihelp ", i))
	}
	c := dial(t, s)
	c.until("all", func() bool { return s.Unacked() == 0 })
	if got := c.count("events_api"); got != 20 {
		t.Errorf("got %d events, want 20", got)
	}
}

func TestCutSocketsLoseNothing(t *testing.T) {
	s := start(t, slacktest.Options{})
	first := dial(t, s)
	first.ignore()
	w := s.Workspace("T1")
	w.User("ann").Say(w.Channel("help"), "@apihelp hello")
	first.until("the event", func() bool { return first.count("events_api") == 1 })
	s.CutSockets()
	until(t, "no socket", func() bool { return s.Sockets() == 0 })
	second := dial(t, s)
	second.until("the event again", func() bool { return s.Unacked() == 0 })
	got := second.frames("events_api")
	if len(got) != 1 || got[0].Attempt != 1 || got[0].Payload["event_id"] != first.frames("events_api")[0].Payload["event_id"] {
		t.Errorf("got %v", got)
	}
	noProblems(t, s)
}

func TestAnEventOutlivesMoreCutsThanItHasRetries(t *testing.T) {
	s := start(t, slacktest.Options{Retries: []time.Duration{time.Millisecond}})
	w := s.Workspace("T1")
	w.User("ann").DM("hello")
	for i := range 4 {
		c := dialMute(t, s)
		c.until("the event", func() bool { return c.count("events_api") == 1 })
		if got := c.frames("events_api")[0].Attempt; got != min(i, 1) {
			t.Errorf("socket %d: got attempt %d, want %d", i, got, min(i, 1))
		}
		s.CutSockets()
		until(t, "no socket", func() bool { return s.Sockets() == 0 })
	}
	dial(t, s)
	until(t, "its acknowledgement", func() bool { return s.Unacked() == 0 })
	if s.GaveUp() != 0 {
		t.Error("got an event given up")
	}
}

func TestSocketsTakeTurns(t *testing.T) {
	s := start(t, slacktest.Options{})
	a, b := dial(t, s), dial(t, s)
	w := s.Workspace("T1")
	for range 6 {
		w.User("ann").DM("hello")
	}
	until(t, "all", func() bool { return s.Unacked() == 0 })
	if a.count("events_api") != 3 || b.count("events_api") != 3 {
		t.Errorf("got %d and %d, want 3 each", a.count("events_api"), b.count("events_api"))
	}
}

func TestRedeliveriesKeepTheEventID(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	s.Workspace("T1").User("ann").DM("hello")
	s.Redeliver(2)
	s.Twice()
	c.until("four", func() bool { return c.count("events_api") == 4 && s.Unacked() == 0 })
	var attempts []int
	for _, f := range c.frames("events_api") {
		attempts = append(attempts, f.Attempt)
		if f.Payload["event_id"] != c.frames("events_api")[0].Payload["event_id"] {
			t.Error("got another event_id")
		}
	}
	if diff := cmp.Diff([]int{0, 1, 2, 0}, attempts); diff != "" {
		t.Error(diff)
	}
}

func TestAcknowledgementsThatSlackWouldNotTake(t *testing.T) {
	s := start(t, slacktest.Options{AckWait: time.Second})
	c := dial(t, s)
	s.Workspace("T1").User("ann").DM("hello")
	c.until("the event", func() bool { return s.Unacked() == 0 })
	c.write(object{"envelope_id": c.frames("events_api")[0].ID})
	wantProblem(t, s, "acknowledged twice")
	c.write(object{"envelope_id": "never"})
	wantProblem(t, s, "unknown envelope")
	c.write("hi")
	wantProblem(t, s, "no acknowledgement")
	c.write(object{"envelope_id": "x", "payload": strings.Repeat("x", 21<<10)})
	c.until("the close", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.err != nil })
	if e, ok := errors.AsType[*websocket.CloseError](c.err); !ok || e.Code != websocket.CloseMessageTooBig {
		t.Errorf("got %v, want close 1009", c.err)
	}
}

func TestATicketOpensOneSocketAndThereAreTenAtMost(t *testing.T) {
	s := start(t, slacktest.Options{})
	link := post(t, s, "apps.connections.open", s.AppToken(), nil)["url"].(string)
	for want := range 2 {
		conn, res, err := websocket.DefaultDialer.Dial(link, nil)
		if (err != nil) != (want == 1) {
			t.Errorf("dial %d: got %v", want, err)
		}
		_ = res.Body.Close()
		if conn != nil {
			defer conn.Close()
		}
	}
	for range 9 {
		defer connect(t, s).Close()
	}
	until(t, "ten sockets", func() bool { return s.Sockets() == 10 })
	link = post(t, s, "apps.connections.open", s.AppToken(), nil)["url"].(string)
	if _, res, err := websocket.DefaultDialer.Dial(link, nil); err == nil {
		t.Error("got an eleventh socket")
	} else {
		_ = res.Body.Close()
	}
}

func TestAMutedSocketSaysNothingAndOthersSpeak(t *testing.T) {
	s := start(t, slacktest.Options{Ping: 5 * time.Millisecond, AckWait: 50 * time.Millisecond})
	c := dial(t, s)
	pings := func() int { c.mu.Lock(); defer c.mu.Unlock(); return c.pings }
	c.until("pings", func() bool { return pings() > 2 })
	s.Mute(true)
	s.Workspace("T1").User("ann").DM("hello")
	other := dial(t, s)
	other.until("the event", func() bool { return s.Unacked() == 0 })
	if c.count("events_api") != 0 {
		t.Error("got an event through a muted socket")
	}
	s.Mute(false)
	before := pings()
	c.until("pings again", func() bool { return pings() > before+2 })

	s.Fail("hello", slacktest.Fault{})
	conn := connect(t, s)
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if _, data, err := conn.ReadMessage(); err == nil {
		t.Errorf("got %s from a socket that should be silent", data)
	}
}

func TestADisconnectIsAnnounced(t *testing.T) {
	s := start(t, slacktest.Options{AckWait: 20 * time.Millisecond})
	c := dial(t, s)
	s.Disconnect("warning")
	s.Workspace("T1").User("ann").DM("in the gap")
	c.until("the end", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.err != nil })
	if got := c.frames("disconnect"); len(got) != 1 || !strings.Contains(got[0].raw, `"reason":"warning"`) {
		t.Errorf("got %v", got)
	}
	if c.count("events_api") != 1 {
		t.Error("got nothing in the gap")
	}
}

func TestRawFramesAreSentAsTheyAre(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	big := `{"type":"x","pad":"` + strings.Repeat("y", 100<<10) + `"}`
	s.Inject([]byte("{not json"))
	s.InjectBinary([]byte{0, 1})
	s.Inject([]byte(big))
	c.until("three", func() bool { return c.count("") == 4 })
	got := c.frames("")
	if got[1].raw != "{not json" || got[2].raw != "\x00\x01" || got[3].raw != big {
		t.Errorf("got %q, %q and %d bytes", got[1].raw, got[2].raw, len(got[3].raw))
	}
}

func TestTheSocketItselfCanFail(t *testing.T) {
	s := start(t, slacktest.Options{})
	s.Fail("socket", slacktest.Fault{Status: http.StatusServiceUnavailable})
	link := post(t, s, "apps.connections.open", s.AppToken(), nil)["url"].(string)
	if _, res, err := websocket.DefaultDialer.Dial(link, nil); err == nil || res.StatusCode != 503 {
		t.Errorf("got %v, want 503", err)
	} else {
		_ = res.Body.Close()
	}
	_ = connect(t, s).Close()
}

func TestWaitEndsWithItsContext(t *testing.T) {
	s := start(t, slacktest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Wait(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
