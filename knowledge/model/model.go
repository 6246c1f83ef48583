// Package model guesses what a message is about from how people talk: a
// linear model over words, stems, pairs and pieces of words, trained on the
// messages in corpus/ and embedded as integers. It knows concepts, such as
// net.timeout, not the topics of a guide.
//
// README.md says how it was chosen and how well it does on writers that it
// has not read.
package model

import (
	_ "embed"
	"sync"

	"apihelp/knowledge/model/internal/blob"
)

//go:generate go run ./train

//go:embed model.bin.gz
var embedded string

// load reads the embedded model at its first use. A damaged one is a
// programming mistake: a test reads it.
var load = sync.OnceValue(func() *blob.Model {
	unpacked, err := blob.Unpack(embedded)
	if err != nil {
		panic(err)
	}
	m, err := blob.Parse(unpacked)
	if err != nil {
		panic(err)
	}
	return m
})

// None is the concept of a message that is about no trouble with an API.
const None = "none"

// Concepts returns the concepts that Predict can name, sorted; None is not
// among them. The caller owns the slice.
func Concepts() []string {
	m := load()
	out := make([]string, 0, len(m.Concepts))
	for _, c := range m.Concepts {
		if c != None {
			out = append(out, c)
		}
	}
	return out
}
