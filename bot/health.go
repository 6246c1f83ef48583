package bot

import (
	"context"
	"maps"
	"sync"
	"time"
)

// watchEvery is how often the store is asked whether it is there.
const watchEvery = time.Second

// Health is how the bot is doing.
type Health struct {
	// Degraded says that the store does not answer: conversations are not
	// kept, single questions are still answered.
	Degraded bool `json:"degraded"`

	// Adapters maps the name of each adapter to "ok", to "not connected: …"
	// while it tries, or to "ended: …" if it gave up, with the reason.
	Adapters map[string]string `json:"adapters"`
}

// Health returns the state of the moment.
func (b *Bot) Health() Health {
	b.health.mu.Lock()
	h := Health{Degraded: b.health.storeErr != nil, Adapters: maps.Clone(b.health.adapters)}
	b.health.mu.Unlock()
	for name, a := range b.adapters {
		c, ok := a.(Connected)
		if !ok || h.Adapters[name] != "ok" {
			continue
		}
		if err := c.Connection(); err != nil {
			h.Adapters[name] = "not connected: " + err.Error()
		}
	}
	return h
}

type health struct {
	mu       sync.Mutex
	storeErr error
	adapters map[string]string
}

// store records the outcome of a call to the store, and reports whether that
// changed the health.
func (h *health) store(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	changed := (err == nil) != (h.storeErr == nil)
	h.storeErr = err
	return changed
}

func (h *health) adapter(name string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.adapters[name] = "ok"
	if err != nil {
		h.adapters[name] = "ended: " + err.Error()
	}
}

// watchStore keeps the health up to date while nobody writes.
func (b *Bot) watchStore(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		ping, cancel := context.WithTimeout(ctx, storeWait)
		err := b.Store.Ping(ping)
		cancel()
		if ctx.Err() != nil {
			return
		}
		b.noteStore(err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// noteStore tells log and metrics when the store goes and when it comes back.
func (b *Bot) noteStore(err error) {
	changed := b.health.store(err)
	switch {
	case err != nil:
		b.Metrics.degraded.Set(1)
		if changed {
			b.Log.Warn("store does not answer; single questions are answered without it", "err", err)
		}
	default:
		b.Metrics.degraded.Set(0)
		if changed {
			b.Log.Info("store answers again")
		}
	}
}
