package main

import (
	"fmt"
	"io"
	"strings"

	"apihelp/knowledge/model/internal/blob"
)

// outcome is what a model that had not read the sample's batch said of it.
type outcome struct {
	sample
	shares [blob.MaxConcepts]int64
}

// crossValidate leaves one batch out at a time, trains on the others, reads the
// one left out, and prints how well that went.
func crossValidate(out io.Writer, c *corpus) error {
	var all []outcome
	for _, batch := range c.batches {
		m, err := blob.Parse(string(fit(c, allBut(batch)).Bytes()))
		if err != nil {
			return fmt.Errorf("train: read the model back: %w", err)
		}
		s := blob.Scorer{Model: m}
		for _, x := range c.samples {
			if x.batch == batch {
				s.Score(x.text)
				all = append(all, outcome{sample: x, shares: s.Shares()})
			}
		}
	}
	r := report{out: out, corpus: c, all: all}
	r.concepts()
	r.cuts("concepts", func(concept string) string { return concept })
	r.cuts("topics of the default guide", topic)
	r.batches()
	r.reliability()
	return nil
}

// topic returns the topic of the default guide that answers a concept; what
// it has no topic for counts as none.
func topic(concept string) string {
	family, _, _ := strings.Cut(concept, ".")
	switch {
	case family == "net" || family == "tls" || family == "rate" || family == "perf":
		return family
	case concept == "auth.key" || concept == "auth.environment" || concept == "auth.missing":
		return "auth.key"
	case family == "browser" || family == "webhook" || family == "billing" || family == "account":
		return none
	}
	return concept
}

// report prints figures over outcomes.
type report struct {
	out    io.Writer
	corpus *corpus
	all    []outcome
}

// best returns the group of concepts with the largest share together, and the share.
func (r *report) best(o outcome, group func(string) string) (string, int64) {
	sums := make(map[string]int64)
	for k, name := range r.corpus.concepts {
		sums[group(name)] += o.shares[k]
	}
	best, most := none, sums[none]
	for _, name := range r.corpus.concepts {
		if s := sums[group(name)]; s > most {
			best, most = group(name), s
		}
	}
	return best, most
}

func same(concept string) string { return concept }

// concepts prints precision and recall of each concept.
func (r *report) concepts() {
	said, meant, right := make(map[string]int), make(map[string]int), make(map[string]int)
	total := 0
	for _, o := range r.all {
		got, _ := r.best(o, same)
		want := r.corpus.concepts[o.concept]
		said[got]++
		meant[want]++
		if got == want {
			right[want]++
			total++
		}
	}
	fmt.Fprintf(r.out, "%d messages, concept right %s\n", len(r.all), percent(total, len(r.all)))
	for _, name := range r.corpus.concepts {
		fmt.Fprintf(r.out, "  %-17s precision %s recall %s of %d\n",
			name, percent(right[name], said[name]), percent(right[name], meant[name]), meant[name])
	}
}

// cuts prints, for several least confidences, the shares of messages about
// trouble that were answered rightly and wrongly, and of others that were answered.
func (r *report) cuts(title string, group func(string) string) {
	fmt.Fprintf(r.out, "%s\n", title)
	for _, cut := range []int{0, 30, 40, 50, 60, 70, 80, 90} {
		var right, wrong, silent, alarms, others int
		for _, o := range r.all {
			got, share := r.best(o, group)
			speaks := got != none && blob.Confidence(share) >= cut
			switch want := group(r.corpus.concepts[o.concept]); {
			case want == none:
				others++
				if speaks {
					alarms++
				}
			case !speaks:
				silent++
			case got == want:
				right++
			default:
				wrong++
			}
		}
		about := right + wrong + silent
		fmt.Fprintf(r.out, "  cut %2d: right %s wrong %s silent %s precision %s false alarms %s\n", cut, percent(right, about),
			percent(wrong, about), percent(silent, about), percent(right, right+wrong+alarms), percent(alarms, others))
	}
}

// batches prints how well each batch was read by a model of the others.
func (r *report) batches() {
	for _, batch := range r.corpus.batches {
		right, about := 0, 0
		for _, o := range r.all {
			want := topic(r.corpus.concepts[o.concept])
			if o.batch != batch || want == none {
				continue
			}
			about++
			if got, _ := r.best(o, topic); got == want {
				right++
			}
		}
		fmt.Fprintf(r.out, "batch %s: topics right %s of %d\n", batch, percent(right, about), about)
	}
}

// reliability prints how often the shares of concepts, one in ten, were right: the table
// measured in package blob.
func (r *report) reliability() {
	var right, said [11]int
	for _, o := range r.all {
		for k := range r.corpus.concepts {
			bin := (o.shares[k]*10 + 1<<15) >> 16
			said[bin]++
			if o.concept == k {
				right[bin]++
			}
		}
	}
	for bin := range said {
		fmt.Fprintf(r.out, "share %3d %%: right %s of %d\n", bin*10, percent(right[bin], said[bin]), said[bin])
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "    -"
	}
	return fmt.Sprintf("%4.1f%%", 100*float64(n)/float64(of))
}
