package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"apihelp/knowledge"
)

func guideCommand(std stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "guide",
		Short: "Look at a guide the way the bot does",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		guideSubcommand("lint [PATH]", "Print what the bot cannot use or would mistake, as file:line: message", std, lint),
		guideSubcommand("topics [PATH]", "Print what the bot understood", std, printTopics),
		guideTestCommand(std),
		guidePlanCommand(std),
	)
	return cmd
}

// guideSubcommand reads the guide at PATH, or the configured one.
func guideSubcommand(use, short string, std stdio, do func(stdio, *knowledge.Guide, error) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("one PATH at a time; leave %q out", args[1])
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadConfig()
			if err != nil {
				return err
			}
			path := c.Guide
			if len(args) == 1 {
				path = args[0]
			}
			g, err := knowledge.Read(path)
			return do(std, g, err)
		},
	}
}

// readGuide reads a guide that the command line names.
func readGuide(path string) (*knowledge.Guide, error) {
	if path == "" {
		return nil, usagef("the path of a guide is empty; name a Markdown file or a folder of them")
	}
	g, err := knowledge.Read(path)
	if err != nil {
		return nil, noGuide(err)
	}
	return g, nil
}

func noGuide(err error) error {
	return fmt.Errorf("%w; name a Markdown file or a folder of them", err)
}

// lint prints all faults and fails if there is one.
func lint(std stdio, g *knowledge.Guide, err error) error {
	faults := faultsOf(err)
	if err != nil && len(faults) == 0 {
		return noGuide(err)
	}
	if err == nil {
		faults = g.Lint()
	}
	for _, f := range faults {
		fmt.Fprintln(std.out, f)
	}
	if len(faults) > 0 {
		fmt.Fprintf(std.err, "apihelp: the guide has faults: %d\n", len(faults))
		return errReported
	}
	fmt.Fprintln(std.out, "no faults:", count(g))
	if names := helpsWith(nil, g.Bindings()); len(names) > 0 {
		fmt.Fprintf(std.out, "note: no topic on %s; questions about that are recognised, and not answered\n", strings.Join(names, ", "))
	}
	return nil
}

// faultsOf returns the faults that an error of reading a guide joins.
func faultsOf(err error) []knowledge.Fault {
	var fault knowledge.Fault
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var faults []knowledge.Fault
		for _, e := range joined.Unwrap() {
			faults = append(faults, faultsOf(e)...)
		}
		return faults
	}
	if errors.As(err, &fault) {
		return []knowledge.Fault{fault}
	}
	return nil
}

func count(g *knowledge.Guide) string {
	topics, codes := 0, 0
	for _, e := range g.Entries {
		if e.Kind == knowledge.Topic {
			topics++
		} else {
			codes++
		}
	}
	return fmt.Sprintf("%d topics, %d codes", topics, codes)
}

// printTopics prints every entry with what the bot knows about it.
func printTopics(std stdio, g *knowledge.Guide, err error) error {
	if err != nil {
		return err
	}
	var b strings.Builder
	bindings := g.Bindings()
	for _, e := range g.Entries {
		describe(&b, e, bindings)
	}
	describeUnbound(&b, bindings)
	fmt.Fprintln(&b, count(g))
	if _, err := io.WriteString(std.out, b.String()); err != nil {
		return fmt.Errorf("print the topics: %w", err)
	}
	return nil
}

func describe(b *strings.Builder, e *knowledge.Entry, bindings []knowledge.Binding) {
	fmt.Fprintf(b, "%s\n  %s:%d  %s\n", e.ID, e.Pos.File, e.Pos.Line, strings.Join(append(e.Category[:len(e.Category):len(e.Category)], e.Title), " > "))
	for _, row := range []struct{ label, value string }{
		{"meaning", e.Meaning.String()},
		{"solution", e.Solution.String()},
		{"aliases", strings.Join(e.Aliases, ", ")},
		{"symptoms", strings.Join(e.Symptoms, "; ")},
		{"not", strings.Join(e.NotSymptoms, "; ")},
		{"must match", strings.Join(e.MustMatch, "; ")},
		{"must not match", strings.Join(e.MustNotMatch, "; ")},
		{"checks", strings.Join(e.Checks, ", ")},
		{"escalate to", e.EscalateTo},
		{relatedLabel(e), strings.Join(ids(e.Related), ", ")},
		{"helps with", strings.Join(helpsWith(e, bindings), ", ")},
	} {
		if row.value != "" {
			fmt.Fprintf(b, "  %s: %s\n", row.label, row.value)
		}
	}
	for i, s := range e.Steps() {
		fmt.Fprintf(b, "  %2d. %s\n", i+1, strings.ReplaceAll(s.String(), "\n", "\n      "))
	}
	b.WriteByte('\n')
}

// helpsWith returns the kinds of trouble that an entry is given for, when it
// is not named. Nil is what no entry is given for.
func helpsWith(e *knowledge.Entry, bindings []knowledge.Binding) []string {
	var names []string
	for _, b := range bindings {
		if b.Entry == e {
			names = append(names, b.Name)
		}
	}
	return names
}

// describeUnbound names what the bot recognises but has no answer for.
func describeUnbound(b *strings.Builder, bindings []knowledge.Binding) {
	if names := helpsWith(nil, bindings); len(names) > 0 {
		fmt.Fprintf(b, "recognised, but not covered: %s\n\n", strings.Join(names, ", "))
	}
}

func relatedLabel(e *knowledge.Entry) string {
	if e.Kind == knowledge.Code {
		return "leads to"
	}
	return "codes"
}

func ids(entries []*knowledge.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}
