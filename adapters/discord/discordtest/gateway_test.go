package discordtest_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"apihelp/adapters/discord/discordtest"
)

func TestASessionBeginsWithReadyAndItsGuilds(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	ch := g.Channel("help")
	c := ready(t, s, allIntents)
	create := c.event("GUILD_CREATE").data()
	if got := create["id"]; got != g.ID {
		t.Errorf("got guild %v, want %v", got, g.ID)
	}
	channels := create["channels"].([]any)
	if got := channels[0].(object)["id"]; got != ch.ID {
		t.Errorf("got channel %v, want %v", got, ch.ID)
	}
	roles := create["members"].([]any)[0].(object)["roles"].([]any)
	if got := roles[0]; got != g.ManagedRole() {
		t.Errorf("got role %v, want %v", got, g.ManagedRole())
	}
	c.send(1, 2)
	c.next("the acknowledgement", func(f frame) bool { return f.Op == 11 })
	s.RequestHeartbeat()
	c.next("a request for a heartbeat", func(f frame) bool { return f.Op == 1 })
	noProblems(t, s)
}

func TestContentNeedsTheIntentOrAMention(t *testing.T) {
	s := start(t, discordtest.Options{Content: true})
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	without, with := ready(t, s, allIntents), ready(t, s, allIntents|1<<15)
	_, posted := rest(t, s, "POST", "/channels/"+ch.ID+"/messages", object{"content": "of the bot"})
	own := ch.Messages()[0]
	if own.ID != posted["id"] {
		t.Fatalf("got %v, want %v", posted["id"], own.ID)
	}
	for _, tc := range []struct {
		name string
		say  func()
		sees bool
	}{
		{"the bot's own", func() {}, true},
		{"a mention", func() { u.Say(ch, "@apihelp help") }, true},
		{"none", func() { u.Say(ch, "help") }, false},
		{"the managed role", func() { u.Say(ch, "@&apihelp help") }, false},
		{"a reply to the bot", func() { u.Reply(own, "help") }, true},
		{"a direct message", func() { u.DM("help") }, true},
		{"another bot's", func() { ch.BotSay("other", "help") }, false},
		{"a webhook's", func() { ch.WebhookSay("hook", "help") }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.say()
			if got := without.event("MESSAGE_CREATE").data()["content"] != ""; got != tc.sees {
				t.Errorf("without the intent: got content %v, want %v", got, tc.sees)
			}
			if m := with.event("MESSAGE_CREATE").data(); m["content"] == "" {
				t.Errorf("with the intent: got no content in %v", m)
			}
		})
	}
	noProblems(t, s)
}

func TestAReplyToAnInteractionResponseHasNoContent(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	c := ready(t, s, allIntents)
	i := u.Command(ch, "apihelp", nil)
	want(t, s, 204, 0, "POST", callbackPath(c), object{"type": 4, "data": object{"content": "what is wrong?"}})
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	c.event("MESSAGE_CREATE")
	u.Reply(i.Original(), "everything")
	m := c.event("MESSAGE_CREATE").data()
	if m["content"] != "" || len(m["mentions"].([]any)) != 1 {
		t.Errorf("got content %v and mentions %v, want none and the bot", m["content"], m["mentions"])
	}
}

func TestAMentionOfTheManagedRole(t *testing.T) {
	s := start(t, discordtest.Options{RoleContent: true})
	g := s.Guild("Acme")
	c := ready(t, s, allIntents)
	g.User("ann").Say(g.Channel("help"), "@&apihelp help")
	m := c.event("MESSAGE_CREATE").data()
	if got, want := m["content"], "<@&"+g.ManagedRole()+"> help"; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if roles := m["mention_roles"].([]any); len(m["mentions"].([]any)) != 0 || roles[0] != g.ManagedRole() {
		t.Errorf("got mentions %v and roles %v", m["mentions"], roles)
	}
}

func TestResumeReplaysWhatWasMissed(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	c := connect(t, s, allIntents)
	first := c.event("READY").data()
	seq := c.event("GUILD_CREATE").S
	s.CutSockets()
	c.closed()
	until(t, s, "no socket", func() bool { return s.Sockets() == 0 })
	u.Say(ch, "@apihelp one")
	u.Say(ch, "@apihelp two")
	again := dial(t, s, first["resume_gateway_url"].(string))
	again.next("hello", func(f frame) bool { return f.Op == 10 })
	again.send(6, object{"token": s.Token(), "session_id": first["session_id"], "seq": seq})
	for n, want := range []string{"one", "two"} {
		f := again.event("MESSAGE_CREATE")
		if text, _ := f.data()["content"].(string); !strings.HasSuffix(text, want) || f.S != seq+1+n {
			t.Errorf("got %q with sequence %d, want %q with %d", text, f.S, want, seq+1+n)
		}
	}
	if got := again.event("RESUMED").S; got != seq+3 {
		t.Errorf("got RESUMED with sequence %d, want %d", got, seq+3)
	}
	x := s.Sessions()
	if len(x) != 1 || x[0].Resumes != 1 || x[0].Identifies != 1 || !x[0].AtResumeURL || !x[0].Connected {
		t.Errorf("got sessions %+v", x)
	}
	noProblems(t, s)
}

// resume tries to resume the session of READY and returns the answer.
func resume(t *testing.T, s *discordtest.Server, session any, seq int) *client {
	t.Helper()
	c := dial(t, s, gatewayURL(s))
	c.next("hello", func(f frame) bool { return f.Op == 10 })
	c.send(6, object{"token": s.Token(), "session_id": session, "seq": seq})
	return c
}

func TestSessionsThatCannotBeResumed(t *testing.T) {
	for name, end := range map[string]func(*discordtest.Server, *client){
		"unknown":   func(s *discordtest.Server, c *client) { s.InvalidateSessions(false) },
		"refused":   func(s *discordtest.Server, c *client) { s.RefuseResume(true) },
		"timed out": func(s *discordtest.Server, c *client) { s.CloseSockets(4009) },
		"closed by the app": func(s *discordtest.Server, c *client) {
			_ = c.conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
			until(t, s, "the end", func() bool { return s.Sessions()[0].Dead })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, discordtest.Options{})
			c := connect(t, s, allIntents)
			id := c.event("READY").data()["session_id"]
			end(s, c)
			again := resume(t, s, id, 1)
			if got := again.next("op 9", func(f frame) bool { return f.Op == 9 }); string(got.D) != "false" {
				t.Errorf("got %s, want false", got.D)
			}
			again.send(2, object{"token": s.Token(), "intents": 1, "properties": object{}})
			again.event("READY")
		})
	}
}

func TestCloseCodesOfMistakes(t *testing.T) {
	identify := func(more object) func(*testing.T, *discordtest.Server) *client {
		return func(t *testing.T, s *discordtest.Server) *client { return connect(t, s, 1, more) }
	}
	raw := func(text string) func(*testing.T, *discordtest.Server) *client {
		return func(t *testing.T, s *discordtest.Server) *client {
			c := dial(t, s, gatewayURL(s))
			_ = c.conn.WriteMessage(websocket.TextMessage, []byte(text))
			return c
		}
	}
	for _, tc := range []struct {
		name string
		code int
		do   func(*testing.T, *discordtest.Server) *client
	}{
		{"wrong token", 4004, identify(object{"token": "x"})},
		{"content without the intent in the portal", 4014, identify(object{"intents": 1 << 15})},
		{"unknown intents", 4013, identify(object{"intents": 1 << 30})},
		{"shard out of range", 4010, identify(object{"shard": []int{2, 2}})},
		{"not JSON", 4002, raw("{")},
		{"too long", 4002, raw(`{"op":1,"d":"` + strings.Repeat("x", 4096) + `"}`)},
		{"unknown opcode", 4001, raw(`{"op":99}`)},
		{"not authenticated", 4003, raw(`{"op":3,"d":{}}`)},
		{"identified twice", 4005, func(t *testing.T, s *discordtest.Server) *client {
			c := ready(t, s, 1)
			c.send(2, object{"token": s.Token(), "intents": 1, "properties": object{}})
			return c
		}},
		{"resumed beyond the end", 4007, func(t *testing.T, s *discordtest.Server) *client {
			id := connect(t, s, 1).event("READY").data()["session_id"]
			return resume(t, s, id, 99)
		}},
		{"too many frames", 4008, func(t *testing.T, s *discordtest.Server) *client {
			c := ready(t, s, 1)
			for range 121 {
				_ = c.conn.WriteJSON(object{"op": 1, "d": nil})
			}
			return c
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, discordtest.Options{})
			if got := tc.do(t, s).closed(); got != tc.code {
				t.Errorf("got close code %d, want %d", got, tc.code)
			}
			problems(t, s, strconv.Itoa(tc.code))
		})
	}
}

func TestAConnectionWithoutHeartbeatsEnds(t *testing.T) {
	s := start(t, discordtest.Options{Heartbeat: time.Millisecond})
	c := ready(t, s, 1)
	if got := c.closed(); got != 4000 {
		t.Errorf("got close code %d, want 4000", got)
	}
	problems(t, s, "no heartbeat")
}

func TestTroubleOnDemand(t *testing.T) {
	s := start(t, discordtest.Options{})
	c := ready(t, s, 1)
	s.Reconnect()
	c.next("op 7", func(f frame) bool { return f.Op == 7 })
	s.InvalidateSessions(true)
	c.next("op 9", func(f frame) bool { return f.Op == 9 && string(f.D) == "true" })
	s.Inject([]byte(`{"op":0,"t":"NOISE","s":99,"d":{}}`))
	c.event("NOISE")
	s.Mute(true)
	c.send(1, nil)
	s.Mute(false)
	c.send(1, 1)
	c.next("an acknowledgement", func(f frame) bool { return f.Op == 11 })
	s.CloseSockets(4000)
	if got := c.closed(); got != 4000 {
		t.Errorf("got close code %d, want 4000", got)
	}
	s.Reconnect7InsteadOfHello(true)
	early := dial(t, s, gatewayURL(s))
	early.next("op 7", func(f frame) bool { return f.Op == 7 })
	if slices.ContainsFunc(early.heard, func(f frame) bool { return f.Op == 10 }) {
		t.Error("got a hello")
	}
	s.Reconnect7InsteadOfHello(false)
	s.SilentHello(true)
	silent := dial(t, s, gatewayURL(s))
	silent.send(1, nil)
	if silent.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); silent.closed() != 0 || len(silent.heard) != 0 {
		t.Errorf("got %v from a silent server", silent.heard)
	}
	s.Fail("socket", discordtest.Fault{Status: 502})
	if _, _, err := websocket.DefaultDialer.Dial(gatewayURL(s)+"/?v=10&encoding=json", nil); err == nil {
		t.Error("the socket opened")
	}
}

func TestTheIdentifyBudgetRunsOut(t *testing.T) {
	s := start(t, discordtest.Options{Identifies: 1})
	before := s.Token()
	first := ready(t, s, 1)
	_, o := rest(t, s, "GET", "/gateway/bot", nil)
	if got := o["session_start_limit"].(object)["remaining"]; got != 0.0 {
		t.Errorf("got %v left, want 0", got)
	}
	second := connect(t, s, 1)
	if a, b := first.closed(), second.closed(); a != 4004 || b != 4004 {
		t.Errorf("got close codes %d and %d, want 4004", a, b)
	}
	if s.Token() == before {
		t.Error("the token wasn't reset")
	}
	problems(t, s, "more than 1 IDENTIFYs")
}

func TestIdentifiesNeedTheirTime(t *testing.T) {
	s := start(t, discordtest.Options{IdentifyEvery: time.Hour})
	ready(t, s, 1)
	connect(t, s, 1).next("op 9", func(f frame) bool { return f.Op == 9 })
}

func TestShardsGetTheirOwnGuilds(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := start(t, discordtest.Options{Shards: 2, MaxConcurrency: 2, Clock: func() time.Time { now = now.Add(time.Millisecond); return now }})
	for _, name := range []string{"A", "B", "C", "D"} {
		g := s.Guild(name)
		g.Channel("help")
		g.User("ann")
	}
	shards := []*client{connect(t, s, allIntents, object{"shard": []int{0, 2}}), connect(t, s, allIntents, object{"shard": []int{1, 2}})}
	for n, c := range shards {
		c.event("READY")
		for _, name := range []string{"A", "B", "C", "D"} {
			g := s.Guild(name)
			id, _ := strconv.ParseInt(g.ID, 10, 64)
			if int(id>>22)%2 != n {
				continue
			}
			g.User("ann").Say(g.Channel("help"), "@apihelp in "+name)
			if m := c.event("MESSAGE_CREATE").data(); m["guild_id"] != g.ID {
				t.Errorf("shard %d got a message of %v, want %v", n, m["guild_id"], g.ID)
			}
		}
	}
	s.Guild("A").User("ann").DM("hello")
	if m := shards[0].event("MESSAGE_CREATE").data(); m["content"] != "hello" {
		t.Errorf("got %v", m)
	}
}

func TestEventsComeTwiceAndOutOfOrderOnDemand(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	c := ready(t, s, allIntents)
	s.DuplicateEvents(true)
	m := u.Say(ch, "@apihelp once")
	a, b := c.event("MESSAGE_CREATE"), c.event("MESSAGE_CREATE")
	if a.data()["id"] != m.ID || b.data()["id"] != m.ID || a.S == b.S {
		t.Errorf("got %v and %v", a, b)
	}
	s.DuplicateEvents(false)
	s.ShuffleEvents(20)
	for n := range 20 {
		u.Say(ch, "@apihelp "+strconv.Itoa(n))
	}
	var ids []string
	seq := b.S
	for range 20 {
		f := c.event("MESSAGE_CREATE")
		if seq++; f.S != seq {
			t.Errorf("got sequence %d, want %d", f.S, seq)
		}
		ids = append(ids, f.data()["id"].(string))
	}
	if slices.IsSorted(ids) {
		t.Error("the events came in order")
	}
	u.Say(ch, "@apihelp alone")
	c.event("MESSAGE_CREATE")
}

func TestEventsNeedIntentsAndSight(t *testing.T) {
	s := start(t, discordtest.Options{})
	g := s.Guild("Acme")
	open, hidden, u := g.Channel("open"), g.Channel("hidden"), g.User("ann")
	hidden.Deny("VIEW_CHANNEL")
	deaf, c := ready(t, s, 1), ready(t, s, allIntents)
	u.Say(hidden, "@apihelp unseen")
	u.Say(open, "@apihelp seen")
	if text, _ := c.event("MESSAGE_CREATE").data()["content"].(string); !strings.HasSuffix(text, " seen") {
		t.Errorf("got %q", text)
	}
	g.Leave()
	deaf.next("GUILD_DELETE", func(f frame) bool {
		if f.T == "MESSAGE_CREATE" {
			t.Error("a message without its intent")
		}
		return f.T == "GUILD_DELETE"
	})
	want(t, s, 403, 50001, "POST", "/channels/"+open.ID+"/messages", object{"content": "x"})
}
