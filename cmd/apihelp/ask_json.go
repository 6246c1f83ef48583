package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"

	"apihelp/bot"
	"apihelp/knowledge"
)

// An answer is a plan as scripts see it.
type answer struct {
	ID         json.RawMessage `json:"id,omitempty"` // as the question gave it
	Act        bot.Act         `json:"act"`
	Topics     []topic         `json:"topics"` // what the reply gives or offers, best first
	Reply      string          `json:"reply"`
	Candidates []topic         `json:"candidates,omitempty"` // with --explain: all that was considered
	Uncovered  []recognised    `json:"uncovered,omitempty"`  // errors it quotes that no entry is about
}

// A recognised is an error that is known but not covered by the guide.
type recognised struct {
	Said    string `json:"said"`
	Client  string `json:"client"`
	Meaning string `json:"meaning"`
	Subject string `json:"subject"` // what the guide has no topic on
}

type topic struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Score float64  `json:"score"` // points
	Why   []reason `json:"why"`
}

// A reason is a piece of evidence, in the units of the rest.
type reason struct {
	Kind   knowledge.ReasonKind `json:"kind"`
	Said   string               `json:"said"`            // what the message says
	Fixed  string               `json:"fixed,omitempty"` // what that was taken for, if misspelt
	Found  string               `json:"found"`           // what in the guide it stands for
	Points float64              `json:"points"`
	Start  int                  `json:"start"` // where Said begins, in bytes of the message without its credentials
	End    int                  `json:"end"`

	Client  string `json:"client,omitempty"`  // whose native error Said is
	Meaning string `json:"meaning,omitempty"` // what that error says
}

// String gives the reason as a line of a table.
func (r reason) String() string {
	return bot.Evidence(knowledge.Reason{
		Kind: r.Kind, Said: r.Said, Fixed: r.Fixed, Found: r.Found, Points: int(math.Round(r.Points * 100)),
		Start: r.Start, End: r.End, Client: r.Client, Meaning: r.Meaning,
	})
}

// answerOf describes a plan. The topics are those a reader of the reply would
// name: the one that is answered, or those that a question offers.
func answerOf(p bot.Plan, explain bool) answer {
	a := answer{Act: p.Act, Topics: []topic{}, Reply: plainReplies(p)}
	for _, r := range p.Uncovered {
		a.Uncovered = append(a.Uncovered, recognised{r.Said, r.Client, r.Meaning, r.Concept})
	}
	for _, m := range p.Matches {
		t := topicOf(m)
		switch {
		case p.Act == bot.Answer && m.Entry.ID == p.Topic:
			a.Topics = slices.Insert(a.Topics, 0, t)
		case slices.Contains(p.Offered, m.Entry.ID):
			a.Topics = append(a.Topics, t)
		}
		if explain {
			a.Candidates = append(a.Candidates, t)
		}
	}
	return a
}

func topicOf(m knowledge.Match) topic {
	t := topic{ID: m.Entry.ID, Title: m.Entry.Title, Score: points(m.Score)}
	for _, r := range m.Reasons {
		t.Why = append(t.Why, reason{
			Kind: r.Kind, Said: r.Said, Fixed: r.Fixed, Found: r.Found, Points: points(r.Points),
			Start: r.Start, End: r.End, Client: r.Client, Meaning: r.Meaning,
		})
	}
	return t
}

// A question is a line of --jsonl.
type question struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
}

const questionExample = `write {"id":"1","text":"getting a 503"}`

// askLines answers questions line by line. Every line gives one line.
func askLines(ctx context.Context, g *knowledge.Guide, std stdio, args []string, explain bool) error {
	if len(args) > 0 {
		return usagef("--jsonl reads the questions from standard input; leave %q out", args[0])
	}
	return eachLine(ctx, std, func(line []byte) (any, error) {
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, badLine(err, questionExample)
		}
		if q.Text == nil {
			return nil, errors.New(`"text" is missing; ` + questionExample)
		}
		a := answerOf(bot.Ask(g, *q.Text), explain)
		a.ID = bytes.TrimSpace(q.ID)
		return a, nil
	})
}
