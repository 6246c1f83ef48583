package discordtest

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// The types of components.
const (
	compRow        = 1
	compButton     = 2
	compSelect     = 3
	compInput      = 4
	compChannels   = 8 // 5 to 8 select users, roles, both, channels
	compSection    = 9
	compText       = 10
	compThumbnail  = 11
	compGallery    = 12
	compFile       = 13
	compSeparator  = 14
	compContainer  = 17
	compLabel      = 18
	compUpload     = 19
	compRadio      = 21
	compCheckboxes = 22
	compCheckbox   = 23
)

// A checker holds components against [D:components/reference].
type checker struct {
	count, runes int
	ids          []string
	modal        bool
}

// checkComponents checks those of a message.
func checkComponents(list []object, v2 bool) error {
	k := &checker{}
	kinds := []int{compRow}
	if v2 {
		kinds = []int{compRow, compSection, compText, compGallery, compFile, compSeparator, compContainer}
	} else if len(list) > 5 {
		return invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	if err := k.all("components", list, kinds); err != nil {
		return err
	}
	switch {
	case k.count > 40:
		return invalid("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components cannot exceed 40")
	case k.runes > textsLimit:
		return invalid("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The displayable text size of all components cannot exceed 4000")
	}
	return nil
}

// all checks components that may be of these kinds.
func (k *checker) all(at string, list []object, kinds []int) error {
	for i, c := range list {
		if err := k.one(fmt.Sprintf("%s.%d", at, i), c, kinds); err != nil {
			return err
		}
	}
	return nil
}

func (k *checker) one(at string, c object, kinds []int) error {
	k.count++
	kind := number(c["type"])
	if !slices.Contains(kinds, kind) {
		return invalid(at+".type", "BASE_TYPE_CHOICES", fmt.Sprintf("Value of field \"type\" must be one of %v.", kinds))
	}
	if err := k.customID(at, c, kind); err != nil {
		return err
	}
	switch kind {
	case compRow:
		return k.row(at, c)
	case compButton:
		return button(at, c)
	case compSelect, 5, 6, 7, compChannels, compRadio, compCheckboxes:
		return k.choice(at, c, kind)
	case compSection:
		return k.section(at, c)
	case compText:
		k.runes += utf8.RuneCountInString(text(c, "content"))
		return required(at+".content", text(c, "content"), textsLimit)
	case compThumbnail, compFile, compGallery:
		return media(at, c, kind)
	case compContainer:
		inner := children(c)
		if len(inner) == 0 {
			return invalid(at+".components", "BASE_TYPE_REQUIRED", "This field is required")
		}
		return k.all(at+".components", inner, []int{compRow, compSection, compText, compGallery, compFile, compSeparator})
	case compLabel, compInput:
		return k.field(at, c, kind)
	}
	return nil
}

// interactive are the components that need a custom_id.
func interactive(kind int, c object) bool {
	if kind == compButton {
		style := number(c["style"])
		return style >= 1 && style <= 4
	}
	return kind >= compSelect && kind <= compChannels || kind == compUpload || kind >= compRadio && kind <= compCheckbox
}

func (k *checker) customID(at string, c object, kind int) error {
	id := text(c, "custom_id")
	if !interactive(kind, c) {
		return nil
	}
	if err := required(at+".custom_id", id, 100); err != nil {
		return err
	}
	if slices.Contains(k.ids, id) {
		return invalid(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	k.ids = append(k.ids, id)
	return nil
}

// required checks a text that must be there.
func required(path, text string, most int) error {
	if text == "" {
		return invalid(path, "BASE_TYPE_REQUIRED", "This field is required")
	}
	return length{path, text, most}.check()
}

func children(c object) []object { return objects(c["components"]) }

func objects(v any) []object {
	list, _ := v.([]any)
	var out []object
	for _, x := range list {
		o, _ := x.(object)
		out = append(out, o)
	}
	return out
}

func (k *checker) row(at string, c object) error {
	inner := children(c)
	if k.modal {
		if len(inner) != 1 {
			return invalid(at+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1 in length.")
		}
		return k.all(at+".components", inner, []int{compInput})
	}
	if len(inner) == 0 || len(inner) > 5 {
		return invalid(at+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	if err := k.all(at+".components", inner, []int{compButton, compSelect, 5, 6, 7, compChannels}); err != nil {
		return err
	}
	if len(inner) > 1 && slices.ContainsFunc(inner, func(x object) bool { return number(x["type"]) != compButton }) {
		return invalid(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified components exceed the maximum width")
	}
	return nil
}

func button(at string, c object) error {
	style := number(c["style"])
	link := style == 5
	switch {
	case style < 1 || style > 6:
		return invalid(at+".style", "BASE_TYPE_CHOICES", "Value of field \"style\" must be one of (1, 2, 3, 4, 5, 6).")
	case link && text(c, "url") == "":
		return invalid(at+".url", "BASE_TYPE_REQUIRED", "A url is required")
	case link && text(c, "custom_id") != "", !link && text(c, "url") != "":
		return invalid(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
	case text(c, "label") == "" && c["emoji"] == nil && style != 6:
		return invalid(at, "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL", "A button must have a label or an emoji")
	}
	if err := (length{at + ".url", text(c, "url"), 512}).check(); err != nil {
		return err
	}
	return length{at + ".label", text(c, "label"), 80}.check()
}

// choice checks selects, radio groups and checkbox groups.
func (k *checker) choice(at string, c object, kind int) error {
	if err := (length{at + ".placeholder", text(c, "placeholder"), 150}).check(); err != nil {
		return err
	}
	if k.modal && c["disabled"] == true {
		return invalid(at+".disabled", "COMPONENT_DISABLED_IN_MODAL", "Components in a modal cannot be disabled")
	}
	options := objects(c["options"])
	least, most := 1, 25
	switch kind {
	case compRadio:
		least, most = 2, 10
	case compCheckboxes:
		most = 10
	case compSelect:
	default:
		return nil
	}
	if len(options) < least || len(options) > most {
		return invalid(at+".options", "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between %d and %d in length.", least, most))
	}
	var values []string
	for i, o := range options {
		where := fmt.Sprintf("%s.options.%d", at, i)
		for _, key := range []string{"label", "value"} {
			if err := required(where+"."+key, text(o, key), 100); err != nil {
				return err
			}
		}
		if slices.Contains(values, text(o, "value")) {
			return invalid(where+".value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values = append(values, text(o, "value"))
		if err := (length{where + ".description", text(o, "description"), 100}).check(); err != nil {
			return err
		}
	}
	return nil
}

func (k *checker) section(at string, c object) error {
	inner := children(c)
	if len(inner) < 1 || len(inner) > 3 {
		return invalid(at+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
	}
	if err := k.all(at+".components", inner, []int{compText}); err != nil {
		return err
	}
	accessory, ok := c["accessory"].(object)
	if !ok {
		return invalid(at+".accessory", "BASE_TYPE_REQUIRED", "This field is required")
	}
	return k.one(at+".accessory", accessory, []int{compButton, compThumbnail})
}

func media(at string, c object, kind int) error {
	if kind == compGallery {
		items := objects(c["items"])
		if len(items) < 1 || len(items) > 10 {
			return invalid(at+".items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
		}
		for i, item := range items {
			if err := media(fmt.Sprintf("%s.items.%d", at, i), item, compThumbnail); err != nil {
				return err
			}
		}
		return nil
	}
	key := map[int]string{compThumbnail: "media", compFile: "file"}[kind]
	m, _ := c[key].(object)
	if err := required(at+"."+key+".url", text(m, "url"), 2048); err != nil {
		return err
	}
	return length{at + ".description", text(c, "description"), 1024}.check()
}
