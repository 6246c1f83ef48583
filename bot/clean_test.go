package bot_test

import (
	"strings"
	"testing"

	"apihelp/bot"
)

func TestNoPartOfAKeySurvivesTheCutOfALongText(t *testing.T) {
	const key = "sk_live_FAKE000111222333"
	for at := bot.KeepBytes - len(key) - 3; at <= bot.KeepBytes+3; at++ {
		pad := strings.Repeat("x ", at/2) + strings.Repeat("y", at%2)
		rest := strings.Repeat(" z", bot.KeepBytes)
		for name, text := range map[string]string{"head": pad + key + rest, "tail": rest + key + pad} {
			got := bot.Clean(text)
			for n := 6; n <= len(key)-6; n++ {
				if strings.Contains(got, key[n:n+6]) {
					t.Fatalf("key at %d of the %s: %q is left", at, name, key[n:n+6])
				}
			}
		}
	}
}

func TestCleanTextCannotSteerATerminal(t *testing.T) {
	for text, want := range map[string]string{
		"\x1b[31mred\x1b[0m 401":   "red 401",
		"a\x00b\x07c\u009bd":       "abcd",
		"one\r\ntwo\tthree":        "one\n\ntwo\tthree",
		"evil\u202egpj.exe":        "evilgpj.exe",
		"sk_live_FAKE\u200b000111": "[redacted]",
		"\xff\xfeCONN_RESET":       "�CONN_RESET",
		"👩‍💻 ok":                   "👩‍💻 ok",
	} {
		if got := bot.Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
