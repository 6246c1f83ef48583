package discord_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/bot"
)

// A listener is an adapter without a bot: it keeps what it would be handed.
type listener struct {
	*discord.Adapter
	stop  func()
	mu    sync.Mutex
	heard []bot.Message
}

// listen connects an adapter whose messages the test takes.
func (r *rig) listen(o discord.Options) *listener {
	r.t.Helper()
	a, err := discord.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	l := &listener{Adapter: a}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
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
	}
	r.until("a session", func() bool { return r.Sockets() > 0 && len(r.Sessions()) > 0 })
	l.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Error(err)
		}
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

// send sends a reply and returns what it is called.
func (r *rig) send(l *listener, c bot.Conversation, reply bot.Reply) bot.Ref {
	r.t.Helper()
	ref, err := l.Send(r.t.Context(), c, reply)
	if err != nil || ref.ID == "" {
		r.t.Fatalf("sent as %+v, %v", ref, err)
	}
	return ref
}

// said waits until the adapter has handed a text over.
func (r *rig) said(l *listener, part string) bot.Message {
	r.t.Helper()
	return r.message(l, part, func(m bot.Message) bool { return strings.Contains(m.Text, part) })
}

func warning(to string) bot.Reply {
	return bot.Reply{
		ID: "WARNINGWARNINGWARNIN", For: bot.User{ID: to}, Private: true, Notify: []string{"77"},
		Blocks: []bot.Block{bot.Heading("Key"), bot.Para{{Text: "Please rotate the key."}}},
	}
}

func public(text string) bot.Reply {
	return bot.Reply{ID: "PUBLICPUBLICPUBLICPU", Blocks: []bot.Block{bot.Para{{Text: text}}}}
}

func TestAPrivateReplyGoesToOneUserDirectly(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	ann, help := g.User("ann"), g.Channel("help")
	m := ann.Say(help, "@apihelp my key is …")
	c := r.said(l, "my key").In
	ref := r.send(l, c, warning(ann.ID))
	r.send(l, c, warning(ann.ID)) // again, as after a lost answer
	contains(t, r.says(ann.DMs, 1)[0].Plain(), "Please rotate the key.")
	if m.Thread() != nil || len(help.Messages()) != 1 || len(ann.DMs()) != 1 {
		t.Errorf("got thread %v, %d messages in the channel, %d direct ones, want none, 1 and 1", m.Thread(), len(help.Messages()), len(ann.DMs()))
	}
	if got := ann.DMs()[0]; strings.Contains(got.Plain(), "[") || len(got.Pings) > 0 {
		t.Errorf("got %q, which pings %v, want no button and no ping", got.Plain(), got.Pings)
	}
	answer := public("The answer for all.")
	if _, err := l.Edit(t.Context(), ref, answer); err != nil { // an edited question
		t.Fatal(err)
	}
	contains(t, r.thread(m, 1)[0].Plain(), "The answer for all.")
	if text := ann.DMs()[0].Now().Plain(); strings.Contains(text, "for all") {
		t.Errorf("the private post became %q", text)
	}
}

func TestAPrivateReplyNeverReplacesAPublicOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	ann := r.Guild("acme").User("ann")
	m := ann.Say(r.Guild("acme").Channel("help"), "@apihelp help me")
	c := r.said(l, "help me").In
	ref := r.send(l, c, public("The answer."))
	if _, err := l.Edit(t.Context(), ref, warning(ann.ID)); err != nil {
		t.Fatal(err)
	}
	r.says(ann.DMs, 1)
	contains(t, r.thread(m, 1)[0].Now().Plain(), "The answer.")
}

func TestWhatCannotBeToldPrivatelyIsNotTold(t *testing.T) {
	for name, prepare := range map[string]func(r *rig, ann *discordtest.User){
		"direct messages are closed": func(r *rig, ann *discordtest.User) { r.expected = "Cannot send messages to this user"; ann.CloseDMs() },
		"discord is out of order for long": func(r *rig, _ *discordtest.User) {
			r.expected = "Service Unavailable"
			r.Fail("POST /users/@me/channels", discordtest.Fault{Times: -1, Status: 503})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, discordtest.Options{})
			l := r.listen(r.options())
			g := r.Guild("acme")
			ann, help := g.User("ann"), g.Channel("help")
			prepare(r, ann)
			m := ann.Say(help, "@apihelp my key is …")
			c := r.said(l, "my key").In
			r.send(l, c, warning(ann.ID))
			r.send(l, c, public("The answer for all.")) // not held up
			if got := r.thread(m, 1); len(got) != 1 || strings.Contains(got[0].Plain(), "rotate") || len(ann.DMs()) > 0 {
				t.Errorf("got %d messages, the first %q", len(got), got[0].Plain())
			}
			r.Heal("POST /users/@me/channels")
		})
	}
}

func TestAPrivateReplyIsTriedAgainBesideThePublicOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	r.Fail("POST /users/@me/channels", discordtest.Fault{Times: 1, Status: 502})
	m := ann.Say(g.Channel("help"), "@apihelp my key is …")
	c := r.said(l, "my key").In
	r.send(l, c, warning(ann.ID))
	r.send(l, c, public("The answer for all."))
	r.thread(m, 1)
	contains(t, r.says(ann.DMs, 1)[0].Plain(), "Please rotate the key.")
}

func TestAPrivateReplyToAFormStandsBelowItsInteraction(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	m := ann.Say(g.Channel("help"), "@apihelp it is strange")
	c := r.said(l, "strange").In
	asks := public("Which?")
	asks.For, asks.Blocks = bot.User{ID: ann.ID}, append(asks.Blocks, bot.Choices{{Label: "First", Say: "first"}})
	r.send(l, c, asks)
	i := ann.Press(r.thread(m, 1)[0], "Add details")
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	if err := ann.Submit(i, map[string]string{"details": "my key is …"}).Err(); err != nil {
		t.Fatal(err)
	}
	told := warning(ann.ID)
	told.ID = bot.ReplyID(r.said(l, "my key"), 0)
	r.send(l, c, told)
	r.until("the warning", func() bool { return len(ann.Ephemerals()) == 1 })
	contains(t, ann.Ephemerals()[0].Plain(), "Please rotate the key.")
	if strings.Contains(ann.Ephemerals()[0].Plain(), "[") || len(ann.DMs()) > 0 || len(r.thread(m, 1)) != 1 {
		t.Errorf("got %q, %d direct messages, %d in the thread", ann.Ephemerals()[0].Plain(), len(ann.DMs()), len(r.thread(m, 1)))
	}
}
