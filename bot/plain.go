package bot

import (
	"fmt"
	"strings"
)

// Plain renders the reply as text without any markup: for notifications,
// screen readers, transcripts and scripts. Blocks are set apart by an empty
// line.
func (r Reply) Plain() string {
	parts := make([]string, 0, len(r.Blocks))
	for _, b := range r.Blocks {
		if s := plainBlock(b); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n")
}

func plainBlock(b Block) string {
	switch b := b.(type) {
	case Heading:
		return string(b)
	case Para:
		return plainRich(Rich(b))
	case Steps:
		return lines(b.Items, func(i int, item Rich) string {
			return fmt.Sprintf("%d. %s", b.First+i, indent(plainRich(item), "   "))
		})
	case Code:
		return "    " + indent(strings.TrimRight(b.Text, "\n"), "    ")
	case Facts:
		return lines(b, func(_ int, f Fact) string { return f.Label + ": " + indent(plainRich(f.Value), "  ") })
	case Report:
		return lines(b, func(_ int, r Row) string {
			return strings.TrimRight(fmt.Sprintf("[%s] %s: %s", r.Mark, r.Label, r.Detail), ": ")
		})
	case Choices:
		return strings.ReplaceAll(lines(b, func(_ int, c Choice) string { return plainChoice(c) }), "\n", " ")
	}
	return ""
}

func plainChoice(c Choice) string {
	if c.URL != "" {
		return "[" + c.Label + ": " + c.URL + "]"
	}
	return "[" + c.Label + "]"
}

// plainRich writes the address of a link behind its text.
func plainRich(r Rich) string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.Text)
		if s.URL != "" && s.URL != s.Text {
			b.WriteString(" (" + s.URL + ")")
		}
	}
	return b.String()
}

func lines[T any](items []T, line func(int, T) string) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = line(i, item)
	}
	return strings.Join(out, "\n")
}

func indent(s, by string) string { return strings.ReplaceAll(s, "\n", "\n"+by) }
