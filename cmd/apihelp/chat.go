package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"apihelp/bot"
)

// chatWait is how long a chat waits for the store: nobody counts the
// milliseconds until a line is acknowledged.
const chatWait = 5 * time.Second

func chatCommand(std stdio) *cobra.Command {
	var jsonl bool
	cmd := &cobra.Command{
		Use:   "chat [--jsonl]",
		Short: "Hold a conversation in the terminal, or with --jsonl many from a script",
		Long: `Chat holds a conversation; with REDIS_URL set it goes on where it was left. A
line is a message; lines between two lines of ` + "```" + ` are one message.
With --jsonl, each line of standard input is an object
{"conversation","from","text","at"?,"direct"?}, and each line of output what
the bot does with it: {"conversation","act","topic","step","reply","choices"}.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig()
			if err != nil {
				return err
			}
			p, err := newProgram(c, logger(std.err, c.LogLevel, true))
			if err != nil {
				return err
			}
			defer p.close()
			p.wait = chatWait
			if jsonl {
				return chatLines(cmd.Context(), p.newBot(nil), std)
			}
			return p.run(cmd.Context(), []bot.Adapter{terminal(std, isTerminal(std.in) && isTerminal(std.out))}, "")
		},
	}
	cmd.Flags().BoolVar(&jsonl, "jsonl", false, "read messages as JSON lines")
	return cmd
}

// said is a line of chat --jsonl.
type said struct {
	Conversation string    `json:"conversation"`
	From         string    `json:"from"`
	Text         *string   `json:"text"`
	At           time.Time `json:"at"`
	Direct       bool      `json:"direct"`
}

// heard is what the bot does with it.
type heard struct {
	Conversation string   `json:"conversation"`
	Act          bot.Act  `json:"act"`
	Topic        string   `json:"topic"`
	Step         int      `json:"step"`
	Reply        string   `json:"reply"`
	Choices      []choice `json:"choices"`
}

type choice struct {
	Label string `json:"label"`
	Say   string `json:"say"`
}

const saidExample = `write {"conversation":"c1","from":"ann","text":"getting a 503"}`

// chatLines holds the conversations that a script plays.
func chatLines(ctx context.Context, b *bot.Bot, std stdio) error {
	run, n := rand.Text(), 0
	return eachLine(ctx, std, func(line []byte) (any, error) {
		var s said
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, badLine(err, saidExample)
		}
		if s.Text == nil || s.Conversation == "" {
			return nil, errors.New(`"conversation" or "text" is missing; ` + saidExample)
		}
		n++
		return heardOf(s.Conversation, b.Talk(ctx, s.message(fmt.Sprintf("%s-%d", run, n)))), nil
	})
}

func (s said) message(id string) bot.Message {
	if s.At.IsZero() {
		s.At = time.Now()
	}
	return bot.Message{
		ID: id, In: bot.Conversation{Adapter: "jsonl", Channel: s.Conversation},
		From: bot.User{ID: s.From}, Text: *s.Text, At: s.At, Direct: s.Direct, Ambient: !s.Direct,
	}
}

func heardOf(conversation string, p bot.Plan) heard {
	h := heard{Conversation: conversation, Act: p.Act, Topic: p.Topic, Step: p.Step, Reply: plainReplies(p), Choices: []choice{}}
	for _, r := range p.Replies {
		for _, block := range r.Blocks {
			choices, _ := block.(bot.Choices)
			for _, c := range choices {
				h.Choices = append(h.Choices, choice{c.Label, c.Say})
			}
		}
	}
	return h
}
