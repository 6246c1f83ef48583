package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"apihelp/bot"
	"apihelp/knowledge"
)

// stdinLimit bounds a question that is read from standard input.
const stdinLimit = 64 << 20

func askCommand(std stdio) *cobra.Command {
	var asJSON, jsonl, explain bool
	cmd := &cobra.Command{
		Use:   "ask [--json] [--explain] TEXT... | ask --jsonl",
		Short: "Answer one question, or with --jsonl one a line",
		Long: `Ask answers one question from the guide and keeps nothing. TEXT - reads it
from standard input. With --jsonl, each line of standard input is an object
{"id","text"}, and each line of output the answer to it, in the same order;
a line that cannot be used gives {"line","error"}, and exit code 1 in the end.`,
		Example: `  apihelp ask getting a 503
  apihelp ask --explain "CONN_RESET every few minutes"
  kubectl logs my-pod | apihelp ask -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := configuredGuide()
			if err != nil {
				return err
			}
			if jsonl && asJSON {
				return usagef("--json and --jsonl exclude each other; leave one out")
			}
			if jsonl {
				return askLines(cmd.Context(), g, std, args, explain)
			}
			question, err := questionOf(cmd.Context(), std, args)
			if err != nil {
				return err
			}
			return askOne(g, std.out, question, asJSON, explain)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer as JSON")
	cmd.Flags().BoolVar(&jsonl, "jsonl", false, "read questions as JSON lines")
	cmd.Flags().BoolVar(&explain, "explain", false, "show every candidate and why")
	return cmd
}

// configuredGuide is the guide for commands that need nothing else.
func configuredGuide() (*knowledge.Guide, error) {
	c, err := loadConfig()
	if err != nil {
		return nil, err
	}
	g, err := knowledge.Read(c.Guide)
	if err != nil {
		return nil, &usageError{guideFault(err)}
	}
	return g, nil
}

// guideFault says what is wrong with the configured guide.
func guideFault(err error) error {
	return fmt.Errorf("APIHELP_GUIDE cannot be used; name a Markdown file or a folder of them:\n%w", err)
}

func questionOf(ctx context.Context, std stdio, args []string) (string, error) {
	question := strings.Join(args, " ")
	if question == "-" {
		data, err := io.ReadAll(io.LimitReader(untilDone(ctx, std.in), stdinLimit))
		if err != nil {
			return "", fmt.Errorf("read the question from standard input: %w", err)
		}
		question = string(data)
	}
	if len(args) == 0 || len(args) == 1 && args[0] == "" || question == "" {
		return "", usagef("the question is empty; write it behind the command, such as: apihelp ask getting a 503")
	}
	return question, nil
}

func askOne(g *knowledge.Guide, w io.Writer, question string, asJSON, explain bool) error {
	plan := bot.Ask(g, question)
	if asJSON {
		return json.NewEncoder(w).Encode(answerOf(plan, explain))
	}
	if _, err := fmt.Fprintln(w, plainReplies(plan)); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	if explain {
		if _, err := fmt.Fprint(w, "\n", bot.Explain(g, question)); err != nil {
			return fmt.Errorf("print the explanation: %w", err)
		}
	}
	return nil
}

func plainReplies(p bot.Plan) string {
	parts := make([]string, len(p.Replies))
	for i, r := range p.Replies {
		parts[i] = r.Plain()
	}
	return strings.Join(parts, "\n\n")
}

// points gives hundredths as points.
func points(hundredths int) float64 { return float64(hundredths) / 100 }
