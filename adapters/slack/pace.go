package slack

import (
	"context"
	"sync"
	"time"
)

// Slack takes about one message a second in a channel, and short bursts.
const (
	paceUsual    = 1100 * time.Millisecond // Slack counts when a message arrives, not when it leaves
	paceBurst    = 3
	paceWait     = 2 * time.Second // longer, and others would wait behind it
	paceChannels = 4096            // that are remembered
)

// pace spreads the messages of each channel over time.
type pace struct {
	every time.Duration
	state *paceState
}

type paceState struct {
	mu   sync.Mutex
	free map[string]time.Time // when the channel's burst is paid off
}

func newPace(every time.Duration) pace {
	if every == 0 {
		every = paceUsual
	}
	return pace{every, &paceState{free: map[string]time.Time{}}}
}

// wait waits until a message may go to channel, or returns a *limited if that
// takes too long.
func (p pace) wait(ctx context.Context, channel string) error {
	d := p.state.reserve(channel, time.Now(), p.every)
	if d <= 0 {
		return nil
	}
	if d > paceWait {
		return &limited{after: d}
	}
	if !wait(ctx, d) {
		return ctx.Err()
	}
	return p.wait(ctx, channel)
}

// reserve takes a place in the channel's order, or returns how long it takes
// until one is free.
func (s *paceState) reserve(channel string, now time.Time, every time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.free[channel]
	if free.Before(now) {
		free = now
	}
	if ahead := free.Sub(now) - (paceBurst-1)*every; ahead > 0 {
		return ahead
	}
	if len(s.free) >= paceChannels {
		s.drop(now)
	}
	s.free[channel] = free.Add(every)
	return 0
}

// drop forgets the channels that owe nothing.
func (s *paceState) drop(now time.Time) {
	for c, free := range s.free {
		if free.Before(now) {
			delete(s.free, c)
		}
	}
}
