package blob

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func draft() *Draft {
	return &Draft{
		Concepts: []string{"a", "none"}, Bias: []int32{-5, 7}, Scale: 10,
		Hashes: []uint32{3, 3 + 8, 1 << 31}, Lengths: []uint16{64, 32, 1000}, Weights: []int8{1, -1, 127, -127, 0, 3},
	}
}

func TestAModelIsReadAsItWasWritten(t *testing.T) {
	m, err := Parse(string(draft().Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range draft().Hashes {
		if got := m.Find(h); got != i {
			t.Errorf("Find(%d): got %d, want %d", h, got, i)
		}
	}
	if got := m.Find(4); got != -1 {
		t.Errorf("Find of an unknown hash: got %d, want -1", got)
	}
	if diff := cmp.Diff(draft().Bias, m.Bias); diff != "" {
		t.Error(diff)
	}
	for i, want := range draft().Weights {
		if got := m.Weight(i/2, i%2); got != int(want) {
			t.Errorf("Weight(%d, %d): got %d, want %d", i/2, i%2, got, want)
		}
	}
}

func FuzzParseRefusesWhatIsNoModel(f *testing.F) {
	whole := draft().Bytes()
	for n := range whole {
		f.Add(whole[:n])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(string(data))
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Errorf("got %v, want ErrFormat", err)
		}
		if err == nil {
			(&Scorer{Model: m}).Score("any text")
		}
	})
}

func TestManyRowsAddUpAsOneByOne(t *testing.T) {
	d := &Draft{Scale: 1, Hashes: []uint32{1, 2}, Lengths: []uint16{1, 1}}
	for c := range MaxConcepts {
		d.Concepts = append(d.Concepts, string(rune('A'+c)))
		d.Bias = append(d.Bias, 0)
	}
	for i := range 2 * MaxConcepts {
		d.Weights = append(d.Weights, int8(127-i*37%255))
	}
	m, err := Parse(string(d.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 2, laneRows} {
		s := Scorer{Model: m, Hits: make([]Hit, n)}
		for i := range min(n, 2) {
			s.Hits[i].Place = 1 - i // all others are the first feature, whose first weight is the largest
		}
		var got, want [MaxConcepts]int64
		s.add(&got, s.Hits)
		for _, h := range s.Hits {
			for c := range want {
				want[c] += int64(m.Weight(h.Place, c))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d rows:\n%s", n, diff)
		}
	}
}

func TestTheRootIsRoundedDown(t *testing.T) {
	for _, x := range []uint64{0, 1, 2, 3, 4, 8, 9, 99, 100, 1 << 40, 1<<40 - 1, 1<<62 - 1, math.MaxUint64} {
		r := uint64(root(x))
		if r*r > x || r < math.MaxUint32 && (r+1)*(r+1) <= x {
			t.Errorf("root(%d): got %d", x, r)
		}
	}
}

func TestHalvesGoDownToNothing(t *testing.T) {
	before := int64(1<<16 + 1)
	for below := int64(0); below < 40*temperature; below += temperature / 4 {
		if got := power(below); got > before || got < 0 {
			t.Fatalf("power(%d): got %d after %d", below, got, before)
		} else {
			before = got
		}
	}
	if power(0) != 1<<16 || power(temperature) != 1<<15 || before != 0 {
		t.Errorf("got %d, %d, %d", power(0), power(temperature), before)
	}
}

func TestConfidenceRisesToAHundred(t *testing.T) {
	before := 0
	for share := int64(0); share <= 1<<16; share += 64 {
		c := Confidence(share)
		if c < before || c > 100 {
			t.Fatalf("Confidence(%d): got %d after %d", share, c, before)
		}
		before = c
	}
}
