package bot

import "context"

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
