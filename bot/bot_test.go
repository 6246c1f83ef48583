package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
)

func TestAQuestionIsAnsweredAndTheConversationKept(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	chat.Say("C1", "ann", "our worker logs CONN_RESET every few minutes")
	until(t, "an answer", func() bool { return strings.Contains(chat.Heard(), "1. Check your internet connection") })
	chat.Say("C1", "ann", "what next?")
	until(t, "the next step", func() bool { return strings.Contains(chat.Heard(), "Step 2 of 5") })
	if got := len(chat.Posts()); got != 2 {
		t.Errorf("got %d posts, want 2", got)
	}
}

func TestARedeliveredMessageIsAnsweredOnce(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	first, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, first)
	m := chat.Say("C1", "ann", "getting a 503")
	for range 3 {
		chat.Redeliver(m)
	}
	chat.Say("C1", "ann", "status 404")
	until(t, "the second answer", func() bool { return strings.Contains(chat.Heard(), "404: Not Found") })
	if got := len(chat.Posts()); got != 2 {
		t.Errorf("got %d posts, want 2: %s", got, chat.Heard())
	}
}

func TestTwoReplicasAnswerOnce(t *testing.T) {
	redis := miniredis.RunT(t)
	chat := adaptertest.NewChat("chat")
	one, _ := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	two, _ := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	run(t, one)
	run(t, two)
	const n = 100
	for i := range n {
		m := chat.Say(fmt.Sprintf("C%d", i%7), "ann", "getting a 503")
		chat.Redeliver(m) // either of them may get either
	}
	until(t, "all answers", func() bool { return len(chat.Posts()) >= n })
	if err := errors.Join(one.Accept(t.Context(), chat.Say("C1", "ann", "status 404"))); err != nil {
		t.Fatal(err)
	}
	until(t, "one answer more", func() bool { return strings.Contains(chat.Heard(), "404") })
	seen := map[string]bool{}
	for _, p := range chat.Posts() {
		if seen[p.Reply.ID] {
			t.Errorf("reply %s arrived twice", p.Reply.ID)
		}
		seen[p.Reply.ID] = true
	}
}

func TestRepliesOfADeadProcessAreDeliveredByTheNext(t *testing.T) {
	redis := miniredis.RunT(t)
	chat := adaptertest.NewChat("chat")
	chat.FailSends(func(bot.Reply) error { return errors.New("platform is away") })
	first, _ := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	stop := run(t, first)
	const n = 20
	var accepting sync.WaitGroup
	for i := range n {
		m := chat.Say(fmt.Sprintf("C%d", i), "ann", "getting a 503")
		accepting.Go(func() {
			if err := first.Accept(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	accepting.Wait()
	stop()
	if got := len(chat.Posts()); got != 0 {
		t.Fatalf("got %d posts from a platform that is away", got)
	}
	chat.FailSends(nil)
	second, _ := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	run(t, second)
	until(t, "the answers", func() bool { return len(chat.Posts()) == n })
}

func TestARefusedReplyIsGivenUpAndTheNextIsSent(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	chat.FailSends(func(r bot.Reply) error {
		if strings.Contains(r.Plain(), "503") {
			return &bot.SendError{Adapter: "chat", Err: errors.New("channel is archived")}
		}
		return nil
	})
	var log lockedBuffer
	b, reg := newBot(openStore(t, ""), &log, chat)
	run(t, b)
	chat.Say("C1", "ann", "getting a 503")
	chat.Say("C1", "ann", "status 404")
	until(t, "the second answer", func() bool { return strings.Contains(chat.Heard(), "404: Not Found") })
	if strings.Contains(chat.Heard(), "503") {
		t.Error("the refused reply arrived")
	}
	if !strings.Contains(log.String(), "reply refused, given up") {
		t.Errorf("the log does not tell: %s", log.String())
	}
	if got := counter(t, reg, "apihelp_sends_total", "refused"); got != 1 {
		t.Errorf("got %v refused sends counted, want 1", got)
	}
}

func TestAKeyInAMessageIsKeptNowhere(t *testing.T) {
	const key = "sk_live_51HxQ2eKZvKYlo2CkQ7"
	redis := miniredis.RunT(t)
	chat := adaptertest.NewChat("chat")
	chat.FailSends(func(bot.Reply) error { return errors.New("platform is away") }) // so that the outbox is full
	var log lockedBuffer
	b, reg := newBot(openStore(t, "redis://"+redis.Addr()), &log, chat)
	run(t, b)
	for _, text := range []string{"401 with " + key, `curl -H "Authorization: Bearer ` + key + `" says 401`, "api_key=" + key + " gives invalid api key"} {
		if err := b.Accept(t.Context(), chat.Say("C1", "ann", text)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "a failed send", func() bool { return counter(t, reg, "apihelp_sends_total", "retry") > 0 })
	if dump := redis.Dump(); strings.Contains(dump, key) {
		t.Errorf("the key is in Redis: %s", dump)
	}
	if strings.Contains(log.String(), key) {
		t.Errorf("the key is in the log: %s", log.String())
	}
	chat.FailSends(nil) // so that the bot need not wait when it stops
}

func TestWithoutRedisQuestionsAreAnsweredAndItRecovers(t *testing.T) {
	redis := miniredis.RunT(t)
	chat := adaptertest.NewChat("chat")
	b, reg := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	run(t, b)
	chat.Say("C1", "ann", "getting a 503")
	until(t, "the first answer", func() bool { return len(chat.Posts()) == 1 })

	redis.Close()
	m := chat.Say("C1", "ann", "status 404")
	chat.Redeliver(m)
	until(t, "an answer without Redis", func() bool { return strings.Contains(chat.Heard(), "404: Not Found") })
	until(t, "degraded health", func() bool { return b.Health().Degraded })
	if got := gauge(t, reg, "apihelp_degraded"); got != 1 {
		t.Errorf("got apihelp_degraded %v, want 1", got)
	}

	if err := redis.Restart(); err != nil {
		t.Fatal(err)
	}
	until(t, "health without a restart", func() bool { return !b.Health().Degraded })
	chat.Say("C1", "ann", "HTTP 500")
	until(t, "an answer with Redis", func() bool { return strings.Contains(chat.Heard(), "500: Server Error") })
	if got := len(chat.Posts()); got != 3 {
		t.Errorf("got %d posts, want 3: %s", got, chat.Heard())
	}
}

func TestAMessageAnsweredBeforeRedisWentIsNotAnsweredAgain(t *testing.T) {
	redis := miniredis.RunT(t)
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, "redis://"+redis.Addr()), io.Discard, chat)
	run(t, b)
	m := chat.Say("C1", "ann", "getting a 503")
	until(t, "the answer", func() bool { return len(chat.Posts()) == 1 })
	redis.Close()
	chat.Redeliver(m)
	chat.Say("C1", "ann", "status 404")
	until(t, "the next answer", func() bool { return strings.Contains(chat.Heard(), "404") })
	if got := len(chat.Posts()); got != 2 {
		t.Errorf("got %d posts, want 2: %s", got, chat.Heard())
	}
}

func TestACallerWhoGivesUpGetsAnErrorAndNoAnswer(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := bot.Message{ID: "1", In: bot.Conversation{Adapter: "chat"}, Text: "getting a 503"}
	if err := b.Accept(ctx, m); err == nil || b.Health().Degraded {
		t.Errorf("got %v, degraded %v, want an error and a store that is well", err, b.Health().Degraded)
	}
}

func TestARedisThatNeverAnswersIsNotWaitedFor(t *testing.T) {
	hole, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hole.Close() // nobody accepts: connections hang in the backlog
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, "redis://"+hole.Addr().String()), io.Discard, chat)
	b.StoreWait = 50 * time.Millisecond
	run(t, b)
	for i := range 5 {
		chat.Say(fmt.Sprintf("C%d", i), "ann", "getting a 503")
	}
	until(t, "answers", func() bool { return len(chat.Posts()) == 5 })
	if !b.Health().Degraded {
		t.Error("the health does not tell")
	}
}

func TestALocalAdapterThatEndsEndsTheBot(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat, localChat{adaptertest.NewChat("local")})
	if err := b.Run(t.Context()); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

// localChat is an adapter whose only user leaves at once.
type localChat struct{ *adaptertest.Chat }

func (localChat) Home() string                          { return "here" }
func (localChat) Run(context.Context, bot.Accept) error { return nil }

func TestAnAdapterThatFailsIsReportedAndTheOthersGoOn(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	broken := brokenAdapter{adaptertest.NewChat("broken")}
	b, _ := newBot(openStore(t, ""), io.Discard, chat, broken)
	stop := run(t, b)
	until(t, "the failure in health", func() bool { return strings.HasPrefix(b.Health().Adapters["broken"], "ended: ") })
	chat.Say("C1", "ann", "getting a 503")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	if err := stop(); !errors.Is(err, errRefused) {
		t.Errorf("got %v, want %v", err, errRefused)
	}
}

var errRefused = errors.New("token refused")

type brokenAdapter struct{ *adaptertest.Chat }

func (brokenAdapter) Run(context.Context, bot.Accept) error { return errRefused }

func TestAMessageOfNoAdapterIsRefused(t *testing.T) {
	b, _ := newBot(openStore(t, ""), io.Discard)
	if err := b.Accept(t.Context(), bot.Message{In: bot.Conversation{Adapter: "nobody"}}); err == nil {
		t.Error("got nil, want an error")
	}
}

func TestTalkKeepsConversationsApart(t *testing.T) {
	b, _ := newBot(openStore(t, ""), io.Discard)
	say := func(channel, id, text string) bot.Plan {
		return b.Talk(t.Context(), bot.Message{ID: id, In: bot.Conversation{Adapter: "script", Channel: channel}, Text: text})
	}
	say("a", "1", "rate limiting")
	say("b", "1", "getting a 503")
	if p := say("a", "2", "next"); p.Topic != "rate-limiting" || p.Step != 2 {
		t.Errorf("got %s step %d, want rate-limiting step 2", p.Topic, p.Step)
	}
	if p := say("a", "2", "next"); p.Act != bot.Silent || len(p.Replies) != 0 {
		t.Errorf("for a message seen before, got %s with %d replies, want silence", p.Act, len(p.Replies))
	}
}

func TestAConversationIsOverAfterItsIdleTime(t *testing.T) {
	b, _ := newBot(openStore(t, ""), io.Discard)
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	say := func(id, text string, at time.Time) bot.Plan {
		return b.Talk(t.Context(), bot.Message{ID: id, In: bot.Conversation{Adapter: "script"}, Text: text, At: at})
	}
	say("1", "rate limiting", start)
	if p := say("2", "next", start.Add(time.Hour)); p.Step != 2 {
		t.Errorf("within the idle time, got %s step %d, want step 2", p.Act, p.Step)
	}
	if p := say("3", "next", start.Add(2*time.Hour+time.Second)); p.Act != bot.Clarify || p.Step != 0 || !strings.Contains(p.Replies[0].Plain(), "has ended") {
		t.Errorf("after the idle time, got %s step %d, want to be told that the conversation has ended", p.Act, p.Step)
	}
}

func TestTalkWithoutRedisAnswersFromTheMessageAlone(t *testing.T) {
	b, _ := newBot(openStore(t, "redis://127.0.0.1:1"), io.Discard)
	p := b.Talk(t.Context(), bot.Message{ID: "1", In: bot.Conversation{Adapter: "script"}, Text: "getting a 503"})
	if p.Topic != "503" || !b.Health().Degraded {
		t.Errorf("got topic %q, degraded %v, want 503 and degraded", p.Topic, b.Health().Degraded)
	}
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
