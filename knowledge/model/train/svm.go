package main

import (
	"math/rand/v2"
)

// problem is one concept against all others: a linear support vector machine
// with squared hinge loss, solved by dual coordinate descent (Hsieh et al.,
// A Dual Coordinate Descent Method for Large-scale Linear SVM, 2008).
//
// Every product that is added is converted to float64 first: the language
// then forbids fusing the two, so that every platform computes the same bits.
type problem struct {
	rows   []row
	want   []bool    // whether the row is of the concept
	cost   []float64 // of a fault on the row
	size   int       // number of features
	rounds int
	seed   uint64
}

// row is a message as a sparse vector of length one.
type row struct {
	at    []int32
	value []float64
}

// solve returns the weight of every feature, the bias last.
func (p *problem) solve() []float64 {
	w := make([]float64, p.size+1)
	alpha := make([]float64, len(p.rows))
	order := make([]int, len(p.rows))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(p.seed, 1))
	active := len(order)
	for range p.rounds {
		random.Shuffle(active, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for k := 0; k < active; k++ {
			p.step(w, alpha, order[k])
		}
	}
	return w
}

// step moves the multiplier of one row to its best value, all others fixed.
func (p *problem) step(w, alpha []float64, i int) {
	r, y := p.rows[i], -1.0
	if p.want[i] {
		y = 1
	}
	sum := w[p.size]
	for k, at := range r.at {
		sum += float64(w[at] * r.value[k])
	}
	slack := 1 / float64(2*p.cost[i])
	gradient := float64(y*sum) - 1 + float64(slack*alpha[i])
	next := max(alpha[i]-float64(gradient/(2+slack)), 0) // the row's square and the bias' make 2
	if next == alpha[i] {
		return
	}
	d := float64((next - alpha[i]) * y)
	alpha[i] = next
	for k, at := range r.at {
		w[at] += float64(d * r.value[k])
	}
	w[p.size] += d
}
