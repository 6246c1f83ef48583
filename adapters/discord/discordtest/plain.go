package discordtest

import (
	"fmt"
	"strings"
)

// Plain is what a person reads: the content, the embeds and all components in
// order, a line each, and buttons as [Label] (those of a row in one line; a
// disabled one as [Label (disabled)]). Markdown stays as it is.
func (m *Message) Plain() string {
	var lines []string
	if m.Flags&FlagLoading != 0 {
		lines = append(lines, "thinking…")
	}
	lines = append(lines, m.Content)
	for _, e := range parsed(m.Embeds) {
		author, _ := e["author"].(object)
		footer, _ := e["footer"].(object)
		lines = append(lines, text(author, "name"), text(e, "title"), text(e, "description"))
		for _, f := range objects(e["fields"]) {
			lines = append(lines, text(f, "name"), text(f, "value"))
		}
		lines = append(lines, text(footer, "text"))
	}
	lines = append(lines, plainComponents(parsed(m.Components))...)
	for _, f := range m.Files {
		lines = append(lines, "("+f+")")
	}
	return strings.Join(present(lines), "\n")
}

func present(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}

func plainComponents(list []object) []string {
	var lines []string
	for _, c := range list {
		lines = append(lines, plainComponent(c)...)
	}
	return present(lines)
}

func plainComponent(c object) []string {
	switch number(c["type"]) {
	case compRow:
		return []string{strings.Join(plainComponents(children(c)), " ")}
	case compButton:
		label := buttonLabel(c)
		if c["disabled"] == true {
			label += " (disabled)"
		}
		return []string{"[" + label + "]"}
	case compSection:
		accessory, _ := c["accessory"].(object)
		return append(plainComponents(children(c)), plainComponent(accessory)...)
	case compText:
		return []string{text(c, "content")}
	case compContainer:
		return plainComponents(children(c))
	case compThumbnail:
		return []string{text(c, "description")}
	case compGallery:
		var lines []string
		for _, item := range objects(c["items"]) {
			lines = append(lines, text(item, "description"))
		}
		return lines
	case compSeparator:
		return nil
	case compLabel:
		inner, _ := c["component"].(object)
		return append([]string{text(c, "label"), text(c, "description")}, plainComponent(inner)...)
	}
	lines := []string{text(c, "label"), text(c, "placeholder")}
	for _, o := range objects(c["options"]) {
		lines = append(lines, fmt.Sprintf("[%s]", text(o, "label")))
	}
	return lines
}
