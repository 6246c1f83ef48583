package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Plain is what a person reads: the text of all blocks in order with entities
// decoded, a line each, and buttons as [Label]. Without blocks it is the text.
func (m *Message) Plain() string {
	if len(m.Blocks) == 0 {
		return readable(m.Text)
	}
	return plainBlocks(m.Blocks)
}

// Plain is what a person reads in the view: see [Message.Plain].
func (v *View) Plain() string {
	return strings.TrimSpace(v.Title + "\n" + plainBlocks(v.Blocks))
}

func plainBlocks(data json.RawMessage) string {
	var blocks []any
	_ = json.Unmarshal(data, &blocks)
	var lines []string
	for _, b := range blocks {
		o, _ := b.(object)
		if line := plainBlock(o); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func plainBlock(b object) string {
	switch b["type"] {
	case "rich_text":
		return richLines(b["elements"])
	case "actions", "context", "context_actions":
		return joined(b["elements"], " ")
	case "input":
		return strings.TrimSpace(plainNode(b["label"]) + ": " + plainNode(b["element"]) + " " + plainNode(b["hint"]))
	}
	parts := []string{plainNode(b["text"]), joined(b["fields"], "\n"), plainNode(b["accessory"]), plainNode(b["title"])}
	if alt, ok := b["alt_text"].(string); ok {
		parts = append(parts, alt)
	}
	return strings.Join(present(parts), "\n")
}

// plainNode reads a text object, an element or an option.
func plainNode(v any) string {
	if s, ok := v.(string); ok {
		return s // of a markdown block
	}
	o, ok := v.(object)
	if !ok {
		return ""
	}
	switch o["type"] {
	case "plain_text":
		s, _ := o["text"].(string)
		return s
	case "mrkdwn":
		s, _ := o["text"].(string)
		return readable(s)
	case "button":
		return "[" + plainNode(o["text"]) + "]"
	case "feedback_buttons":
		yes, _ := o["positive_button"].(object)
		no, _ := o["negative_button"].(object)
		return "[" + plainNode(yes["text"]) + "] [" + plainNode(no["text"]) + "]"
	case "image":
		s, _ := o["alt_text"].(string)
		return s
	}
	var labels []string
	list, _ := o["options"].([]any)
	for _, x := range list {
		if option, ok := x.(object); ok {
			labels = append(labels, "["+plainNode(option["text"])+"]")
		}
	}
	return strings.Join(labels, " ")
}

func joined(v any, by string) string {
	list, _ := v.([]any)
	var parts []string
	for _, x := range list {
		parts = append(parts, plainNode(x))
	}
	return strings.Join(present(parts), by)
}

func present(parts []string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func richLines(v any) string {
	list, _ := v.([]any)
	var lines []string
	for _, x := range list {
		part, _ := x.(object)
		if part["type"] != "rich_text_list" {
			lines = append(lines, strings.TrimRight(richText(part["elements"]), "\n"))
			continue
		}
		offset, _ := part["offset"].(float64)
		items, _ := part["elements"].([]any)
		for i, item := range items {
			mark := "•"
			if part["style"] == "ordered" {
				mark = fmt.Sprintf("%d.", int(offset)+i+1)
			}
			o, _ := item.(object)
			lines = append(lines, mark+" "+richText(o["elements"]))
		}
	}
	return strings.Join(lines, "\n")
}

func richText(v any) string {
	list, _ := v.([]any)
	var b strings.Builder
	for _, x := range list {
		o, _ := x.(object)
		get := func(key string) string { s, _ := o[key].(string); return s }
		switch o["type"] {
		case "text":
			b.WriteString(get("text"))
		case "link":
			if get("text") != "" {
				b.WriteString(get("text"))
			} else {
				b.WriteString(get("url"))
			}
		case "user":
			b.WriteString("@" + get("user_id"))
		case "channel":
			b.WriteString("#" + get("channel_id"))
		case "emoji":
			b.WriteString(":" + get("name") + ":")
		case "broadcast":
			b.WriteString("@" + get("range"))
		case "date":
			b.WriteString(get("fallback"))
		}
	}
	return b.String()
}
