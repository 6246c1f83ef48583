package check

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrUnknownTarget is the cause of [Runner.Run]'s refusal of a name.
var ErrUnknownTarget = errors.New("no such target")

// Options tune a [Runner]. The zero value is right for production.
type Options struct {
	// Deadline ends the run against a target, 5 s if zero. Name resolution,
	// connecting and the TLS handshake may take two fifths of it each, the
	// request four fifths.
	Deadline time.Duration

	// Nameserver is the host:port of the name server to ask; empty for the
	// system's.
	Nameserver string

	// Parallel is how many targets are probed at a time, 64 if zero: with
	// 12 sockets each at the most, that stays below the 1,024 descriptors
	// that a process may open by default. More runs wait.
	Parallel int
}

// A Runner runs the checks against the configured targets. It is safe for
// concurrent use.
type Runner struct {
	targets  []Target
	checks   []Check
	deadline time.Duration
	slots    chan struct{}
}

// NewRunner returns a runner for targets, which are valid.
func NewRunner(targets []Target, o Options) *Runner {
	if o.Deadline == 0 {
		o.Deadline = 5 * time.Second
	}
	if o.Parallel == 0 {
		o.Parallel = 64
	}
	return &Runner{
		targets: slices.Clone(targets),
		checks: []Check{
			credentialCheck{}, dnsCheck{o.Nameserver}, tcpCheck{}, tlsCheck{},
			httpCheck{o.Nameserver}, authCheck{}, limitsCheck{},
		},
		deadline: o.Deadline,
		slots:    make(chan struct{}, o.Parallel),
	}
}

// A Request asks for one run.
type Request struct {
	Targets []string // names; none for all
	Key     Secret   // the zero value for none; cleared when the run ends

	// Progress is told every row as it is found, by one goroutine at a time;
	// nil for nobody.
	Progress func(target string, row Result)
}

// Run checks the targets side by side and returns their reports in the order
// of the request. The key is cleared when it returns, however it does. An
// unknown name is an [ErrUnknownTarget]; when ctx ends first, the reports are
// what was found out until then, and the error is that of ctx.
func (r *Runner) Run(ctx context.Context, q Request) ([]Report, error) {
	defer q.Key.Clear()
	targets, err := r.pick(q.Targets)
	if err != nil {
		return nil, err
	}
	b := &batch{Runner: r, Request: q, reports: make([]Report, len(targets))}
	for i, t := range targets {
		b.wait.Go(func() { b.report(ctx, i, t) })
	}
	b.wait.Wait()
	if b.panicked != "" {
		panic(b.panicked)
	}
	if err := ctx.Err(); err != nil {
		return b.reports, fmt.Errorf("check: run: %w", err)
	}
	return b.reports, nil
}

// pick returns the targets of those names, each once.
func (r *Runner) pick(names []string) ([]Target, error) {
	if len(names) == 0 {
		return r.targets, nil
	}
	var picked []Target
	for i, name := range names {
		at := slices.IndexFunc(r.targets, func(t Target) bool { return t.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("check: %w: %q; there are: %s", ErrUnknownTarget, name, r.names())
		}
		if !slices.Contains(names[:i], name) {
			picked = append(picked, r.targets[at])
		}
	}
	return picked, nil
}

func (r *Runner) names() string {
	names := make([]string, len(r.targets))
	for i, t := range r.targets {
		names[i] = t.Name
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// A batch is one Run.
type batch struct {
	*Runner
	Request
	reports []Report
	wait    sync.WaitGroup

	mu       sync.Mutex // guards panicked and calls of Progress
	panicked string
}

// report fills the report on one target. A panic is kept, with where it came
// from, for the goroutine that called Run: that one can recover from it, and
// clears the key before.
func (b *batch) report(ctx context.Context, i int, t Target) {
	defer func() {
		if v := recover(); v != nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.panicked = fmt.Sprintf("check: target %q: %v\n\n%s", t.Name, v, debug.Stack())
		}
	}()
	select {
	case b.slots <- struct{}{}:
		defer func() { <-b.slots }()
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(ctx, b.deadline)
	defer cancel()
	b.reports[i] = b.probe(ctx, t)
}

// probe runs the checks in order. The first that fails stops the run.
func (b *batch) probe(ctx context.Context, t Target) Report {
	r := Report{Target: t.Name, OK: true, Rows: make([]Result, 0, len(b.checks))}
	p, err := newProbe(t, b.Key)
	if err != nil {
		// Only a target that was never validated gets here.
		p = &Probe{Target: t, Key: b.Key, mask: strings.Clone}
	}
	defer p.close()
	for _, c := range b.checks {
		row := skip(notReached)
		if r.OK && ctx.Err() == nil {
			row = b.run(ctx, c, p)
		}
		row.Check = c.Name()
		r.OK = r.OK && row.Status != Fail
		r.Rows = append(r.Rows, row)
		b.tell(t.Name, row)
	}
	if p.answer != nil {
		r.Code = p.answer.status
	}
	r.At = time.Now().UTC()
	r.Verdict = verdict(r, p)
	return r
}

// run runs one check within its own deadline.
func (b *batch) run(ctx context.Context, c Check, p *Probe) Result {
	share := b.deadline * 2 / 5
	if c.Name() == HTTP {
		share = b.deadline * 4 / 5
	}
	ctx, cancel := context.WithTimeout(ctx, share)
	defer cancel()
	start := time.Now()
	row := c.Run(ctx, p)
	row.Took = time.Since(start)
	row.Detail = p.mask(row.Detail)
	return row
}

func (b *batch) tell(target string, row Result) {
	if b.Progress == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Progress(target, row)
}
