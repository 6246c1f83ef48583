package bot_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
	"apihelp/sessions"
)

func TestAReplyIsSentOnceByOneProcess(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	to := bot.Conversation{Adapter: "chat", Channel: "C1"}
	r := bot.Reply{ID: "r1", Blocks: []bot.Block{bot.Heading("hello")}}
	send := func() error { return b.SendOnce(t.Context(), chat, to, r) }

	chat.FailSends(func(bot.Reply) error {
		// While the first attempt is under way, the outbox comes with the same.
		if err := send(); err == nil {
			t.Error("the second attempt did not wait for the first")
		}
		return errors.New("away")
	})
	var retry *sessions.RetryError
	if err := send(); !errors.As(err, &retry) {
		t.Errorf("got %v, want a *sessions.RetryError", err)
	}
	chat.FailSends(nil)
	for range 3 {
		if err := send(); err != nil {
			t.Error(err)
		}
	}
	if got := len(chat.Posts()); got != 1 {
		t.Errorf("got %d posts, want 1", got)
	}
}

func TestAReplyThatIsTooOldIsGivenUp(t *testing.T) {
	redis := miniredis.RunT(t)
	redis.SetTime(time.Now().Add(-bot.ReplyAge - time.Minute))
	chat := adaptertest.NewChat("chat")
	chat.FailSends(func(r bot.Reply) error {
		if strings.Contains(r.Plain(), "503") {
			return errors.New("away")
		}
		return nil
	})
	b, reg := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	run(t, b)
	chat.Say("C1", "ann", "getting a 503")
	chat.Say("C1", "ann", "status 404")
	until(t, "the next answer", func() bool { return strings.Contains(chat.Heard(), "404") })
	if got := counter(t, reg, "apihelp_sends_total", "expired"); got != 1 {
		t.Errorf("got %v expired replies counted, want 1", got)
	}
}

func TestAReplyThatNobodyCanReadIsGivenUp(t *testing.T) {
	store := openStore(t, "")
	key := sessions.Key{Lane: sessions.Lane{Name: "chat"}, Conversation: "c"}
	if _, err := store.Commit(t.Context(), key, sessions.Change{Replies: [][]byte{[]byte("no json"), []byte(`{"reply":{"blocks":[{"carousel":1}]}}`)}}); err != nil {
		t.Fatal(err)
	}
	chat := adaptertest.NewChat("chat")
	b, reg := newBot(store, io.Discard, chat)
	run(t, b)
	until(t, "both to be given up", func() bool { return counter(t, reg, "apihelp_sends_total", "unreadable") == 2 })
}

// patientChat notes the context that a send gets.
type patientChat struct {
	*adaptertest.Chat
	deadline chan time.Duration
}

func (p patientChat) Send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	d, _ := ctx.Deadline()
	p.deadline <- time.Until(d)
	return p.Chat.Send(ctx, c, r)
}

func TestASendIsBounded(t *testing.T) {
	chat := patientChat{adaptertest.NewChat("chat"), make(chan time.Duration, 1)}
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	chat.Say("C1", "ann", "getting a 503")
	if left := <-chat.deadline; left <= 0 || left > time.Minute {
		t.Errorf("a send may take %v, want a bound below a minute", left)
	}
}
