// Package blockkit says what Slack would refuse, cut short or misread of an
// outgoing message or view. It knows nothing of any SDK: it reads the JSON
// that goes over the wire.
//
// The limits are those of Slack's Block Kit reference. Where two sources
// disagree, or a limit is known only from errors that people met, the lower
// number counts. Lengths are in Unicode code points after escaping: Slack
// stores & as &amp;, and measures that when the message is updated. Block
// types that an answer has no use for are refused like unknown ones.
package blockkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// Message checks the arguments of chat.postMessage, chat.update and
// chat.postEphemeral as one JSON object. Blocks may be an array or, as in a
// form, a string with one; likewise true may be "true". The error joins one
// for each fault, which begins with the JSON pointer of what is wrong.
func Message(payload []byte) error {
	return check(payload, message)
}

// Response checks the body of a POST to a response_url, like Message.
func Response(payload []byte) error {
	return check(payload, response)
}

// View checks the view of views.open, views.update and views.publish, like
// Message.
func View(view []byte) error {
	if n := len(view); n > viewBytes {
		return fmt.Errorf("blockkit: /: %d bytes, %d at most", n, viewBytes)
	}
	return check(view, anyView)
}

// viewBytes is the most that the JSON of a view may have.
const viewBytes = 250_000

func check(data []byte, r rule) error {
	v, err := decode(data)
	if err != nil {
		return fmt.Errorf("blockkit: /: %w", err)
	}
	c := &checker{blocks: map[string]bool{}, actions: map[string]bool{}}
	r(c, "", v)
	return errors.Join(c.faults...)
}

func decode(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("no valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// A checker collects the faults of one payload.
type checker struct {
	faults  []error
	blocks  map[string]bool // block_ids seen in this list of blocks
	actions map[string]bool // action_ids seen in this block
}

func (c *checker) fault(at, format string, args ...any) {
	if at == "" {
		at = "/"
	}
	c.faults = append(c.faults, fmt.Errorf("blockkit: %s: %s", at, fmt.Sprintf(format, args...)))
}

// A rule checks the value at a JSON pointer.
type rule func(c *checker, at string, v any)

// fields are the rules for the members of an object.
type fields map[string]rule

// with returns the fields and those of more.
func (f fields) with(more fields) fields {
	all := fields{}
	maps.Copy(all, f)
	maps.Copy(all, more)
	return all
}

// sorted returns the keys of m in order, for errors that come out the same
// each time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
