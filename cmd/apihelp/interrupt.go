package main

import (
	"context"
	"errors"
	"io"
)

// errInterrupted is what a command that reads from a terminal or a pipe fails
// with when it is told to stop.
var errInterrupted = errors.New("interrupted")

// untilDone returns a reader of r that fails as soon as ctx is done, also while r
// waits for input.
func untilDone(ctx context.Context, r io.Reader) io.Reader {
	return &interruptible{ctx: ctx, r: r, buf: make([]byte, 64<<10)}
}

type interruptible struct {
	ctx context.Context
	r   io.Reader
	buf []byte // of a read that may outlive its caller
}

func (i *interruptible) Read(p []byte) (int, error) {
	if i.ctx.Err() != nil {
		return 0, errInterrupted
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		n, err := i.r.Read(i.buf[:min(len(p), len(i.buf))])
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return copy(p, i.buf[:r.n]), r.err
	case <-i.ctx.Done():
		return 0, errInterrupted // nobody reads from i.r again
	}
}
