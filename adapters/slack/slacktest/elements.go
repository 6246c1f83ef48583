package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// elementKeys are what an element may hold beside type, action_id, confirm,
// focus_on_load and placeholder.
func elementKeys() map[string]string {
	selects := "response_url_enabled max_selected_items default_to_current_conversation filter min_query_length initial_option initial_options options option_groups initial_user initial_users initial_conversation initial_conversations initial_channel initial_channels"
	keys := map[string]string{
		"button":           "text url value style accessibility_label visible_to_user_ids",
		"overflow":         "options",
		"checkboxes":       "options initial_options",
		"radio_buttons":    "options initial_option",
		"datepicker":       "initial_date",
		"timepicker":       "initial_time timezone",
		"datetimepicker":   "initial_date_time",
		"plain_text_input": "initial_value multiline min_length max_length dispatch_action_config",
		"email_text_input": "initial_value dispatch_action_config",
		"url_text_input":   "initial_value dispatch_action_config",
		"number_input":     "is_decimal_allowed initial_value min_value max_value dispatch_action_config",
		"rich_text_input":  "initial_value dispatch_action_config",
		"feedback_buttons": "positive_button negative_button",
		"icon_button":      "icon text value accessibility_label visible_to_user_ids",
	}
	for _, kind := range []string{"static", "external", "users", "conversations", "channels"} {
		keys[kind+"_select"], keys["multi_"+kind+"_select"] = selects, selects
	}
	return keys
}

func (j *judgement) elements(at string, b object, most int) {
	list, _ := b["elements"].([]any)
	if len(list) == 0 {
		j.fault(at+"/elements", "must have at least 1 item")
	}
	if len(list) > most {
		j.fault(at+"/elements", "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, e := range list {
		x, _ := e.(object)
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if b["type"] == "context" {
			j.contextElement(here, x)
			continue
		}
		j.element(here, x, ids)
	}
}

func (j *judgement) contextElement(at string, e object) {
	if e["type"] == "image" {
		j.known(at, e, "type image_url slack_file alt_text")
		j.image(at, e)
		return
	}
	j.text(at, e, "any", 3000)
}

// element checks an interactive element; ids are the action_ids of its block.
func (j *judgement) element(at string, e object, ids map[string]bool) {
	kind, _ := e["type"].(string)
	if kind == "image" {
		j.image(at, e)
		return
	}
	keys, known := elementKeys()[kind]
	if !known {
		j.fault(at+"/type", "unsupported type: %s", kind)
		return
	}
	j.known(at, e, "type action_id confirm focus_on_load placeholder "+keys)
	id, _ := e["action_id"].(string)
	if id == "" {
		id = blockID()
		e["action_id"] = id
	}
	j.limit(at+"/action_id", id, 1, 255)
	if ids[id] {
		j.fault(at+"/action_id", "action_id already exists: %s", id)
	}
	ids[id] = true
	if kind == "button" {
		j.button(at, e)
	}
	if e["placeholder"] != nil {
		j.text(at+"/placeholder", e["placeholder"], "plain_text", 150)
	}
	j.options(at, kind, e)
	if most, there := e["max_length"].(float64); there && (most < 1 || most > 3000) {
		j.fault(at+"/max_length", "must be between 1 and 3000")
	}
}

func (j *judgement) button(at string, e object) {
	j.text(at+"/text", e["text"], "plain_text", 75)
	value, _ := e["value"].(string)
	j.limit(at+"/value", value, 0, 2000)
	link, _ := e["url"].(string)
	j.limit(at+"/url", link, 0, 3000)
	label, _ := e["accessibility_label"].(string)
	j.length(at+"/accessibility_label", label, 0, 75)
	if style := e["style"]; style != nil && style != "primary" && style != "danger" {
		j.fault(at+"/style", "must be a valid enum value")
	}
}

func (j *judgement) options(at, kind string, e object) {
	list, there := e["options"].([]any)
	if !there {
		return
	}
	most := map[string]int{"overflow": 5, "checkboxes": 10, "radio_buttons": 10}[kind]
	if most == 0 {
		most = 100
	}
	if len(list) == 0 || len(list) > most {
		j.fault(at+"/options", "must have 1 to %d items", most)
	}
	for i, o := range list {
		x, _ := o.(object)
		here := fmt.Sprintf("%s/options/%d", at, i)
		j.known(here, x, "text value description url")
		j.text(here+"/text", x["text"], "any", 75)
		value, _ := x["value"].(string)
		j.limit(here+"/value", value, 1, 150)
	}
}

// text checks a text object; kind is plain_text, mrkdwn or any.
func (j *judgement) text(at string, value any, kind string, most int) {
	o, there := value.(object)
	if !there {
		j.fault(at, "missing required field")
		return
	}
	own, _ := o["type"].(string)
	if own != "plain_text" && own != "mrkdwn" || kind != "any" && own != kind {
		j.fault(at+"/type", "must be a valid enum value")
	}
	if own == "mrkdwn" {
		j.known(at, o, "type text verbatim")
	} else {
		j.known(at, o, "type text emoji")
	}
	text, _ := o["text"].(string)
	j.length(at+"/text", text, 1, most)
}

var loud = regexp.MustCompile(`<!(?:channel|here|everyone)|(?:^|\s)@(?:channel|here|everyone)\b`)

// shout complains of blocks that would call everybody.
func (s *Server) shout(blocks []object) {
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case object:
			text, _ := v["text"].(string)
			verbatim, _ := v["verbatim"].(bool)
			hit := loud.FindString(text)
			if v["type"] == "mrkdwn" && hit != "" && (!verbatim || hit[0] == '<') || v["type"] == "broadcast" {
				s.complain("a mass mention in the blocks")
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	for _, b := range blocks {
		walk(b)
	}
}

// viewOf checks a view of views.* or of a response_action. The caller holds s.mu.
func (s *Server) viewOf(data string) (*View, error) {
	var v struct {
		Type            string          `json:"type"`
		Title           json.RawMessage `json:"title"`
		Submit          json.RawMessage `json:"submit"`
		Close           json.RawMessage `json:"close"`
		Blocks          json.RawMessage `json:"blocks"`
		CallbackID      string          `json:"callback_id"`
		PrivateMetadata string          `json:"private_metadata"`
		ExternalID      string          `json:"external_id"`
		NotifyOnClose   bool            `json:"notify_on_close"`
		ClearOnClose    bool            `json:"clear_on_close"`
	}
	var all object
	if json.Unmarshal([]byte(data), &v) != nil || json.Unmarshal([]byte(data), &all) != nil {
		return nil, invalidArguments("not a view")
	}
	j := &judgement{surface: v.Type}
	j.known("/view", all, "type title submit close blocks callback_id private_metadata external_id notify_on_close clear_on_close submit_disabled")
	if v.Type == "modal" {
		j.text("/view/title", all["title"], "plain_text", 24)
		for _, k := range []string{"submit", "close"} {
			if all[k] != nil {
				j.text("/view/"+k, all[k], "plain_text", 24)
			}
		}
	} else if v.Type != "home" {
		j.fault("/view/type", "must be a valid enum value")
	}
	j.limit("/view/private_metadata", v.PrivateMetadata, 0, 3000)
	j.limit("/view/callback_id", v.CallbackID, 0, 255)
	j.limit("/view/external_id", v.ExternalID, 0, 255)
	if hasInput(v.Blocks) && all["submit"] == nil && v.Type == "modal" {
		j.fault("/view/submit", "missing required field: submit, since there are input blocks")
	}
	if len(data) > 250_000 {
		return nil, refuse("view_too_large")
	}
	if len(j.faults) > 0 {
		return nil, invalidArguments(j.faults...)
	}
	blocks, err := s.blocks(v.Blocks, v.Type, false)
	if e, ok := errors.AsType[*apiError](err); ok {
		faults, _ := e.more["errors"].([]string)
		return nil, invalidArguments(faults...)
	}
	return &View{
		Type: v.Type, Title: plainText(v.Title), CallbackID: v.CallbackID, PrivateMetadata: v.PrivateMetadata, ExternalID: v.ExternalID, Blocks: blocks,
		title: v.Title, submit: v.Submit, close: v.Close, notify: v.NotifyOnClose, clear: v.ClearOnClose,
	}, nil
}

func invalidArguments(faults ...string) error {
	return &apiError{code: "invalid_arguments", more: object{"response_metadata": object{"messages": prefixed("[ERROR] ", faults)}}}
}

func hasInput(blocks json.RawMessage) bool {
	var list []struct{ Type string }
	_ = json.Unmarshal(blocks, &list)
	for _, b := range list {
		if b.Type == "input" {
			return true
		}
	}
	return false
}

func plainText(data json.RawMessage) string {
	var t struct{ Text string }
	_ = json.Unmarshal(data, &t)
	return t.Text
}
