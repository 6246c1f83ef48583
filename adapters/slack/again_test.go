package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"apihelp/adapters/slack/slacktest"
)

func TestAnEditThatMentionsTheBotIsAnswered(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "getting a 503")
		r.settled()
		ann.Edit(m, "@apihelp getting a 503")
		r.thread(m, 1)
	})
}

func TestASecondEditStartsFromWhereTheFirstDid(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "our worker logs CONN_RESET")
		r.settled()
		ann.Edit(m, "@apihelp our worker logs CONN_RESET")
		answer := r.thread(m, 1)[0]
		ann.Edit(m, "@apihelp what next?")
		r.until("the correction", func() bool { return strings.Contains(answer.Now().Plain(), "no topic open") })
	})
}

func TestACorrectionWhoseBlocksAreRefusedIsText(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "@apihelp getting a 503")
		answer := r.thread(m, 1)[0]
		r.Fail("chat.update", slacktest.Fault{Times: 1, Error: "invalid_blocks"})
		ann.Edit(m, "@apihelp getting a 403, sorry")
		r.until("the correction", func() bool { return strings.Contains(answer.Now().Plain(), "403: Forbidden") })
	})
}

func TestAWhisperWhoseBlocksAreRefusedIsText(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		r.Fail("response_url", slacktest.Fault{Times: 1, Error: "invalid_blocks"})
		ann.Slash(w.Channel("general"), "getting a 503")
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
		contains(t, ann.Ephemerals()[0].Plain(), "503: Service Unavailable")
	})
}

func TestWhatCannotBeWhisperedIsSaidDirectly(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	r.expected = "not_in_channel" // it has to try
	r.run(r.options())
	w := r.Workspace("T1")
	ann, bob, ops := w.User("ann"), w.User("bob"), w.Channel("ops")
	ops.Leave()
	m := bob.Say(ops, "x509: certificate signed by unknown authority")
	r.Fail("response_url", slacktest.Fault{Times: 9, Error: "used_url"})
	ann.Shortcut(m, "apihelp_troubleshoot")
	r.until("an answer", func() bool { return len(ann.DMs()) == 1 })
	for _, c := range r.Calls("chat.postMessage") {
		if c.Args["unfurl_links"] != "false" {
			t.Errorf("got unfurl_links %q, want false", c.Args["unfurl_links"])
		}
	}
}

func TestPostingInTheChannelTwicePostsOnce(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		ann.Slash(general, "getting a 503")
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
		answer := ann.Ephemerals()[0]
		for _, press := range []*slacktest.Press{ann.Press(answer, "Post in channel"), ann.Press(answer, "Post in channel")} {
			if err := press.Err(); err != nil {
				t.Error(err)
			}
		}
		m := ann.Say(general, "@apihelp getting a 403") // whose answer comes behind any second post
		r.thread(m, 1)
		shared := 0
		for _, m := range general.Messages() {
			if strings.Contains(m.Plain(), "shares from") {
				shared++
			}
		}
		if shared != 1 {
			t.Errorf("got %d posts, want 1", shared)
		}
	})
}

func TestTheFirstOfTwoPressersIsNamed(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob := w.User("ann"), w.User("bob")
		m := ann.Say(w.Channel("general"), "@apihelp our worker logs CONN_RESET")
		answer := r.thread(m, 1)[0]
		r.Fail("response_url", slacktest.Fault{Delay: 300 * time.Millisecond})
		for _, press := range []*slacktest.Press{ann.Press(answer, "Next step"), bob.Press(answer, "It worked")} {
			if err := press.Err(); err != nil {
				t.Error(err)
			}
		}
		next := r.thread(m, 2)[1].Plain()
		r.until("the note", func() bool { return strings.Contains(answer.Now().Plain(), " pressed ") })
		who, what := "ann pressed Next step", "Step 2 of 5"
		if strings.Contains(next, "Good to hear") {
			who, what = "bob pressed It worked", "Good to hear" // bob was faster
		}
		contains(t, next, what)
		contains(t, answer.Now().Plain(), who)
	})
}

func TestAButtonOfAnOlderAnswerDoesNothing(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		m := ann.Say(general, "@apihelp our worker logs CONN_RESET")
		first := r.thread(m, 1)[0]
		ann.Reply(m, "@apihelp different problem: token expired")
		r.thread(m, 3)
		if err := ann.Press(first, "It worked").Err(); err != nil {
			t.Fatal(err)
		}
		ann.Reply(m, "@apihelp what next?")
		contains(t, r.thread(m, 5)[4].Plain(), "Step 2 of 3")
	})
}

func TestADeletedMessageWithAThreadIsNoQuestion(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		ann := r.Workspace("T1").User("ann")
		m := ann.DM("getting a 503")
		r.until("an answer", func() bool { return len(ann.DMs()) == 2 })
		ann.Reply(m, "what next?")
		r.until("another", func() bool { return len(m.Thread()) == 2 })
		ann.Delete(m)
		ann.DM("getting a 403")
		r.until("an answer to what came behind it", func() bool {
			all := ann.DMs()
			return strings.Contains(all[len(all)-1].Plain(), "403: Forbidden")
		})
		for _, c := range r.Calls("chat.postMessage") {
			if c.Args["channel"] == "USLACKBOT" {
				t.Errorf("answered Slack itself: %.80s", c.Args["text"])
			}
		}
	})
}

func TestForgettingLeavesNoConversation(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		redis := r.withRedis()
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		for i := range 13 {
			r.thread(ann.Say(w.Channel(fmt.Sprint("c", i)), "@apihelp CONN_RESET"), 1)
		}
		r.thread(ann.Say(w.Channel("unclear"), "@apihelp what is the meaning of life"), 1)
		r.until("all noted", func() bool {
			past, err := redis.Get("apihelp:shelf:{past:slack}:T1:" + ann.ID)
			return err == nil && strings.Count(past, `"in":`) == 14
		})
		ann.OpenHome()
		r.until("home", func() bool { return ann.Home() != nil && strings.Contains(ann.Home().Plain(), "CONN_RESET") })
		ann.PressIn(ann.Home(), "Forget me")
		r.until("home without them", func() bool { return strings.Contains(ann.Home().Plain(), "None that I remember") })
		if dump := redis.Dump(); strings.Contains(dump, "session:slack:T1:") || strings.Contains(dump, ann.ID) {
			t.Errorf("something of ann is still kept:\n%s", dump)
		}
	})
}

func TestAnUninstallLeavesNoTraceOfUsers(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	r.http = true
	redis := r.withRedis()
	r.run(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	r.thread(ann.Say(w.Channel("general"), "@apihelp getting a 503"), 1)
	r.until("a past", func() bool {
		past, err := redis.Get("apihelp:shelf:{past:slack}:T1:" + ann.ID)
		return err == nil && strings.Contains(past, `"in":`)
	})
	w.Uninstall()
	r.until("no trace", func() bool {
		dump := redis.Dump()
		return !strings.Contains(dump, ann.ID) && !strings.Contains(dump, ":T1:")
	})
}

func TestAShortcutReadsWhatOtherAppsPost(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	r.run(r.options())
	w := r.Workspace("T1")
	m := w.Channel("ops").BotSay("alerts", "x509: certificate signed by unknown authority")
	ann := w.User("ann")
	ann.Shortcut(m, "apihelp_troubleshoot")
	r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
	contains(t, ann.Ephemerals()[0].Plain(), "SSL/TLS Certificate Errors")
}
