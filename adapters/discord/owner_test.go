package discord_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/bot"
)

func TestARoleIsNotifiedAndNobodyElse(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	staff, other, eve, owners := g.Role("staff"), g.Role("other"), g.User("eve"), g.Channel("owners")
	r.Pingable(staff)
	typed := "<@&" + other + "> <@&" + staff + "> <@" + eve.ID + "> @everyone @here"
	reply := public(typed)
	reply.Notify = []string{staff, "everyone", "1>@everyone<@&2", ""}
	reply.Blocks = append(reply.Blocks, bot.Heading(typed), bot.Facts{{Label: typed, Value: bot.Rich{{Text: typed}}}}, bot.Choices{{Label: "Resume", Say: "resume"}})
	ref := r.send(l, bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: owners.ID}, reply)
	got := r.says(owners.Messages, 1)[0]
	if diff := cmp.Diff([]string{staff}, got.Pings); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(got.Plain()), "\n"); first != "<@&"+staff+">" {
		t.Errorf("begins with %q", first)
	}
	if _, err := l.Edit(t.Context(), ref, reply); err != nil {
		t.Fatal(err)
	}
	reply.ID, reply.Notify = "QUIETQUIETQUIETQUIET", nil
	r.send(l, bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: owners.ID}, reply)
	if got := r.says(owners.Messages, 2)[1]; len(got.Pings) > 0 {
		t.Errorf("without Notify it pings %v", got.Pings)
	}
}

func TestPlainPostsNotifyToo(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.expected = "50035"
	l := r.listen(r.options())
	g := r.Guild("acme")
	staff, owners := g.Role("staff"), g.Channel("owners")
	r.Pingable(staff)
	r.Fail("POST /channels/{}/messages", discordtest.Fault{Times: 1, Status: 400, Code: 50035})
	reply := public("x")
	reply.Notify = []string{staff}
	r.send(l, bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: owners.ID}, reply)
	if got := r.says(owners.Messages, 1)[0]; !slices.Equal(got.Pings, []string{staff}) || got.Content == "" {
		t.Errorf("got %q, pings %v", got.Content, got.Pings)
	}
}

// ticketFor is what owners get: with something to press that says a lot.
func ticketFor() (bot.Reply, string) {
	say := strings.TrimSpace(strings.Repeat("take over slack:T1:C1:1700000000.000100 ", 8))[:300]
	reply := public("Somebody waits.")
	reply.Blocks = append(reply.Blocks, bot.Choices{{Label: "I take it", Say: say}, {Label: "Resume", Say: "resume"}})
	return reply, say
}

func TestTheOwnersChannelGetsAPostThatAnybodyMayPress(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		l := r.listen(r.options())
		g := r.Guild("acme")
		owners := g.Channel("owners")
		reply, say := ticketFor()
		r.send(l, bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: owners.ID}, reply)
		post := r.says(owners.Messages, 1)[0]
		if strings.Contains(post.Plain(), "Add details") || strings.Contains(post.Plain(), "slack:T1") {
			t.Errorf("the post says %q", post.Plain())
		}
		l.stop()
		l = r.listen(r.options()) // another process
		bob := g.User("bob")
		if err := bob.Press(post, "I take it").Err(); err != nil {
			t.Fatal(err)
		}
		m := r.said(l, "slack:T1")
		want := bot.Message{
			ID: "press:" + reply.ID, In: bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: post.ID},
			From: bot.User{ID: bob.ID, Name: "bob"}, Text: say, Presses: reply.ID, Lang: "en-US",
		}
		m.At = want.At
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		next := public("Thanks.")
		next.ID = "THANKSTHANKSTHANKSTH"
		r.send(l, m.In, next)
		contains(t, r.thread(post, 1)[0].Plain(), "Thanks.")
	})
}

func TestConversationsHaveAddresses(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	ann, help := g.User("ann"), g.Channel("help")
	m := ann.Say(help, "@apihelp first")
	c := r.said(l, "first").In
	prefix := "https://discord.com/channels/" + g.ID + "/"
	if got, want := l.Link(t.Context(), c), prefix+help.ID+"/"+m.ID; got != want {
		t.Errorf("before there is a thread: got %q, want %q", got, want)
	}
	r.send(l, c, public("The answer."))
	if got, want := l.Link(t.Context(), c), prefix+m.Thread().ID; got != want {
		t.Errorf("of the thread: got %q, want %q", got, want)
	}
	ann.DM("second")
	if got := l.Link(t.Context(), r.said(l, "second").In); got != "" {
		t.Errorf("of a direct message: got %q", got)
	}
	if got := l.Link(t.Context(), bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: help.ID, Thread: "@" + ann.ID}); got != "" {
		t.Errorf("of what one user sees: got %q", got)
	}
}

func TestTheLanguageIsThatOfThePersonElseOfTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	r.register()
	g := r.Guild("acme")
	ann := g.User("ann")
	g.SetLocale("de")
	ann.Say(g.Channel("help"), "@apihelp typed")
	if got := r.said(l, "typed").Lang; got != "de" {
		t.Errorf("typed in a server: got %q, want de", got)
	}
	ann.DM("direct")
	if got := r.said(l, "direct").Lang; got != "" {
		t.Errorf("typed directly: got %q, want none", got)
	}
	ann.SetLocale("nl")
	ann.Command(g.Channel("help"), "apihelp", map[string]string{"question": "commanded"})
	if got := r.said(l, "commanded").Lang; got != "nl" {
		t.Errorf("by a command: got %q, want nl", got)
	}
}
