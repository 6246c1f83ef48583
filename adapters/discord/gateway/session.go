package gateway

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

const (
	windowLimit = 1024     // events that are held at a time,
	bytesLimit  = 16 << 20 // and their data, before reading stops
	attempts    = 3        // at least, at an event before it is skipped
)

// kept is what the shelf keeps of a session. An empty ID is no session.
type kept struct {
	ID      string
	URL     string // to resume at; empty for the usual one
	Seq     int64  // all events up to this one are handled
	Intents int    // it was started with
	Gap     bool   // what was missed before it began is not yet back-filled
	At      time.Time
}

// A session is one shard's. It outlives connections, and is safe for
// concurrent use.
type session struct {
	freed chan struct{} // told when an event is done

	mu       sync.Mutex
	kept     kept
	dirty    bool       // kept differs from what is on the shelf
	window   []received // events above kept.Seq, in order of sequence
	bytes    int        // of those that are not done
	last     int64      // highest sequence on this connection
	failures map[int64]failure
}

// A received event.
type received struct {
	seq  int64
	size int
	done bool
}

// A failure counts the attempts at an event.
type failure struct {
	count int
	since time.Time
}

func newSession() *session {
	return &session{freed: make(chan struct{}, 1), failures: map[int64]failure{}}
}

func (s *session) current() kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// start begins another session, or with an empty ID none.
func (s *session) start(k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.At = time.Now()
	s.kept, s.dirty = k, true
	s.window, s.bytes, s.last = nil, 0, k.Seq
	clear(s.failures)
}

// adopt goes on with a session from the shelf, unless the own one is newer.
func (s *session) adopt(k kept) {
	if k.At.After(s.current().At) {
		s.start(k)
	}
}

// change changes what is kept of the session with the ID.
func (s *session) change(id string, change func(*kept)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept.ID == id {
		change(&s.kept)
		s.dirty = true
	}
}

// unsaved returns what to save, if there is anything.
func (s *session) unsaved() (kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dirty := s.dirty
	s.dirty = false
	return s.kept, dirty
}

// soil makes what could not be saved unsaved again.
func (s *session) soil() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = true
}

// reopen forgets events that are not done: a new connection brings them again.
func (s *session) reopen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.window = slices.DeleteFunc(s.window, func(r received) bool { return !r.done })
	s.bytes, s.last = 0, s.kept.Seq
}

// full reports whether no more events should be read for now.
func (s *session) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.window) >= windowLimit || s.bytes >= bytesLimit
}

// begin notes an event; false means that it was received before, on this
// connection or, if it is handled, on another. One that comes late is from a
// server that lost its order, so it is taken.
func (s *session) begin(e Event) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last, e.Seq)
	i, found := s.find(e.Seq)
	if !found {
		s.window = slices.Insert(s.window, i, received{seq: e.Seq, size: len(e.Data)})
		s.bytes += len(e.Data)
	}
	s.advance()
	return !found
}

func (s *session) find(seq int64) (int, bool) {
	return slices.BinarySearchFunc(s.window, seq, func(r received, seq int64) int { return cmp.Compare(r.seq, seq) })
}

// done notes that an event is handled, and advances the sequence past all
// that are handled without a gap.
func (s *session) done(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failures, seq)
	if i, found := s.find(seq); found {
		s.window[i].done = true
		s.bytes -= s.window[i].size
	}
	s.advance()
	select {
	case s.freed <- struct{}{}:
	default:
	}
}

// advance moves the sequence past what is handled, but not beyond what came on
// this connection: what is missing in between may still come again.
func (s *session) advance() {
	for len(s.window) > 0 && s.window[0].done && s.window[0].seq <= s.last {
		s.kept.Seq, s.kept.At, s.dirty = max(s.kept.Seq, s.window[0].seq), time.Now(), true
		s.window = s.window[1:]
	}
}

// failed counts an attempt, and returns all at that event.
func (s *session) failed(seq int64) failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.failures[seq]
	if !ok {
		f.since = time.Now()
	}
	f.count++
	s.failures[seq] = f
	return f
}

// worst returns the most attempts at an event that is not done.
func (s *session) worst() (count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.failures {
		count = max(count, f.count)
	}
	return count
}
