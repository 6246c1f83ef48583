package limits

import "strconv"

// optionList is the options of a command or a group. Below it may be deep more
// levels: groups, and the commands in them.
func optionList(deep int) rule {
	return func(c *checker, at string, v any) {
		every(different("name"), list(0, 25, func(c *checker, at string, v any) { option(c, at, v, deep) }), ordered)(c, at, v)
	}
}

// The types of options that are commands themselves.
const (
	subcommand = "1"
	group      = "2"
)

func option(c *checker, at string, v any, deep int) {
	all := named(chatName, str(1, 100)).with(fields{"type": anything})
	kind := number(v, "type")
	switch {
	case kind == subcommand && deep > 0:
		object("name description", all.with(fields{"options": optional(optionList(0))}))(c, at, v)
		return
	case kind == group && deep > 1:
		object("name description options", all.with(fields{"options": every(grouped, optionList(1))}))(c, at, v)
		return
	}
	known := all.with(fields{
		"required": boolean, "options": optional(list(0, 0, anything)), "choices": optional(list(0, 0, anything)),
		"channel_types": optional(list(0, 0, anything)), "autocomplete": exactly(false, "only texts and numbers can be completed"),
	})
	more, ok := optionTypes[kind]
	if !ok {
		c.fault(at, "option of type %q is none that can be here", kind)
		return
	}
	every(ascending("min_length", "max_length"), ascending("min_value", "max_value"), completed,
		object("name description", known.with(more)))(c, at, v)
}

var (
	numeric = fields{"autocomplete": boolean, "min_value": decimal, "max_value": decimal, "choices": choices(decimal)}

	// optionTypes are the members that only some types of options have.
	optionTypes = map[string]fields{
		"3": {"autocomplete": boolean, "min_length": integer(0, 6000), "max_length": integer(1, 6000), "choices": choices(str(1, 100))},
		"4": numeric, "10": numeric,
		"5": {}, "6": {}, "8": {}, "9": {}, "11": {},
		"7": {"channel_types": optional(list(0, 25, integer(0, 20)))},
	}
)

func choices(value rule) rule {
	return optional(every(different("name"), list(0, 25, choice(value))))
}

// choice is a value that can be picked. A text is documented to have 100
// characters at most, though the OpenAPI description says 6,000.
func choice(value rule) rule {
	name := str(1, 100)
	return object("name value", fields{"name": name, "name_localizations": optional(localized(name)), "value": value})
}

func decimal(c *checker, at string, v any) {
	if _, err := strconv.ParseFloat(number(map[string]any{"v": v}, "v"), 64); err != nil {
		c.fault(at, "got %v, want a number", v)
	}
}

// completed wants no choices where the bot completes what is typed.
func completed(c *checker, at string, v any) {
	a, _ := member(v, "choices").([]any)
	if member(v, "autocomplete") == true && len(a) > 0 {
		c.fault(at, "choices beside autocomplete")
	}
}

// grouped wants nothing but commands in a group.
func grouped(c *checker, at string, v any) {
	a, _ := v.([]any)
	for i, e := range a {
		if number(e, "type") != subcommand {
			c.fault(at+"/"+strconv.Itoa(i), "a group holds commands only")
		}
	}
}

// ordered wants required options first, and no commands beside other options.
func ordered(c *checker, at string, v any) {
	a, _ := v.([]any)
	loose, nested, plain := false, false, false
	for i, e := range a {
		here := at + "/" + strconv.Itoa(i)
		if kind := number(e, "type"); kind == subcommand || kind == group {
			nested = true
			continue
		}
		plain = true
		required := member(e, "required") == true
		if required && loose {
			c.fault(here, "a required option behind one that is not")
		}
		loose = loose || !required
	}
	if nested && plain {
		c.fault(at, "commands beside options")
	}
}
