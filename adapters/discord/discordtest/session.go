package discordtest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// The intents that the fake has events for.
const (
	intentGuilds      = 1 << 0
	intentMessages    = 1 << 9
	intentReactions   = 1 << 10
	intentDM          = 1 << 12
	intentDMReactions = 1 << 13
	intentContent     = 1 << 15
	replayLimit       = 20_000 // dispatches kept for RESUME
	shuffleWait       = 20 * time.Millisecond
	contentFlag       = 1 << 19 // application flag GATEWAY_MESSAGE_CONTENT_LIMITED
)

// A Session is one gateway session as it stood when it was asked for.
type Session struct {
	ID            string
	Seq           int // of the last dispatch
	Shard, Shards int
	Intents       int
	Identifies    int // 1
	Resumes       int
	AtResumeURL   bool // the last RESUME came to resume_gateway_url
	Connected     bool
	Dead          bool // can't be resumed any more
}

// session is the live one. What hangs on it is guarded by Server.mu.
type session struct {
	s       *Server
	id      string
	seq     int
	shard   [2]int
	intents int
	resumes int
	right   bool
	on      *socket
	sent    [][]byte // dispatches, the last with sequence seq
}

// An event is something the app may hear of.
type event struct {
	name    string
	guild   *Guild   // nil in a direct message
	channel *Channel // nil if it isn't of one
	intent  int      // 0 = always sent
	data    object
	message *Message // whose content in data depends on the session
}

// Sessions are all gateway sessions, in the order of their IDENTIFYs.
func (s *Server) Sessions() []Session {
	defer s.lockQuietly()()
	var out []Session
	for dead, list := range [][]*session{s.gw.sessions, s.gw.gone} {
		for _, x := range list {
			out = append(out, Session{
				ID: x.id, Seq: x.seq, Shard: x.shard[0], Shards: x.shard[1], Intents: x.intents, Identifies: 1,
				Resumes: x.resumes, AtResumeURL: x.right, Connected: x.on != nil, Dead: dead == 1,
			})
		}
	}
	slices.SortFunc(out, func(a, b Session) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// open starts a session on the socket: READY, then each guild.
func (s *Server) open(k *socket, id identify) {
	x := &session{s: s, id: "s" + s.id() + secret(8), shard: [2]int{id.Shard[0], id.Shard[1]}, intents: *id.Intents, on: k}
	k.session = x
	s.gw.sessions = append(s.gw.sessions, x)
	guilds := []object{}
	for _, g := range s.world.guilds {
		if !g.left && x.serves(g) {
			guilds = append(guilds, object{"id": g.ID, "unavailable": true})
		}
	}
	user := s.world.bot.wire()
	user["verified"], user["mfa_enabled"], user["email"] = true, false, nil
	x.dispatch("READY", object{
		"v": 10, "user": user, "guilds": guilds, "session_id": x.id, "session_type": "normal", "shard": x.shard[:],
		"resume_gateway_url": "ws" + strings.TrimPrefix(s.origin, "http") + "/resume",
		"application":        object{"id": s.appID, "flags": s.appFlags()},
		"private_channels":   []any{}, "presences": []any{}, "relationships": []any{}, "user_settings": object{}, "_trace": []any{},
		"geo_ordered_rtc_regions": []any{}, "guild_join_requests": []any{}, "auth": object{}, "user_settings_proto": "",
	})
	for _, g := range s.world.guilds {
		if !g.left && x.serves(g) && x.intents&intentGuilds != 0 {
			x.dispatch("GUILD_CREATE", g.create())
		}
	}
}

func (s *Server) appFlags() int {
	if s.o.Content {
		return contentFlag
	}
	return 0
}

// serves reports whether the guild, or nil for direct messages, is of the
// session's shard.
func (x *session) serves(g *Guild) bool {
	if g == nil {
		return x.shard[0] == 0
	}
	id, _ := strconv.ParseInt(g.ID, 10, 64)
	return int((id>>22)%int64(x.shard[1])) == x.shard[0]
}

// dispatch numbers the event, keeps it, and sends it if there is a socket.
func (x *session) dispatch(name string, data any) {
	x.seq++
	text, _ := json.Marshal(object{"op": 0, "t": name, "s": x.seq, "d": data})
	x.sent = append(x.sent, text)
	if len(x.sent) > replayLimit {
		x.sent = x.sent[1:]
	}
	if x.on != nil {
		x.on.send(websocket.TextMessage, text)
	}
}

// replay moves the session to k and sends what came after seq.
func (x *session) replay(k *socket, seq int) {
	missed := x.seq - seq
	if missed > len(x.sent) {
		x.s.gw.drop(x)
		k.op(9, false)
		return
	}
	if x.on != nil && x.on != k {
		x.on.session = nil
		x.on.close(4000, "the session was resumed elsewhere")
	}
	x.on, k.session = k, x
	x.resumes++
	x.right = k.resume
	for _, text := range x.sent[len(x.sent)-missed:] {
		k.send(websocket.TextMessage, text)
	}
	x.dispatch("RESUMED", object{"_trace": []any{}})
}

// emit tells the sessions of e. The caller holds s.mu.
func (s *Server) emit(e event) {
	if e.guild != nil && e.guild.left || e.channel != nil && !s.can(e.channel, permView) {
		return
	}
	times := 1
	if s.gw.twice {
		times = 2
	}
	for range times {
		if s.gw.shuffle == 0 {
			s.tell(e)
			continue
		}
		s.gw.held = append(s.gw.held, e)
	}
	switch {
	case s.gw.shuffle == 0:
	case len(s.gw.held) >= s.gw.shuffle:
		s.release()
	case s.gw.flush == nil && s.ctx.Err() == nil:
		s.gw.flush = time.AfterFunc(shuffleWait, func() {
			defer s.lock()()
			s.release()
		})
	}
}

// release sends what ShuffleEvents holds back.
func (s *Server) release() {
	s.gw.stopShuffle()
	held := s.gw.held
	s.gw.held = nil
	rand.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
	for _, e := range held {
		s.tell(e)
	}
}

func (g *gateway) stopShuffle() {
	if g.flush != nil {
		g.flush.Stop()
		g.flush = nil
	}
}

// tell dispatches e to the sessions that want it.
func (s *Server) tell(e event) {
	for _, x := range s.gw.sessions {
		if !x.serves(e.guild) || e.intent != 0 && x.intents&e.intent == 0 {
			continue
		}
		data := e.data
		if e.message != nil && x.intents&intentContent == 0 && !e.message.readable() {
			data = emptied(data)
		}
		x.dispatch(e.name, data)
	}
}
