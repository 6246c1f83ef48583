package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// none is the label of a message that must get no answer.
const none = "none"

// A labelled message says which entries answer it.
type labelled struct {
	Text       string              `json:"text"`
	Accept     []string            `json:"accept"`
	AcceptAll  []string            `json:"accept_all"` // every one must be given, or what Equivalent maps it to
	Equivalent map[string][]string `json:"equivalent"`
}

// read returns the labelled messages of a file of JSON lines.
func read(path string) ([]labelled, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the labelled messages: %w", err)
	}
	defer f.Close()
	var messages []labelled
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for n := 1; scan.Scan(); n++ {
		var m labelled
		if err := json.Unmarshal(scan.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		if len(m.Accept)+len(m.AcceptAll) == 0 {
			return nil, fmt.Errorf("%s:%d: the message has no label", path, n)
		}
		messages = append(messages, m)
	}
	return messages, scan.Err()
}

// isNone reports whether a message must get no answer.
func (m labelled) isNone() bool { return slices.Contains(m.Accept, none) }

// An outcome is what an engine made of a message.
type outcome struct {
	given []string // IDs of the entries, best first
	asked bool     // they are offered in a question back
}

// right reports whether an outcome is what the label asks for, by the rules
// of "apihelp eval".
func (m labelled) right(o outcome) bool {
	switch {
	case len(m.AcceptAll) > 0:
		return !slices.ContainsFunc(m.AcceptAll, func(id string) bool { return !m.covers(o.given, id) })
	case m.isNone() && (len(o.given) == 0 || o.asked):
		return true
	case o.asked:
		return slices.ContainsFunc(o.given, func(id string) bool { return slices.Contains(m.Accept, id) })
	}
	return len(o.given) > 0 && slices.Contains(m.Accept, o.given[0])
}

func (m labelled) covers(given []string, id string) bool {
	return slices.ContainsFunc(given, func(g string) bool { return g == id || slices.Contains(m.Equivalent[id], g) })
}

// A tally counts outcomes.
type tally struct{ total, right, wrong, asked, nones, falseAnswers int }

func (t *tally) add(m labelled, o outcome) {
	t.total++
	switch {
	case m.right(o):
		t.right++
	case len(o.given) > 0:
		t.wrong++
	}
	if o.asked {
		t.asked++
	}
	if m.isNone() {
		t.nones++
		if len(o.given) > 0 && !o.asked {
			t.falseAnswers++
		}
	}
}
