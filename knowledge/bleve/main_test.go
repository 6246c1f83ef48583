package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// engines returns the rows of a table without what differs from run to run.
func engines(table string) []string {
	var rows []string
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[2:] {
		f := strings.Fields(line)
		name := regexp.MustCompile(`, score.*`).ReplaceAllString(strings.Join(f[6:], " "), "")
		rows = append(rows, strings.Join(f[:4], " ")+" "+name)
	}
	return rows
}

func TestEveryEngineIsMeasuredOnTheSameMessages(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, []string{"testdata/tiny.jsonl"}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"100.0 0.0 0.0 0.0 apihelp Ask",
		"100.0 0.0 0.0 0.0 apihelp Match, sure",
		"100.0 0.0 0.0 0.0 apihelp Match, best",
		"100.0 0.0 0.0 0.0 bleve bm25, fuzziness 0",
		"100.0 0.0 0.0 0.0 bleve bm25, fuzziness 1",
		"100.0 0.0 0.0 0.0 bleve tf-idf, fuzziness 0",
		"100.0 0.0 0.0 0.0 bleve tf-idf, fuzziness 1",
	}
	if diff := cmp.Diff(want, engines(out.String())); diff != "" {
		t.Errorf("table (-want +got):\n%s\n%s", diff, out.String())
	}
}

func TestTheThresholdIsTheBestForTheMessages(t *testing.T) {
	messages := []labelled{
		{Accept: []string{"a"}}, {Accept: []string{"b"}}, {Accept: []string{none}}, {Accept: []string{none}},
	}
	hits := [][]hit{{{"a", 3}}, {{"b", 1}}, {{"a", 2}}, {{"b", 2}}}
	if got := tune(messages, hits); got <= 2 || got > 3 {
		t.Errorf("got the threshold %v, want one between 2 and 3", got)
	}
}

func TestAMessageIsScoredByItsLabel(t *testing.T) {
	a, no, both := labelled{Accept: []string{"a"}}, labelled{Accept: []string{none}}, labelled{AcceptAll: []string{"a", "b"}, Equivalent: map[string][]string{"b": {"c"}}}
	for name, c := range map[string]struct {
		m    labelled
		o    outcome
		want tally
	}{
		"right answer":              {a, outcome{given: []string{"a", "b"}}, tally{total: 1, right: 1}},
		"right one second":          {a, outcome{given: []string{"b", "a"}}, tally{total: 1, wrong: 1}},
		"right one offered":         {a, outcome{given: []string{"b", "a"}, asked: true}, tally{total: 1, right: 1, asked: 1}},
		"silence":                   {a, outcome{}, tally{total: 1}},
		"silence on none":           {no, outcome{}, tally{total: 1, right: 1, nones: 1}},
		"answer on none":            {no, outcome{given: []string{"a"}}, tally{total: 1, wrong: 1, nones: 1, falseAnswers: 1}},
		"question on none":          {no, outcome{given: []string{"a"}, asked: true}, tally{total: 1, right: 1, asked: 1, nones: 1}},
		"all, one by an equivalent": {both, outcome{given: []string{"c", "a"}}, tally{total: 1, right: 1}},
		"only one of all":           {both, outcome{given: []string{"a"}}, tally{total: 1, wrong: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			var got tally
			got.add(c.m, c.o)
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
