package console

import (
	"fmt"
	"strings"
	"unicode"

	"apihelp/bot"
)

// The escape sequences of ECMA-48 for the styles of a span.
const (
	reset      = "\x1b[0m"
	bold       = "\x1b[1m"
	italic     = "\x1b[3m"
	cyan       = "\x1b[36m"
	strike     = "\x1b[9m"
	dim        = "\x1b[2m"
	promptMark = "\x1b[1m› \x1b[0m"
)

// render gives a reply as text, styled for a terminal, and the next prompt.
func (a *Adapter) render(r bot.Reply) string {
	if !a.Terminal {
		return harmless(r.Plain()) + "\n\n"
	}
	parts := make([]string, 0, len(r.Blocks))
	for _, b := range r.Blocks {
		parts = append(parts, block(b))
	}
	return "\r" + strings.Join(parts, "\n\n") + "\n\n" + promptMark
}

func block(b bot.Block) string {
	switch b := b.(type) {
	case bot.Heading:
		return styled(string(b), bold)
	case bot.Para:
		return rich(bot.Rich(b))
	case bot.Steps:
		lines := make([]string, len(b.Items))
		for i, item := range b.Items {
			lines[i] = fmt.Sprintf("%3d. %s", b.First+i, strings.ReplaceAll(rich(item), "\n", "\n     "))
		}
		return strings.Join(lines, "\n")
	case bot.Code:
		return styled("    "+strings.ReplaceAll(strings.TrimRight(b.Text, "\n"), "\n", "\n    "), cyan)
	case bot.Facts:
		lines := make([]string, len(b))
		for i, f := range b {
			lines[i] = styled(f.Label, bold) + ": " + rich(f.Value)
		}
		return strings.Join(lines, "\n")
	case bot.Report:
		lines := make([]string, len(b))
		for i, row := range b {
			lines[i] = fmt.Sprintf("%s %s  %s", marks[row.Mark], styled(row.Label, bold), harmless(row.Detail))
		}
		return strings.Join(lines, "\n")
	case bot.Choices:
		labels := make([]string, len(b))
		for i, c := range b {
			labels[i] = "[" + harmless(c.Label) + "]"
			if c.URL != "" {
				labels[i] += " " + harmless(c.URL)
			}
		}
		return styled(strings.Join(labels, " "), dim)
	}
	return ""
}

var marks = map[bot.Mark]string{bot.OK: "✓", bot.Fail: "✗", bot.Warn: "!", bot.Skip: "-"}

func rich(r bot.Rich) string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(styled(s.Text, sequence(s.Style)))
		if s.URL != "" && s.URL != s.Text {
			b.WriteString(" (" + harmless(s.URL) + ")")
		}
	}
	return b.String()
}

func sequence(s bot.Style) string {
	var b strings.Builder
	for _, style := range []struct {
		bit bot.Style
		seq string
	}{{bot.Bold, bold}, {bot.Italic, italic}, {bot.Mono, cyan}, {bot.Strike, strike}} {
		if s&style.bit != 0 {
			b.WriteString(style.seq)
		}
	}
	return b.String()
}

func styled(text, sequence string) string {
	if sequence == "" {
		return harmless(text)
	}
	return sequence + harmless(text) + reset
}

// harmless drops what could steer the terminal.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
