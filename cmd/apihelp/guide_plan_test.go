package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"apihelp/bot"
)

func TestAPlanFitsTheTerminalAsFarAsTopicsLeaveRoom(t *testing.T) {
	answered := outcome{Act: bot.Answer, Topics: []string{"rate-limiting"}}
	d := difference{kind: planVanished, Text: strings.Repeat("größer\x1b\n", 40), Old: answered, New: outcome{Act: bot.Unknown}}
	rest := len("vanished") + 2 + 2 + len("answer rate-limiting -> unknown")
	for _, tt := range []struct{ columns, want int }{
		{rest + 30, rest + 30},
		{rest + leastText, rest + leastText},
		{10, rest + leastText},
		{500, rest + mostText},
	} {
		p := plan{order: []difference{d}}
		line, _, _ := strings.Cut(p.table(tt.columns), "\n")
		if got := utf8.RuneCountInString(line); got != tt.want {
			t.Errorf("%d columns: got a line of %d, want %d: %q", tt.columns, got, tt.want, line)
		}
	}
}

func TestAMessageOnOneLineCannotCommandTheTerminal(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"a\n\tb\x1b[31m\u202e\xff c ", 20, "a b [31m \ufffd c"},
		{"größer", 6, "größer"},
		{"größeres", 6, "größe…"},
		{" \n", 6, "(empty)"},
		{"abc", 1, "…"},
	} {
		if got := oneLine(tt.text, tt.limit); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}
