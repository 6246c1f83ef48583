// Package paste reads the structure of what people paste into a chat: JSON
// bodies, HTTP heads, log lines and stack traces. It says what the structure
// proves and what is noise, and leaves the meaning of words to others.
//
// Everything is deterministic and takes time linear in the text. Nothing in
// it keeps state, so any number of goroutines may call it.
package paste

import (
	"cmp"
	"slices"
)

// A Paste is the structure of one message. Positions are bytes in the message;
// within a list they are in order and never overlap, and none is empty.
type Paste struct {
	Statuses []Status // HTTP statuses that the structure proves
	Values   []Value  // error names, codes and messages from JSON, headers, logs and gRPC
	Noise    []Span   // what has no meaning of its own: frames, times, addresses, ids, markup
	Cause    Span     // the innermost cause of a stack trace or a chain of exceptions; empty if there is none
	Client   string   // the runtime that wrote it, if certain: Java Python Node.js Go .NET Ruby PHP Rust Swift curl
}

// A Span is the bytes of a message from Start up to, not including, End.
type Span struct{ Start, End int }

// Empty reports whether s has no bytes.
func (s Span) Empty() bool { return s.End <= s.Start }

// A Status is an HTTP status, 100 to 599, and the structure that proves it.
type Status struct {
	Span
	Code  int
	Where string // one of the constants below
}

// Where a status can stand.
const (
	StatusLine    = "status line"    // HTTP/1.1 401 Unauthorized
	CurlVerbose   = "curl -v"        // < HTTP/2 503
	JSONStatus    = "json status"    // {"status": 401}
	Header        = "header"         // Status: 401 Unauthorized
	LogField      = "log field"      // status=503, "GET /v1 HTTP/1.1" 502 157
	TrailingWords = "trailing words" // status code 404, HTTP 429, 401 Unauthorized
)

// A Value is what structured data says in a field that is about errors.
type Value struct {
	Span         // as it stands in the message, escapes included, without quotes
	Field string // the field as spelled there, after its parent if that is one too: error.code, errors[].message
	Text  string // the value without its escapes
}

// Read finds the structure of a message. Any text is valid.
func Read(text string) Paste {
	r := reader{text: text}
	for start := 0; start < len(text); {
		end := lineEnd(text, start)
		r.line(start, trimRight(text, start, end))
		start = end + 1
	}
	return r.finish()
}

// finish puts the findings in order and drops what overlaps an earlier one.
func (r *reader) finish() Paste {
	slices.SortStableFunc(r.statuses, func(a, b Status) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(r.values, func(a, b Value) int { return cmp.Compare(a.Start, b.Start) })
	end := 0
	r.statuses = slices.DeleteFunc(r.statuses, func(s Status) bool { return overlaps(s.Span, &end) })
	end = 0
	r.values = slices.DeleteFunc(r.values, func(v Value) bool { return overlaps(v.Span, &end) })
	return Paste{
		Statuses: r.statuses,
		Values:   r.values,
		Noise:    r.noises,
		Cause:    r.cause(),
		Client:   r.client,
	}
}

// overlaps reports whether s is empty or starts before *end, and otherwise
// moves *end behind it.
func overlaps(s Span, end *int) bool {
	if s.Empty() || s.Start < *end {
		return true
	}
	*end = s.End
	return false
}
