package discord

import "sync"

// bounded is a map that forgets its oldest keys when it is full. It is safe
// for concurrent use.
type bounded[K comparable, V any] struct {
	limit int

	mu     sync.Mutex
	values map[K]V
	order  []K
}

func newBounded[K comparable, V any](limit int) *bounded[K, V] {
	return &bounded[K, V]{limit: limit, values: map[K]V{}}
}

func (b *bounded[K, V]) get(key K) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.values[key]
	return v, ok
}

// change replaces the value of key, the zero value if there is none, by what f
// makes of it, and returns that.
func (b *bounded[K, V]) change(key K, f func(V) V) V {
	b.mu.Lock()
	defer b.mu.Unlock()
	old, known := b.values[key]
	if !known {
		b.order = append(b.order, key)
		if len(b.order) > b.limit {
			delete(b.values, b.order[0])
			b.order = b.order[1:]
		}
	}
	v := f(old)
	b.values[key] = v
	return v
}

func (b *bounded[K, V]) put(key K, v V) { b.change(key, func(V) V { return v }) }
