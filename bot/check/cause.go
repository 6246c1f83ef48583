package check

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
)

// causeOf returns the cause of a failed connection, and the words of its mend.
// What is none of the known failures counts as a cut.
func causeOf(err error) (cause, hint string) {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "net.refused", "firewall settings blocked"
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return "net.blocked", "firewall settings blocked"
	case timedOut(err), noRoute(err), errors.Is(err, syscall.EHOSTUNREACH):
		return "net.timeout", "timeout firewall"
	default:
		return "net.reset", "firewall settings blocked"
	}
}

// timedOut reports whether err is that of a deadline. A cancelled dial counts:
// the other addresses had answered long before.
func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.Is(err, syscall.ETIMEDOUT) || isTimeout(err)
}

// isTimeout asks the error itself: package net has timeouts of its own that
// are neither of the sentinels.
func isTimeout(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && t.Timeout()
}

// isCut reports whether the other side ended the connection.
func isCut(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
