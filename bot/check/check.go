// Package check tests an API and a key live: where the path to it breaks, what
// the key is worth, and what is left of its limits.
//
// It knows no guide and no chat: a [Result] names its cause, and package bot
// finds the step of the guide that mends it. Start reading at [Runner].
package check

import "context"

// A Check looks at one layer of the way to a target. A finding is no error:
// what is wrong is the Result.
type Check interface {
	Name() string
	Run(ctx context.Context, p *Probe) Result
}

// A Probe is one run against one target: what the checks so far have found
// out, for those that follow.
type Probe struct {
	Target Target
	Key    Secret
}
