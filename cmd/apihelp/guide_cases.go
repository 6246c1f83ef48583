package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"apihelp/bot"
	"apihelp/knowledge"
)

func guideTestCommand(std stdio) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "test CASES.jsonl... [--guide PATH]",
		Short: "Fail if a labelled message is not answered as it should be",
		Long: `Test asks every labelled message, written as for eval, and prints each that is
not answered as its label says: what was expected, what was given, and what was
considered and why. It fails if there is one.`,
		Example: "  apihelp guide test cases.jsonl --guide docs/troubleshooting",
		Args:    someArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := guideOf(cmd, path)
			if err != nil {
				return err
			}
			cases, err := readCases(args)
			if err != nil {
				return err
			}
			return testGuide(std, g, cases)
		},
	}
	cmd.Flags().StringVar(&path, "guide", "", "a Markdown file or a folder of them (default: the configured guide)")
	return cmd
}

// guideOf is the guide that --guide names, or the configured one.
func guideOf(cmd *cobra.Command, path string) (*knowledge.Guide, error) {
	if cmd.Flags().Changed("guide") {
		return readGuide(path)
	}
	return configuredGuide()
}

// testGuide prints the cases that fail, and the totals.
func testGuide(std stdio, g *knowledge.Guide, cases []labelled) error {
	var b strings.Builder
	r := newResults()
	eachCase(cases, std.err, func(c labelled) {
		a := answerOf(bot.Ask(g, *c.Text), true)
		r.add(c, a)
		if !c.isRight(a) {
			describeFailure(&b, c, a)
		}
	})
	fmt.Fprintf(&b, "%d messages: %d right, %d wrong, %d silent\n", r.all.total, r.all.right, r.all.wrong, r.all.silent)
	if _, err := io.WriteString(std.out, b.String()); err != nil {
		return fmt.Errorf("print the results: %w", err)
	}
	if failed := r.all.total - r.all.right; failed > 0 {
		fmt.Fprintf(std.err, "apihelp: messages that are not answered as their labels say: %d; mend the guide with symptoms and aliases, or the labels\n", failed)
		return errReported
	}
	return nil
}

// mostQuoted is how many characters of a message a failure repeats.
const mostQuoted = 200

// describeFailure says how an answer differs from the label, and why.
func describeFailure(b *strings.Builder, c labelled, a answer) {
	fmt.Fprintf(b, "%s: %q\n  expected: %s\n  given:    %s\n", c.Place, oneLine(*c.Text, mostQuoted), c.expected(), outcomeOf(a))
	for _, t := range a.Candidates {
		fmt.Fprintf(b, "  considered %s (%s): score %.2f\n", t.ID, t.Title, t.Score)
		for _, r := range t.Why {
			fmt.Fprintf(b, "    %s\n", r)
		}
	}
	b.WriteByte('\n')
}

// expected says in words what a label asks for.
func (c labelled) expected() string {
	if len(c.AcceptAll) == 0 {
		return strings.Join(c.Accept, " or ")
	}
	var all []string
	for _, id := range c.AcceptAll {
		all = append(all, strings.Join(append([]string{id}, c.Equivalent[id]...), " or "))
	}
	return strings.Join(all, " and ")
}

// An outcome is an answer without its words.
type outcome struct {
	Act    bot.Act  `json:"act"`
	Topics []string `json:"topics"`
}

func outcomeOf(a answer) outcome {
	o := outcome{Act: a.Act, Topics: []string{}}
	for _, t := range a.Topics {
		o.Topics = append(o.Topics, t.ID)
	}
	return o
}

func (o outcome) equal(other outcome) bool {
	return o.Act == other.Act && slices.Equal(o.Topics, other.Topics)
}

// String names the act and the topics.
func (o outcome) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", o.Act, strings.Join(o.Topics, ", ")))
}
