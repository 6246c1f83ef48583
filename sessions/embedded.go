package sessions

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// embedded is a Redis inside this process. It is reached through pipes in
// memory, so it needs no port and nobody else can reach it.
type embedded struct {
	server *miniredis.Miniredis
	done   chan struct{}
	ticker sync.WaitGroup
}

func startEmbedded() *embedded {
	e := &embedded{server: miniredis.NewMiniRedis(), done: make(chan struct{})}
	e.ticker.Go(e.tick)
	return e
}

// tick moves the server's clock, which otherwise stands still, so that keys
// expire. Once a second is as exact as leases need; more often would cost, as
// each move looks at every key that expires.
func (e *embedded) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-e.done:
			return
		case now := <-t.C:
			e.server.FastForward(now.Sub(last))
			last = now
		}
	}
}

func (e *embedded) connect() redis.UniversalClient {
	o := clientOptions()
	o.Dialer = func(context.Context, string, string) (net.Conn, error) { return e.server.Dial() }
	return redis.NewClient(o.Simple())
}

func (e *embedded) stop() {
	close(e.done)
	e.ticker.Wait()
	e.server.Close()
}
