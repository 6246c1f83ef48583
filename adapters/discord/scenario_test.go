package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"apihelp/adapters/adaptertest"
	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
)

func TestTheAdapterKeepsTheContract(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Bench {
		r := newRig(t, discordtest.Options{})
		a, err := discord.New(r.options())
		if err != nil {
			t.Fatal(err)
		}
		ann := r.Guild("acme").User("ann")
		return adaptertest.Bench{
			Adapter: a,
			Say: func(text string) string {
				r.until("a session", func() bool { return len(r.Sessions()) > 0 })
				ann.DM(text)
				return text
			},
			Heard: func() string {
				var b strings.Builder
				for _, m := range ann.DMs() {
					if m.Author == r.AppID() {
						b.WriteString(literal(m.Plain()) + "\n\n")
					}
				}
				return b.String()
			},
		}
	})
}

func TestAMentionIsAnsweredOnceInAThreadOfItsOwn(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		r.DuplicateEvents(true)
		g := r.Guild("acme")
		m := g.User("ann").Say(g.Channel("help"), "@apihelp getting a 503 since this morning")
		got := r.thread(m, 1)
		contains(t, got[0].Plain(), "503: Service Unavailable")
		role := g.User("bob").Say(g.Channel("help"), "@&apihelp getting a 403")
		contains(t, r.says(func() []*discordtest.Message { return replies(g.Channel("help"), role) }, 1)[0].Plain(), "mention me")
		if n := len(m.Thread().Messages()); n != 1 {
			t.Errorf("got %d messages in the thread, want 1", n)
		}
	})
}

func TestDirectMessagesGoOn(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	ann := r.Guild("acme").User("ann")
	ann.DM("our worker logs CONN_RESET every few minutes")
	r.says(ann.DMs, 1)
	ann.DM("what next?")
	contains(t, r.says(ann.DMs, 2)[1].Plain(), "Step 2 of 5")
}

func TestButtonsAreForTheAskerAndStaff(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		g := r.Guild("acme")
		ann, bob, mod := g.User("ann"), g.User("bob"), g.User("mod")
		g.Permit(mod, "MANAGE_MESSAGES")
		m := ann.Say(g.Channel("help"), "@apihelp our worker logs CONN_RESET")
		answer := r.thread(m, 1)[0]
		no := bob.Press(answer, "Next step")
		if err := no.Err(); err != nil {
			t.Error(err)
		}
		contains(t, no.Original().Plain(), "for the person who asked")
		if err := ann.Press(answer, "Next step").Err(); err != nil {
			t.Error(err)
		}
		mod.Press(answer, "Next step") // too late: it does nothing
		next := r.thread(m, 2)[1]
		contains(t, next.Plain(), "Step 2 of 5")
		contains(t, answer.Now().Plain(), "ann pressed Next step")
		mod.Press(next, "Next step")
		contains(t, r.thread(m, 3)[2].Plain(), "Step 3 of 5")
	})
}

func TestACommandIsAnsweredWhereOnlyItsWriterSeesIt(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		if _, err := discord.Register(t.Context(), r.Token(), r.URL()); err != nil {
			t.Fatal(err)
		}
		g := r.Guild("acme")
		ann, help := g.User("ann"), g.Channel("help")
		i := ann.Command(help, "apihelp", map[string]string{"question": "getting a 503 & nobody knows why"})
		if err := i.Err(); err != nil {
			t.Fatal(err)
		}
		r.until("an answer", func() bool { m := i.Original(); return m != nil && reads(m, "503: Service Unavailable") })
		if strings.Contains(i.Original().Plain(), "nobody knows") || !i.Original().Ephemeral {
			t.Error("the question is repeated, or everybody sees the answer")
		}
		ann.Press(i.Original(), "Post here")
		r.until("a post", func() bool { return len(r.says(help.Messages, 1)) == 1 })
		contains(t, r.thread(help.Messages()[0], 1)[0].Plain(), "503: Service Unavailable")
		if got := ann.Autocomplete(help, "apihelp", "question", "rate").Choices(); len(got) != 1 || got[0] != "Rate Limiting" {
			t.Errorf("got %q", got)
		}
	})
}

func TestTroubleshootThisMessageNeedsNoIntent(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		if _, err := discord.Register(t.Context(), r.Token(), r.URL()); err != nil {
			t.Fatal(err)
		}
		g := r.Guild("acme")
		m := g.User("bob").Say(g.Channel("help"), "x509: certificate signed by unknown authority")
		i := g.User("ann").MessageCommand(m, "Troubleshoot this message")
		if err := i.Err(); err != nil {
			t.Fatal(err)
		}
		r.until("an answer", func() bool { o := i.Original(); return o != nil && reads(o, "SSL/TLS Certificate Errors") })
	})
}

func TestAForumPostIsAnsweredAndTaggedWhenSolved(t *testing.T) {
	r := newRig(t, discordtest.Options{Content: true})
	g := r.Guild("acme")
	forum := g.Forum("support")
	forum.Tag("Solved")
	o := r.options()
	o.Forums = []string{forum.ID}
	r.run(o)
	ann := g.User("ann")
	post := ann.Post(forum, "it broke", "our worker logs CONN_RESET")
	answer := r.says(post.Messages, 1)[0]
	ann.Press(answer, "It worked")
	contains(t, r.says(post.Messages, 2)[1].Plain(), "Good to hear")
	r.until("the tag", func() bool { return slices.Contains(post.Now().Tags, "Solved") })
	other := g.Forum("chat")
	silent := ann.Post(other, "lunch", "getting a 503")
	if got := silent.Messages(); len(got) != 1 {
		t.Errorf("got %d messages in a forum that is not the bot's", len(got))
	}
}

func TestAnEditedQuestionCorrectsItsAnswer(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	m := ann.Say(g.Channel("help"), "@apihelp getting a 503")
	answer := r.thread(m, 1)[0]
	ann.Edit(m, "@apihelp getting a 403")
	r.until("the correction", func() bool { return reads(answer.Now(), "403: Forbidden") })
}

func TestWithoutThreadsItAnswersBelow(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	r.expected = "50013" // it has to try
	r.run(r.options())
	g := r.Guild("acme")
	help, ann := g.Channel("help"), g.User("ann")
	help.Deny("CREATE_PUBLIC_THREADS")
	ann.Say(help, "@apihelp our worker logs CONN_RESET")
	answer := r.says(help.Messages, 1)[0]
	shelf := r.store.Shelf(discord.Name)
	r.until("the conversation kept", func() bool { begun, _ := shelf.Get(t.Context(), "reply:"+answer.ID); return begun != nil })
	ann.Reply(answer, "what next?")
	contains(t, r.says(help.Messages, 2)[1].Plain(), "Step 2 of 5")
}

func TestPrivacyForgets(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	if _, err := discord.Register(t.Context(), r.Token(), r.URL()); err != nil {
		t.Fatal(err)
	}
	g := r.Guild("acme")
	ann, help := g.User("ann"), g.Channel("help")
	m := ann.Say(help, "@apihelp our worker logs CONN_RESET")
	r.thread(m, 1)
	i := ann.Command(help, "apihelp-privacy", nil)
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	contains(t, i.Original().Plain(), "Forget me")
	gone := ann.Press(i.Original(), "Forget me")
	if err := gone.Err(); err != nil {
		t.Fatal(err)
	}
	ann.SayIn(m.Thread(), "@apihelp what next?")
	contains(t, r.thread(m, 2)[1].Plain(), "no topic open")
}

func TestCommandsAreRegisteredOnlyWhenTheyChanged(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	for i, want := range []bool{true, false, false} {
		changed, err := discord.Register(t.Context(), r.Token(), r.URL())
		if err != nil || changed != want {
			t.Errorf("time %d: got %v, %v, want %v", i, changed, err, want)
		}
	}
	link, err := discord.Invite(t.Context(), r.Token(), r.URL(), false)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, link, "permissions=309237713920")
}

func TestLostSocketsLoseNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{Heartbeat: 300 * time.Millisecond})
	r.run(r.options())
	g := r.Guild("acme")
	const people, each = 20, 15
	for i := range people * each {
		g.User("u" + string(rune('a'+i%people))).DM("getting a 503")
		if i%5 != 2 {
			continue
		}
		r.until("a socket", func() bool { return r.Sockets() > 0 })
		switch i % 15 { // 60 lost sockets in all
		case 2:
			r.CutSockets()
		case 7:
			r.Reconnect()
		default:
			r.CloseSockets(4000)
		}
	}
	for i := range people {
		u := g.User("u" + string(rune('a'+i)))
		if got := len(r.says(u.DMs, each)); got != each {
			t.Errorf("%s got %d answers, want %d", u.Name, got, each)
		}
	}
}

// replies are the messages of a channel that answer another.
func replies(c *discordtest.Channel, to *discordtest.Message) (all []*discordtest.Message) {
	for _, m := range c.Messages() {
		if m.Reference == to.ID {
			all = append(all, m)
		}
	}
	return all
}
