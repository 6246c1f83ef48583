package discordtest

import (
	"encoding/json"
	"strings"
)

// Press presses the button with this visible label on a message of the bot as
// it stands now, or chooses the option of this label in a select. What the
// person doesn't see, can't press or may not see ends with [ErrNoSuch].
func (u *User) Press(m *Message, label string) *Interaction {
	defer u.s.lock()()
	i := u.interaction(interComponent, m.Channel)
	live := m.live()
	if live == nil || live.to != nil && live.to != u {
		return i.lost(ErrNoSuch)
	}
	if m.Channel.archived {
		return i.lost(ErrArchived)
	}
	d := pressable(parsed(live.Components), label)
	if d == nil {
		return i.lost(ErrNoSuch)
	}
	i.source = live
	return i.deliver(d)
}

// PressID presses what the message may or may not have, as a forger or a
// person with an old screen would.
func (u *User) PressID(m *Message, customID string) *Interaction {
	defer u.s.lock()()
	i := u.interaction(interComponent, m.Channel)
	if i.source = m.live(); i.source == nil {
		i.source = m
	}
	return i.deliver(object{"component_type": 2, "custom_id": customID, "id": 1})
}

// pressable is the data of pressing what shows the label, nil if nothing does.
func pressable(list []object, label string) (found object) {
	walk(list, func(c object) {
		disabled, _ := c["disabled"].(bool)
		if found != nil || disabled || c["custom_id"] == nil {
			return
		}
		if number(c["type"]) == compButton && buttonLabel(c) == label {
			found = object{"component_type": compButton, "custom_id": c["custom_id"], "id": c["id"]}
		}
		options, _ := c["options"].([]any)
		for _, o := range options {
			if x, _ := o.(object); x["label"] == label && number(c["type"]) == compSelect {
				found = object{"component_type": compSelect, "custom_id": c["custom_id"], "id": c["id"], "values": []any{x["value"]}}
			}
		}
	})
	return found
}

// buttonLabel is what a person reads on the button.
func buttonLabel(b object) string {
	label, _ := b["label"].(string)
	if e, ok := b["emoji"].(object); ok {
		if name, _ := e["name"].(string); label == "" {
			return name
		}
	}
	return strings.TrimSpace(label)
}

// parsed are the components of JSON text.
func parsed(data json.RawMessage) []object {
	var list []object
	_ = json.Unmarshal(data, &list)
	return list
}

// walk calls f with every component, depth first and in the order of reading.
func walk(list []object, f func(object)) {
	for _, c := range list {
		f(c)
		var inner []object
		children, _ := c["components"].([]any)
		for _, x := range append(children, c["component"], c["accessory"]) {
			if o, ok := x.(object); ok {
				inner = append(inner, o)
			}
		}
		walk(inner, f)
	}
}

func number(v any) int {
	switch n := v.(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return -1
}
