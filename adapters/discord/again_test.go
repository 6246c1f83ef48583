package discord_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/adapters/discord/gateway"
)

// register gives the application its commands.
func (r *rig) register() {
	r.t.Helper()
	if _, err := discord.Register(r.t.Context(), r.Token(), r.URL()); err != nil {
		r.t.Fatal(err)
	}
}

func TestWhatWasMissedInThreadsAndBehindChatterIsReadAfterwards(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	first := r.run(r.options())
	g := r.Guild("acme")
	ann, bob, help := g.User("ann"), g.User("bob"), g.Channel("help")
	m := ann.Say(help, "@apihelp our worker logs CONN_RESET")
	r.thread(m, 1)
	ann.SayIn(m.Thread(), "@apihelp what next?")
	r.thread(m, 2)
	for range 130 {
		bob.Say(help, "chatter")
	}
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	ann.SayIn(m.Thread(), "@apihelp what next?")
	asked := ann.Say(help, "@apihelp getting a 404")
	r.RefuseResume(true)
	r.run(r.options())
	contains(t, r.thread(m, 3)[2].Plain(), "Step 3 of 5")
	contains(t, r.thread(asked, 1)[0].Plain(), "404: Not Found")
}

func TestWhatCannotBeReadIsNotAnswered(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{}) // without the content of messages
	r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	m := ann.Say(g.Channel("help"), "@apihelp our worker logs CONN_RESET")
	r.thread(m, 1)
	ann.SayIn(m.Thread(), "hold on, I go for lunch")
	ann.SayIn(m.Thread(), "@apihelp what next?")
	if all := r.thread(m, 2); len(all) != 2 || !reads(all[1], "Step 2 of 5") {
		t.Errorf("got %d answers, the second %q", len(all), all[1].Plain())
	}
}

func TestEachCommandGetsItsOwnAnswer(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		r.register()
		g := r.Guild("acme")
		ann, help := g.User("ann"), g.Channel("help")
		asked := map[string]*discordtest.Interaction{}
		for _, code := range []string{"503", "404", "403"} {
			asked[code] = ann.Command(help, "apihelp", map[string]string{"question": "getting a " + code})
		}
		for code, i := range asked {
			r.until("the answer to "+code, func() bool { o := i.Original(); return o != nil && reads(o, code+": ") })
		}
	})
}

func TestARefusedFirstResponseIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	r.register()
	r.Fail("POST /interactions/{}/{}/callback", discordtest.Fault{Times: 2, Status: 502})
	g := r.Guild("acme")
	i := g.User("ann").Command(g.Channel("help"), "apihelp", map[string]string{"question": "getting a 503"})
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	r.until("an answer", func() bool { o := i.Original(); return o != nil && reads(o, "503: Service Unavailable") })
}

func TestPostHereWorksOnceAndInThreads(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	r.register()
	g := r.Guild("acme")
	ann, help := g.User("ann"), g.Channel("help")
	thread := ann.StartThread(ann.Say(help, "hello"), "talk")
	for where, channel := range map[string]*discordtest.Channel{"channel": help, "thread": thread.Channel} {
		i := ann.Command(channel, "apihelp", map[string]string{"question": "getting a 503"})
		r.until("an answer", func() bool { m := i.Original(); return m != nil && reads(m, "503: Service Unavailable") })
		for _, p := range []*discordtest.Interaction{ann.Press(i.Original(), "Post here"), ann.Press(i.Original(), "Post here")} {
			if err := p.Err(); err != nil {
				t.Error(err)
			}
		}
		shared := r.says(channel.Messages, 1)[0]
		contains(t, shared.Plain(), "ann: 503: Service Unavailable")
		if where == "channel" {
			contains(t, r.thread(shared, 1)[0].Plain(), "Check status page")
		} else {
			contains(t, r.says(channel.Messages, 2)[1].Plain(), "Check status page")
		}
	}
	lines := 0
	for _, m := range help.Messages() {
		if reads(m, "ann: 503") {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("got %d posts in the channel, want 1", lines)
	}
}

func TestWhereTheBotMayNotWriteInThreadsItAnswersBelow(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.expected = "50013" // it has to try
	r.run(r.options())
	g := r.Guild("acme")
	help := g.Channel("help")
	help.Deny("SEND_MESSAGES_IN_THREADS")
	g.User("ann").Say(help, "@apihelp getting a 503")
	contains(t, r.says(help.Messages, 1)[0].Plain(), "503: Service Unavailable")
}

func TestAButtonOfAnOlderAnswerSaysSo(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		g := r.Guild("acme")
		ann := g.User("ann")
		m := ann.Say(g.Channel("help"), "@apihelp our worker logs CONN_RESET")
		first := r.thread(m, 1)[0]
		ann.SayIn(m.Thread(), "@apihelp what next?")
		r.thread(m, 2)
		i := ann.Press(first, "It worked")
		if err := i.Err(); err != nil {
			t.Fatal(err)
		}
		contains(t, i.Original().Plain(), "answered already")
	})
}

func TestAnAnswerThatHadToGoDirectlyGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.expected = "401"
	r.run(r.options())
	r.register()
	r.Fail("PATCH /webhooks/{}/{}/messages/@original", discordtest.Fault{Status: 401, Code: 50027})
	g := r.Guild("acme")
	ann := g.User("ann")
	ann.Command(g.Channel("help"), "apihelp", map[string]string{"question": "our worker logs CONN_RESET"})
	answer := r.says(ann.DMs, 1)[0]
	if strings.Contains(answer.Plain(), "[Post here]") {
		t.Error("there is no channel to post it in")
	}
	shelf := r.store.Shelf(discord.Name)
	r.until("the conversation kept", func() bool { begun, _ := shelf.Get(t.Context(), "reply:"+answer.ID); return begun != nil })
	ann.Press(answer, "Next step")
	contains(t, r.says(ann.DMs, 2)[1].Plain(), "Step 2 of 5")
}

func TestALimitForAllRoutesHoldsAllBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	g := r.Guild("acme")
	r.Fail("POST /channels/{}/messages", discordtest.Fault{Times: 1, Status: 429, RetryAfter: time.Second, Global: true})
	first, second := g.User("ann"), g.User("bob")
	first.DM("getting a 503")
	r.until("the refusal", func() bool { return len(r.Calls("POST /channels/{}/messages")) == 1 })
	refused := time.Now()
	second.DM("getting a 503")
	r.says(second.DMs, 1)
	if early := time.Until(refused.Add(900 * time.Millisecond)); early > 0 {
		t.Errorf("a request went out %v too early", early)
	}
	r.says(first.DMs, 1)
}

// A flaky shelf does not keep the first thread.
type flaky struct {
	gateway.Shelf
	n atomic.Int32
}

// Put implements [gateway.Shelf].
func (f *flaky) Put(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if strings.HasPrefix(key, "thread:") && f.n.Add(1) == 1 {
		return errors.New("redis timed out")
	}
	return f.Shelf.Put(ctx, key, value, ttl)
}

func TestAShelfThatFailsOnceLosesNoAnswer(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	o := r.options()
	o.Shelf = &flaky{Shelf: o.Shelf}
	r.run(o)
	g := r.Guild("acme")
	r.thread(g.User("ann").Say(g.Channel("help"), "@apihelp getting a 503"), 1)
}
