package discord_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
	"apihelp/bot"
)

// gone waits for the news that a message is deleted, in the place where it was.
func (r *rig) gone(l *listener, m *discordtest.Message, in bot.Conversation) bot.Message {
	r.t.Helper()
	return r.message(l, "a deletion", func(d bot.Message) bool { return d.Deleted && d.Edits == m.ID && d.In == in })
}

func TestADeletedMessageIsForgotten(t *testing.T) {
	for name, content := range map[string]bool{"with the content of messages": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, discordtest.Options{Content: content})
			l := r.listen(r.options())
			g := r.Guild("acme")
			ann, help := g.User("ann"), g.Channel("help")
			m := ann.Say(help, "@apihelp first")
			first := r.said(l, "first")
			r.send(l, first.In, public("The answer."))
			thread := m.Thread()
			second := ann.SayIn(thread, "@apihelp second")
			r.said(l, "second")
			direct := ann.DM("third")
			third := r.said(l, "third")
			for _, tt := range []struct {
				m  *discordtest.Message
				in bot.Conversation
			}{{m, first.In}, {second, first.In}, {direct, third.In}} {
				ann.Delete(tt.m)
				got := r.gone(l, tt.m, tt.in)
				want := bot.Message{
					ID: tt.m.ID + "/deleted", Edits: tt.m.ID, In: tt.in, From: bot.User{ID: ann.ID, Name: "ann"}, At: got.At,
					Direct: tt.m == direct, Deleted: true, Overheard: true,
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestMessagesDeletedAtOnceAreForgottenByAnotherProcess(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	l := r.listen(r.options())
	g := r.Guild("acme")
	ann, help := g.User("ann"), g.Channel("help")
	asked := []*discordtest.Message{ann.Say(help, "@apihelp first"), ann.Say(help, "@apihelp second")}
	r.said(l, "second")
	r.send(l, bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: asked[0].ID}, public("x"))
	within := ann.SayIn(asked[0].Thread(), "@apihelp third")
	r.said(l, "third")
	l.stop()
	l = r.listen(r.options())
	help.DeleteAll(asked...)
	ann.Delete(within)
	for _, m := range append(slices.Clone(asked), within) {
		in := bot.Conversation{Adapter: discord.Name, Team: g.ID, Channel: m.ID}
		if m == within {
			in.Channel = asked[0].ID
		}
		if got := r.gone(l, m, in); !got.Overheard || got.Text != "" || got.From != (bot.User{}) {
			t.Errorf("got %+v", got)
		}
	}
}
