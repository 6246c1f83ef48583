package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A judgement is a check of a message's or view's blocks against Slack's
// documented limits.
type judgement struct {
	surface string // message, modal or home
	escaped bool   // count characters after escaping, as chat.update does
	faults  []string
	ids     map[string]bool
	size    int
	inputs  int
}

// blocks checks the blocks of a message or view, and returns them with an id
// each. The caller holds s.mu.
func (s *Server) blocks(data json.RawMessage, surface string, update bool) (json.RawMessage, error) {
	var list []object
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, refuse("invalid_blocks_format")
	}
	j := &judgement{surface: surface, escaped: update, ids: map[string]bool{}}
	j.all(list)
	if j.size > blocksLimit && surface == "message" {
		return nil, refuse("msg_blocks_too_long")
	}
	if len(j.faults) > 0 {
		return nil, invalidBlocks(j.faults)
	}
	s.shout(list)
	out, _ := json.Marshal(list)
	return out, nil
}

func invalidBlocks(faults []string) error {
	return &apiError{code: "invalid_blocks", more: object{
		"errors": faults, "response_metadata": object{"messages": prefixed("[ERROR] ", faults)},
	}}
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = prefix + s
	}
	return out
}

func (j *judgement) fault(at, format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// A rule is what a block may hold.
type rule struct {
	keys     string // allowed beside type and block_id
	surfaces string // space-separated; empty = all
}

func rules() map[string]rule {
	return map[string]rule{
		"section":         {keys: "text fields accessory expand"},
		"divider":         {},
		"header":          {keys: "text level"},
		"context":         {keys: "elements"},
		"actions":         {keys: "elements"},
		"image":           {keys: "image_url slack_file alt_text title"},
		"input":           {keys: "label element hint optional dispatch_action"},
		"rich_text":       {keys: "elements"},
		"markdown":        {keys: "text", surfaces: "message"},
		"video":           {keys: "alt_text author_name description provider_icon_url provider_name thumbnail_url title title_url video_url"},
		"file":            {keys: "external_id source", surfaces: "message"},
		"context_actions": {keys: "elements", surfaces: "message"},
		"table":           {keys: "rows column_settings", surfaces: "message"},
		"alert":           {keys: "text level", surfaces: "modal"},
	}
}

func (j *judgement) all(list []object) {
	most := viewBlocks
	if j.surface == "message" {
		most = messageBlocks
	}
	if len(list) > most {
		j.fault("/blocks", "no more than %d items allowed", most)
	}
	for i, b := range list {
		j.block(fmt.Sprintf("/blocks/%d", i), b)
	}
}

func (j *judgement) block(at string, b object) {
	kind, _ := b["type"].(string)
	r, known := rules()[kind]
	if !known || r.surfaces != "" && !slices.Contains(strings.Fields(r.surfaces), j.surface) {
		j.fault(at+"/type", "unsupported type: %s", kind)
		return
	}
	j.known(at, b, "type block_id "+r.keys)
	id, _ := b["block_id"].(string)
	if id == "" {
		id = blockID()
		b["block_id"] = id
	}
	j.limit(at+"/block_id", id, 1, 255)
	if j.ids[id] {
		j.fault(at+"/block_id", "block_id already exists: %s", id)
	}
	j.ids[id] = true
	switch kind {
	case "section":
		j.section(at, b)
	case "header":
		j.text(at+"/text", b["text"], "plain_text", 150)
	case "context":
		j.elements(at, b, 10)
	case "actions":
		j.elements(at, b, 25)
	case "context_actions":
		j.elements(at, b, 5)
	case "image":
		j.image(at, b)
	case "input":
		j.input(at, b)
	case "rich_text":
		j.richText(at, b)
	case "markdown":
		text, _ := b["text"].(string)
		j.length(at+"/text", text, 1, 12_000)
	}
}

func (j *judgement) section(at string, b object) {
	fields, _ := b["fields"].([]any)
	if b["text"] == nil && len(fields) == 0 {
		j.fault(at, "missing required field: text")
	}
	if b["text"] != nil {
		j.text(at+"/text", b["text"], "any", 3000)
	}
	if len(fields) > 10 {
		j.fault(at+"/fields", "no more than 10 items allowed")
	}
	for i, f := range fields {
		j.text(fmt.Sprintf("%s/fields/%d", at, i), f, "any", 2000)
	}
	if e, there := b["accessory"].(object); there {
		j.element(at+"/accessory", e, map[string]bool{})
	}
}

func (j *judgement) input(at string, b object) {
	j.inputs++
	j.text(at+"/label", b["label"], "plain_text", 2000)
	if b["hint"] != nil {
		j.text(at+"/hint", b["hint"], "plain_text", 2000)
	}
	e, there := b["element"].(object)
	if !there {
		j.fault(at+"/element", "missing required field: element")
		return
	}
	j.element(at+"/element", e, map[string]bool{})
}

func (j *judgement) image(at string, b object) {
	alt, _ := b["alt_text"].(string)
	j.length(at+"/alt_text", alt, 1, 2000)
	link, _ := b["image_url"].(string)
	if b["slack_file"] == nil {
		j.limit(at+"/image_url", link, 1, 3000)
	}
}

func (j *judgement) richText(at string, b object) {
	parts, there := b["elements"].([]any)
	if !there || len(parts) == 0 {
		j.fault(at+"/elements", "must have at least 1 item")
	}
	for i, p := range parts {
		part, _ := p.(object)
		switch part["type"] {
		case "rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote":
			j.richPart(fmt.Sprintf("%s/elements/%d", at, i), part)
		default:
			j.fault(fmt.Sprintf("%s/elements/%d/type", at, i), "unsupported type: %v", part["type"])
		}
	}
}

func (j *judgement) richPart(at string, part object) {
	elements, there := part["elements"].([]any)
	if !there {
		j.fault(at+"/elements", "missing required field: elements")
	}
	for i, e := range elements {
		x, _ := e.(object)
		here := fmt.Sprintf("%s/elements/%d", at, i)
		switch x["type"] {
		case "rich_text_section":
			j.richPart(here, x)
		case "text":
			text, _ := x["text"].(string)
			j.length(here+"/text", text, 1, blocksLimit)
		case "link":
			link, _ := x["url"].(string)
			j.limit(here+"/url", link, 1, 3000)
		case "user", "usergroup", "channel", "emoji", "broadcast", "date", "color", "team":
		default:
			j.fault(here+"/type", "unsupported type: %v", x["type"])
		}
	}
}

// known complains of keys that aren't in the space-separated list.
func (j *judgement) known(at string, o object, keys string) {
	for k := range o {
		if !slices.Contains(strings.Fields(keys), k) {
			j.fault(at+"/"+k, "additional property: %s", k)
		}
	}
}

// length checks text that people see.
func (j *judgement) length(at, text string, least, most int) {
	if j.escaped {
		text = escape(unescape(text))
	}
	j.size += len([]rune(text))
	j.limit(at, text, least, most)
}

// limit checks a text's number of characters.
func (j *judgement) limit(at, text string, least, most int) {
	n := len([]rune(text))
	if n < least {
		j.fault(at, "must be more than %d characters", least-1)
	}
	if n > most {
		j.fault(at, "must be less than %d characters", most+1)
	}
}
