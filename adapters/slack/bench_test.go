package slack_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"apihelp/adapters/slack/slacktest"
)

// BenchmarkAck measures how long Slack waits for the acknowledgement of a
// command, from its sending on: over the wire, saved in an embedded Redis.
func BenchmarkAck(b *testing.B) {
	for _, transport := range []string{"socket", "http"} {
		b.Run(transport, func(b *testing.B) {
			r := newRig(b, slacktest.Options{})
			r.http = transport == "http"
			o := r.options()
			o.Log = slog.New(slog.DiscardHandler)
			r.run(o)
			w := r.Workspace("T1")
			ann, general := w.User("ann"), w.Channel("general")
			var took []time.Duration
			for b.Loop() {
				s := ann.Slash(general, "getting a 503")
				if err := s.Err(); err != nil {
					b.Fatal(err)
				}
				took = append(took, s.Took())
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
