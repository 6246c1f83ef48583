package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/bot"
)

func testName(t *testing.T, k *talk) {
	name := k.Adapter.Name()
	if name == "" || name != strings.ToLower(name) || name != k.Adapter.Name() {
		t.Errorf("got name %q, want one in lower case that stays the same", name)
	}
}

func testMessage(t *testing.T, k *talk) {
	k.start()
	want := k.Say("getting a 503")
	m := k.wait(1)[0]
	if m.Text != want {
		t.Errorf("got text %q, want %q", m.Text, want)
	}
	if m.ID == "" || m.From.ID == "" {
		t.Errorf("got ID %q from %q, want neither empty", m.ID, m.From.ID)
	}
	if m.In.Adapter != k.Adapter.Name() {
		t.Errorf("got a conversation of adapter %q, want %q", m.In.Adapter, k.Adapter.Name())
	}
	if age := time.Since(m.At); age < -time.Minute || age > time.Minute {
		t.Errorf("got a message from %v, want one from now", m.At)
	}
	k.Say("second")
	if got := len(k.wait(2)); got != 2 {
		t.Errorf("got %d messages, want 2", got)
	}
}

// oddTexts are what chat platforms, shells and terminals stumble over.
var oddTexts = []string{
	`{"error":"invalid_grant","code":401}`,
	`a < b && c > d; "quoted" & 'single' — “smart”`,
	`@everyone <!channel> <@U123> #general`,
	"*stars* _under_ `ticks` ~tilde~ [x](http://example.com)",
	"日本語 العربية emoji 👩‍💻🇩🇪",
	strings.Repeat("long ", 500) + "end",
}

func testText(t *testing.T, k *talk) {
	k.start()
	for i, text := range oddTexts {
		want := k.Say(text)
		if got := k.wait(i + 1)[i].Text; got != want {
			t.Errorf("got text %q, want %q", got, want)
		}
	}
}

func testOrder(t *testing.T, k *talk) {
	k.start()
	const n = 50
	want := make([]string, n)
	for i := range n {
		want[i] = k.Say(fmt.Sprintf("message %d", i/2)) // the same text twice in a row
	}
	for i, m := range k.distinct(n) {
		if m.Text != want[i] {
			t.Fatalf("got message %d %q, want %q", i, m.Text, want[i])
		}
		if first := k.wait(1)[0]; m.In != first.In {
			t.Errorf("message %d is in %v, the first in %v", i, m.In, first.In)
		}
	}
}

// distinct waits for n messages with IDs of their own. A platform may send one
// again, as while it connects; it has its ID then.
func (k *talk) distinct(n int) []bot.Message {
	for arrived := n; ; arrived++ {
		seen := map[string]bool{}
		var first []bot.Message
		for _, m := range k.wait(arrived) {
			if !seen[m.ID] {
				first = append(first, m)
			}
			seen[m.ID] = true
		}
		if len(first) >= n {
			return first[:n]
		}
	}
}

func testRedelivery(t *testing.T, k *talk) {
	k.refuse = 2
	k.start()
	want := k.Say("please keep me")
	got := k.wait(3)
	for _, m := range got[:3] {
		if m.ID != got[0].ID || m.Text != want {
			t.Errorf("got %q with ID %q, want %q with ID %q", m.Text, m.ID, want, got[0].ID)
		}
	}
}

// place returns the conversation of the bench.
func (k *talk) place() bot.Conversation {
	k.Say("where are we")
	return k.wait(1)[0].In
}

func testEverything(t *testing.T, k *talk) {
	k.start()
	c := k.place()
	ref, err := k.Adapter.Send(t.Context(), c, Everything())
	if err != nil {
		t.Fatal(err)
	}
	if ref.ID == "" || ref.In != c {
		t.Errorf("got reference %+v, want an ID in %v", ref, c)
	}
	k.hears(everythingWords[len(everythingWords)-1])
	rest := k.Heard()
	for _, word := range everythingWords {
		i := strings.Index(rest, word)
		if i < 0 {
			t.Fatalf("%q is not shown, or not in its place; heard: %q", word, k.Heard())
		}
		rest = rest[i:]
	}
}

func testConcurrentSends(t *testing.T, k *talk) {
	k.start()
	c := k.place()
	const n = 20
	refs := make([]bot.Ref, n)
	var sending sync.WaitGroup
	for i := range n {
		sending.Go(func() {
			ref, err := k.Adapter.Send(t.Context(), c, bot.Reply{ID: fmt.Sprintf("reply-%d", i), Blocks: []bot.Block{
				bot.Heading(fmt.Sprintf("begin%dx", i)), bot.Para{{Text: fmt.Sprintf("end%dx", i)}},
			}})
			if err != nil {
				t.Error(err)
			}
			refs[i] = ref
		})
	}
	sending.Wait()
	seen := map[bot.Ref]bool{}
	for i, ref := range refs {
		if seen[ref] {
			t.Errorf("reference %+v was given twice", ref)
		}
		seen[ref] = true
		k.hears(fmt.Sprintf("end%dx", i))
		_, after, _ := strings.Cut(k.Heard(), fmt.Sprintf("begin%dx", i))
		if next := strings.Index(after, "begin"); next >= 0 && next < strings.Index(after, fmt.Sprintf("end%dx", i)) {
			t.Errorf("reply %d is not in one piece", i)
		}
	}
}

func testControls(t *testing.T, k *talk) {
	k.start()
	c := k.place()
	hostile := "red \x1b[31malert\x1b]0;title\x07 \x00nul \x9b2Jclear"
	if _, err := k.Adapter.Send(t.Context(), c, bot.Reply{ID: "r", Blocks: []bot.Block{bot.Heading(hostile), bot.Para{{Text: hostile}}, bot.Para{{Text: "done"}}}}); err != nil {
		t.Fatal(err)
	}
	k.hears("done")
	for _, bad := range []string{"\x1b[31m", "\x1b]", "\x07", "\x00", "\u009b"} {
		if strings.Contains(k.Heard(), bad) {
			t.Errorf("%q from a reply's text reached the platform", bad)
		}
	}
}

func testStop(t *testing.T, k *talk) {
	stop := k.start()
	k.Say("hello")
	k.wait(1)
	if err := stop(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func testSendOutsideRun(t *testing.T, k *talk) {
	if _, err := k.Adapter.Send(t.Context(), bot.Conversation{Adapter: k.Adapter.Name()}, bot.Reply{ID: "early", Blocks: []bot.Block{bot.Heading("early")}}); err != nil {
		if _, ok := errors.AsType[*bot.SendError](err); !ok {
			t.Errorf("before Run, got %T, want a *bot.SendError", err)
		}
	}
	stop := k.start()
	c := k.place()
	stop()
	if _, err := k.Adapter.Send(t.Context(), c, bot.Reply{ID: "late", Blocks: []bot.Block{bot.Heading("late words")}}); err != nil {
		t.Fatal(err)
	}
	k.hears("late words")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := k.Adapter.Send(ctx, c, bot.Reply{ID: "never", Blocks: []bot.Block{bot.Heading("never")}})
	if refused, ok := errors.AsType[*bot.SendError](err); !ok || !refused.Retry {
		t.Errorf("with a context that is done, got %v, want a *bot.SendError to retry", err)
	}
}
