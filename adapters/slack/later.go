package slack

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

const (
	laterLimit = 64               // things done after an acknowledgement at a time
	laterWait  = 20 * time.Second // bounds each
)

// later runs what may be done after an acknowledgement, bounded in number and
// time.
type later struct {
	slots   chan struct{}
	running *sync.WaitGroup
}

func newLater() later { return later{make(chan struct{}, laterLimit), &sync.WaitGroup{}} }

// wait waits for what is under way.
func (l later) wait() { l.running.Wait() }

// after does something once the delivery at hand is acknowledged. It is lost
// if the process dies, so nothing that must not be lost is done here. It reports
// false, and does nothing, if too much is under way.
func (a *Adapter) after(do func(ctx context.Context)) bool {
	select {
	case a.later.slots <- struct{}{}:
	default:
		a.Log.Warn("too much under way; a view or a button is not brought up to date", "adapter", Name)
		return false
	}
	a.later.running.Go(func() {
		defer func() { <-a.later.slots }()
		defer func() {
			if r := recover(); r != nil {
				a.panicked("after", r)
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), laterWait)
		defer cancel()
		do(ctx)
	})
	return true
}

// panicked logs a programming mistake, without the value: it may contain what
// somebody wrote.
func (a *Adapter) panicked(where string, value any) {
	a.Log.Error("adapter panicked", "adapter", Name, "entry", where, "err", fmt.Sprintf("%T", value), "stack", string(debug.Stack()))
}
