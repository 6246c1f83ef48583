package sessions

import (
	"context"
	"sync"
)

// queueLimit is how many replies of one partition wait in memory. Reading
// stops there; a conversation that cannot be delivered to stops the others
// only when so many replies have piled up behind it.
const queueLimit = 512

// A queue holds the replies that were read and are not yet done with, in order
// for each conversation. It is safe for concurrent use.
type queue struct {
	mu      sync.Mutex
	size    int
	waiting map[string][]entry // by conversation; the first is being delivered
	freed   chan struct{}      // receives when an entry has left
}

func newQueue() *queue {
	return &queue{waiting: map[string][]entry{}, freed: make(chan struct{}, 1)}
}

// add appends e, and reports whether its conversation was idle: then the
// caller has to start on it.
func (q *queue) add(e entry) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.size++
	q.waiting[e.conversation] = append(q.waiting[e.conversation], e)
	return len(q.waiting[e.conversation]) == 1
}

// done drops the first entry of a conversation and returns the next one.
func (q *queue) done(conversation string) (entry, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.size--
	select {
	case q.freed <- struct{}{}:
	default:
	}
	rest := q.waiting[conversation][1:]
	if len(rest) == 0 {
		delete(q.waiting, conversation)
		return entry{}, false
	}
	q.waiting[conversation] = rest
	return rest[0], true
}

// room waits until the queue is not full and returns how many entries it can
// take, or zero when ctx is done. Only one goroutine may ask and add.
func (q *queue) room(ctx context.Context) int {
	for {
		if n := q.free(); n > 0 {
			return n
		}
		select {
		case <-q.freed:
		case <-ctx.Done():
			return 0
		}
	}
}

func (q *queue) free() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return queueLimit - q.size
}

// An idSet is a set of entry IDs. Its zero value is empty; it is safe for
// concurrent use.
type idSet struct {
	mu  sync.Mutex
	ids map[string]struct{}
}

func (s *idSet) add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[string]struct{}{}
	}
	s.ids[id] = struct{}{}
}

func (s *idSet) remove(ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.ids, id)
	}
}

// all returns the IDs in no order.
func (s *idSet) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, 0, len(s.ids))
	for id := range s.ids {
		ids = append(ids, id)
	}
	return ids
}
