package bot

import (
	"context"
	"sync"
	"time"
)

// Watch has run run the checks of q, and show called with what was found so far:
// not before every has passed, then at most once in every, and only if there is
// something new. It returns what run does, at a time at which the outcome may be
// shown, too. It sets q.Progress; show is called by one goroutine at a time.
func Watch(ctx context.Context, every time.Duration, q CheckRequest, run func(context.Context, CheckRequest) (Checked, error), show func([]Block)) (Checked, error) {
	p := &progress{found: map[string]Report{}}
	q.Progress = p.add
	done := make(chan struct{})
	var following sync.WaitGroup
	following.Go(func() { p.follow(ctx, every, done, show) })
	defer following.Wait()
	defer close(done)
	return run(ctx, q)
}

// progress is what checks have found so far.
type progress struct {
	mu      sync.Mutex
	targets []string // in the order of their first row
	found   map[string]Report
	fresh   bool // something came since the last look
}

func (p *progress) add(target string, f Finding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.found[target]; !known {
		p.targets = append(p.targets, target)
	}
	p.found[target] = append(p.found[target], f.row())
	p.fresh = true
}

// take returns what there is to show, nothing if that has been shown.
func (p *progress) take() (blocks []Block) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.fresh {
		return nil
	}
	p.fresh = false
	for _, target := range p.targets {
		rows := p.found[target]
		blocks = append(blocks, Para{{Text: target, Style: Bold}}, rows[:len(rows):len(rows)])
	}
	return blocks
}

// follow shows what comes, and ends with the first tick after done.
func (p *progress) follow(ctx context.Context, every time.Duration, done <-chan struct{}, show func([]Block)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		select {
		case <-done:
			return
		default:
		}
		if blocks := p.take(); blocks != nil {
			show(blocks)
		}
	}
}

// Blocks are the outcome as people read it: of each target the verdict and the
// rows, and what they say together; or why nothing was checked. Lang is the
// language of the reader, as in [Message].
func (c Checked) Blocks(lang string) []Block {
	if c.Busy != nil {
		return phrasesFor(lang).busy(c)
	}
	var blocks []Block
	for _, d := range c.Diagnoses {
		blocks = append(blocks, d.blocks()...)
	}
	if c.Passport != "" {
		blocks = append(blocks, Para{{Text: c.Passport}})
	}
	return blocks
}

// blocks are the verdict on a target and its rows.
func (d Diagnosis) blocks() []Block {
	report := make(Report, len(d.Findings))
	for i, f := range d.Findings {
		report[i] = f.row()
	}
	return []Block{Para{{Text: d.Verdict, Style: Bold}}, report}
}

// busy says why nothing was checked, when to try again, and what the last run
// has found.
func (p phrases) busy(c Checked) []Block {
	blocks := []Block{p.para(busyPhrases[c.Busy.Why], "seconds", int(c.Busy.After.Seconds())+1)}
	for _, d := range c.Diagnoses {
		blocks = append(append(blocks, p.para("check.last", "time", d.At.UTC().Format("15:04 UTC"))), d.blocks()...)
	}
	return blocks
}
