package main

import (
	"bufio"
	"bytes"
	"encoding/json"
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
	var labels string
	cmd := &cobra.Command{
		Use:   "eval FILE.jsonl...",
		Short: "Measure the answers to labelled messages",
		Long: `Eval asks every labelled message and prints accuracy, wrong answers, silence
and questions back, per topic, and what was taken for what. A line is
{"id","text","accept":["topic-id",...]}: right if the first topic given is one
of them, or a question back offers one; "none" if no topic must be given. With
"accept_all", every one of them must be given or offered, or one that
"equivalent" maps it to. For a guide with other headings than the labels were
written for, --labels names a JSON object {"label":["topic-id",...]}.`,
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
			if err := relabel(cases, labels); err != nil {
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
	cmd.Flags().StringVar(&labels, "labels", "", "a file that says what the labels are called in this guide")
	cmd.Flags().Float64Var(&maxWrong, "max-wrong", 0, "fail above this percentage of wrong answers")
	return cmd
}

// A labelled message of an evaluation.
type labelled struct {
	Place      string              `json:"-"` // file:line
	ID         json.RawMessage     `json:"id"`
	Text       *string             `json:"text"`
	Accept     []string            `json:"accept"`
	AcceptAll  []string            `json:"accept_all"`
	Equivalent map[string][]string `json:"equivalent"`
}

// readCases reads the labelled messages of all files.
func readCases(paths []string) ([]labelled, error) {
	return readMessages(paths, "labelled message", func(c labelled) bool { return c.Text != nil && len(c.Accept)+len(c.AcceptAll) > 0 })
}

// readMessages reads the messages of all files. A line that is not usable is
// an error with its place: a figure over the rest would be a wrong figure.
func readMessages(paths []string, what string, usable func(labelled) bool) ([]labelled, error) {
	var cases []labelled
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the labelled messages: %w; name files of JSON lines", err)
		}
		data = bytes.TrimPrefix(data, []byte("\ufeff")) // as editors on Windows begin a file
		scan := bufio.NewScanner(bytes.NewReader(data))
		scan.Buffer(nil, len(data)+1)
		for n := 1; scan.Scan(); n++ {
			if len(bytes.TrimSpace(scan.Bytes())) == 0 {
				continue
			}
			var c labelled
			if err := json.Unmarshal(scan.Bytes(), &c); err != nil || !usable(c) {
				return nil, fmt.Errorf(`%s:%d: not a %s; write {"id":"1","text":"getting a 503","accept":["503"]}`, path, n, what)
			}
			c.Place = fmt.Sprintf("%s:%d", path, n)
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf(`there are no %ss in these files; write {"id":"1","text":"getting a 503","accept":["503"]} a line`, what)
	}
	return cases, nil
}

// relabel replaces the labels of cases by what a file says they are called in
// another guide. A label that it does not name stays.
func relabel(cases []labelled, path string) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the labels: %w; name a JSON file", err)
	}
	var names map[string][]string
	if err := json.Unmarshal(data, &names); err != nil {
		return fmt.Errorf(`read the labels of %s: %w; write {"rate-limiting":["throttling-and-quotas"]}`, path, err)
	}
	for i := range cases {
		c := &cases[i]
		c.Accept = renamed(c.Accept, names)
		for _, id := range c.AcceptAll {
			if c.Equivalent == nil {
				c.Equivalent = map[string][]string{}
			}
			c.Equivalent[id] = append(renamed(c.Equivalent[id], names), names[id]...)
		}
	}
	return nil
}

func renamed(ids []string, names map[string][]string) []string {
	var out []string
	for _, id := range ids {
		if to, ok := names[id]; ok {
			out = append(out, to...)
		} else {
			out = append(out, id)
		}
	}
	return out
}

// evaluate asks all cases.
func evaluate(g *knowledge.Guide, cases []labelled, progress io.Writer) *results {
	r := newResults()
	eachCase(cases, progress, func(c labelled) { r.add(c, answerOf(bot.Ask(g, *c.Text), false)) })
	return r
}

// eachCase does something with all cases, with a progress bar on a terminal if
// it takes long.
func eachCase(cases []labelled, progress io.Writer, do func(labelled)) {
	start := time.Now()
	var bar *progressbar.ProgressBar
	for i, c := range cases {
		do(c)
		if bar == nil && isTerminal(progress) && time.Since(start) > quietTime {
			bar = progressbar.NewOptions(len(cases), progressbar.OptionSetWriter(progress), progressbar.OptionSetWidth(width(progress)/2),
				progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		if bar != nil {
			bar.Set(i + 1) // nothing to do if the terminal is gone
		}
	}
}
