package slack_test

import (
	"strings"
	"testing"
	"time"

	"apihelp/adapters/slack/slacktest"
	"apihelp/bot"
)

func TestAPrivateReplyIsSeenByItsReaderAlone(t *testing.T) {
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		l := r.listen(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		m := ann.Say(general, "@apihelp my key is …")
		c := r.said(l, "my key").In
		ref := r.send(l, c, warning(ann.ID))
		r.send(l, c, warning(ann.ID)) // again, as after a lost answer
		if got := ann.Ephemerals(); len(got) != 1 || !strings.Contains(got[0].Plain(), "Please rotate the key.") || got[0].ThreadTS != "" {
			t.Fatalf("got %+v, want one where it is seen: no thread has begun", got)
		}
		if got := ann.Ephemerals()[0]; strings.Contains(got.Text+string(got.Blocks), "S077") || strings.Contains(string(got.Blocks), "button") {
			t.Errorf("got %q, want no mention and no button", got.Plain())
		}
		if len(general.Messages()) != 1 || len(ann.DMs()) != 0 {
			t.Errorf("got %d messages in the channel and %d direct ones, want 1 and 0", len(general.Messages()), len(ann.DMs()))
		}
		if _, err := l.Edit(t.Context(), ref, public("The answer for all.")); err != nil { // an edited question
			t.Fatal(err)
		}
		contains(t, r.thread(m, 1)[0].Plain(), "The answer for all.")
		ann.Reply(m, "and another key")
		again := warning(ann.ID)
		again.ID = "AGAINAGAINAGAINAGAIN"
		r.send(l, r.said(l, "another key").In, again)
		if got := ann.Ephemerals(); len(got) != 2 || got[1].ThreadTS != m.TS {
			t.Errorf("got %+v, want the second in the thread where ann wrote", got)
		}
	})
}

func TestAPrivateReplyNeverReplacesAPublicOne(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	l := r.listen(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	m := ann.Say(w.Channel("general"), "@apihelp help me")
	c := r.said(l, "help me").In
	ref := r.send(l, c, public("The answer."))
	if now, err := l.Edit(t.Context(), ref, warning(ann.ID)); err != nil || now != ref {
		t.Errorf("got %+v, %v, want %+v", now, err, ref)
	}
	contains(t, r.thread(m, 1)[0].Plain(), "The answer.")
	contains(t, ann.Ephemerals()[0].Plain(), "rotate")
}

func TestWhereSlackShowsNothingInTheChannelItIsSaidDirectly(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	r.expected = "user_not_in_channel"
	l := r.listen(r.options())
	w := r.Workspace("T1")
	ann, general := w.User("ann"), w.Channel("general")
	m := ann.Say(general, "@apihelp my key is …")
	c := r.said(l, "my key").In
	r.Fail("chat.postEphemeral", slacktest.Fault{Error: "user_not_in_channel"})
	r.send(l, c, warning(ann.ID))
	if got := ann.DMs(); len(got) != 1 || !strings.Contains(got[0].Plain(), "Please rotate the key.") {
		t.Errorf("got %d direct messages", len(got))
	}
	if len(m.Thread()) > 0 || len(general.Messages()) != 1 {
		t.Error("it is in the channel")
	}
}

func TestWhatCannotBeToldPrivatelyIsNotTold(t *testing.T) {
	for name, tt := range map[string]struct{ ephemeral, direct slacktest.Fault }{
		"refused both ways":      {slacktest.Fault{Error: "user_not_in_channel"}, slacktest.Fault{Times: 1, Error: "channel_not_found"}},
		"out of order for long":  {slacktest.Fault{Times: -1, Status: 503}, slacktest.Fault{}},
		"asked to wait for long": {slacktest.Fault{Times: -1, RetryAfter: time.Minute}, slacktest.Fault{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, slacktest.Options{})
			l := r.listen(r.options())
			w := r.Workspace("T1")
			ann, general := w.User("ann"), w.Channel("general")
			m := ann.Say(general, "@apihelp my key is …")
			c := r.said(l, "my key").In
			r.Fail("chat.postEphemeral", tt.ephemeral)
			if tt.direct.Error != "" {
				r.Fail("chat.postMessage", tt.direct)
			}
			r.send(l, c, warning(ann.ID))
			r.send(l, c, public("The answer for all.")) // not held up
			if got := m.Thread(); len(got) != 1 || strings.Contains(got[0].Plain(), "rotate") {
				t.Errorf("got %d messages", len(got))
			}
			if n := len(ann.DMs()) + len(ann.Ephemerals()); n > 0 {
				t.Errorf("ann was told %d times", n)
			}
			r.Heal("chat.postEphemeral")
		})
	}
}

func TestAPrivateReplyIsTriedAgainBesideThePublicOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	l := r.listen(r.options())
	w := r.Workspace("T1")
	ann := w.User("ann")
	r.Fail("chat.postEphemeral", slacktest.Fault{Times: 1, Status: 503})
	m := ann.Say(w.Channel("general"), "@apihelp my key is …")
	c := r.said(l, "my key").In
	r.send(l, c, warning(ann.ID))
	r.send(l, c, public("The answer for all."))
	r.thread(m, 1)
	r.until("the warning", func() bool { return len(ann.Ephemerals()) == 1 })
}

func TestAPrivateReplyForNobodyIsNotSent(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	l := r.listen(r.options())
	general := r.Workspace("T1").Channel("general")
	r.send(l, bot.Conversation{Adapter: "slack", Team: "T1", Channel: general.ID}, warning(""))
	if n := len(general.Messages()); n != 0 {
		t.Errorf("got %d messages", n)
	}
	contains(t, r.log.String(), "private reply not sent")
}
