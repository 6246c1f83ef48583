package bot_test

import (
	"testing"

	"apihelp/bot"
	"apihelp/sessions"
)

func BenchmarkTurn(b *testing.B) {
	for name, text := range map[string]string{
		"code":     "our worker logs CONN_RESET every few minutes",
		"topic":    "token exipred again, third day in a row",
		"followup": "done, what next?",
		"chatter":  "does anybody know a good place for lunch near the office",
	} {
		b.Run(name, func(b *testing.B) {
			g := defaultGuide()
			s := bot.Turn(g, sessions.Session{}, bot.Message{ID: "1", Text: "CONN_RESET"}).Session
			b.ReportAllocs()
			for b.Loop() {
				bot.Turn(g, s, bot.Message{ID: "2", Text: bot.Clean(text)})
			}
		})
	}
}
