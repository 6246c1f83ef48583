package slack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
	"apihelp/bot"
)

func TestGroupsAreNotifiedAndNobodyElse(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	l := r.listen(r.options())
	w := r.Workspace("T1")
	eve, owners := w.User("eve"), w.Channel("owners")
	typed := "<!subteam^S066> <@" + eve.ID + "> <!channel> @here <!here|here>"
	r.line = "<!subteam^S077> <@" + w.User("bob").ID + ">"
	reply := public(typed)
	reply.Notify = []string{"S077", w.User("bob").ID, "<!channel>", "here", "S1> <!channel", "s1", ""}
	reply.Blocks = append(reply.Blocks, bot.Heading(typed), bot.Facts{{Label: typed, Value: bot.Rich{{Text: typed}}}})
	c := bot.Conversation{Adapter: "slack", Team: "T1", Channel: owners.ID}
	ref := r.send(l, c, reply)
	check := func() {
		t.Helper() // that nothing else is a mention is checked with all that is sent
		if got := owners.Messages()[0]; !strings.HasPrefix(got.Text, r.line+"\n\n") || !strings.Contains(string(r.withoutLine(got.Blocks)), `"text":"called"`) {
			t.Errorf("got text %.80q, blocks %.200s", got.Text, got.Blocks)
		}
	}
	check()
	if _, err := l.Edit(t.Context(), ref, reply); err != nil {
		t.Fatal(err)
	}
	check()
	if n := len(owners.Messages()); n != 1 {
		t.Errorf("got %d messages, want 1", n)
	}
}

func TestTheOwnersChannelGetsAPostThatAnybodyMayPress(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		l := r.listen(r.options())
		w := r.Workspace("T1")
		owners, bob := w.Channel("owners"), w.User("bob")
		say := strings.TrimSpace(strings.Repeat("take over slack:T1:C1:1700000000.000100 ", 8))[:300]
		reply := public("Somebody waits.")
		reply.Blocks = append(reply.Blocks, bot.Choices{{Label: "I take it", Say: say}, {Label: "Resume", Say: "resume"}})
		r.send(l, bot.Conversation{Adapter: "slack", Team: "T1", Channel: owners.ID}, reply)
		post := owners.Messages()[0]
		if post.ThreadTS != "" {
			t.Errorf("the post is in the thread %s", post.ThreadTS)
		}
		l.stop()
		l = r.listen(r.options()) // another process
		if err := bob.Press(post, "I take it").Err(); err != nil {
			t.Fatal(err)
		}
		m := r.said(l, "slack:T1")
		want := bot.Message{
			ID: "press:" + reply.ID, In: bot.Conversation{Adapter: "slack", Team: "T1", Channel: owners.ID, Thread: post.TS},
			From: bot.User{ID: bob.ID, Name: "bob", Team: "T1"}, Text: say, At: m.At, Presses: reply.ID,
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestConversationsHaveAddresses(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	l := r.listen(r.options())
	w := r.Workspace("T1")
	ann, general := w.User("ann"), w.Channel("general")
	m := ann.Say(general, "@apihelp first")
	c := r.said(l, "first").In
	r.Fail("chat.getPermalink", slacktest.Fault{Times: 1, Status: 503})
	if got := l.Link(t.Context(), c); got != "" {
		t.Errorf("while Slack is out of order: got %q", got)
	}
	for range 2 {
		if got, want := l.Link(t.Context(), c), "/archives/"+general.ID+"/p"+strings.ReplaceAll(m.TS, ".", ""); !strings.HasPrefix(got, "https://") || !strings.HasSuffix(got, want) {
			t.Errorf("got %q, want it to end in %q", got, want)
		}
	}
	if n := len(r.Calls("chat.getPermalink")); n != 2 {
		t.Errorf("asked %d times, want 2: once in vain", n)
	}
	ann.DM("second")
	for what, c := range map[string]bot.Conversation{
		"a direct message":   r.said(l, "second").In,
		"what one user sees": {Adapter: "slack", Team: "T1", Channel: general.ID, Thread: "@" + ann.ID},
		"a channel":          {Adapter: "slack", Team: "T1", Channel: general.ID},
	} {
		if got := l.Link(t.Context(), c); got != "" {
			t.Errorf("of %s: got %q", what, got)
		}
	}
}

func TestADeletedMessageIsForgotten(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		l := r.listen(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		alone := ann.Say(general, "@apihelp first")
		m := ann.Say(general, "@apihelp second")
		second := r.said(l, "second").In
		r.send(l, second, public("The answer."))
		within := ann.Reply(m, "third")
		direct := ann.DM("fourth")
		for _, tt := range []struct {
			m  *slacktest.Message
			in bot.Conversation
		}{{alone, r.said(l, "first").In}, {within, second}, {m, second}, {direct, r.said(l, "fourth").In}} {
			ann.Delete(tt.m)
			got := r.message(l, "a deletion", func(d bot.Message) bool { return d.Edits == tt.m.TS })
			want := bot.Message{
				ID: tt.m.TS + "/deleted", Edits: tt.m.TS, In: tt.in, From: bot.User{ID: ann.ID, Team: "T1"}, At: got.At,
				Direct: tt.m == direct, Deleted: true, Overheard: true,
			}
			if diff := cmp.Diff(want, got); diff != "" || got.At.IsZero() {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})
}

func TestTheBotStepsAsideForAnotherPersonInItsThread(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob := w.User("ann"), w.User("bob")
		m := ann.Say(w.Channel("general"), "@apihelp our worker logs CONN_RESET")
		r.thread(m, 1)
		bob.Reply(m, "let me have a look at the load balancer with you")
		r.settled()
		ann.Reply(m, "what next?") // is for bob
		r.settled()
		ann.Reply(m, "@apihelp what next?")
		contains(t, r.thread(m, 5)[4].Plain(), "Step 2 of 5") // answer, bob, ann, ann
		r.settled()
		if n := len(m.Thread()); n != 5 {
			t.Errorf("got %d messages, want 5", n)
		}
	})
}
