package bot_test

import (
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
	"apihelp/sessions"
)

// overhear has somebody write what is not addressed to the bot.
func overhear(t *testing.T, b *bot.Bot, in bot.Conversation, user, text string) {
	t.Helper()
	m := bot.Message{ID: "o-" + user + text, In: in, From: bot.User{ID: user}, Text: text, At: time.Now(), Overheard: true}
	if err := b.Accept(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// callHuman has ann call a person about CONN_RESET, and returns where, and the
// ticket.
func callHuman(t *testing.T, chat, people *adaptertest.Chat) (bot.Conversation, adaptertest.Post) {
	t.Helper()
	before := len(people.Posts())
	chat.Say("C1", "ann", "our worker logs CONN_RESET")
	m := chat.Say("C1", "ann", "talk to a human")
	until(t, "the ticket", func() bool { return len(people.Posts()) > before })
	return m.In, people.Posts()[before]
}

// sessionOf returns what is kept of a conversation of chat's.
func sessionOf(t *testing.T, store *sessions.Store, in bot.Conversation) sessions.Session {
	t.Helper()
	s, err := store.Load(t.Context(), sessions.Key{Lane: sessions.Lane{Name: in.Adapter}, Conversation: in.String()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhoAnswersInTheThreadTakesItUntilItIsClosed(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	chat, people, b := newDesk(t, store, time.Hour)
	in, ticket := callHuman(t, chat, people)
	overhear(t, b, in, "ann", "@bob can you have a look?")
	overhear(t, b, in, "bob", "sure, give me a minute")
	if s := sessionOf(t, store, in); !s.Due.IsZero() || s.Talks[0].Called.Taken != "bob" {
		t.Errorf("due %v, taken by %q, want never and bob", s.Due, s.Talks[0].Called.Taken)
	}
	if events := ledger(t, store); !strings.Contains(events, "taken CONN_RESET") {
		t.Errorf("the ledger lacks who took it:\n%s", events)
	}
	if err := press(t, b, ticket, "sue", "I take it"); err != nil {
		t.Errorf("for an owner who takes what somebody else has joined, got %v", err)
	}
	if err := press(t, b, adaptertest.Post{In: ticket.In, Reply: again(ticket.Reply)}, "sue", "Closed"); err != bot.ErrPast {
		t.Errorf("for a ticket that was never sent, got %v", err)
	}
}

// again is a reply with another ID.
func again(r bot.Reply) bot.Reply {
	r.ID = "ANOTHERREPLYALTOGETHER"[:20]
	return r
}

func TestTheBotAnswersAgainOnceAHandoffIsClosed(t *testing.T) {
	t.Parallel()
	chat, people, b := newDesk(t, openStore(t, ""), time.Hour)
	in, ticket := callHuman(t, chat, people)
	overhear(t, b, in, "bob", "let me look at that with you")
	if err := press(t, b, ticket, "bob", "Closed"); err != nil {
		t.Fatal(err)
	}
	until(t, "ann to be told", func() bool { return strings.Contains(chat.Heard(), "I'm back") })
	overhear(t, b, in, "ann", "what next?")
	until(t, "the next step", func() bool { return strings.Contains(chat.Heard(), "Step 2 of 5") })
}

func TestEverybodyWhoCallsInAThreadIsTakenOver(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	chat, people, b := newDesk(t, store, time.Hour)
	in, ticket := callHuman(t, chat, people)
	chat.Say("C1", "eve", "I get a 403 here")
	chat.Say("C1", "eve", "human please")
	until(t, "her ticket", func() bool { return len(people.Posts()) == 2 })
	if err := press(t, b, ticket, "sue", "I take it"); err != nil {
		t.Fatal(err)
	}
	for _, talk := range sessionOf(t, store, in).Talks {
		if talk.Called == nil || talk.Called.Taken != "sue" {
			t.Errorf("the call of %s is not taken: %+v", talk.Asker, talk.Called)
		}
	}
}

func TestACodeHasTheOwnerOfItsTopic(t *testing.T) {
	t.Parallel()
	chat, people, _ := newDesk(t, openStore(t, ""), time.Hour)
	chat.Say("C1", "ann", "getting a 429")
	chat.Say("C1", "ann", "human please")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	if got := people.Posts()[0].In.Channel; got != "billing" {
		t.Errorf("got the ticket in %s, want billing", got)
	}
}

func TestATicketNamesTheReplyThatDidNotHelp(t *testing.T) {
	t.Parallel()
	chat, people, b := newDesk(t, openStore(t, ""), time.Hour)
	chat.Say("C1", "ann", "our worker logs CONN_RESET")
	until(t, "an answer kept", func() bool {
		past, err := b.Recent(t.Context(), "chat", "T1", "ann")
		return err == nil && len(past) == 1
	})
	chat.Say("C1", "ann", "talk to a human")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	name := fact(t, people.Posts()[0].Reply, "Reply")
	if asked, err := bot.Question(t.Context(), b.Store, name); err != nil || asked != "our worker logs CONN_RESET" {
		t.Errorf("%q leads to %q, %v", name, asked, err)
	}
}

// fact returns a fact of a reply.
func fact(t *testing.T, r bot.Reply, label string) string {
	t.Helper()
	for _, block := range r.Blocks {
		facts, _ := block.(bot.Facts)
		for _, f := range facts {
			if f.Label == label {
				return f.Value.String()
			}
		}
	}
	t.Fatalf("no fact %q in %s", label, r.Plain())
	return ""
}

func TestATicketIsWrittenForItsOwners(t *testing.T) {
	t.Parallel()
	chat, people, b := newDesk(t, openStore(t, ""), time.Hour)
	in := bot.Conversation{Adapter: "chat", Team: "1234567890123456789", Channel: "1234567890123456789", Thread: "@1234567890123456789"}
	for i, text := range []string{"unser Dienst meldet CONN_RESET", "human"} {
		m := bot.Message{ID: strconv.Itoa(i), In: in, From: bot.User{ID: "ann"}, Text: text, At: time.Now(), Lang: "de"}
		if err := b.Accept(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	ticket := people.Posts()[0]
	if got := fact(t, ticket.Reply, "Question"); got != "unser Dienst meldet CONN_RESET" {
		t.Errorf("got question %q", got)
	}
	for _, block := range ticket.Reply.Blocks {
		choices, _ := block.(bot.Choices)
		for _, c := range choices {
			if len(c.Say) > 60 { // what Discord's buttons hold beside the reply's ID
				t.Errorf("%q says %q, which is too long for a button", c.Label, c.Say)
			}
		}
	}
	if err := press(t, b, ticket, "sue", "I take it"); err != nil {
		t.Fatal(err)
	}
	until(t, "the asker to be told in German", func() bool { return strings.Contains(chat.Heard(), "Jetzt kümmert sich jemand") })
}

func TestATicketThatIsForwardedTwiceArrivesOnce(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	people := adaptertest.NewChat("desk")
	killed, _ := newBot(store, io.Discard, people)
	b, _ := newBot(store, io.Discard, people)
	b.Owners = []bot.Owner{{Topic: bot.AnyTopic, To: desk}}
	run(t, b)
	in := bot.Conversation{Adapter: "chat", Team: "T1", Channel: "C1"}
	for _, one := range []*bot.Bot{killed, b} { // the first dies before it has said that it is done
		if err := one.Forward(t.Context(), in, desk, bot.Reply{ID: "AAAAAAAAAAAAAAAAAAAA", Blocks: []bot.Block{bot.Heading("help"), bot.Choices{}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Forward(t.Context(), in, desk, bot.Reply{ID: "BBBBBBBBBBBBBBBBBBBB", Blocks: []bot.Block{bot.Heading("last"), bot.Choices{}}}); err != nil {
		t.Fatal(err)
	}
	until(t, "the last", func() bool { return strings.Contains(people.Heard(), "last") })
	if n := len(people.Posts()); n != 2 {
		t.Errorf("got %d posts, want 2:\n%s", n, people.Heard())
	}
	if s := sessionOf(t, store, desk); len(s.Seen) != 2 {
		t.Errorf("got %q as what was forwarded, want both", s.Seen)
	}
}

func TestAnEditDoesNotCallAgainWhatSomebodyHasTaken(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	chat, people, b := newDesk(t, store, time.Hour)
	chat.Say("C1", "ann", "our worker logs CONN_RESET")
	m := chat.Say("C1", "ann", "talk to a human")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	if err := press(t, b, people.Posts()[0], "sue", "I take it"); err != nil {
		t.Fatal(err)
	}
	if err := b.Accept(t.Context(), edited(m, "talk to a human please")); err != nil {
		t.Fatal(err)
	}
	if s := sessionOf(t, store, m.In); s.Talks[0].Called == nil || s.Talks[0].Called.Taken != "sue" || !s.Due.IsZero() {
		t.Errorf("got call %+v, due %v", s.Talks[0].Called, s.Due)
	}
}

func TestWithoutTheStoreOwnersAreToldAllTheSame(t *testing.T) {
	t.Parallel()
	redis := miniredis.RunT(t)
	store := openStore(t, "redis://"+redis.Addr())
	redis.Close()
	chat, people := adaptertest.NewChat("chat"), adaptertest.NewChat("desk")
	b, _ := newBot(store, io.Discard, chat, people)
	b.Owners, b.StoreWait = []bot.Owner{{Topic: bot.AnyTopic, To: desk, Notify: []string{"G1"}}}, 100*time.Millisecond
	run(t, b)
	m := chat.Say("C1", "ann", "can I talk to a human about my account?")
	until(t, "both to know", func() bool { return len(people.Posts()) == 1 && len(chat.Posts()) == 1 })
	if ticket := people.Posts()[0]; ticket.In != desk || strings.Contains(ticket.Reply.Plain(), "I take it") {
		t.Errorf("got a ticket in %v, which cannot be taken:\n%s", ticket.In, ticket.Reply.Plain())
	}
	gone := bot.Message{ID: "d1", In: m.In, From: m.From, Edits: m.ID, Deleted: true, At: time.Now()}
	if err := b.Accept(t.Context(), gone); err == nil {
		t.Error("a deletion that cannot be kept is taken")
	}
	if n := len(chat.Posts()); n != 1 {
		t.Errorf("got %d posts, want 1:\n%s", n, chat.Heard())
	}
}

func TestATicketIsWorthMoreTriesThanAReply(t *testing.T) {
	t.Parallel()
	redis := miniredis.RunT(t)
	redis.SetTime(time.Now().Add(-bot.ReplyAge - time.Minute)) // by now all is as old as that
	chat, people, _ := newDesk(t, openStore(t, "redis://"+redis.Addr()), time.Hour)
	var tries atomic.Int32
	people.FailSends(func(bot.Reply) error {
		if tries.Add(1) == 1 {
			return io.ErrUnexpectedEOF
		}
		return nil
	})
	callHuman(t, chat, people)
	if n := tries.Load(); n != 2 {
		t.Errorf("got %d tries, want 2", n)
	}
}
