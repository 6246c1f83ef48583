package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"apihelp/bot"
)

func explainCommand(std stdio) *cobra.Command {
	var reply string
	cmd := &cobra.Command{
		Use:   "explain TEXT... | explain --reply NAME",
		Short: "Say why a question is answered as it is",
		Long: `Explain prints how a question is read: the version of the guide, what in it spoke
for which entry, and why other candidates were not taken. TEXT - reads it from
standard input. A reply's name is what "why" in the chat ends with; with REDIS_URL
set, --reply finds the question behind it.`,
		Example: `  apihelp explain conection timout since monday
  REDIS_URL=redis://localhost apihelp explain --reply slack:T1:4AFEZK6MWIXGA2QTJ3NP`,
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := configuredGuide()
			if err != nil {
				return err
			}
			var question string
			if reply != "" {
				question, err = questionBehind(cmd.Context(), reply, args)
			} else {
				question, err = questionOf(cmd.Context(), std, args)
			}
			if err != nil {
				return err
			}
			if _, err := io.WriteString(std.out, bot.Explain(g, question)); err != nil {
				return fmt.Errorf("print the explanation: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&reply, "reply", "", "explain the reply of that `name`")
	return cmd
}

// questionBehind finds what a reply answers.
func questionBehind(ctx context.Context, reply string, args []string) (string, error) {
	if len(args) > 0 {
		return "", usagef("a question and --reply exclude each other; leave one out")
	}
	c, err := loadConfig()
	if err != nil {
		return "", err
	}
	if c.RedisURL == "" {
		return "", usagef("--reply needs the Redis in which the bot keeps its conversations; set REDIS_URL")
	}
	p, err := newProgram(c, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	defer p.close()
	question, err := bot.Question(ctx, p.store, reply)
	if err == nil && question == "" {
		err = fmt.Errorf("the reply %s is not known, or not any more; conversations are kept for APIHELP_SESSION_TTL", reply)
	}
	return question, err
}
