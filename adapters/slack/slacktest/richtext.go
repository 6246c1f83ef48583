package slacktest

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
)

// escape is what Slack does to the three characters of its markup.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// unescape undoes escape.
func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

type object = map[string]any

var (
	fence  = regexp.MustCompile("(?s)```\n?(.*?)\n?```")
	inline = regexp.MustCompile("`([^`\n]+)`|@([\\w][\\w.-]*)|(https?://[^\\s<>|`]+)")
)

// typed turns what a person types into the text and the blocks that Slack
// makes of it. resolve returns the id of a mentioned name, or nothing.
func typed(text string, resolve func(name string) string) (string, json.RawMessage) {
	var wire strings.Builder
	var parts []any
	at := 0
	section := func(s string) {
		if s == "" {
			return
		}
		markup, elements := line2rich(s, resolve)
		wire.WriteString(markup)
		parts = append(parts, object{"type": "rich_text_section", "elements": elements})
	}
	for _, f := range fence.FindAllStringSubmatchIndex(text, -1) {
		section(text[at:f[0]])
		code := text[f[2]:f[3]]
		wire.WriteString("```" + escape(code) + "```")
		parts = append(parts, object{"type": "rich_text_preformatted", "elements": []any{object{"type": "text", "text": code}}, "border": 0})
		at = f[1]
	}
	section(text[at:])
	blocks, _ := json.Marshal([]any{object{"type": "rich_text", "block_id": blockID(), "elements": parts}})
	return wire.String(), blocks
}

func line2rich(text string, resolve func(string) string) (string, []any) {
	var wire strings.Builder
	var elements []any
	at := 0
	plain := func(s string) {
		if s != "" {
			wire.WriteString(escape(s))
			elements = append(elements, object{"type": "text", "text": s})
		}
	}
	for _, f := range inline.FindAllStringSubmatchIndex(text, -1) {
		markup, element := token2rich(text, f, resolve)
		if element == nil {
			continue
		}
		plain(text[at:f[0]])
		wire.WriteString(markup)
		elements = append(elements, element)
		at = f[1]
	}
	plain(text[at:])
	return wire.String(), elements
}

// token2rich turns one match of inline into markup and element; a mention of
// nobody has none.
func token2rich(text string, f []int, resolve func(string) string) (string, any) {
	switch {
	case f[2] >= 0:
		code := text[f[2]:f[3]]
		return "`" + escape(code) + "`", object{"type": "text", "text": code, "style": object{"code": true}}
	case f[6] >= 0:
		url := text[f[6]:f[7]]
		return "<" + escape(url) + ">", object{"type": "link", "url": url}
	}
	name := text[f[4]:f[5]]
	if name == "here" || name == "channel" || name == "everyone" {
		return "<!" + name + ">", object{"type": "broadcast", "range": name}
	}
	if id := resolve(name); id != "" {
		return "<@" + id + ">", object{"type": "user", "user_id": id}
	}
	return "", nil
}

func blockID() string { return secret(5) }

// markup is <@U…>, <!here>, <url> and <url|label>.
var markup = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

func readable(text string) string {
	text = markup.ReplaceAllStringFunc(text, func(m string) string {
		p := markup.FindStringSubmatch(m)
		if p[2] != "" {
			return p[2]
		}
		return strings.TrimLeft(p[1], "#!")
	})
	return html.UnescapeString(text)
}
