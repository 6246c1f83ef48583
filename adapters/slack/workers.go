package slack

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"sync"

	"github.com/slack-go/slack/socketmode"
)

// workers take what comes over sockets: what belongs to one channel in its
// order, different channels side by side.
type workers struct {
	queues  []chan envelope
	running sync.WaitGroup
	ctx     context.Context
}

// envelope is a delivery of a socket.
type envelope struct {
	kind, id string
	payload  json.RawMessage
	socket   *socketmode.Client
}

func newWorkers(ctx context.Context, a *Adapter) *workers {
	w := &workers{queues: make([]chan envelope, eventWorkers), ctx: ctx}
	for i := range w.queues {
		w.queues[i] = make(chan envelope, workerQueue)
		w.running.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case e := <-w.queues[i]:
					a.takeEnvelope(ctx, e)
				}
			}
		})
	}
	return w
}

// wait waits until the workers have ended, which they do with their context.
func (w *workers) wait() { w.running.Wait() }

// do queues a delivery. Where the queue is full it waits, and Slack with it.
func (w *workers) do(kind, id string, payload json.RawMessage, socket *socketmode.Client) {
	select {
	case w.queues[lane(payload)] <- envelope{kind, id, payload, socket}:
	case <-w.ctx.Done():
	}
}

// lane picks the queue by the channel that a payload is about.
func lane(payload json.RawMessage) int {
	var p struct {
		Channel   id `json:"channel"`
		ChannelID id `json:"channel_id"`
		Event     struct {
			Channel id `json:"channel"`
		} `json:"event"`
		Container struct {
			ChannelID id `json:"channel_id"`
		} `json:"container"`
	}
	_ = json.Unmarshal(payload, &p) // unreadable ones share a queue
	h := fnv.New32a()
	_, _ = h.Write([]byte(firstOf(string(p.Event.Channel), string(p.Container.ChannelID), string(p.Channel), string(p.ChannelID))))
	return int(h.Sum32() % eventWorkers)
}

// id is an ID, which Slack writes as such or within an object.
type id string

// UnmarshalJSON accepts both.
func (i *id) UnmarshalJSON(data []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, (*string)(i)) != nil && json.Unmarshal(data, &object) == nil {
		*i = id(object.ID)
	}
	return nil
}

// takeEnvelope takes a delivery and acknowledges it. What could not be taken is
// not acknowledged, and Slack sends it again.
func (a *Adapter) takeEnvelope(ctx context.Context, e envelope) {
	defer func() {
		if r := recover(); r != nil { // one bad payload must not end the bot
			a.panicked(e.kind, r)
		}
	}()
	ack, err := a.receive(ctx, e.kind, e.payload)
	if err != nil {
		a.Log.Warn("delivery not taken", "adapter", Name, "entry", e.kind, "err", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	if err := e.socket.AckCtx(ctx, e.id, ack); err != nil {
		a.Log.Warn("acknowledgement not sent", "adapter", Name, "entry", e.kind, "err", err)
	}
}
