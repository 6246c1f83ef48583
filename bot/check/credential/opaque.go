package credential

import (
	"strings"
)

const (
	// shortest is how long a run must be to be taken for a key without
	// anything that says so.
	shortest = 20

	// encoded is how long the base64 of a user and a password is at least.
	encoded = 12
)

// identifying are the words beside which a long run is an identifier: those of
// requests and traces, of commits and builds, and of sums.
var identifying = []string{"ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "request", "req_", "req-", "reqid", "trace", "span", "correlation", "ray", "x-amz-cf", "x-amzn", "x-amz-id", "commit", "sha", "digest", "etag", "checksum", "fingerprint", "serial",
	"thumbprint", "revision", "rev ", "hash", "md5", "build", "deploy", "image", "git ", "branch", "version", "incident", "event id", "event_id", "eventid", "operation", "transaction",
	"session id is", "message id", "message-id", "invocation", "lambda", "idempotency", "cursor", "object id", "ticket", "order", "uuid", "guid", "referen", "container", "pod/", "pod ", "deployment", "replica", "integrity", "error id", "correl", "activity", "job", "run id", "log id", "txn", "debug id"}

// ids are the prefixes of identifiers that are no credentials.
var ids = wordSet("", "req evt cus pi ch in sub price prod acct txn ord order usr user org msg job file run cs seti pm re po tr card src plan inv we trace span corr resp chatcmpl asst thread err error log batch pod i vol ami subnet vpc sg eni arn")

// opaque finds long runs that were drawn rather than written.
func (s *scan) opaque() {
	text := s.view.text
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && (alnum(text[i]) || strings.IndexByte("_+/=~-", text[i]) >= 0) {
			i++
		}
		if i-start >= encoded {
			s.longRun(start, i)
		}
	}
}

// longRun decides about a run of the characters that keys are made of.
func (s *scan) longRun(start, end int) {
	run := s.view.text[start:end]
	switch {
	case s.taken(start, end), s.readable(start):
	case basic(run):
		s.leak(start, end, "encoded password")
	case len(run) >= shortest && random(run) && !identifier(run) && !s.identified(start, end):
		s.leak(start, wrapped(s.view.text, start, end), "key")
	}
}

// readable reports whether a place is in a certificate or a public key.
func (s *scan) readable(i int) bool {
	for _, o := range s.open {
		if o.start <= i && i < o.end {
			return true
		}
	}
	return false
}

// before and behind is how far before and behind a run it is looked for what it is.
const before, behind = 40, 24

// identified reports whether the text beside a run says that it is an
// identifier.
func (s *scan) identified(start, end int) bool {
	low := s.view.lower
	left := low[max(0, start-before):start]
	if n := strings.LastIndexByte(left, '\n'); n >= 0 {
		left = left[n+1:]
	}
	right, _, _ := strings.Cut(low[end:min(len(low), end+behind)], "\n")
	return strings.Contains(left, "idempotency") || (containsAny(left, identifying) || containsAny(right, identifying[:12])) && !containsAny(left, []string{"key", "token", "secret", "passw"})
}

// identifier reports whether a run says by its form that it is none of the
// credentials: a UUID, or one with a prefix such as req_.
func identifier(run string) bool {
	run = strings.Trim(run, "-_/=")
	if n := strings.IndexByte(run, '='); n > 0 {
		run = run[n+1:]
	}
	if len(run) == 36 && run[8] == '-' && run[13] == '-' && run[18] == '-' && run[23] == '-' {
		return true
	}
	n := strings.IndexAny(run, "_-")
	if n < 0 {
		return false
	}
	_, ok := ids[lower(run[:n])]
	return ok
}
