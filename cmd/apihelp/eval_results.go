package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"apihelp/bot"
)

// none is the label of a message that must be given no topic.
const none = "none"

// results counts how an evaluation came out.
type results struct {
	all        tally
	topics     map[string]*tally // by the first accepted topic
	confusions map[[2]string]int // expected, given
}

// A tally counts the outcomes of some messages: each is right, wrong or
// silent. Of these, asked were answered by a question back.
type tally struct{ total, right, wrong, silent, asked int }

func newResults() *results {
	return &results{topics: map[string]*tally{}, confusions: map[[2]string]int{}}
}

// add counts one message.
func (r *results) add(c labelled, a answer) {
	want := slices.Concat(c.Accept, c.AcceptAll)[0]
	if r.topics[want] == nil {
		r.topics[want] = &tally{}
	}
	given := none
	if len(a.Topics) > 0 {
		given = a.Topics[0].ID
	}
	right := c.isRight(a)
	if !right {
		r.confusions[[2]string{want, given}]++
	}
	for _, t := range []*tally{&r.all, r.topics[want]} {
		t.total++
		if a.Act == bot.Clarify {
			t.asked++
		}
		switch {
		case right:
			t.right++
		case given == none:
			t.silent++
		default:
			t.wrong++
		}
	}
}

// isRight reports whether the answer gives what the label asks for.
func (c labelled) isRight(a answer) bool {
	given := func(id string) bool {
		return slices.ContainsFunc(a.Topics, func(t topic) bool { return t.ID == id || slices.Contains(c.Equivalent[id], t.ID) })
	}
	if len(c.AcceptAll) > 0 {
		return !slices.ContainsFunc(c.AcceptAll, func(id string) bool { return !given(id) })
	}
	switch {
	case slices.Contains(c.Accept, none) && (len(a.Topics) == 0 || a.Act == bot.Clarify):
		return true
	case a.Act == bot.Clarify:
		return slices.ContainsFunc(c.Accept, given)
	}
	return len(a.Topics) > 0 && slices.Contains(c.Accept, a.Topics[0].ID)
}

// print writes the tables.
func (r *results) print(w io.Writer) error {
	var b strings.Builder
	tab := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "messages\tright\twrong\tsilent\tasked\t  expected")
	for _, id := range sortedKeys(r.topics, cmp.Compare) {
		r.topics[id].row(tab, id)
	}
	r.all.row(tab, "all")
	tab.Flush()
	if len(r.confusions) > 0 {
		b.WriteString("\nexpected -> given\n")
	}
	for _, pair := range sortedKeys(r.confusions, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(r.confusions[b], r.confusions[a]), slices.Compare(a[:], b[:]))
	}) {
		fmt.Fprintf(&b, "%8d  %s -> %s\n", r.confusions[pair], pair[0], pair[1])
	}
	fmt.Fprintf(&b, "\n95 %% intervals: accuracy %s, wrong answers %s\n", r.all.interval(r.all.right), r.all.interval(r.all.wrong))
	fmt.Fprintf(&b, "accuracy %.1f %%, wrong answers %.1f %%, of %d messages\n", r.all.percent(r.all.right), r.all.percent(r.all.wrong), r.all.total)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the results: %w", err)
	}
	return nil
}

func (t tally) row(w io.Writer, label string) {
	fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t  %s\n", t.total, t.right, t.wrong, t.silent, t.asked, label)
}

func (t tally) percent(n int) float64 { return 100 * float64(n) / float64(t.total) }

// interval returns the bounds between which the true percentage lies with a
// probability of 95 % (Wilson's score interval).
func (t tally) interval(n int) string {
	const z = 1.96
	p, total := float64(n)/float64(t.total), float64(t.total)
	middle := (p + z*z/(2*total)) / (1 + z*z/total)
	half := z / (1 + z*z/total) * math.Sqrt(p*(1-p)/total+z*z/(4*total*total))
	return fmt.Sprintf("%.1f to %.1f %%", 100*max(0, middle-half), 100*min(1, middle+half))
}

// judge fails if the figures miss what was asked for.
func (r *results) judge(minAccuracy, maxWrong float64, limitWrong bool) error {
	if got := r.all.percent(r.all.right); got < minAccuracy {
		return fmt.Errorf("accuracy %.1f %% is below --min-accuracy %g; see the confusions above", got, minAccuracy)
	}
	if got := r.all.percent(r.all.wrong); limitWrong && got > maxWrong {
		return fmt.Errorf("wrong answers %.1f %% are above --max-wrong %g; see the confusions above", got, maxWrong)
	}
	return nil
}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}
