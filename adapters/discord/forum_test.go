package discord_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord/discordtest"
)

func TestAForumPostSaysThatAPersonIsCalled(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{Content: true})
	g := r.Guild("acme")
	forum := g.Forum("support")
	forum.Tag("needs HUMAN")
	g.Permit(g.User("apihelp"), "MANAGE_THREADS")
	o := r.options()
	o.Forums = []string{forum.ID}
	r.run(o)
	ann := g.User("ann")
	post := ann.Post(forum, "it broke", "our worker logs CONN_RESET", "Question")
	r.says(post.Messages, 1)
	tags := func(want ...string) {
		t.Helper()
		r.until("the tags", func() bool { got := slices.Sorted(slices.Values(post.Now().Tags)); return cmp.Equal(got, want) })
	}
	ann.SayIn(post, "talk to a human")
	r.says(post.Messages, 2)
	tags("Question", "needs HUMAN")
	ann.SayIn(post, "resume")
	r.says(post.Messages, 3)
	tags("Question")
	ann.SayIn(post, "talk to a human")
	called := r.says(post.Messages, 4)[3]
	tags("Question", "needs HUMAN")
	if err := ann.Press(called, "It worked").Err(); err != nil {
		t.Fatal(err)
	}
	tags("Question", "Solved")
}

func TestAPostThatCannotBeTaggedIsAnsweredAllTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{Content: true})
	r.expected = "Missing Permissions"
	g := r.Guild("acme")
	forum := g.Forum("support")
	forum.Tag("Needs human")
	forum.Deny("MANAGE_THREADS")
	o := r.options()
	o.Forums = []string{forum.ID}
	r.run(o)
	ann := g.User("ann")
	post := ann.Post(forum, "it broke", "our worker logs CONN_RESET")
	r.says(post.Messages, 1)
	ann.SayIn(post, "talk to a human")
	r.says(post.Messages, 2)
	r.until("the refusal", func() bool { return len(r.Calls("PATCH /channels/{}")) == 1 })
	if got := post.Now().Tags; len(got) > 0 {
		t.Errorf("got tags %q", got)
	}
}

func TestTheBotStepsAsideForAnotherPersonInItsThread(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{Content: true})
	r.run(r.options())
	g := r.Guild("acme")
	ann, bob := g.User("ann"), g.User("bob")
	m := ann.Say(g.Channel("help"), "@apihelp our worker logs CONN_RESET")
	answer := r.thread(m, 1)[0]
	bob.SayIn(m.Thread(), "let me have a look at the load balancer with you")
	ann.SayIn(m.Thread(), "what next?") // is for bob
	if err := bob.Press(answer, "Next step").Err(); err != nil {
		t.Fatal(err)
	}
	ann.SayIn(m.Thread(), "@apihelp what next?")
	contains(t, r.thread(m, 2)[1].Plain(), "Step 2 of 5")
	if n := len(r.thread(m, 2)); n != 2 {
		t.Errorf("got %d answers, want 2", n)
	}
}
