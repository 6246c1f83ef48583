package model

import (
	"slices"
	"sync"

	"apihelp/knowledge/model/internal/blob"
)

// Prediction is a concept that a text may be about.
type Prediction struct {
	Concept string

	// Margin is how far the concept's decision value lies above that of None or
	// of the next best concept, whichever is higher, in hundredths; for a
	// prediction after the first it is how far it lies above None. The values
	// are those of one-against-all support vector machines, where +1 and -1 are the
	// edges of the separating band: 100 is half that band's width.
	Margin int

	// Confidence is the share, in percent, of messages with such values that
	// were about this concept, measured on writers that the model had not read.
	// Confidences of several predictions add up, to at most 100: where a guide answers two
	// concepts with one topic, the sum is the confidence in that topic.
	Confidence int

	// Grams are the up to five words and pairs of words that spoke loudest for the
	// concept against None, loudest first.
	Grams []Gram
}

// Gram is a piece of a text that spoke for a concept.
type Gram struct {
	Text       string
	Start, End int // bytes of the text
	Weight     int // its part of the decision value, in hundredths
}

const (
	maxPredictions  = 6
	leastConfidence = 5
	maxGrams        = 5
)

var scorers = sync.Pool{New: func() any { return &reading{Scorer: blob.Scorer{Model: load()}} }}

// reading is what one call of Predict works with.
type reading struct {
	blob.Scorer
	spans []Gram
}

// Predict returns the concepts that a text may be about, best first: at most
// three, and only those with a confidence of 10 % or more. Of a long text
// it reads the first and the last KB. It is deterministic, computes with
// integers only, and is safe for concurrent use.
func Predict(text string) []Prediction {
	r := scorers.Get().(*reading)
	defer scorers.Put(r)
	r.Score(text)
	if len(r.Hits) == 0 {
		return nil
	}
	none := slices.Index(r.Model.Concepts, None)
	var order [blob.MaxConcepts]int
	best := r.rank(order[:0], none)
	if len(best) == 0 {
		return nil
	}
	shares := r.Shares()
	out := make([]Prediction, min(len(best), maxPredictions))
	grams := make([]Gram, 0, len(out)*maxGrams)
	left := 100
	for i := range out {
		c := best[i]
		if blob.Confidence(shares[c]) < leastConfidence {
			return out[:i]
		}
		out[i] = Prediction{
			Concept:    r.Model.Concepts[c],
			Margin:     int((r.Scores[c] - r.Scores[none]) * 100 / blob.Unit),
			Confidence: min(blob.Confidence(shares[c]), left),
		}
		from := len(grams)
		grams = r.grams(grams, text, c, none)
		out[i].Grams = grams[from:len(grams):len(grams)]
		left -= out[i].Confidence
	}
	if len(best) > 1 {
		out[0].Margin = int((r.Scores[best[0]] - r.Scores[best[1]]) * 100 / blob.Unit)
	}
	return out
}

// rank appends the concepts but none, the first few best first; of equals the
// one whose name comes first.
func (r *reading) rank(order []int, none int) []int {
	for c := range r.Model.Concepts {
		if c != none {
			order = append(order, c)
		}
	}
	for i := range min(len(order), maxPredictions) {
		best := i
		for j := i + 1; j < len(order); j++ {
			if r.Scores[order[j]] > r.Scores[order[best]] {
				best = j
			}
		}
		c := order[best]
		copy(order[i+1:best+1], order[i:best]) // the others keep their order
		order[i] = c
	}
	return order
}

// grams appends the words and pairs that spoke loudest for c against none.
// What a word's stem and pieces said is the word's; a pair that shares a word
// with a louder gram is left out.
func (r *reading) grams(out []Gram, text string, c, none int) []Gram {
	r.addSpans(c, none)
	var best [maxGrams]Gram
	n := 0
	for n < maxGrams {
		loudest := -1
		for i, s := range r.spans {
			if s.Weight > 0 && (loudest < 0 || s.Weight > r.spans[loudest].Weight) && !overlaps(best[:n], s) {
				loudest = i
			}
		}
		if loudest < 0 {
			break
		}
		best[n] = r.spans[loudest]
		n++
	}
	for _, g := range best[:n] {
		g.Weight = int(r.Part(int64(g.Weight)) * 100 / blob.Unit)
		g.Text = text[g.Start:g.End]
		if g.Weight > 0 {
			out = append(out, g)
		}
	}
	return out
}

// addSpans sums the weights of the last text's hits by place. All features that
// end with one word follow one another, so the place is among the last three.
func (r *reading) addSpans(c, none int) {
	const back = 3
	r.spans = r.spans[:0]
hits:
	for _, h := range r.Hits {
		w := r.Model.Weight(h.Place, c) - r.Model.Weight(h.Place, none)
		for i := len(r.spans) - 1; i >= max(0, len(r.spans)-back); i-- {
			if r.spans[i].Start == int(h.Start) && r.spans[i].End == int(h.End) {
				r.spans[i].Weight += w
				continue hits
			}
		}
		r.spans = append(r.spans, Gram{Start: int(h.Start), End: int(h.End), Weight: w})
	}
}

func overlaps(chosen []Gram, g Gram) bool {
	for _, c := range chosen {
		if g.Start < c.End && c.Start < g.End {
			return true
		}
	}
	return false
}
