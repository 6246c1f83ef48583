package main

import (
	"math"
	"runtime"
	"sync"

	"apihelp/knowledge/model/internal/blob"
)

// What cross-validation chose (README.md).
const (
	cost        = .7 // of a fault on a message, liblinear's C
	conceptCost = 16 // times as much where the message is of the concept: it is one of many
	noneCost    = 1  // the same for messages of no concept
	rounds      = 12 // through all messages; more change nothing
)

const none = "none"

// allBut returns a filter for the samples of all batches but one.
func allBut(batch string) func(sample) bool {
	return func(s sample) bool { return s.batch != batch }
}

// fit trains one machine for each concept on the samples that learn lets
// through, and rounds the weights.
func fit(c *corpus, learn func(sample) bool) *blob.Draft {
	lens := lengths(c, learn)
	var rows []row
	var labels []int
	for _, s := range c.samples {
		if learn(s) {
			rows = append(rows, vector(s.features, lens))
			labels = append(labels, s.concept)
		}
	}
	weights := make([][]float64, len(c.concepts))
	var running sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for k := range c.concepts {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			p := against(rows, labels, k, c.concepts[k])
			p.size = len(c.hashes)
			weights[k] = p.solve()
		})
	}
	running.Wait()
	return quantise(c, lens, weights)
}

// against returns the problem of concept k against all others.
func against(rows []row, labels []int, k int, name string) *problem {
	p := &problem{rows: rows, rounds: rounds, seed: uint64(k), want: make([]bool, len(rows)), cost: make([]float64, len(rows))}
	for i, l := range labels {
		p.want[i] = l == k
		p.cost[i] = cost
		if l == k && name == none {
			p.cost[i] = float64(cost * noneCost)
		} else if l == k {
			p.cost[i] = float64(cost * conceptCost)
		}
	}
	return p
}

// quantise rounds the weights, times what the feature adds to a message's
// length, to a byte each.
func quantise(c *corpus, lens []uint16, weights [][]float64) *blob.Draft {
	d := &blob.Draft{Concepts: c.concepts}
	value := func(k, f int) float64 { return float64(weights[k][f]*float64(lens[f])) / blob.Length }
	most := 0.0
	for k := range weights {
		d.Bias = append(d.Bias, int32(math.Round(float64(weights[k][len(lens)]*blob.Unit))))
		for f := range lens {
			most = max(most, math.Abs(value(k, f)))
		}
	}
	d.Scale = max(uint32(math.MaxInt8*clip/most), 1)
	for f, l := range lens {
		if l == 0 {
			continue
		}
		d.Hashes = append(d.Hashes, c.hashes[f])
		d.Lengths = append(d.Lengths, l)
		for k := range weights {
			w := math.Round(float64(value(k, f) * float64(d.Scale)))
			d.Weights = append(d.Weights, int8(min(max(w, -math.MaxInt8), math.MaxInt8)))
		}
	}
	return d
}

// clip is how many times the largest weight exceeds the largest that is
// written: the few beyond are cut so that the many below keep their digits.
const clip = 3
