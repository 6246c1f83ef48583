package limits

import (
	"encoding/json"
	"math"
)

// component is a component with these members.
func component(required string, known fields) rule {
	r := object(required, known.with(fields{"type": anything, "id": number32}))
	return func(c *checker, at string, v any) {
		c.components++
		r(c, at, v)
	}
}

// number32 is the number that a component may have beside its custom_id.
func number32(c *checker, at string, v any) {
	integer(1, math.MaxInt32)(c, at, v)
	if n, ok := v.(json.Number); ok {
		c.unique(at, "#"+n.String())
	}
}

func customID(c *checker, at string, v any) {
	str(1, 100)(c, at, v)
	if s, ok := v.(string); ok {
		c.unique(at, s)
	}
}

func (c *checker) unique(at, id string) {
	if c.ids[id] {
		c.fault(at, "%q is used twice", id)
	}
	c.ids[id] = true
}

// button is a button that says something or leads somewhere, but not both. It
// has words or a picture.
func button(c *checker, at string, v any) {
	known := fields{"style": choiceOf("1", "2", "3", "4", "5"), "label": str(1, 80), "disabled": boolean, "emoji": emoji}
	if number(v, "style") == "5" {
		component("style url", known.with(fields{"url": address(512)}))(c, at, v)
	} else {
		component("style custom_id", known.with(fields{"custom_id": customID}))(c, at, v)
	}
	if member(v, "label") == nil && member(v, "emoji") == nil {
		c.fault(at, "want a label or an emoji")
	}
}

var emoji = object("", fields{"id": optional(snowflake), "name": str(1, 32), "animated": boolean})

// menu is a select menu. In a modal it can be required but not disabled.
func menu(required string, known fields) rule {
	return every(ascending("min_values", "max_values"), component("custom_id "+required, known.with(fields{
		"custom_id": customID, "placeholder": str(1, 150), "min_values": integer(0, 25), "max_values": integer(1, 25),
	})))
}

// options are what a menu, a radio group or a group of checkboxes offers.
func options(least, most int) rule {
	return every(different("value"), list(least, most, object("label value", fields{
		"label": str(1, 100), "value": str(1, 100), "description": str(1, 100), "default": boolean, "emoji": emoji,
	})))
}

// menus are the select menus, each with the members that only messages, or only
// modals, allow.
func menus(more fields) map[string]rule {
	chosen := more.with(fields{"default_values": list(0, 25, object("id type", fields{"id": snowflake, "type": str(1, 10)}))})
	return map[string]rule{
		"3": menu("options", more.with(fields{"options": options(1, 25)})),
		"5": menu("", chosen), "6": menu("", chosen), "7": menu("", chosen),
		"8": menu("", chosen.with(fields{"channel_types": list(0, 25, integer(0, 20))})),
	}
}

// inRows are what a row of a message holds.
var inRows = func() map[string]rule {
	types := menus(fields{"disabled": boolean})
	types["2"] = button
	return types
}()

// row is up to five buttons, or one menu.
func row(c *checker, at string, v any) {
	component("components", fields{"components": list(1, 5, typed("row component", inRows))})(c, at, v)
	a, _ := member(v, "components").([]any)
	for _, e := range a {
		if number(e, "type") != "2" && len(a) > 1 {
			c.fault(at, "a menu beside other components")
			return
		}
	}
}

var (
	textDisplay = component("content", fields{"content": display})

	// What both a message and a container in it hold.
	inContainers = map[string]rule{
		"1": row,
		"9": component("components accessory", fields{
			"components": list(1, 3, typed("section component", map[string]rule{"10": textDisplay})),
			"accessory":  typed("accessory", map[string]rule{"2": button}),
		}),
		"10": textDisplay,
		"14": component("", fields{"divider": boolean, "spacing": choiceOf("1", "2")}),
	}

	inMessages = func() map[string]rule {
		types := map[string]rule{"17": component("components", fields{
			"components":   list(1, allComponents-1, typed("container component", inContainers)),
			"accent_color": optional(integer(0, 0xFFFFFF)), "spoiler": boolean,
		})}
		for name, r := range inContainers {
			types[name] = r
		}
		return types
	}()

	anyComponents = list(0, allComponents, typed("component", inMessages))
)
