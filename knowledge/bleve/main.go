// Command bleve compares the matcher of apihelp with the search engine bleve
// on labelled messages, in a module of its own so that the product does not
// depend on it.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"apihelp/bot"
	"apihelp/knowledge"
)

func main() {
	paths := os.Args[1:]
	if len(paths) == 0 {
		paths = []string{"testdata/messages.jsonl"}
	}
	if err := run(os.Stdout, paths); err != nil {
		fmt.Fprintln(os.Stderr, "bleve:", err)
		os.Exit(1)
	}
}

// run prints a table over the messages of all files, and one for each file if
// there are several.
func run(w io.Writer, paths []string) error {
	var all []labelled
	ends := []int{}
	for _, path := range paths {
		messages, err := read(path)
		if err != nil {
			return err
		}
		all = append(all, messages...)
		ends = append(ends, len(all))
	}
	results, err := measure(knowledge.Default(), all)
	if err != nil {
		return err
	}
	if err := printTable(w, "all", all, results); err != nil || len(paths) == 1 {
		return err
	}
	start := 0
	for i, end := range ends {
		part := make([]result, len(results))
		for j, r := range results {
			part[j] = result{r.engine, r.outcomes[start:end], r.took[start:end]}
		}
		if err := printTable(w, paths[i], all[start:end], part); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// A result is what one engine did with all messages, in their order.
type result struct {
	engine   string
	outcomes []outcome
	took     []time.Duration
}

func measure(g *knowledge.Guide, messages []labelled) ([]result, error) {
	results := []result{
		measureOurs("apihelp Ask", messages, func(text string) outcome { return decided(bot.Ask(g, text)) }),
		measureOurs("apihelp Match, sure", messages, func(text string) outcome { return matched(g.Match(text), true) }),
		measureOurs("apihelp Match, best", messages, func(text string) outcome { return matched(g.Match(text), false) }),
	}
	for _, scoring := range []string{index.BM25Scoring, index.TFIDFScoring} {
		for fuzziness := range 2 {
			r, err := measureBleve(g, messages, scoring, fuzziness)
			if err != nil {
				return nil, err
			}
			results = append(results, r)
		}
	}
	return results, nil
}

// measureOurs asks every message twice, and takes the time of the second.
func measureOurs(name string, messages []labelled, ask func(string) outcome) result {
	r := result{engine: name}
	for _, m := range messages {
		ask(m.Text)
	}
	for _, m := range messages {
		start := time.Now()
		o := ask(m.Text)
		r.took = append(r.took, time.Since(start))
		r.outcomes = append(r.outcomes, o)
	}
	return r
}

func measureBleve(g *knowledge.Guide, messages []labelled, scoring string, fuzziness int) (result, error) {
	x, err := newIndex(g, scoring)
	if err != nil {
		return result{}, err
	}
	defer x.Close() // it is in memory: nothing to lose
	var r result
	var hits [][]hit
	for range 2 {
		r.took, hits = nil, nil
		for _, m := range messages {
			start := time.Now()
			h, err := ask(x, m.Text, fuzziness)
			if err != nil {
				return result{}, err
			}
			r.took = append(r.took, time.Since(start))
			hits = append(hits, h)
		}
	}
	least := tune(messages, hits)
	for _, h := range hits {
		r.outcomes = append(r.outcomes, reject(h, least))
	}
	r.engine = fmt.Sprintf("bleve %s, fuzziness %d, score ≥ %.3f", scoring, fuzziness, least)
	return r, nil
}

// decided is what the bot decided to say.
func decided(p bot.Plan) outcome {
	o := outcome{asked: p.Act == bot.Clarify}
	if p.Act == bot.Answer {
		o.given = append(o.given, p.Topic)
	}
	for _, m := range p.Matches {
		if o.asked && slices.Contains(p.Offered, m.Entry.ID) || p.Act == bot.Answer && m.Sure && m.Entry.ID != p.Topic {
			o.given = append(o.given, m.Entry.ID)
		}
	}
	return o
}

// matched takes the matches for answers, as bleve's hits are.
func matched(matches []knowledge.Match, sure bool) outcome {
	var o outcome
	for _, m := range matches {
		if (m.Sure || !sure) && len(o.given) < hitLimit {
			o.given = append(o.given, m.Entry.ID)
		}
	}
	return o
}

func printTable(w io.Writer, name string, messages []labelled, results []result) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s: %d messages\n", name, len(messages))
	fmt.Fprintln(tab, "right %\twrong %\tasked %\tfalse on none %\tmedian µs\tp99 µs\t  engine")
	for _, r := range results {
		var t tally
		for i, m := range messages {
			t.add(m, r.outcomes[i])
		}
		took := slices.Sorted(slices.Values(r.took))
		fmt.Fprintf(tab, "%.1f\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t  %s\n", percent(t.right, t.total), percent(t.wrong, t.total), percent(t.asked, t.total),
			percent(t.falseAnswers, t.nones), micros(took, 50), micros(took, 99), r.engine)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// micros returns a percentile of sorted times, in microseconds.
func micros(sorted []time.Duration, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, len(sorted)*p/100)].Nanoseconds()) / 1000
}
