package knowledge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/knowledge"
)

func TestAStepIsFoundByWhatOnlyItSpeaksOf(t *testing.T) {
	g := knowledge.Default()
	tests := []struct {
		topic, text string
		want        []knowledge.Fit
	}{
		{"ssltls-certificate-errors", "certificate error, we sit behind a company proxy", []knowledge.Fit{{4, "proxy"}}},
		{"ssltls-certificate-errors", "is the clock it?", []knowledge.Fit{{1, "clock"}}},
		{"connection-timeout-error", "connection timeout, IT changed the firewall", []knowledge.Fit{{3, "firewall"}}},
		{"connection-timeout-error", "which port?", []knowledge.Fit{{3, "port"}}},
		{"connection-timeout-error", "connection times out", nil},
		{"invalid-api-key", "and on staging?", []knowledge.Fit{{3, "staging"}}},
		{"invalid-api-key", "no spaces, i checked with a hex editor", []knowledge.Fit{{1, "spaces"}}},
		{"invalid-api-key", "works on prod", []knowledge.Fit{{3, "prod"}}},
		{"slow-response-times", "session reuse brought it to 2 sec, gzip is on too", []knowledge.Fit{{1, "session"}, {2, "gzip"}}},
		{"rate-limiting", "what was i supposed to do with the dashboard again?", []knowledge.Fit{{1, "dashboard"}}},
		{"rate-limiting", "the api has a problem", nil},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			e := g.Entry(test.topic)
			if diff := cmp.Diff(test.want, knowledge.StepFits(e.Title, e.Steps(), test.text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
