package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// An input is an element of a view that keeps a value.
type input struct {
	Block, Action, Kind string
	Optional            bool
	Least, Most         int
	Initial             string
	Options             []object
}

// inputsOf are the inputs of input blocks.
func inputsOf(blocks json.RawMessage) []input {
	var list []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Optional bool   `json:"optional"`
		Element  struct {
			Type          string   `json:"type"`
			ActionID      string   `json:"action_id"`
			MinLength     int      `json:"min_length"`
			MaxLength     int      `json:"max_length"`
			InitialValue  string   `json:"initial_value"`
			InitialOption object   `json:"initial_option"`
			Options       []object `json:"options"`
		} `json:"element"`
	}
	_ = json.Unmarshal(blocks, &list)
	var out []input
	for _, b := range list {
		if b.Type != "input" {
			continue
		}
		e := b.Element
		initial := e.InitialValue
		if value, ok := e.InitialOption["value"].(string); ok {
			initial = value
		}
		out = append(out, input{b.BlockID, e.ActionID, e.Type, b.Optional, e.MinLength, e.MaxLength, initial, e.Options})
	}
	return out
}

// fill makes the state of a view from what a person enters.
func fill(blocks json.RawMessage, values map[string]string) (object, error) {
	state := object{}
	used := map[string]bool{}
	for _, in := range inputsOf(blocks) {
		value, there := values[in.Block]
		used[in.Block] = there
		if !there {
			value, there = values[in.Action]
			used[in.Action] = used[in.Action] || there
		}
		if !there {
			value = in.Initial
		}
		entry, err := in.entry(value)
		if err != nil {
			return nil, err
		}
		state[in.Block] = object{in.Action: entry}
	}
	for name := range values {
		if !used[name] {
			return nil, fmt.Errorf("%w: no input %s", ErrNoSuch, name)
		}
	}
	return state, nil
}

func (in input) entry(value string) (object, error) {
	n := len([]rune(value))
	switch {
	case value == "" && !in.Optional:
		return nil, fmt.Errorf("%w: %s is empty", ErrInput, in.Block)
	case value != "" && n < in.Least, in.Most > 0 && n > in.Most:
		return nil, fmt.Errorf("%w: %s has %d characters", ErrInput, in.Block, n)
	}
	entry := object{"type": in.Kind}
	switch {
	case strings.HasPrefix(in.Kind, "multi_") || in.Kind == "checkboxes":
		chosen := []any{}
		for line := range strings.SplitSeq(value, "\n") {
			if o := in.option(line); o != nil {
				chosen = append(chosen, o)
			}
		}
		entry["selected_options"] = chosen
	case strings.HasSuffix(in.Kind, "_select") || in.Kind == "radio_buttons":
		o := in.option(value)
		if o == nil && value != "" {
			return nil, fmt.Errorf("%w: %s has no option %s", ErrNoSuch, in.Block, value)
		}
		entry["selected_option"] = o
	default:
		entry["value"] = nil
		if value != "" {
			entry["value"] = value
		}
	}
	return entry, nil
}

// option is the one with this label or value.
func (in input) option(name string) object {
	for _, o := range in.Options {
		if o["value"] == name || plainNode(o["text"]) == name {
			return o
		}
	}
	return nil
}
