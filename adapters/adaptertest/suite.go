// Package adaptertest says what an Adapter is: [Run] is the suite that every
// one passes, and [Chat] is a platform in memory that passes it, too.
package adaptertest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/bot"
)

// patience bounds each wait for the other side. It is far more than any
// adapter needs, so that a slow machine is no failure.
const patience = 10 * time.Second

// A Bench is an adapter with the person at its other end.
type Bench struct {
	Adapter bot.Adapter

	// Say makes a person address the bot in one conversation, always the
	// same, and returns what the bot shall read.
	Say func(text string) string

	// Heard returns all that the people in that conversation have been shown
	// since the beginning, as they read it.
	Heard func() string
}

// Run holds the adapters that open returns against the contract of
// [bot.Adapter]. Each gets a bench of its own.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *talk)
	}{
		{"the name is lower case and stays", testName},
		{"a message arrives once, with all its fields", testMessage},
		{"the text arrives as it was written", testText},
		{"messages of a conversation arrive in order, each with an ID of its own", testOrder},
		{"a message that is not accepted comes again with the same ID", testRedelivery},
		{"every block of a reply is shown, in order", testEverything},
		{"replies are whole and have references of their own", testConcurrentSends},
		{"what was typed does not become control characters", testControls},
		{"Run returns nil soon after its context is done", testStop},
		{"Send works before Run and after it", testSendOutsideRun},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, &talk{Bench: open(t), t: t}) })
	}
}

// A talk is a bench in use: it runs the adapter and collects what arrives.
type talk struct {
	Bench
	t *testing.T

	mu      sync.Mutex
	refuse  int // how many messages are still to be refused
	arrived []bot.Message
}

// start runs the adapter; stop ends it and returns its error.
func (k *talk) start() (stop func() error) {
	ctx, cancel := context.WithCancel(k.t.Context())
	done := make(chan error, 1)
	go func() { done <- k.Adapter.Run(ctx, k.accept) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			k.t.Error("Run has not returned after its context was done")
			return nil
		}
	})
	k.t.Cleanup(func() { stop() })
	return stop
}

func (k *talk) accept(_ context.Context, m bot.Message) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.arrived = append(k.arrived, m)
	if k.refuse > 0 {
		k.refuse--
		return context.DeadlineExceeded
	}
	return nil
}

// wait returns the messages that have arrived as soon as there are n.
func (k *talk) wait(n int) []bot.Message {
	k.t.Helper()
	var got []bot.Message
	k.until("messages", func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		got = append([]bot.Message(nil), k.arrived...)
		return len(got) >= n
	})
	return got
}

// until waits for a condition.
func (k *talk) until(what string, ok func() bool) {
	k.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			k.t.Fatalf("waited in vain for %s; heard so far: %q", what, k.Heard())
		}
	}
}

// hears waits until a text was shown.
func (k *talk) hears(text string) {
	k.t.Helper()
	k.until(text, func() bool { return strings.Contains(k.Heard(), text) })
}
