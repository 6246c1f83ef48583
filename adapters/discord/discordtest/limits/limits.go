// Package limits says what Discord would refuse, cut short or show wrongly of
// an outgoing message, modal or list of commands. It knows nothing of any SDK:
// it reads the JSON that goes over the wire.
//
// The limits are those of Discord's developer documentation and of its OpenAPI
// description, and those known only from errors that people met; where sources
// disagree, the lower number counts. Lengths are in UTF-16 code units: Discord
// says "characters" without saying which, and no other way of counting gives
// more. Component types that an answer has no use for (media, files, premium
// buttons) are refused like unknown ones, and so are unknown keys.
package limits

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

// Message checks the body of a message that is created or edited, of a
// follow-up, or the data of an interaction callback that shows a message. An
// edit is checked as if it were the whole message. The error joins one for
// each fault, in the order of the document, which begins with the JSON pointer
// of what is wrong.
func Message(payload []byte) error { return check(payload, message) }

// Modal checks the data of an interaction callback that opens a modal, like
// Message.
func Modal(payload []byte) error { return check(payload, modal) }

// Commands checks a list of application commands, as all of an application's
// are overwritten with at once, or a single one, like Message.
func Commands(payload []byte) error { return check(payload, commands) }

// Choices checks the data of an interaction callback that completes what a
// user types, like Message.
func Choices(payload []byte) error {
	return check(payload, object("choices", fields{"choices": list(0, 25, choice(str(1, 100)))}))
}

func check(data []byte, r rule) error {
	v, err := decode(data)
	if err != nil {
		return fmt.Errorf("limits: /: %w", err)
	}
	c := &checker{ids: map[string]bool{}}
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

// A checker collects the faults of one payload, and what counts for all of it.
type checker struct {
	faults     []error
	ids        map[string]bool // custom_ids and ids seen
	components int             // nested ones included
	units      int             // UTF-16 code units of all text displays
	bytes      int             // of all text displays, as Discord counts them
	embeds     int             // UTF-16 code units of all embeds
}

func (c *checker) fault(at, format string, args ...any) {
	if at == "" {
		at = "/"
	}
	c.faults = append(c.faults, fmt.Errorf("limits: %s: %s", at, fmt.Sprintf(format, args...)))
}

// most wants no more than a number of something in the whole payload.
func (c *checker) most(at string, n, most int, what string) {
	if n > most {
		c.fault(at, "%d %s, %d at most", n, what, most)
	}
}

// A rule checks the value at a JSON pointer.
type rule func(c *checker, at string, v any)

// fields are the rules for the members of an object.
type fields map[string]rule

// with returns the fields and those of more.
func (f fields) with(more fields) fields {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// sorted returns the keys of m in order, for errors that come out the same
// each time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
