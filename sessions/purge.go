package sessions

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// scanCount is how many keys Redis looks at in one step.
const scanCount = 1000

// Purge forgets the sessions of all conversations of a lane whose names begin
// with prefix, and when they are due. It looks at every key of the Redis, so it
// is for rare events. What is saved meanwhile may stay until it expires.
// Records stay: nothing in them tells whose they are.
func (s *Store) Purge(ctx context.Context, l Lane, prefix string) error {
	for n := range l.partitions() {
		start := l.keys(n).session(prefix)
		err := s.eachNode(ctx, func(ctx context.Context, node redis.UniversalClient) error { return removeAll(ctx, node, start) })
		if err == nil {
			err = s.disarmAll(ctx, l.keys(n), prefix)
		}
		if err != nil {
			return fmt.Errorf("sessions: purge %q: %w", prefix, err)
		}
	}
	return nil
}

// Purge removes the values of all keys that begin with prefix. Like
// [Store.Purge] it looks at every key.
func (s *Shelf) Purge(ctx context.Context, prefix string) error {
	start := s.value(prefix)
	if err := s.store.eachNode(ctx, func(ctx context.Context, node redis.UniversalClient) error { return removeAll(ctx, node, start) }); err != nil {
		return fmt.Errorf("sessions: purge %q: %w", start, err)
	}
	return nil
}

// eachNode calls do for every server that holds keys.
func (s *Store) eachNode(ctx context.Context, do func(context.Context, redis.UniversalClient) error) error {
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return do(ctx, node) })
	}
	return do(ctx, s.client)
}

// removeAll deletes the keys of one node that begin with start.
func removeAll(ctx context.Context, node redis.UniversalClient, start string) error {
	keys := node.Scan(ctx, 0, pattern(start)+"*", scanCount).Iterator()
	for keys.Next(ctx) {
		if err := node.Del(ctx, keys.Val()).Err(); err != nil {
			return err
		}
	}
	return keys.Err()
}

// pattern makes a text literal in a pattern of SCAN's.
func pattern(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}
