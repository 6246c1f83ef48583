package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Modal is a form that the app showed.
type Modal struct {
	Title, CustomID string
	Components      json.RawMessage
}

// Plain is what a person reads in the modal: see [Message.Plain].
func (m *Modal) Plain() string {
	return strings.Join(append([]string{m.Title}, plainComponents(parsed(m.Components))...), "\n")
}

// field checks a Label or a TextInput in a modal.
func (k *checker) field(at string, c object, kind int) error {
	if kind == compLabel {
		inner, _ := c["component"].(object)
		if inner["label"] != nil {
			return invalid(at+".component.label", "COMPONENT_LABEL_IN_LABEL", "A text input within a label cannot have a label")
		}
		if err := required(at+".label", text(c, "label"), 45); err != nil {
			return err
		}
		if err := (length{at + ".description", text(c, "description"), 100}).check(); err != nil {
			return err
		}
		return k.one(at+".component", inner, []int{compInput, compSelect, 5, 6, 7, compChannels, compUpload, compRadio, compCheckboxes, compCheckbox})
	}
	least, most := number(c["min_length"]), number(c["max_length"])
	switch {
	case number(c["style"]) != 1 && number(c["style"]) != 2:
		return invalid(at+".style", "BASE_TYPE_CHOICES", "Value of field \"style\" must be one of (1, 2).")
	case least > 4000 || most > 4000 || most == 0:
		return invalid(at+".max_length", "NUMBER_TYPE_MAX", "int value should be between 1 and 4000.")
	case !strings.Contains(at, ".component.") && !strings.HasSuffix(at, ".component") && text(c, "label") == "":
		return invalid(at+".label", "BASE_TYPE_REQUIRED", "This field is required")
	}
	for _, l := range []length{{at + ".placeholder", text(c, "placeholder"), 100}, {at + ".value", text(c, "value"), 4000}, {at + ".label", text(c, "label"), 45}} {
		if err := l.check(); err != nil {
			return err
		}
	}
	return nil
}

// readModal checks the data of a modal callback.
func readModal(data json.RawMessage) (*Modal, error) {
	var d struct {
		Title      string          `json:"title"`
		CustomID   string          `json:"custom_id"`
		Components json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, invalid("data", "MODEL_TYPE_CONVERT", err.Error())
	}
	if err := required("data.title", d.Title, 45); err != nil {
		return nil, err
	}
	if err := required("data.custom_id", d.CustomID, 100); err != nil {
		return nil, err
	}
	list := parsed(d.Components)
	if len(list) < 1 || len(list) > 5 {
		return nil, invalid("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	k := &checker{modal: true}
	if err := k.all("data.components", list, []int{compRow, compText, compLabel}); err != nil {
		return nil, err
	}
	return &Modal{Title: d.Title, CustomID: d.CustomID, Components: numbered(d.Components)}, nil
}

// Submit fills in the modal that i showed and sends it. Values are by
// custom_id or by label; those of groups and selects with several values are
// separated by commas, and are values or labels of options; a checkbox takes
// "true". What isn't given keeps the value the app set. A required input
// without a value, or one too short or long, ends with [ErrInput].
func (u *User) Submit(i *Interaction, values map[string]string) *Interaction {
	<-i.over
	defer u.s.lock()()
	x := u.interaction(interModal, i.c)
	if i.modal == nil || i.u != u {
		return x.lost(ErrNoSuch)
	}
	x.opener, x.source = i, i.source
	var out []object
	for _, c := range parsed(i.modal.Components) {
		filled, err := fill(c, "", values)
		if err != nil {
			return x.lost(err)
		}
		out = append(out, filled)
	}
	return x.deliver(object{"custom_id": i.modal.CustomID, "components": out})
}

// fill is a component of a modal as it is submitted.
func fill(c object, label string, values map[string]string) (object, error) {
	kind := number(c["type"])
	out := object{"type": kind, "id": c["id"]}
	switch kind {
	case compText:
		return out, nil
	case compLabel:
		inner, _ := c["component"].(object)
		filled, err := fill(inner, text(c, "label"), values)
		out["component"] = filled
		return out, err
	case compRow:
		inner := children(c)[0]
		filled, err := fill(inner, text(inner, "label"), values)
		out["components"] = []object{filled}
		return out, err
	}
	out["custom_id"] = c["custom_id"]
	value, given := values[text(c, "custom_id")]
	if !given {
		value, given = values[label]
	}
	return enter(out, c, value, given)
}

// enter puts the person's value into the submitted component.
func enter(out, c object, value string, given bool) (object, error) {
	needed := c["required"] != false
	switch number(c["type"]) {
	case compInput:
		if !given {
			value = text(c, "value")
		}
		n := utf8.RuneCountInString(value)
		if needed && n == 0 || n > 0 && n < number(c["min_length"]) || number(c["max_length"]) > 0 && n > number(c["max_length"]) {
			return nil, fmt.Errorf("%w: %v", ErrInput, c["custom_id"])
		}
		out["value"] = value
	case compCheckbox:
		out["value"] = value == "true" || !given && c["default"] == true
	default:
		chosen, err := chosen(objects(c["options"]), value, given)
		if err != nil || needed && len(chosen) == 0 {
			return nil, fmt.Errorf("%w: %v", ErrInput, c["custom_id"])
		}
		if number(c["type"]) != compRadio {
			out["values"] = chosen
			break
		}
		if out["value"] = nil; len(chosen) > 0 {
			out["value"] = chosen[0]
		}
	}
	return out, nil
}

// chosen are the values of the options that the person names.
func chosen(options []object, value string, given bool) ([]string, error) {
	out := []string{}
	for _, o := range options {
		if !given && o["default"] == true {
			out = append(out, text(o, "value"))
		}
	}
	if !given || value == "" {
		return out, nil
	}
	for _, want := range strings.Split(value, ",") {
		i := slices.IndexFunc(options, func(o object) bool { return text(o, "value") == want || text(o, "label") == want })
		if i < 0 {
			return nil, ErrInput
		}
		out = append(out, text(options[i], "value"))
	}
	return out, nil
}
