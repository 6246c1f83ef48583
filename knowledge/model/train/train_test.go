package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"apihelp/knowledge/model/internal/blob"
)

// TestTheEmbeddedModelIsTheOneTheCorpusGives fails after a change to the corpus or
// the training without "go generate ./knowledge/model".
func TestTheEmbeddedModelIsTheOneTheCorpusGives(t *testing.T) {
	c, err := readCorpus(os.DirFS("../corpus"))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile("../model.bin.gz")
	if err != nil {
		t.Fatal(err)
	}
	want, err := blob.Unpack(string(packed))
	if err != nil {
		t.Fatal(err)
	}
	got := fit(c, allBut("")).Bytes()
	if string(got) != want {
		t.Errorf("model.bin.gz is stale: %d bytes, the corpus gives %d others; run go generate ./knowledge/model", len(want), len(got))
	}
	if len(packed) >= 2_000_000 {
		t.Errorf("the model has %d bytes, want less than 2 MB", len(packed))
	}
}

func TestTheCorpusIsClean(t *testing.T) {
	c, err := readCorpus(os.DirFS("../corpus"))
	if err != nil {
		t.Fatal(err)
	}
	concepts := make([]int, len(c.concepts))
	first := make(map[string]string)
	for _, s := range c.samples {
		concepts[s.concept]++
		key := strings.Join(strings.Fields(strings.ToLower(s.text)), " ")
		if before, ok := first[key]; ok {
			t.Errorf("%s: %q is in %s as well", s.batch, s.text, before)
		}
		first[key] = s.batch
		if s.text == "" || s.text != strings.TrimSpace(s.text) {
			t.Errorf("%s: %q is empty or not trimmed", s.batch, s.text)
		}
	}
	for k, n := range concepts {
		least := 120
		switch c.concepts[k] {
		case none:
			least = 1500
		case "webhook", "billing", "account":
			least = 80
		}
		if n < least {
			t.Errorf("%s: got %d messages, want %d", c.concepts[k], n, least)
		}
	}
}

func TestAFaultyLineIsNamed(t *testing.T) {
	_, err := readCorpus(fstest.MapFS{"a.jsonl": {Data: []byte(`{"text":"x","concept":"none"}` + "\n{")}})
	if err == nil || !strings.Contains(err.Error(), "a.jsonl:2") {
		t.Errorf("got %v, want the file and line", err)
	}
}

func TestASmallModelTellsItsConceptsApart(t *testing.T) {
	c, err := readCorpus(fstest.MapFS{
		"a.jsonl": {Data: []byte(`{"text":"too slow again","concept":"perf.slow"}
{"text":"it is slow","concept":"perf.slow"}
{"text":"nice lunch","concept":"none"}
{"text":"lunch is nice","concept":"none"}
`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := blob.Parse(string(fit(c, allBut("")).Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	s := blob.Scorer{Model: m}
	for text, want := range map[string]int{"slow today": 1, "what a nice lunch": 0} {
		s.Score(text)
		if (s.Scores[1] > s.Scores[0]) != (want == 1) {
			t.Errorf("%q: got scores %v for %v", text, s.Scores[:2], m.Concepts)
		}
	}
}
