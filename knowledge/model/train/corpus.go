package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"apihelp/knowledge/model/internal/feature"
)

// sample is a message of the corpus: its features as positions in the list of
// all features, each once, in rising order.
type sample struct {
	text     string
	batch    string
	concept  int
	features []int32
}

// corpus is all messages with the concepts and features that occur in them.
type corpus struct {
	samples  []sample
	concepts []string
	batches  []string
	hashes   []uint32       // hash of each feature, rising
	kinds    []feature.Kind // kind of each feature
}

// line is a line of a corpus file.
type line struct {
	Text    string `json:"text"`
	Concept string `json:"concept"`
}

// readCorpus reads the batches of a folder: one file each.
func readCorpus(dir fs.FS) (*corpus, error) {
	files, err := fs.Glob(dir, "*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("train: list the corpus: %w", err)
	}
	var lines []line
	c := &corpus{}
	for _, name := range files {
		ls, err := readLines(dir, name)
		if err != nil {
			return nil, err
		}
		batch := name[:len(name)-len(path.Ext(name))]
		c.batches = append(c.batches, batch)
		for _, l := range ls {
			c.samples = append(c.samples, sample{text: l.Text, batch: batch})
			c.concepts = append(c.concepts, l.Concept)
		}
		lines = append(lines, ls...)
	}
	slices.Sort(c.concepts)
	c.concepts = slices.Compact(c.concepts)
	for i, l := range lines {
		c.samples[i].concept, _ = slices.BinarySearch(c.concepts, l.Concept)
	}
	c.number()
	return c, nil
}

func readLines(dir fs.FS, name string) ([]line, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("train: open the corpus: %w", err)
	}
	defer f.Close()
	var lines []line
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("train: %s:%d: %w", name, len(lines)+1, err)
		}
		lines = append(lines, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("train: read %s: %w", name, err)
	}
	return lines, nil
}

// number gives every feature its position in the order of hashes.
func (c *corpus) number() {
	kinds := make(map[uint32]feature.Kind)
	var x feature.Extractor
	for _, s := range c.samples {
		for _, f := range x.Extract(s.text) {
			kinds[f.Hash] = f.Kind
		}
	}
	c.hashes = make([]uint32, 0, len(kinds))
	for h := range kinds {
		c.hashes = append(c.hashes, h)
	}
	slices.Sort(c.hashes)
	c.kinds = make([]feature.Kind, len(c.hashes))
	for i, h := range c.hashes {
		c.kinds[i] = kinds[h]
	}
	for i := range c.samples {
		c.samples[i].features = c.positions(x.Extract(c.samples[i].text))
	}
}

func (c *corpus) positions(features []feature.Feature) []int32 {
	ids := make([]int32, 0, len(features))
	for _, f := range features {
		if i, ok := slices.BinarySearch(c.hashes, f.Hash); ok {
			ids = append(ids, int32(i))
		}
	}
	slices.SortFunc(ids, cmp.Compare[int32])
	return slices.Compact(ids)
}
