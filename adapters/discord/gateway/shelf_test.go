package gateway

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

var errDown = errors.New("the shelf is down")
var errLost = errors.New("the lock was lost")

// A memoryShelf is a Shelf. Each process has its own, on the same memory.
type memoryShelf struct {
	memory *memory

	mu    sync.Mutex
	dead  bool // this process was killed: nothing it writes arrives, its locks end
	leave []context.CancelCauseFunc
}

// memory is what processes share.
type memory struct {
	mu     sync.Mutex
	values map[string][]byte
	locks  map[string]chan struct{}
	down   bool
	queue  int // who waits for a lock
}

func newMemory() *memory {
	return &memory{values: map[string][]byte{}, locks: map[string]chan struct{}{}}
}

func (s *memoryShelf) away() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	if s.dead || s.memory.down {
		return errDown
	}
	return nil
}

func (s *memoryShelf) Get(_ context.Context, key string) ([]byte, error) {
	if err := s.away(); err != nil {
		return nil, err
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	return s.memory.values[key], nil
}

func (s *memoryShelf) Put(_ context.Context, key string, value []byte, _ time.Duration) error {
	if err := s.away(); err != nil {
		return err
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	s.memory.values[key] = value
	return nil
}

func (s *memoryShelf) Lock(ctx context.Context, key string, do func(context.Context) error) error {
	if err := s.away(); err != nil {
		return err
	}
	s.memory.mu.Lock()
	if s.memory.locks[key] == nil {
		s.memory.locks[key] = make(chan struct{}, 1)
	}
	lock := s.memory.locks[key]
	s.memory.queue++
	s.memory.mu.Unlock()
	select {
	case lock <- struct{}{}:
		s.memory.left()
	case <-ctx.Done():
		s.memory.left()
		return ctx.Err()
	}
	defer func() { <-lock }()
	held, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	s.mu.Lock()
	s.leave = append(s.leave, lose)
	s.mu.Unlock()
	err := do(held)
	if errors.Is(context.Cause(held), errLost) {
		return errors.Join(err, errLost)
	}
	return err
}

// lose takes all locks from the process.
func (s *memoryShelf) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, lose := range s.leave {
		lose(errLost)
	}
}

// setDown makes the shelf fail for everybody, or work again.
func (m *memory) setDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

func (m *memory) left() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue--
}

// waiting returns how many wait for a lock.
func (m *memory) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.queue
}

// has returns what is kept for a key.
func (m *memory) has(t testing.TB, key string) kept {
	t.Helper()
	s := newShard(Options{Shelf: &memoryShelf{memory: m}}.complete(), nil, 0, 1)
	s.name = key
	k, err := s.load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return k
}
