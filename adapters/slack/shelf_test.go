package slack

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// A memoryShelf is a Shelf for tests. Several installations on one are several
// processes on one Redis.
type memoryShelf struct {
	now func() time.Time

	mu     sync.Mutex
	values map[string]shelved
	locks  map[string]chan struct{}
	fail   error         // of every Get and Put, unless it is nil
	failed chan struct{} // told of a Put that failed
}

type shelved struct {
	value []byte
	until time.Time // zero for ever
}

var _ Shelf = (*memoryShelf)(nil)

func newMemoryShelf(now func() time.Time) *memoryShelf {
	return &memoryShelf{now: now, values: map[string]shelved{}, failed: make(chan struct{}, 1), locks: map[string]chan struct{}{}}
}

func (s *memoryShelf) Get(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.values[key]
	if !ok || !v.until.IsZero() && !s.now().Before(v.until) {
		return nil, s.fail
	}
	return slices.Clone(v.value), s.fail
}

func (s *memoryShelf) Put(_ context.Context, key string, value []byte, ttl time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.fail != nil:
		select {
		case s.failed <- struct{}{}:
		default:
		}
		return s.fail
	case value == nil:
		delete(s.values, key)
	case ttl == 0:
		s.values[key] = shelved{value: slices.Clone(value)}
	default:
		s.values[key] = shelved{slices.Clone(value), s.now().Add(ttl)}
	}
	return nil
}

func (s *memoryShelf) Lock(ctx context.Context, key string, do func(context.Context) error) error {
	s.mu.Lock()
	if s.locks[key] == nil {
		s.locks[key] = make(chan struct{}, 1)
	}
	lock := s.locks[key]
	s.mu.Unlock()
	select {
	case lock <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-lock }()
	return do(ctx)
}

// breakDown makes every Get and Put fail; nil mends it.
func (s *memoryShelf) breakDown(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// contains reports whether any value contains text.
func (s *memoryShelf) contains(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.values {
		if bytes.Contains(v.value, []byte(text)) {
			return true
		}
	}
	return false
}

// raw returns what is kept under a key.
func (s *memoryShelf) raw(t testing.TB, key string) []byte {
	t.Helper()
	value, err := s.Get(t.Context(), key)
	if err != nil || value == nil {
		t.Fatalf("got %q, %v for %q, want a value", value, err, key)
	}
	return value
}

var errDown = errors.New("the shelf is down")
