package bot

import "sync"

// recent is a bounded set of the strings added last. It is safe for
// concurrent use.
type recent struct {
	mu    sync.Mutex
	place map[string]int // of each string in order
	order []string       // a ring; empty where a string was removed
	at    int            // the oldest
}

func newRecent(limit int) *recent {
	return &recent{place: make(map[string]int), order: make([]string, limit)}
}

// add reports whether s was not there yet.
func (r *recent) add(s string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.place[s]; ok {
		return false
	}
	delete(r.place, r.order[r.at])
	r.order[r.at], r.place[s] = s, r.at
	r.at = (r.at + 1) % len(r.order)
	return true
}

func (r *recent) has(s string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.place[s]
	return ok
}

func (r *recent) remove(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i, ok := r.place[s]; ok {
		r.order[i] = ""
		delete(r.place, s)
	}
}
