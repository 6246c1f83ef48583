package sessions

import (
	"log/slog"
	"sync"
)

// An outage logs when a lane loses Redis and when it has it back, once each,
// however many partitions and commands notice. It is safe for concurrent use.
type outage struct {
	log  *slog.Logger
	lane string
	mu   sync.Mutex
	down map[int]bool // partitions without Redis
}

// observe takes the outcome of a command of partition n.
func (o *outage) observe(n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := len(o.down)
	if err != nil {
		o.down[n] = true
	} else {
		delete(o.down, n)
	}
	switch after := len(o.down); {
	case before == 0 && after > 0:
		o.log.Warn("redis does not answer, replies wait", "adapter", o.lane, "err", err)
	case before > 0 && after == 0:
		o.log.Info("redis answers again", "adapter", o.lane)
	}
}
