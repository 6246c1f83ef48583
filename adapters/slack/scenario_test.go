package slack_test

import (
	"strings"
	"testing"

	"apihelp/adapters/slack/slacktest"
)

func TestAMentionIsAnsweredOnceInItsThread(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		m := ann.Say(general, "@apihelp getting a 503 since this morning") // comes as message and as app_mention
		got := r.thread(m, 1)
		r.Redeliver(3)
		r.Twice()
		r.settled()
		contains(t, got[0].Plain(), "503: Service Unavailable")
		if n := len(m.Thread()); n != 1 {
			t.Errorf("got %d replies, want 1", n)
		}
	})
}

func TestADirectMessageGoesOnWithoutMentions(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		ann := r.Workspace("T1").User("ann")
		ann.DM("our worker logs CONN_RESET every few minutes")
		r.until("an answer", func() bool { return len(ann.DMs()) == 2 })
		ann.DM("what next?")
		r.until("the next step", func() bool { return len(ann.DMs()) == 4 })
		contains(t, ann.DMs()[3].Plain(), "Step 2 of 5")
	})
}

func TestButtonsGoOnAndAreTakenAway(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob := w.User("ann"), w.User("bob")
		m := ann.Say(w.Channel("general"), "@apihelp our worker logs CONN_RESET")
		answer := r.thread(m, 1)[0]
		first, second := ann.Press(answer, "Next step"), bob.Press(answer, "Next step")
		if err := first.Err(); err != nil {
			t.Error(err)
		}
		if err := second.Err(); err != nil {
			t.Error(err)
		}
		contains(t, r.thread(m, 2)[1].Plain(), "Step 2 of 5")
		r.until("the note", func() bool { return strings.Contains(answer.Now().Plain(), "pressed Next step") })
		r.settled()
		if n := len(m.Thread()); n != 2 {
			t.Errorf("got %d replies, want 2: the second press does nothing", n)
		}
		if strings.Contains(answer.Now().Plain(), "[Next step]") {
			t.Error("the buttons are still there")
		}
	})
}

func TestACommandIsAnsweredWhereOnlyItsWriterSeesIt(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		slash := ann.Slash(general, "getting a 503 & nobody knows why")
		if err := slash.Err(); err != nil {
			t.Fatal(err)
		}
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
		answer := ann.Ephemerals()[0]
		contains(t, answer.Plain(), "503: Service Unavailable")
		contains(t, answer.Plain(), "[Post in channel] [Continue in DM]")
		if strings.Contains(answer.Plain(), "nobody knows") {
			t.Error("the question is repeated")
		}
		ann.Press(answer, "Continue in DM")
		r.until("an answer in the direct messages", func() bool { return len(ann.DMs()) == 1 })
		contains(t, ann.DMs()[0].Plain(), "503: Service Unavailable")
		ann.Slash(general, "getting a 503")
		r.until("another answer", func() bool { return len(ann.Ephemerals()) == 2 })
		ann.Press(ann.Ephemerals()[1], "Post in channel")
		r.until("a post in the channel", func() bool { return len(general.Messages()) >= 1 })
		shared := general.Messages()[0]
		contains(t, shared.Plain(), "ann shares from the troubleshooting guide: 503: Service Unavailable")
		contains(t, r.thread(shared, 1)[0].Plain(), "503: Service Unavailable")
	})
}

func TestSubcommandsAreAnsweredAtOnce(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		for text, want := range map[string]string{"": "/apihelp privacy", "help": "Describe what goes wrong", "privacy": "no language model", "check": "No live check"} {
			s := w.User("u"+text).Slash(w.Channel("general"), text)
			if err := s.Err(); err != nil {
				t.Fatal(err)
			}
			contains(t, s.Posts()[0].Plain(), want)
		}
		ann := w.User("ann")
		ann.Slash(w.Channel("general"), "CONN_RESET all the time")
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
		ann.Slash(w.Channel("general"), "why")
		r.until("the reason", func() bool { return len(ann.Ephemerals()) == 2 })
		contains(t, ann.Ephemerals()[1].Plain(), `you name the code "CONN_RESET"`)
	})
}

func TestAnEditedQuestionCorrectsItsAnswer(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "@apihelp getting a 503")
		answer := r.thread(m, 1)[0]
		ann.Edit(m, "@apihelp getting a 403, sorry")
		r.until("another answer", func() bool { return strings.Contains(answer.Now().Plain(), "403: Forbidden") })
		r.settled()
		if n := len(m.Thread()); n != 1 {
			t.Errorf("got %d replies, want the first alone, corrected", n)
		}
	})
}

func TestAMessageShortcutAnswersWhoChoseIt(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob, ops := w.User("ann"), w.User("bob"), w.Channel("ops")
		ops.Leave()
		m := bob.Say(ops, "deploy failed: x509: certificate signed by unknown authority")
		if err := ann.Shortcut(m, "apihelp_troubleshoot").Err(); err != nil {
			t.Fatal(err)
		}
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
		contains(t, ann.Ephemerals()[0].Plain(), "SSL/TLS Certificate Errors")
	})
}

func TestTheFormAsksAndAnswersDirectly(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		ann := r.Workspace("T1").User("ann")
		ann.GlobalShortcut("apihelp_ask")
		r.until("the form", func() bool {
			v := ann.Views()
			return len(v) == 1 && strings.Contains(v[0].Plain(), "What goes wrong?")
		})
		form := ann.Views()[0]
		contains(t, string(ann.Submit(form, map[string]string{"question": "  "}).Ack()), "Please describe what goes wrong")
		contains(t, string(ann.Submit(form, map[string]string{"question": "getting a 429"}).Ack()), "direct messages")
		r.until("an answer", func() bool { return len(ann.DMs()) == 1 })
		contains(t, ann.DMs()[0].Plain(), "429")
	})
}

func TestHomeShowsOwnConversationsAndForgets(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob := w.User("ann"), w.User("bob")
		ann.DM("getting a 503")
		bob.DM("getting a 403")
		r.until("answers", func() bool { return len(ann.DMs()) == 2 && len(bob.DMs()) == 2 })
		home := func(u *slacktest.User, want string) {
			t.Helper()
			r.until(want, func() bool {
				if v := u.Home(); v != nil && strings.Contains(v.Plain(), want) {
					return true
				}
				u.OpenHome()
				return false
			})
		}
		home(ann, "503: Service Unavailable")
		if strings.Contains(ann.Home().Plain(), "403: Forbidden") {
			t.Error("ann sees what bob asked")
		}
		ann.PressIn(ann.Home(), "Forget me")
		home(ann, "None that I remember")
		ann.DM("what next?")
		r.until("an honest answer", func() bool { return len(ann.DMs()) == 4 })
		home(bob, "403: Forbidden")
	})
}
