package limits

import "strconv"

// inputText is the most characters of a text input.
const inputText = 4000

// textInput is a field to type in. Within a label it has none of its own; a
// row, the older way, has no label around it.
func textInput(required string, more fields) rule {
	return every(ascending("min_length", "max_length"), prefilled, component("custom_id style "+required, more.with(fields{
		"custom_id": customID, "style": choiceOf("1", "2"), "value": str(0, inputText), "placeholder": str(1, 100),
		"required": boolean, "min_length": integer(0, inputText), "max_length": integer(1, inputText),
	})))
}

// prefilled wants no value that is longer than what may be typed.
func prefilled(c *checker, at string, v any) {
	s, _ := member(v, "value").(string)
	most, err := strconv.Atoi(number(v, "max_length"))
	if err == nil && length(s) > most {
		c.fault(at, "the value has %d characters, max_length is %d", length(s), most)
	}
}

// inLabels are what a label of a modal holds.
var inLabels = func() map[string]rule {
	required := fields{"required": boolean}
	types := menus(required)
	types["4"] = textInput("", fields{})
	types["19"] = every(ascending("min_values", "max_values"), component("custom_id", required.with(fields{
		"custom_id": customID, "min_values": integer(0, 10), "max_values": integer(1, 10),
	})))
	types["21"] = component("custom_id options", required.with(fields{"custom_id": customID, "options": options(2, 10)}))
	types["22"] = every(ascending("min_values", "max_values"), component("custom_id options", required.with(fields{
		"custom_id": customID, "options": options(1, 10), "min_values": integer(0, 10), "max_values": integer(1, 10),
	})))
	types["23"] = component("custom_id", fields{"custom_id": customID, "default": boolean})
	return types
}()

// modal is a dialog. Its documentation allows five components at the top,
// though the OpenAPI description says 40.
var modal = every(object("custom_id title components", fields{
	"custom_id": str(1, 100), "title": str(1, 45),
	"components": list(1, 5, typed("modal component", map[string]rule{
		"1": component("components", fields{"components": list(1, 1, typed("row component", map[string]rule{
			"4": textInput("label", fields{"label": str(1, 45)}),
		}))}),
		"10": textDisplay,
		"18": component("label component", fields{
			"label": str(1, 45), "description": str(1, 100), "component": typed("label component", inLabels),
		}),
	})),
}), totals)
