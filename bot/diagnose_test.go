package bot_test

import (
	"testing"

	"apihelp/bot"
	"apihelp/bot/check"
	"apihelp/bot/check/lab"
	"apihelp/knowledge"
)

// TestEveryFaultLeadsToTheGuide runs the checks against every fault of the lab,
// and asks the default guide for the step that mends it.
func TestEveryFaultLeadsToTheGuide(t *testing.T) {
	l := lab.Start(t)
	for _, f := range l.Faults {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			target := check.Target{Name: "lab", URL: f.URL, Method: "GET", CAFile: f.CAFile, AllowPrivate: true, Header: map[string]string{"Authorization": "Bearer {key}"}, Expect: []int{200}}
			r := check.NewRunner([]check.Target{target}, check.Options{Nameserver: l.Nameserver})
			reports, err := r.Run(t.Context(), check.Request{Key: check.NewSecret("sk_test_4eC39HqLyjWDarjtT1zdp7dc")})
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range bot.Diagnose(knowledge.Default(), reports[0]).Findings {
				t.Logf("%s %s cause %q hint %q: %s step %d", finding.Check, finding.Status, finding.Cause, finding.Hint, finding.Topic, finding.Step)
				if finding.Status == check.Fail && finding.Topic == "" {
					t.Errorf("no topic for %s", finding.Cause)
				}
			}
		})
	}
}
