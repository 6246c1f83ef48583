package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"apihelp/adapters/slack/slacktest"
)

func TestOutsidersInASharedChannelAreServed(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w, customer := r.Workspace("T1"), r.Outside("T9")
		shared := w.Channel("ext-customer").Connect(customer)
		zoe, yan, ann := customer.User("zoe"), customer.User("yan"), w.User("ann")
		m := zoe.Say(shared, "@apihelp our worker logs CONN_RESET")
		answer := r.thread(m, 1)[0]
		contains(t, answer.Plain(), "Connection Timeout Error")
		if strings.Contains(answer.Plain(), "/apihelp") {
			t.Error("the answer names a command, which outsiders don't have")
		}
		ann.Press(answer, "Next step") // of another company than the asker
		r.until("a note to ann", func() bool { return len(ann.Ephemerals()) == 1 })
		contains(t, ann.Ephemerals()[0].Plain(), "for the person who asked")
		yan.Press(answer, "Next step") // a colleague
		contains(t, r.thread(m, 2)[1].Plain(), "Step 2 of 5")
		zoe.Press(m.Thread()[1], "It worked")
		contains(t, r.thread(m, 3)[2].Plain(), "Good to hear")
	})
}

func TestAnOrganisationThatInstalledAsAWholeIsServed(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		w := r.Org("E1").Workspace("T7")
		o := r.options()
		o.BotToken = w.BotToken()
		r.run(o)
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "@apihelp our worker logs CONN_RESET")
		ann.Press(r.thread(m, 1)[0], "Next step") // with team: null
		contains(t, r.thread(m, 2)[1].Plain(), "Step 2 of 5")
		ann.Slash(w.Channel("general"), "getting a 503")
		r.until("an answer", func() bool { return len(ann.Ephemerals()) == 1 })
	})
}

func TestItsOwnThreadGoesOnUnmentionedForItsAskerOnly(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, bob, general := w.User("ann"), w.User("bob"), w.Channel("general")
		bob.Say(general, "getting a 503 from the coffee machine")
		chat := bob.Say(general, "who is on call?")
		ann.Reply(chat, "what next?")
		m := ann.Say(general, "@apihelp our worker logs CONN_RESET")
		r.thread(m, 1)
		bob.Reply(m, "I had a 403 there once")
		ann.Reply(m, "what next?")
		contains(t, r.thread(m, 3)[1].Plain(), "I had a 403") // the thread so far: answer, bob, ann
		contains(t, r.thread(m, 4)[3].Plain(), "Step 2 of 5")
		r.settled()
		if n := len(chat.Thread()); n != 1 {
			t.Errorf("got %d replies to people's own talk, want ann's alone", n)
		}
		if n := len(m.Thread()); n != 4 {
			t.Errorf("got %d messages in the thread, want 4", n)
		}
	})
}

func TestLongAndHostileQuestionsAreAnswered(t *testing.T) {
	both(t, slacktest.Options{AckWait: time.Minute}, func(t *testing.T, r *rig) { // with the race detector a megabyte takes its time
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		for i, text := range []string{
			"@apihelp CONN_RESET " + strings.Repeat("x", 3001),
			"@apihelp CONN_RESET " + strings.Repeat("word ", 200_000),
			"@apihelp <!channel> <!here> <@U123> <https://evil.example.com|CONN_RESET> @everyone CONN_RESET",
			"@apihelp *CONN_RESET* `CONN_RESET` ~x~ > quote ``` fence",
		} {
			m := ann.Say(general, text)
			got := r.thread(m, 1)[0]
			contains(t, got.Plain(), "CONN_RESET")
			for _, bad := range []string{"<!", "<@", "evil.example.com|"} {
				if strings.Contains(string(got.Blocks)+got.Text, bad) {
					t.Errorf("question %d: %q came back", i, bad)
				}
			}
		}
	})
}

func TestWhatNobodySaidToTheBotIsNotAnswered(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		general.BotSay("ci", "build failed: 503 @apihelp")
		ann.Join(general)
		ann.Say(general, "getting a 503 since this morning")
		gone := ann.Say(general, "lunch?")
		ann.Delete(gone)
		m := ann.Say(general, "@apihelp getting a 503")
		r.thread(m, 1)
		r.settled()
		for _, said := range general.Messages() {
			if said.BotID != "" && said.ThreadTS != m.TS && said.User == w.BotUser() {
				t.Errorf("got %q in answer to what was not for the bot", said.Plain())
			}
		}
	})
}

func TestAFileWithACommentIsReadAsItsComment(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		m := w.User("ann").Share(w.Channel("general"), "log.txt", "@apihelp getting a 503")
		contains(t, r.thread(m, 1)[0].Plain(), "503: Service Unavailable")
	})
}

func TestManyPeopleAtOnceGetTheirOwnAnswers(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		w := r.Workspace("T1")
		asked := map[string]*slacktest.Message{}
		codes := []string{"400", "401", "403", "404", "429", "500", "503"}
		for i := range 70 {
			code := codes[i%len(codes)]
			u := w.User(fmt.Sprint("user", i))
			asked[fmt.Sprint(i, ":", code)] = u.Say(w.Channel(fmt.Sprint("c", i%10)), "@apihelp getting a "+code)
		}
		for key, m := range asked {
			_, code, _ := strings.Cut(key, ":")
			contains(t, r.thread(m, 1)[0].Plain(), code+": ")
		}
	})
}
