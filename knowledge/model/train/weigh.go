package main

import (
	"math"
	"math/bits"

	"apihelp/knowledge/model/internal/blob"
	"apihelp/knowledge/model/internal/feature"
)

// leastMessages is in how many messages a feature of a kind must occur to be
// learnt from. It keeps the model below 2 MB as it is embedded.
var leastMessages = [feature.Kinds]uint64{
	feature.Word: 2, feature.Stem: 2, feature.Pair: 3, feature.Skip: 3, feature.Piece: 3,
}

// kindWeight is how much each kind of feature counts, chosen by
// cross-validation (README.md).
var kindWeight = [feature.Kinds]float64{
	feature.Word: .5, feature.Stem: 1, feature.Pair: 1.3, feature.Skip: .7, feature.Piece: .5,
}

// lengths returns what each feature adds to the length of a message, in
// 1/blob.Length, 0 for one that is not learnt from: the weight of its kind times
// its inverse document frequency, 1 + ln((n+1)/(df+1)).
func lengths(c *corpus, learn func(sample) bool) []uint16 {
	occurs := make([]uint64, len(c.hashes))
	n := uint64(0)
	for _, s := range c.samples {
		if !learn(s) {
			continue
		}
		n++
		for _, f := range s.features {
			occurs[f]++
		}
	}
	out := make([]uint16, len(occurs))
	for f, df := range occurs {
		if df >= leastMessages[c.kinds[f]] {
			rare := 1 + float64(math.Ln2*float64(log2(n+1)-log2(df+1))/65536)
			out[f] = uint16(float64(rare*kindWeight[c.kinds[f]])*blob.Length + .5)
		}
	}
	return out
}

// log2 returns the logarithm of x in 1/65536, by integers alone: math.Log may
// differ in its last bit from platform to platform.
func log2(x uint64) int64 {
	whole := bits.Len64(x) - 1
	y := x << (31 - whole) // in [1, 2), as 1/2^31; counts are far below 2^31
	result := int64(whole) << 16
	for bit := int64(1 << 15); bit > 0; bit >>= 1 {
		y = y * y >> 31
		if y >= 1<<32 {
			y >>= 1
			result += bit
		}
	}
	return result
}

// vector returns a message as a vector of length one over the features that
// are learnt from.
func vector(features []int32, lengths []uint16) row {
	var r row
	square := 0
	for _, f := range features {
		if l := int(lengths[f]); l > 0 {
			r.at = append(r.at, f)
			square += l * l
		}
	}
	norm := math.Sqrt(float64(square))
	for _, f := range r.at {
		r.value = append(r.value, float64(lengths[f])/norm)
	}
	return r
}
