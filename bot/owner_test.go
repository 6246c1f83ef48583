package bot_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
	"apihelp/sessions"
)

// desk is where the owners of everything read.
var desk = bot.Conversation{Adapter: "desk", Team: "T1", Channel: "oncall"}

// newDesk is a chat and the desk of those who take over, with a bot between
// them that waits for nobody long.
func newDesk(t *testing.T, store *sessions.Store, wait time.Duration) (chat, people *adaptertest.Chat, b *bot.Bot) {
	t.Helper()
	chat, people = adaptertest.NewChat("chat"), adaptertest.NewChat("desk")
	b, _ = newBot(store, io.Discard, chat, people)
	b.Owners = []bot.Owner{{Topic: bot.AnyTopic, To: desk, Notify: []string{"G1"}}, {Topic: "rate-limiting", To: bot.Conversation{Adapter: "desk", Team: "T1", Channel: "billing"}}}
	b.HandoffWait = wait
	run(t, b)
	return chat, people, b
}

// press presses a choice of a reply, as adapters tell it: all presses of one
// reply are the same message.
func press(t *testing.T, b *bot.Bot, post adaptertest.Post, user, label string) error {
	t.Helper()
	for _, block := range post.Reply.Blocks {
		choices, _ := block.(bot.Choices)
		for _, c := range choices {
			if c.Label == label {
				return b.Accept(t.Context(), bot.Message{
					ID: "press:" + post.Reply.ID, In: post.In, From: bot.User{ID: user, Name: user}, Text: c.Say, At: time.Now(), Presses: post.Reply.ID,
				})
			}
		}
	}
	t.Fatalf("no choice %q in %s", label, post.Reply.Plain())
	return nil
}

func TestAPersonIsCalledAndTakesOver(t *testing.T) {
	store := openStore(t, "")
	chat, people, b := newDesk(t, store, time.Hour)
	chat.Say("C1", "ann", "our worker on staging logs CONN_RESET, see https://ci.example.com/run/7")
	chat.Say("C1", "ann", "tried 1 and 2")
	chat.Say("C1", "ann", "talk to a human")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	ticket := people.Posts()[0]
	for _, want := range []string{"Needs a human: Connection Timeout Error", "our worker on staging logs", "Code: CONN_RESET", "Steps tried: 1, 2", "Environment: staging", "https://ci.example.com/run/7", "[I take it]"} {
		if !strings.Contains(ticket.Reply.Plain(), want) {
			t.Errorf("the ticket lacks %q:\n%s", want, ticket.Reply.Plain())
		}
	}
	if ticket.In != desk || len(ticket.Reply.Notify) != 1 {
		t.Errorf("got a ticket in %v for %v", ticket.In, ticket.Reply.Notify)
	}
	chat.Say("C1", "ann", "still broken") // is for the person
	if err := press(t, b, ticket, "sue", "I take it"); err != nil {
		t.Fatal(err)
	}
	until(t, "both to know", func() bool {
		return strings.Contains(people.Heard(), "sue takes it") && strings.Contains(chat.Heard(), "Somebody has it now")
	})
	if err := press(t, b, ticket, "tom", "I take it"); err != bot.ErrPast {
		t.Errorf("for the second to take it, got %v", err)
	}
	if err := press(t, b, people.Posts()[1], "sue", "Closed"); err != nil {
		t.Fatal(err)
	}
	until(t, "the bot to be back", func() bool { return strings.Contains(chat.Heard(), "I'm back") })
	chat.Say("C1", "ann", "what next?")
	until(t, "the next step", func() bool {
		return strings.Contains(chat.Heard(), "Step 4 of 5") || strings.Contains(chat.Heard(), "Step 3 of 5")
	})
	events := ledger(t, store)
	for _, want := range []string{"asked CONN_RESET", "handed_over CONN_RESET requested", "taken CONN_RESET", "closed CONN_RESET"} {
		if !strings.Contains(events, want) {
			t.Errorf("the ledger lacks %q:\n%s", want, events)
		}
	}
	if strings.Contains(events, "ann") || strings.Contains(events, "staging") {
		t.Errorf("the ledger tells of people:\n%s", events)
	}
}

// ledger returns what the ledger of chat says, a line a record.
func ledger(t *testing.T, store *sessions.Store) string {
	t.Helper()
	var b strings.Builder
	for r, err := range store.Ledger(t.Context(), sessions.Lane{Name: "chat"}, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.TrimSpace(r.Event+" "+r.Topic+" "+r.Reason) + "\n")
	}
	return b.String()
}

func TestATopicsOwnOwnerIsToldAloneAndOnlyOwnersTake(t *testing.T) {
	chat, people, b := newDesk(t, openStore(t, ""), time.Hour)
	chat.Say("C1", "ann", "rate limiting")
	m := chat.Say("C1", "ann", "human please")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	if got := people.Posts()[0].In.Channel; got != "billing" {
		t.Errorf("got the ticket in %s, want billing", got)
	}
	forged := bot.Message{ID: "f1", In: m.In, From: bot.User{ID: "eve"}, Text: "take ticket", At: time.Now(), Presses: chat.Posts()[len(chat.Posts())-1].Reply.ID}
	if err := b.Accept(t.Context(), forged); err != bot.ErrPast {
		t.Errorf("for a press of what is no ticket, got %v", err)
	}
	forged.ID, forged.Presses = "f3", people.Posts()[0].Reply.ID
	if err := b.Accept(t.Context(), forged); err != bot.ErrPast {
		t.Errorf("for a press of a ticket where it is not, got %v", err)
	}
	typed := bot.Message{ID: "f2", In: people.Posts()[0].In, From: bot.User{ID: "eve"}, Text: "take ticket", At: time.Now()}
	if err := b.Accept(t.Context(), typed); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(chat.Heard(), "Somebody has it") {
		t.Error("what somebody types takes a ticket")
	}
}

func TestNobodyReactsIsSaidAndSentOnceMore(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	chat, people, _ := newDesk(t, store, 100*time.Millisecond)
	second, _ := newBot(store, io.Discard, chat, people)
	second.Owners, second.HandoffWait = []bot.Owner{{Topic: bot.AnyTopic, To: desk}}, 100*time.Millisecond
	run(t, second) // another replica is awake as well
	chat.Say("C1", "ann", "CONN_RESET")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	chat.Say("C1", "ann", "human")
	until(t, "silence to be said", func() bool {
		return strings.Contains(chat.Heard(), "other ways to reach support") || strings.Contains(chat.Heard(), "urgent")
	})
	until(t, "the ticket again", func() bool { return len(people.Posts()) == 2 })
	if got := strings.Count(chat.Heard(), "sent it again"); got != 1 {
		t.Errorf("it is said %d times that it was sent again:\n%s", got, chat.Heard())
	}
	if n := len(people.Posts()); n != 2 {
		t.Errorf("got %d tickets, want 2", n)
	}
}

func TestAnOwnersAdapterThatIsAwayHoldsNobodyUp(t *testing.T) {
	chat, people, _ := newDesk(t, openStore(t, ""), time.Hour)
	people.FailSends(func(bot.Reply) error { return &bot.SendError{Adapter: "desk", Retry: true, Err: io.ErrUnexpectedEOF} })
	chat.Say("C1", "ann", "CONN_RESET")
	chat.Say("C1", "ann", "human")
	chat.Say("C1", "ann", "resume")
	until(t, "the bot to be back", func() bool { return strings.Contains(chat.Heard(), "I'm back") })
	people.FailSends(nil)
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
}

func TestABurstGetsOneAnswer(t *testing.T) {
	t.Parallel()
	chat, _, _ := newDesk(t, openStore(t, ""), time.Hour)
	chat.Say("C1", "ann", "hey")
	chat.Say("C1", "ann", "quick q")
	chat.Say("C1", "ann", "why do I get a 503")
	chat.Say("C2", "bob", "hello")
	until(t, "bob's greeting returned", func() bool { return strings.Contains(chat.Heard(), "Hello!") })
	if n := len(chat.Posts()); n != 2 {
		t.Errorf("got %d posts, want one for each:\n%s", n, chat.Heard())
	}
}

func TestADeletedQuestionIsForgotten(t *testing.T) {
	chat, people, b := newDesk(t, openStore(t, ""), time.Hour)
	m := chat.Say("C1", "ann", "our secret project logs CONN_RESET")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	gone := bot.Message{ID: "d1", In: m.In, From: m.From, Edits: m.ID, Deleted: true, Overheard: true, At: time.Now()}
	if err := b.Accept(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	chat.Say("C1", "ann", "human")
	until(t, "the ticket", func() bool { return len(people.Posts()) == 1 })
	if text := people.Posts()[0].Reply.Plain(); strings.Contains(text, "secret project") || !strings.Contains(text, "CONN_RESET") {
		t.Errorf("got %s", text)
	}
}
