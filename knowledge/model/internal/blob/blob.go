// Package blob is the model as a file: what the trainer writes and the
// program embeds. All numbers are little endian.
//
//	"APM1"
//	uint32        number of concepts C, of features F
//	uint32        scale: a weight of 1 is written as this
//	C times       a byte of length and the concept's name, in sorted order
//	C int32       bias of the concept, in units of 1/Unit
//	F uint32      hash of the feature, rising
//	F uint16      how much the feature adds to the length of a message, in 1/Length
//	F times C int8  the weights
package blob

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

const magic = "APM1"

// Unit is the fraction in which scores and biases are counted, Length that of
// the features' lengths.
const (
	Unit   = 1000
	Length = 64
)

// MaxConcepts bounds the concepts, so that a sum for each fits on the stack.
const MaxConcepts = 32

// ErrFormat is the error of a file that is no model.
var ErrFormat = errors.New("blob: not a model")

// Model is a parsed model. It does not change and may be shared.
type Model struct {
	Concepts []string
	Bias     []int32
	Scale    int64
	Lengths  []uint16
	rows     []packed
	slots    []slot // open addressing, at most half full
}

type slot struct {
	hash  uint32
	place uint32 // one more than the feature's; 0 is an empty slot
}

// packed is the weights of a feature, one byte for each concept, 128 more than
// the weight: so many can be added at once.
type packed [MaxConcepts / 8]uint64

// Weight returns the weight of a feature for a concept.
func (m *Model) Weight(feature, concept int) int {
	return int(m.rows[feature][concept>>3]>>(8*(concept&7))&0xff) - 128
}

// Find returns the place of the feature with the hash, or -1.
func (m *Model) Find(hash uint32) int {
	mask := uint32(len(m.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := m.slots[i]
		if s.place == 0 {
			return -1
		}
		if s.hash == hash {
			return int(s.place) - 1
		}
	}
}

// Parse reads a model; it keeps the string.
func Parse(s string) (*Model, error) {
	r := reader{rest: s}
	if r.take(len(magic)) != magic {
		return nil, ErrFormat
	}
	concepts, features, scale := int(r.number32()), int(r.number32()), r.number32()
	if concepts < 0 || concepts > MaxConcepts || scale == 0 || features < 0 || features > len(s) {
		return nil, fmt.Errorf("%w: %d concepts, %d features, scale %d", ErrFormat, concepts, features, scale)
	}
	m := &Model{Scale: int64(scale)}
	for range concepts {
		m.Concepts = append(m.Concepts, r.take(int(r.take(1)[0])))
	}
	for range concepts {
		m.Bias = append(m.Bias, int32(r.number32()))
	}
	m.index(&r, features)
	m.Lengths = make([]uint16, features)
	for i := range m.Lengths {
		b := r.take(2)
		m.Lengths[i] = uint16(b[0]) | uint16(b[1])<<8
	}
	m.rows = make([]packed, features)
	for i := range m.rows {
		for c, w := range []byte(r.take(concepts)) {
			m.rows[i][c>>3] |= uint64(w^0x80) << (8 * (c & 7))
		}
	}
	if r.short || r.rest != "" {
		return nil, fmt.Errorf("%w: %d bytes do not hold %d features", ErrFormat, len(s), features)
	}
	return m, nil
}

// index fills the table of hashes.
func (m *Model) index(r *reader, features int) {
	size := 1 << bits.Len(uint(2*features))
	m.slots = make([]slot, size)
	for f := range features {
		hash := r.number32()
		i := hash & uint32(size-1)
		for m.slots[i].place != 0 {
			i = (i + 1) & uint32(size-1)
		}
		m.slots[i] = slot{hash: hash, place: uint32(f) + 1}
	}
}

// reader takes bytes from the front; once too few are left it hands out
// zeros and remembers that.
type reader struct {
	rest  string
	short bool
}

func (r *reader) take(n int) string {
	if n > len(r.rest) {
		r.short = true
		return string(make([]byte, n))
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) number32() uint32 {
	b := r.take(4)
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// Draft is a model that a trainer has made.
type Draft struct {
	Concepts []string
	Bias     []int32
	Scale    uint32
	Hashes   []uint32
	Lengths  []uint16
	Weights  []int8
}

// Bytes returns the draft as a file.
func (d *Draft) Bytes() []byte {
	le := binary.LittleEndian
	out := append([]byte(nil), magic...)
	out = le.AppendUint32(out, uint32(len(d.Concepts)))
	out = le.AppendUint32(out, uint32(len(d.Hashes)))
	out = le.AppendUint32(out, d.Scale)
	for _, c := range d.Concepts {
		out = append(append(out, byte(len(c))), c...)
	}
	for _, b := range d.Bias {
		out = le.AppendUint32(out, uint32(b))
	}
	for _, h := range d.Hashes {
		out = le.AppendUint32(out, h)
	}
	for _, l := range d.Lengths {
		out = le.AppendUint16(out, l)
	}
	for _, w := range d.Weights {
		out = append(out, byte(w))
	}
	return out
}
