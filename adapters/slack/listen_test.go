package slack_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"

	"apihelp/adapters/slack"
	"apihelp/bot"
)

// A listener is an adapter without a bot: it keeps what it would be handed.
type listener struct {
	*slack.Adapter
	stop  func()
	mu    sync.Mutex
	heard []bot.Message
}

// listen connects an adapter whose messages the test takes.
func (r *rig) listen(o slack.Options) *listener {
	r.t.Helper()
	a, err := slack.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	l := &listener{Adapter: a}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	want := r.Sockets() + 1
	go func() {
		done <- a.Run(ctx, func(_ context.Context, m bot.Message) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.heard = append(l.heard, m)
			return nil
		})
	}()
	if r.http {
		web := httptest.NewServer(a.Handler())
		r.t.Cleanup(web.Close)
		r.DeliverTo(web.URL)
	} else {
		r.until("sockets", func() bool { return r.Sockets() >= want })
	}
	l.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Error(err)
		}
		r.until("the end of its sockets", func() bool { return r.Sockets() == 0 })
	})
	r.t.Cleanup(l.stop)
	return l
}

// message waits for one of which the test knows something.
func (r *rig) message(l *listener, what string, known func(bot.Message) bool) (found bot.Message) {
	r.t.Helper()
	r.until(what, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, m := range l.heard {
			if known(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// said waits until the adapter has handed a text over.
func (r *rig) said(l *listener, part string) bot.Message {
	r.t.Helper()
	return r.message(l, part, func(m bot.Message) bool { return strings.Contains(m.Text, part) })
}

// send sends a reply and returns what it is called.
func (r *rig) send(l *listener, c bot.Conversation, reply bot.Reply) bot.Ref {
	r.t.Helper()
	ref, err := l.Send(r.t.Context(), c, reply)
	if err != nil || ref.ID == "" {
		r.t.Fatalf("sent as %+v, %v", ref, err)
	}
	return ref
}

func warning(to string) bot.Reply {
	return bot.Reply{
		ID: "WARNINGWARNINGWARNIN", For: bot.User{ID: to}, Private: true, Notify: []string{"S077"},
		Blocks: []bot.Block{bot.Heading("Key"), bot.Para{{Text: "Please rotate the key."}}},
	}
}

func public(text string) bot.Reply {
	return bot.Reply{ID: "PUBLICPUBLICPUBLICPU", Blocks: []bot.Block{bot.Para{{Text: text}}}}
}
