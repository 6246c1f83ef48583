package discordtest

import "slices"

func (s *Server) openSockets() []*socket {
	defer s.lockQuietly()()
	return slices.Clone(s.gw.sockets)
}

// Sockets is the number of gateway connections.
func (s *Server) Sockets() int { return len(s.openSockets()) }

// CutSockets breaks every connection without a word, as a network does. The
// sessions can be resumed.
func (s *Server) CutSockets() {
	for _, k := range s.openSockets() {
		k.cut()
	}
}

// CloseSockets closes every connection with this close code. After 1000, 1001,
// 4003, 4004, 4007, 4009 and 4010 to 4014 the sessions can't be resumed.
func (s *Server) CloseSockets(code int) {
	defer s.lock()()
	for _, k := range s.gw.sockets {
		if ends(code) {
			s.gw.drop(k.session)
		}
		k.close(code, "closed by the test")
	}
}

// Reconnect asks every connection to reconnect and resume (op 7). They stay
// open until the app closes them.
func (s *Server) Reconnect() { s.opAll(7, nil) }

// RequestHeartbeat asks every connection for a heartbeat at once (op 1).
func (s *Server) RequestHeartbeat() { s.opAll(1, nil) }

// InvalidateSessions tells every connection that its session is invalid (op
// 9). If it isn't resumable, all sessions are gone, also those that have no
// connection now.
func (s *Server) InvalidateSessions(resumable bool) {
	s.opAll(9, resumable)
	if resumable {
		return
	}
	defer s.lock()()
	for _, x := range slices.Clone(s.gw.sessions) {
		s.gw.drop(x)
	}
}

func (s *Server) opAll(code int, d any) {
	defer s.lock()()
	for _, k := range s.gw.sockets {
		k.op(code, d)
	}
}

// Mute makes the connections that are open now silent: no acknowledgements, no
// events; what is written to them is lost until a RESUME. Those opened later
// speak. Mute(false) gives all their voice back.
func (s *Server) Mute(on bool) {
	for _, k := range s.openSockets() {
		k.mu.Lock()
		k.mute = on
		k.mu.Unlock()
	}
}

// SilentHello makes new connections open and say nothing, ever.
func (s *Server) SilentHello(on bool) { s.set(&s.gw.silentHello, on) }

// Reconnect7InsteadOfHello makes new connections begin with op 7 in place of
// HELLO.
func (s *Server) Reconnect7InsteadOfHello(on bool) { s.set(&s.gw.op7ForHello, on) }

// RefuseResume makes every RESUME end with op 9, d false, and its session gone.
func (s *Server) RefuseResume(on bool) { s.set(&s.gw.noResume, on) }

// DuplicateEvents makes every event but READY and RESUMED come twice, each
// with a sequence number of its own.
func (s *Server) DuplicateEvents(on bool) { s.set(&s.gw.twice, on) }

func (s *Server) set(flag *bool, on bool) {
	defer s.lock()()
	*flag = on
}

// ShuffleEvents makes up to n events wait for each other, at most 20 ms, and
// go out in a random order. 0 ends it. Sequence numbers stay in order.
func (s *Server) ShuffleEvents(n int) {
	defer s.lock()()
	s.gw.shuffle = n
	s.release()
}
