package blob

// temperature is the difference of decision values, in 1/Unit, that
// doubles the odds. It is the one with the likeliest labels on held-out
// batches (go run ./knowledge/model/train -cv).
const temperature = 125

// half holds 2^(-k/16) in 1/65536.
var half = [16]uint32{
	65536, 62757, 60097, 57549, 55109, 52772, 50535, 48393,
	46341, 44376, 42495, 40693, 38968, 37316, 35734, 34219,
}

// measured is how often, in percent, a concept with a share of 0, 10, … 100 %
// was right on held-out batches; between them it is a straight line. The
// trainer prints it with -cv.
var measured = [11]int{0, 11, 24, 31, 43, 51, 56, 65, 72, 83, 96}

// Shares returns the share of every concept in the last text, in 1/65536, all
// together at most one.
func (s *Scorer) Shares() [MaxConcepts]int64 {
	n := len(s.Model.Concepts)
	top := s.Scores[0]
	for _, x := range s.Scores[:n] {
		top = max(top, x)
	}
	var share [MaxConcepts]int64
	sum := int64(0)
	for c, x := range s.Scores[:n] {
		share[c] = power(top - x)
		sum += share[c]
	}
	for c := range n {
		share[c] = share[c] << 16 / sum
	}
	return share
}

// power returns 2^(-below/temperature) in 1/65536.
func power(below int64) int64 {
	steps := below * int64(len(half)) / temperature
	if steps >= 32*int64(len(half)) {
		return 0
	}
	return int64(half[steps%int64(len(half))] >> (steps / int64(len(half))))
}

// Confidence converts a share in 1/65536 to a measured percentage.
func Confidence(share int64) int {
	at := share * int64(len(measured)-1)
	k := min(int(at>>16), len(measured)-2)
	part := int(at - int64(k)<<16)
	return measured[k] + (measured[k+1]-measured[k])*part>>16
}
