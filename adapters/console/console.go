// Package console is the adapter for a person at a terminal, or for a script
// at the other end of a pipe: a line is a message, and lines between two
// lines of ``` are one message together.
package console

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"apihelp/bot"
)

const (
	lineLimit   = 1 << 20                // bytes of a message that are read; the rest of a longer one is skipped
	acceptEvery = 250 * time.Millisecond // between attempts to hand over a message
)

// Options say who is at the terminal.
type Options struct {
	User     string // whose conversation it is; with Host, the same after a restart
	Host     string
	Terminal bool // show a prompt and styles
}

// An Adapter talks over a reader and a writer. It is safe for concurrent use.
type Adapter struct {
	Options
	in      *bufio.Reader
	session string // tells this run's messages from those of another

	mu   sync.Mutex
	out  io.Writer
	sent int
}

// New returns an adapter that reads messages from in and writes replies to
// out.
func New(in io.Reader, out io.Writer, o Options) *Adapter {
	return &Adapter{Options: o, in: bufio.NewReaderSize(in, 64<<10), out: out, session: rand.Text()[:10]}
}

// Name returns "console".
func (a *Adapter) Name() string { return "console" }

// Home returns the user and the host: see [bot.Local].
func (a *Adapter) Home() string { return a.User + "@" + a.Host }

func (a *Adapter) conversation() bot.Conversation {
	return bot.Conversation{Adapter: a.Name(), Team: a.Host, Channel: a.User}
}

// Run hands over what is read, message by message, and returns nil when the
// input ends or ctx is done, and an error if the input cannot be read.
func (a *Adapter) Run(ctx context.Context, accept bot.Accept) error {
	a.prompt()
	messages, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(messages)
		failed <- a.read(ctx, messages)
	}()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case text, ok := <-messages:
			if !ok {
				return <-failed
			}
			a.handOver(ctx, accept, bot.Message{
				ID: fmt.Sprintf("%s-%d", a.session, n), In: a.conversation(), From: bot.User{ID: a.User, Name: a.User},
				Text: text, At: time.Now(), Direct: true,
			})
		}
	}
}

// handOver repeats what a platform does with a message that is not taken:
// it comes again.
func (a *Adapter) handOver(ctx context.Context, accept bot.Accept, m bot.Message) {
	for accept(ctx, m) != nil {
		select {
		case <-ctx.Done():
			return
		case <-time.After(acceptEvery):
		}
	}
}

// read sends the messages of the input until it ends.
func (a *Adapter) read(ctx context.Context, messages chan<- string) error {
	for {
		text, err := a.message()
		if strings.TrimSpace(text) != "" {
			select {
			case messages <- text:
			case <-ctx.Done():
				return nil
			}
		} else if err == nil {
			a.prompt()
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("console: read input: %w", err)
		}
	}
}

// message reads one line, or all lines of a fenced block.
func (a *Adapter) message() (string, error) {
	line, err := a.line(lineLimit)
	if !strings.HasPrefix(strings.TrimSpace(line), "```") {
		return strings.TrimRight(line, "\r\n"), err
	}
	var b strings.Builder
	b.WriteString(line)
	for err == nil {
		line, err = a.line(lineLimit - b.Len())
		b.WriteString(line)
		if strings.TrimSpace(line) == "```" {
			break
		}
	}
	return b.String(), err
}

// line reads a line and keeps at most limit bytes of it.
func (a *Adapter) line(limit int) (string, error) {
	var b strings.Builder
	for {
		part, err := a.in.ReadSlice('\n')
		b.Write(part[:min(len(part), max(0, limit-b.Len()))])
		if !errors.Is(err, bufio.ErrBufferFull) {
			return b.String(), err
		}
	}
}

// Send writes the reply in one piece.
func (a *Adapter) Send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	if err := ctx.Err(); err != nil {
		return bot.Ref{}, &bot.SendError{Adapter: a.Name(), Retry: true, Err: err}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := io.WriteString(a.out, a.render(r)); err != nil {
		return bot.Ref{}, &bot.SendError{Adapter: a.Name(), Err: err}
	}
	a.sent++
	return bot.Ref{In: c, ID: fmt.Sprintf("%s-%d", a.session, a.sent)}, nil
}

func (a *Adapter) prompt() {
	if !a.Terminal {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	io.WriteString(a.out, promptMark) // a terminal that is gone ends the input, too
}
