package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"apihelp/bot"
)

// redeliverEvery is how soon a [Chat] offers a message again.
const redeliverEvery = 5 * time.Millisecond

// A Chat is a chat platform in memory, as an adapter and as its people. It
// redelivers what is not accepted, and it can be told to fail. It is safe for
// concurrent use.
type Chat struct {
	name    string
	waiting chan bot.Message

	mu    sync.Mutex
	said  int
	posts []Post
	fail  func(bot.Reply) error
}

// A Post is a reply that has arrived.
type Post struct {
	In    bot.Conversation
	Reply bot.Reply
}

// NewChat returns a platform whose adapter has the given name.
func NewChat(name string) *Chat {
	return &Chat{name: name, waiting: make(chan bot.Message, 1<<14)}
}

// Name returns the name that the platform was given.
func (c *Chat) Name() string { return c.name }

// Say makes a user write in a channel, and returns the message.
func (c *Chat) Say(channel, user, text string) bot.Message {
	c.mu.Lock()
	c.said++
	m := bot.Message{
		ID: fmt.Sprintf("m%d", c.said), In: bot.Conversation{Adapter: c.name, Team: "T1", Channel: channel},
		From: bot.User{ID: user}, Text: text, At: time.Now(),
	}
	c.mu.Unlock()
	c.Redeliver(m)
	return m
}

// Redeliver makes the platform send a message, again if it was sent before.
func (c *Chat) Redeliver(m bot.Message) { c.waiting <- m }

// FailSends makes every send fail with the error that fail returns, if any.
func (c *Chat) FailSends(fail func(bot.Reply) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = fail
}

// Posts returns the replies that have arrived, oldest first.
func (c *Chat) Posts() []Post {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Post(nil), c.posts...)
}

// Run implements [bot.Adapter].
func (c *Chat) Run(ctx context.Context, accept bot.Accept) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case m := <-c.waiting:
			for accept(ctx, m) != nil {
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(redeliverEvery):
				}
			}
		}
	}
}

// Send implements [bot.Adapter].
func (c *Chat) Send(ctx context.Context, to bot.Conversation, r bot.Reply) (bot.Ref, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := ctx.Err()
	if err == nil && c.fail != nil {
		err = c.fail(r)
	}
	if _, ok := errors.AsType[*bot.SendError](err); ok {
		return bot.Ref{}, err
	}
	if err != nil {
		return bot.Ref{}, &bot.SendError{Adapter: c.name, Retry: true, Err: err}
	}
	c.posts = append(c.posts, Post{In: to, Reply: r})
	return bot.Ref{In: to, ID: fmt.Sprint(len(c.posts))}, nil
}

// Edit implements [bot.Editor].
func (c *Chat) Edit(_ context.Context, ref bot.Ref, r bot.Reply) (bot.Ref, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := strconv.Atoi(ref.ID)
	if err != nil || n < 1 || n > len(c.posts) {
		return bot.Ref{}, &bot.SendError{Adapter: c.name, Err: errors.New("no such post")}
	}
	c.posts[n-1] = Post{In: ref.In, Reply: r}
	return ref, nil
}

// Heard returns all posts as a person who sees no markup reads them.
func (c *Chat) Heard() string {
	var b strings.Builder
	for _, p := range c.Posts() {
		b.WriteString(strings.Map(visible, p.Reply.Plain()) + "\n\n")
	}
	return b.String()
}

func visible(r rune) rune {
	if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}
