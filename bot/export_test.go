package bot

import (
	"context"
	"time"

	"apihelp/bot/check/credential"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// What the tests in package bot_test look at inside.
var (
	KeepBytes = keepBytes
	ReplyAge  = replyAge
)

// SendOnce sends a reply as the outbox does, and as is done without it.
func (b *Bot) SendOnce(ctx context.Context, a Adapter, to Conversation, r Reply) error {
	return b.sendOnce(ctx, a, outgoing{To: to, Reply: r})
}

var redactor = credential.New()

// Clean returns what is kept of a text.
func Clean(text string) string { return clean(Message{Text: text}, redactor).Text }

// Hold decides a message as Accept does.
func Hold(g *knowledge.Guide, s sessions.Session, m Message) Plan {
	m = clean(m, redactor)
	return decide(g, s, m, 24*time.Hour)
}

// Forward forwards a ticket.
func (b *Bot) Forward(ctx context.Context, about, to Conversation, r Reply) error {
	return b.forward(ctx, outgoing{To: to, Reply: r, About: &about})
}
