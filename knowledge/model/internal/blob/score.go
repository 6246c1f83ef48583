package blob

import (
	"math/bits"

	"apihelp/knowledge/model/internal/feature"
)

// Hit is a feature of a text that the model knows, at its first place.
type Hit struct {
	feature.Feature
	Place int // in the model
}

// Scorer scores texts with a model. It keeps its memory between texts; one
// goroutine uses it at a time.
type Scorer struct {
	Model  *Model
	Hits   []Hit              // of the last text
	Scores [MaxConcepts]int64 // of the last text, in 1/Unit, one for each concept
	Norm   int64              // length of the last text, in 1/Length

	cut  feature.Extractor
	seen []uint64 // a bit for each feature that was hit
}

// Score fills Hits, Scores and Norm for text, in time linear in its length.
func (s *Scorer) Score(text string) {
	s.collect(text)
	var sums [MaxConcepts]int64
	var square uint64
	for hits := s.Hits; len(hits) > 0; {
		n := min(len(hits), laneRows)
		s.add(&sums, hits[:n])
		hits = hits[n:]
	}
	for _, h := range s.Hits {
		l := uint64(s.Model.Lengths[h.Place])
		square += l * l
	}
	s.Norm = max(root(square), 1)
	for c, b := range s.Model.Bias {
		s.Scores[c] = int64(b) + s.Part(sums[c])
	}
}

// laneRows is how many bytes can be added in 16 bits.
const laneRows = 257

// add adds the weights of hits, at most laneRows, to sums: four concepts at a time,
// in lanes of 16 bits.
func (s *Scorer) add(sums *[MaxConcepts]int64, hits []Hit) {
	const evenBytes = 0x00ff00ff00ff00ff
	var even, odd packed
	for _, h := range hits {
		row := &s.Model.rows[h.Place]
		for i, w := range row {
			even[i] += w & evenBytes
			odd[i] += w >> 8 & evenBytes
		}
	}
	offset := int64(128 * len(hits))
	for c := range sums {
		lanes := even[c>>3]
		if c&1 == 1 {
			lanes = odd[c>>3]
		}
		sums[c] += int64(lanes>>(16*(c&7>>1))&0xffff) - offset
	}
}

// Part converts a sum of weights as written into its part of a score of the
// last text, in 1/Unit.
func (s *Scorer) Part(sum int64) int64 {
	return sum * Unit * Length / (s.Model.Scale * s.Norm)
}

// collect fills Hits with the features that the model knows, each once.
func (s *Scorer) collect(text string) {
	if s.seen == nil {
		s.seen = make([]uint64, len(s.Model.Lengths)/64+1)
	}
	s.Hits = s.Hits[:0]
	for _, f := range s.cut.Extract(text) {
		p := s.Model.Find(f.Hash)
		if p < 0 || s.seen[p>>6]&(1<<(p&63)) != 0 {
			continue
		}
		s.seen[p>>6] |= 1 << (p & 63)
		s.Hits = append(s.Hits, Hit{Feature: f, Place: p})
	}
	for _, h := range s.Hits {
		s.seen[h.Place>>6] = 0
	}
}

// root returns the square root of x, rounded down.
func root(x uint64) int64 {
	if x == 0 {
		return 0
	}
	r := uint64(1) << ((bits.Len64(x) + 1) / 2)
	for {
		next := (r + x/r) / 2
		if next >= r {
			return int64(r)
		}
		r = next
	}
}
