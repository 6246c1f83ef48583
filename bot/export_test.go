package bot

import (
	"context"
	"strings"
	"time"

	"apihelp/knowledge"
	"apihelp/sessions"
)

// What the tests in package bot_test look at inside.
var (
	Clean     = clean
	KeepBytes = keepBytes
	ReplyAge  = replyAge
)

// SendOnce sends a reply as the outbox does, and as is done without it.
func (b *Bot) SendOnce(ctx context.Context, a Adapter, to Conversation, r Reply) error {
	return b.sendOnce(ctx, a, outgoing{To: to, Reply: r})
}

// Hold decides a message as Accept does.
func Hold(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	was := m.Text
	m.Text = clean(m.Text)
	if was != m.Text && strings.Contains(m.Text, redacted) {
		m.Found = []Finding{{leaked, "an API key", ""}}
	}
	return decide(g, s, m, 24*time.Hour)
}
