package blockkit

import "math"

// The elements that each kind of block may contain.
const (
	selects = "static_select external_select users_select conversations_select channels_select" +
		" multi_static_select multi_external_select multi_users_select multi_conversations_select multi_channels_select"
	choosers    = selects + " checkboxes radio_buttons datepicker timepicker"
	actions     = choosers + " datetimepicker button workflow_button overflow"
	accessories = choosers + " button workflow_button overflow image"
	inputs      = choosers + " datetimepicker plain_text_input email_text_input url_text_input number_input file_input"
)

// element is an interactive element with these members.
func element(required string, known fields) rule {
	return object("action_id "+required, known.with(fields{
		"type": anything, "action_id": actionID, "confirm": confirm, "focus_on_load": boolean,
	}))
}

// chooser is a select menu.
func chooser(required string, known fields) rule {
	return element(required, known.with(fields{"placeholder": placeholder, "max_selected_items": integer(1, 100)}))
}

var (
	placeholder = plain(150)
	buttonStyle = enum("primary danger")

	confirm = object("title text confirm deny", fields{
		"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30), "style": buttonStyle,
	})

	// Only checkboxes and radio buttons may have mrkdwn in their options.
	option = object("text value", fields{"text": plain(75), "value": str(1, 150), "description": plain(75), "url": address})
	tick   = object("text value", fields{"text": text(75), "value": str(1, 150), "description": text(75)})
	group  = object("label options", fields{"label": plain(75), "options": list(1, 100, option)})

	picture = fields{
		"type": anything, "alt_text": str(1, 2000), "image_url": address,
		"slack_file": every(oneOf("id", "url"), object("", fields{"id": str(1, idLength), "url": address})),
	}

	button = fields{"text": plain(75), "style": buttonStyle, "accessibility_label": str(1, 75)}

	ids     = list(0, 100, str(1, idLength))
	filter  = object("", fields{"include": list(1, 4, enum("im mpim private public")), "exclude_external_shared_channels": boolean, "exclude_bot_users": boolean})
	typed   = fields{"placeholder": placeholder, "initial_value": str(0, partText), "dispatch_action_config": object("", fields{"trigger_actions_on": list(1, 2, enum("on_enter_pressed on_character_entered"))})}
	options = oneOf("options", "option_groups")
	static  = fields{"options": list(1, 100, option), "option_groups": list(1, 100, group), "initial_option": option, "initial_options": list(1, 100, option)}
	remote  = fields{"min_query_length": integer(1, math.MaxInt32), "initial_option": option, "initial_options": list(1, 100, option)}
	people  = fields{"initial_user": str(1, idLength), "initial_users": ids}
	talks   = fields{"initial_conversation": str(1, idLength), "initial_conversations": ids, "default_to_current_conversation": boolean, "response_url_enabled": boolean, "filter": filter}
	rooms   = fields{"initial_channel": str(1, idLength), "initial_channels": ids, "response_url_enabled": boolean}
	ticks   = fields{"options": list(1, 10, tick), "initial_options": list(1, 10, tick), "initial_option": tick}

	trigger = object("url", fields{"url": address, "customizable_input_parameters": list(1, 100, object("name value", fields{"name": str(1, idLength), "value": str(0, partText)}))})
)

var elements = map[string]rule{
	"image":           every(oneOf("image_url", "slack_file"), object("alt_text", picture)),
	"button":          element("text", button.with(fields{"url": address, "value": str(1, 2000)})),
	"workflow_button": object("text workflow", button.with(fields{"type": anything, "action_id": actionID, "workflow": object("trigger", fields{"trigger": trigger})})),
	"overflow":        element("options", fields{"options": list(1, 5, option)}),
	"checkboxes":      element("options", ticks),
	"radio_buttons":   element("options", ticks),

	"static_select":              every(options, chooser("", static)),
	"multi_static_select":        every(options, chooser("", static)),
	"external_select":            chooser("", remote),
	"multi_external_select":      chooser("", remote),
	"users_select":               chooser("", people),
	"multi_users_select":         chooser("", people),
	"conversations_select":       chooser("", talks),
	"multi_conversations_select": chooser("", talks),
	"channels_select":            chooser("", rooms),
	"multi_channels_select":      chooser("", rooms),

	"datepicker":     element("", fields{"placeholder": placeholder, "initial_date": str(10, 10)}),
	"timepicker":     element("", fields{"placeholder": placeholder, "initial_time": str(5, 5), "timezone": str(1, idLength)}),
	"datetimepicker": element("", fields{"initial_date_time": integer(1_000_000_000, 9_999_999_999)}),

	"plain_text_input": element("", typed.with(fields{"multiline": boolean, "min_length": integer(0, partText), "max_length": integer(1, partText)})),
	"email_text_input": element("", typed),
	"url_text_input":   element("", typed),
	"number_input":     every(ascending, element("is_decimal_allowed", typed.with(fields{"is_decimal_allowed": boolean, "min_value": anything, "max_value": anything}))),
	"file_input":       element("", fields{"filetypes": list(1, 100, str(1, 30)), "max_files": integer(1, 10)}),
}
