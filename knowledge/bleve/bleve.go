package main

import (
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"

	"apihelp/knowledge"
)

// hitLimit is how many entries bleve may give for a message.
const hitLimit = 3

// A document is an entry of the guide as bleve sees it.
type document struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Codes string `json:"codes"`
}

func newDocument(e *knowledge.Entry) document {
	text := []string{strings.Join(e.Category, " "), e.Meaning.String(), e.Solution.String()}
	for _, p := range e.Body {
		for _, item := range p.Items {
			text = append(text, item.String())
		}
		for _, c := range p.Codes {
			text = append(text, c.Meaning.String())
		}
	}
	codes := []string{}
	if e.Kind == knowledge.Code {
		codes = append(codes, e.ID)
	} else {
		for _, c := range e.Related {
			codes = append(codes, c.ID)
		}
	}
	return document{Title: e.Title, Text: strings.Join(text, "\n"), Codes: strings.Join(codes, " ")}
}

// newIndex returns an index in memory of all entries of the guide, stemmed as
// English, with the given scoring model.
func newIndex(g *knowledge.Guide, scoring string) (bleve.Index, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	m.ScoringModel = scoring
	// scorch, for bleve's older index in memory does not know BM25
	index, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make a bleve index: %w", err)
	}
	batch := index.NewBatch()
	for _, e := range g.Entries {
		if err := batch.Index(e.ID, newDocument(e)); err != nil {
			return nil, fmt.Errorf("index %q: %w", e.ID, err)
		}
	}
	return index, index.Batch(batch)
}

// A hit is an entry that bleve found.
type hit struct {
	id    string
	score float64
}

// ask returns the best hits for a message.
func ask(index bleve.Index, text string, fuzziness int) ([]hit, error) {
	field := func(name string, boost float64) query.Query {
		q := bleve.NewMatchQuery(text)
		q.SetField(name)
		q.SetBoost(boost)
		q.SetFuzziness(fuzziness)
		return q
	}
	q := bleve.NewDisjunctionQuery(field("title", 2), field("text", 1), field("codes", 3))
	result, err := index.Search(bleve.NewSearchRequestOptions(q, hitLimit, 0, false))
	if err != nil {
		return nil, fmt.Errorf("search with bleve: %w", err)
	}
	var hits []hit
	for _, h := range result.Hits {
		hits = append(hits, hit{h.ID, h.Score})
	}
	return hits, nil
}

// reject keeps the hits that reach a score.
func reject(hits []hit, least float64) outcome {
	var o outcome
	for _, h := range hits {
		if h.score >= least {
			o.given = append(o.given, h.id)
		}
	}
	return o
}

// tune returns the score to reject below with which bleve does best on these
// very messages: most right, where silence on a message that needs no answer
// is right, and then fewest wrong.
func tune(messages []labelled, hits [][]hit) float64 {
	var best tally
	least := 0.0
	try := func(score float64) {
		var t tally
		for i, m := range messages {
			t.add(m, reject(hits[i], score))
		}
		if t.right > best.right || t.right == best.right && t.wrong < best.wrong {
			best, least = t, score
		}
	}
	best.wrong = len(messages)
	try(0)
	for _, h := range hits {
		for _, h := range h {
			try(h.score)
			try(h.score + 1e-9) // and just above it, for none but better ones
		}
	}
	return least
}
