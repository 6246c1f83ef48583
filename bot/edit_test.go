package bot_test

import (
	"io"
	"strings"
	"testing"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
)

// edited is the new text of a message.
func edited(m bot.Message, text string) bot.Message {
	m.Edits, m.ID, m.Text = m.ID, m.ID+"/edited "+text, text
	return m
}

func TestAnEditedQuestionCorrectsTheAnswerAlreadyGiven(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	first := chat.Say("C1", "ann", "our worker logs CONN_RESET")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	m := chat.Say("C1", "ann", "actually, different problem: getting a 503")
	until(t, "an answer", func() bool { return strings.Contains(chat.Heard(), "503") })
	chat.Redeliver(edited(m, "actually, different problem: getting a 403"))
	until(t, "the correction", func() bool { return strings.Contains(chat.Heard(), "403: Forbidden") })
	chat.Redeliver(edited(m, "actually, different problem: getting a 404"))
	chat.Redeliver(edited(m, "actually, different problem: getting a 404")) // comes twice
	until(t, "the second correction", func() bool { return strings.Contains(chat.Heard(), "404: Not Found") })
	chat.Redeliver(edited(first, "our worker logs CONN_REFUSED")) // is past
	chat.Say("C1", "ann", "why?")
	until(t, "the reason", func() bool { return strings.Contains(chat.Heard(), `you name the`) })
	if heard := chat.Heard(); len(chat.Posts()) != 3 || strings.Contains(heard, "you wrote CONN_REFUSED") || strings.Contains(heard, "503: ") {
		t.Errorf("got %d posts, want the first, the corrected second and the reason:\n%s", len(chat.Posts()), heard)
	}
}

func TestAnEditThatFirstAddressesTheBotIsAQuestion(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	m := bot.Message{ID: "7", In: bot.Conversation{Adapter: "chat", Channel: "C1"}, From: bot.User{ID: "ann"}}
	chat.Redeliver(edited(m, "getting a 503"))
	until(t, "an answer", func() bool { return strings.Contains(chat.Heard(), "503: Service Unavailable") })
}

func TestWhatIsOverheardMovesOnlyTheAskersConversation(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	overhear := func(id, user, text string) {
		t.Helper()
		m := bot.Message{ID: id, In: bot.Conversation{Adapter: "chat", Team: "T1", Channel: "C1"}, From: bot.User{ID: user}, Text: text, Overheard: true}
		if err := b.Accept(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	overhear("o1", "ann", "getting a 503")
	chat.Say("C1", "ann", "our worker logs CONN_RESET")
	until(t, "an answer", func() bool { return len(chat.Posts()) == 1 })
	overhear("o2", "ann", "what next?")
	until(t, "the next step", func() bool { return strings.Contains(chat.Heard(), "Step 2 of 5") })
	overhear("o3", "bob", "let me look at that with you")
	overhear("o4", "ann", "what next?") // is for bob
	chat.Say("C1", "ann", "what next?")
	until(t, "the third step", func() bool { return strings.Contains(chat.Heard(), "Step 3 of 5") })
	overhear("o5", "ann", "what next?")
	until(t, "the fourth step", func() bool { return strings.Contains(chat.Heard(), "Step 4 of 5") })
	if n := len(chat.Posts()); n != 4 {
		t.Errorf("got %d posts, want 4:\n%s", n, chat.Heard())
	}
}

func TestTheRecentConversationsOfAUserAreKeptAndForgotten(t *testing.T) {
	chat := adaptertest.NewChat("chat")
	b, _ := newBot(openStore(t, ""), io.Discard, chat)
	run(t, b)
	recent := func(user string) []bot.Past {
		t.Helper()
		past, err := b.Recent(t.Context(), "chat", "T1", user)
		if err != nil {
			t.Fatal(err)
		}
		return past
	}
	for i := range 12 {
		chat.Say(string(rune('a'+i)), "ann", "getting a 503")
	}
	chat.Say("z", "bob", "getting a 403")
	until(t, "all kept", func() bool { return len(recent("bob")) == 1 && len(recent("ann")) == 10 })
	chat.Say("l", "ann", "getting a 404")
	until(t, "the newest first", func() bool { return recent("ann")[0].Topic == "404: Not Found" })
	if got := recent("ann"); len(got) != 10 || got[0].In.Channel != "l" {
		t.Errorf("got %+v, want ten, each conversation once", got)
	}
	if err := b.Forget(t.Context(), "chat", "T1", "ann"); err != nil {
		t.Fatal(err)
	}
	if got := recent("ann"); len(got) != 0 {
		t.Errorf("got %+v, want nothing", got)
	}
	chat.Say("l", "ann", "what next?")
	until(t, "a new beginning", func() bool { return strings.Contains(chat.Heard(), "no topic open") })
	if err := b.Purge(t.Context(), "chat", "T1"); err != nil {
		t.Fatal(err)
	}
	chat.Say("z", "bob", "what next?")
	until(t, "another", func() bool { return strings.Count(chat.Heard(), "no topic open") == 2 })
}
