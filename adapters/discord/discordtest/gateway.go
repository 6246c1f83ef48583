package discordtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway's opcodes that an app sends.
const (
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opMembers   = 8
	opSounds    = 31
)

const (
	knownIntents   = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
	presenceIntent = 1 << 8
	memberIntent   = 1 << 1
)

// gateway is the state of all connections and sessions.
type gateway struct {
	sockets     []*socket
	sessions    []*session
	gone        []*session        // can't be resumed any more
	budget      int               // IDENTIFYs so far
	last        map[int]time.Time // IDENTIFY by max_concurrency bucket
	silentHello bool
	op7ForHello bool
	noResume    bool
	twice       bool
	shuffle     int
	held        []event
	flush       *time.Timer
}

func newGateway() gateway { return gateway{last: map[int]time.Time{}} }

// receive handles one frame of the app and returns its op, -1 if it has none.
func (s *Server) receive(k *socket, data []byte) int {
	var f struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if len(data) > payloadLimit || json.Unmarshal(data, &f) != nil || f.Op == nil {
		s.closeFatally(k, 4002, "Error while decoding payload.")
		return -1
	}
	s.checked("gateway", "op "+strconv.Itoa(*f.Op), data)
	defer s.lock()()
	switch *f.Op {
	case opHeartbeat:
		s.heartbeat(k, f.D)
	case opIdentify:
		s.identify(k, f.D)
	case opResume:
		s.resume(k, f.D)
	case opPresence, opVoice, opMembers, opSounds:
		if k.session == nil {
			s.fatal(k, 4003, "Not authenticated.")
		}
	default:
		s.fatal(k, 4001, "Unknown opcode.")
	}
	return *f.Op
}

// fatal closes the socket for something the app did wrong. The caller holds
// s.mu.
func (s *Server) fatal(k *socket, code int, reason string) {
	s.complain("gateway: closed with %d %s", code, reason)
	if ends(code) {
		s.gw.drop(k.session)
	}
	k.close(code, reason)
}

func (s *Server) closeFatally(k *socket, code int, reason string) {
	defer s.lock()()
	s.fatal(k, code, reason)
}

// ends reports whether the code ends the session for good, by Discord's table
// of close codes.
func ends(code int) bool {
	switch code {
	case 1000, 1001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014:
		return true
	}
	return false
}

func (s *Server) heartbeat(k *socket, d json.RawMessage) {
	var seq *int
	switch err := json.Unmarshal(d, &seq); {
	case err != nil:
		s.fatal(k, 4002, "Error while decoding payload.")
		return
	case seq != nil && k.session != nil && *seq > k.session.seq:
		s.complain("gateway: heartbeat with sequence %d, after %d", *seq, k.session.seq)
	}
	k.op(11, nil)
}

type identify struct {
	Token      string `json:"token"`
	Intents    *int   `json:"intents"`
	Shard      []int  `json:"shard"`
	Properties object `json:"properties"`
}

func (s *Server) identify(k *socket, d json.RawMessage) {
	var id identify
	if err := json.Unmarshal(d, &id); err != nil || id.Properties == nil {
		s.fatal(k, 4002, "Error while decoding payload.")
		return
	}
	if id.Shard == nil {
		id.Shard = []int{0, 1}
	}
	code, reason := s.judge(k, id)
	if code != 0 {
		s.fatal(k, code, reason)
		return
	}
	bucket := id.Shard[0] % s.o.MaxConcurrency
	if time.Since(s.gw.last[bucket]) < s.o.IdentifyEvery {
		k.op(9, false)
		return
	}
	if s.gw.budget++; s.gw.budget > s.o.Identifies {
		s.resetToken()
		return
	}
	s.gw.last[bucket] = time.Now()
	s.open(k, id)
}

// judge returns the close code an IDENTIFY deserves, 0 if it is good.
func (s *Server) judge(k *socket, id identify) (int, string) {
	switch {
	case k.session != nil:
		return 4005, "Already authenticated."
	case strings.TrimPrefix(id.Token, "Bot ") != s.token:
		return 4004, "Authentication failed."
	case id.Intents == nil || *id.Intents&^knownIntents != 0 || *id.Intents < 0:
		return 4013, "Invalid intent(s)."
	case len(id.Shard) != 2 || id.Shard[0] < 0 || id.Shard[1] < 1 || id.Shard[0] >= id.Shard[1]:
		return 4010, "Invalid shard."
	case *id.Intents&intentContent != 0 && !s.o.Content, *id.Intents&(presenceIntent|memberIntent) != 0:
		return 4014, "Disallowed intent(s)."
	}
	return 0, ""
}

// resetToken is what Discord does with a bot that identifies too often.
func (s *Server) resetToken() {
	s.complain("gateway: more than %d IDENTIFYs: the token was reset", s.o.Identifies)
	s.token = newToken()
	for _, k := range s.gw.sockets {
		s.gw.drop(k.session)
		k.close(4004, "Authentication failed.")
	}
}

// resume gives the socket its session back, with what it missed.
func (s *Server) resume(k *socket, d json.RawMessage) {
	var r struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     *int   `json:"seq"`
	}
	err := json.Unmarshal(d, &r)
	i := slices.IndexFunc(s.gw.sessions, func(x *session) bool { return x.id == r.Session })
	switch {
	case err != nil || r.Seq == nil:
		s.fatal(k, 4002, "Error while decoding payload.")
	case k.session != nil:
		s.fatal(k, 4005, "Already authenticated.")
	case strings.TrimPrefix(r.Token, "Bot ") != s.token:
		s.fatal(k, 4004, "Authentication failed.")
	case i < 0:
		k.op(9, false)
	case s.gw.noResume:
		s.gw.drop(s.gw.sessions[i])
		k.op(9, false)
	case *r.Seq > s.gw.sessions[i].seq:
		s.gw.drop(s.gw.sessions[i])
		s.fatal(k, 4007, "Invalid seq.")
	default:
		s.gw.sessions[i].replay(k, *r.Seq)
	}
}

// drop makes the session one that can't be resumed.
func (g *gateway) drop(x *session) {
	if x == nil || !slices.Contains(g.sessions, x) {
		return
	}
	g.sessions = slices.DeleteFunc(g.sessions, func(y *session) bool { return y == x })
	g.gone = append(g.gone, x)
	if x.on != nil {
		x.on.session = nil
		x.on = nil
	}
}

// inject writes a raw frame to every socket.
func (s *Server) inject(kind int, data []byte) {
	defer s.lockQuietly()()
	for _, k := range s.gw.sockets {
		k.send(kind, data)
	}
}

// Inject writes a raw text frame to every socket, whatever it holds.
func (s *Server) Inject(frame []byte) { s.inject(websocket.TextMessage, frame) }

// InjectBinary writes a raw binary frame to every socket.
func (s *Server) InjectBinary(frame []byte) { s.inject(websocket.BinaryMessage, frame) }
