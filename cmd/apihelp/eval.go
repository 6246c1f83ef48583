package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"apihelp/bot"
	"apihelp/knowledge"
)

// quietTime is how long an evaluation may take before it shows its progress.
const quietTime = time.Second

func evalCommand(std stdio) *cobra.Command {
	var minAccuracy, maxWrong float64
	cmd := &cobra.Command{
		Use:   "eval FILE.jsonl...",
		Short: "Measure the answers to labelled messages",
		Long: `Eval asks every labelled message and prints accuracy, wrong answers, silence
and questions back, per topic, and what was taken for what. A line is
{"id","text","accept":["topic-id",...]}: right if the first topic given is one
of them, or a question back offers one; "none" if no topic must be given. With
"accept_all", every one of them must be given or offered, or one that
"equivalent" maps it to.`,
		Example: "  apihelp eval cases.jsonl --min-accuracy 90 --max-wrong 2",
		Args:    someArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if minAccuracy > 0 && minAccuracy < 1 || minAccuracy > 100 || maxWrong < 0 || maxWrong > 100 {
				return usagef("--min-accuracy and --max-wrong are percentages; write 90 for 90 %%")
			}
			g, err := configuredGuide()
			if err != nil {
				return err
			}
			cases, err := readCases(args)
			if err != nil {
				return err
			}
			r := evaluate(g, cases, std.err)
			if err := r.print(std.out); err != nil {
				return err
			}
			return r.judge(minAccuracy, maxWrong, cmd.Flags().Changed("max-wrong"))
		},
	}
	cmd.Flags().Float64Var(&minAccuracy, "min-accuracy", 0, "fail below this percentage of right answers")
	cmd.Flags().Float64Var(&maxWrong, "max-wrong", 0, "fail above this percentage of wrong answers")
	return cmd
}

// A labelled message of an evaluation.
type labelled struct {
	ID         json.RawMessage     `json:"id"`
	Text       *string             `json:"text"`
	Accept     []string            `json:"accept"`
	AcceptAll  []string            `json:"accept_all"`
	Equivalent map[string][]string `json:"equivalent"`
}

// readCases reads the labelled messages of all files. A line that is none is
// an error with its place: a figure over the rest would be a wrong figure.
func readCases(paths []string) ([]labelled, error) {
	var cases []labelled
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the labelled messages: %w; name files of JSON lines", err)
		}
		scan := bufio.NewScanner(bytes.NewReader(data))
		scan.Buffer(nil, len(data)+1)
		for n := 1; scan.Scan(); n++ {
			if len(bytes.TrimSpace(scan.Bytes())) == 0 {
				continue
			}
			var c labelled
			if err := json.Unmarshal(scan.Bytes(), &c); err != nil || c.Text == nil || len(c.Accept)+len(c.AcceptAll) == 0 {
				return nil, fmt.Errorf(`%s:%d: not a labelled message; write {"id":"1","text":"getting a 503","accept":["503"]}`, path, n)
			}
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return nil, errors.New(`there are no labelled messages in these files; write {"id":"1","text":"getting a 503","accept":["503"]} a line`)
	}
	return cases, nil
}

// evaluate asks all cases, with a progress bar on a terminal if it takes long.
func evaluate(g *knowledge.Guide, cases []labelled, progress io.Writer) *results {
	r := newResults()
	start := time.Now()
	var bar *progressbar.ProgressBar
	for i, c := range cases {
		r.add(c, answerOf(bot.Ask(g, *c.Text), false))
		if bar == nil && isTerminal(progress) && time.Since(start) > quietTime {
			bar = progressbar.NewOptions(len(cases), progressbar.OptionSetWriter(progress), progressbar.OptionSetWidth(width(progress)/2),
				progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		if bar != nil {
			bar.Set(i + 1) // nothing to do if the terminal is gone
		}
	}
	return r
}
