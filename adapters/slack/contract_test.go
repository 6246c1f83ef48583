package slack_test

import (
	"strings"
	"testing"
	"time"

	"apihelp/adapters/adaptertest"
	"apihelp/adapters/slack"
	"apihelp/adapters/slack/slacktest"
)

func TestTheAdapterKeepsTheContract(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Bench {
		r := newRig(t, slacktest.Options{AckWait: time.Second})
		o := r.options()
		o.Sockets = 1 // Slack keeps the order of one
		a, err := slack.New(o)
		if err != nil {
			t.Fatal(err)
		}
		w := r.Workspace("T1")
		ann := w.User("ann")
		return adaptertest.Bench{
			Adapter: a,
			Say: func(text string) string {
				ann.DM(text)
				r.settled() // Slack sends events side by side
				return text
			},
			Heard: func() string {
				var b strings.Builder
				for _, m := range ann.DMs() {
					if m.BotID != "" {
						b.WriteString(m.Plain() + "\n\n")
					}
				}
				return b.String()
			},
		}
	})
}
