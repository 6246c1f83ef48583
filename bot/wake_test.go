package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/bot"
)

func TestNothingIsSaidToBeSentAgainThatNobodyGets(t *testing.T) {
	t.Parallel()
	chat, people, b := newDesk(t, openStore(t, ""), 50*time.Millisecond)
	b.Owners = b.Owners[1:] // nobody but those of rate limiting
	chat.Say("C1", "ann", "our worker logs CONN_RESET")
	chat.Say("C1", "ann", "talk to a human")
	until(t, "silence to be said", func() bool { return strings.Contains(chat.Heard(), "Nobody has reacted yet") })
	if due := sessionOf(t, b.Store, bot.Conversation{Adapter: "chat", Team: "T1", Channel: "C1"}).Due; !due.IsZero() {
		t.Errorf("it is looked at again at %v, after all was said", due)
	}
	if strings.Contains(chat.Heard(), "sent it again") || len(people.Posts()) > 0 {
		t.Errorf("got %d tickets and\n%s", len(people.Posts()), chat.Heard())
	}
}

func TestOneBrokenConversationKeepsNoOtherAsleep(t *testing.T) {
	t.Parallel()
	redis := miniredis.RunT(t)
	chat, _, _ := newDesk(t, openStore(t, "redis://"+redis.Addr()), time.Hour)
	chat.Say("C1", "ann", "hello")
	until(t, "a session", func() bool { return breakSession(redis, "chat:T1:C1:") })
	chat.Say("C2", "bob", "hello")
	until(t, "bob's greeting returned", func() bool { return strings.Contains(chat.Heard(), "Hello!") })
}

// breakSession makes what is kept of a conversation unreadable, and reports
// whether there is something.
func breakSession(redis *miniredis.Miniredis, conversation string) bool {
	for _, key := range redis.Keys() {
		if strings.HasSuffix(key, conversation) && redis.HGet(key, "data") != "" {
			redis.HSet(key, "data", "no json")
			return true
		}
	}
	return false
}

func TestAGreetingIsReturnedAsTheReplyToIt(t *testing.T) {
	t.Parallel()
	chat, _, _ := newDesk(t, openStore(t, ""), time.Hour)
	m := chat.Say("C1", "ann", "hello")
	until(t, "the greeting returned", func() bool { return len(chat.Posts()) == 1 })
	// A command's placeholder waits for the reply of this ID.
	if got, want := chat.Posts()[0].Reply.ID, bot.ReplyID(m, 0); got != want {
		t.Errorf("got reply %s, want %s", got, want)
	}
}

func TestWhatFollowsAGreetingIsForTheBot(t *testing.T) {
	t.Parallel()
	chat, _, b := newDesk(t, openStore(t, ""), time.Hour)
	m := chat.Say("C1", "ann", "hey")
	until(t, "the greeting taken", func() bool { return !sessionOf(t, b.Store, m.In).Due.IsZero() })
	overhear(t, b, m.In, "ann", "why do I get a 503")
	until(t, "an answer", func() bool { return strings.Contains(chat.Heard(), "503") })
	if n := len(chat.Posts()); n != 1 {
		t.Errorf("got %d posts, want 1:\n%s", n, chat.Heard())
	}
}

func TestADeletedQuestionIsForgottenAfterTheConversationEnded(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	chat, _, b := newDesk(t, store, time.Hour)
	m := chat.Say("C1", "ann", "our secret project logs CONN_RESET")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	late := m
	late.ID, late.Text, late.At, late.From = "late", "getting a 503", m.At.Add(3*time.Hour), bot.User{ID: "bob"}
	if err := b.Accept(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	gone := bot.Message{ID: "d1", In: m.In, From: m.From, Edits: m.ID, Deleted: true, Overheard: true, At: late.At}
	if err := b.Accept(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	s := sessionOf(t, store, m.In)
	if len(s.Ended) != 1 || s.Ended[0].Question != "" {
		t.Errorf("got %+v, want the end of a talk without a question", s.Ended)
	}
}

func TestADeletionOfWhatTheBotNeverReadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	store := openStore(t, "")
	_, _, b := newDesk(t, store, time.Hour)
	in := bot.Conversation{Adapter: "chat", Team: "T1", Channel: "C9"}
	gone := bot.Message{ID: "d1", In: in, Edits: "m1", Deleted: true, Overheard: true, At: time.Now()}
	if err := b.Accept(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if s := sessionOf(t, store, in); s.Version != 0 {
		t.Errorf("got %+v, want no session", s)
	}
}
