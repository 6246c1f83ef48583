package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"apihelp/bot"
	"apihelp/bot/check"
	"apihelp/knowledge"
)

// keyLimit bounds a key that is read from standard input.
const keyLimit = 16 << 10

// checks are the live checks that are configured, nil for none.
func (c *Config) checks() *bot.Live {
	if len(c.CheckTargets) == 0 && c.StatusURL.StatusPage == nil {
		return nil
	}
	live := &bot.Live{Runner: check.NewRunner(c.CheckTargets, check.Options{}), Quota: check.NewQuota(), Status: c.StatusURL.StatusPage}
	for _, t := range c.CheckTargets {
		live.Targets = append(live.Targets, t.Name)
	}
	return live
}

func checkCommand(std stdio) *cobra.Command {
	var targets []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [--target NAME] [--json]",
		Short: "Test the API and a key from here",
		Long: `Check tests the configured targets (APIHELP_CHECK_TARGETS) layer by layer, says
where it breaks and which step of the guide mends it. It asks for the key without
showing it; a key comes from standard input or APIHELP_API_KEY as well, never from
the command line. With no key, everything but the key is tested.`,
		Example: `  apihelp check
  apihelp check --target staging < key.txt
  APIHELP_API_KEY_FILE=/run/secrets/key apihelp check --json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 { // which may be a key, and is not repeated
				return usagef("check takes no arguments; write a key to the prompt, to standard input or into APIHELP_API_KEY, and change one that stands in a shell's history")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig()
			if err != nil {
				return err
			}
			if len(c.CheckTargets) == 0 {
				return usagef(`nothing to check; set APIHELP_CHECK_TARGETS, such as '[{"name":"production","url":"https://api.example.com/v1/me","header":{"Authorization":"Bearer {key}"}}]'`)
			}
			g, err := knowledge.Read(c.Guide)
			if err != nil {
				return &usageError{guideFault(err)}
			}
			if cmd.Flags().Changed("target") && strings.Join(targets, "") == "" {
				return usagef("--target is empty; name a target, or leave the flag out to check all of them")
			}
			key, err := readKey(cmd.Context(), std, c.APIKey)
			if err != nil {
				return err
			}
			return runChecks(cmd.Context(), g, c.checks().Runner, std.out, check.Request{Targets: targets, Key: key}, asJSON)
		},
	}
	cmd.Flags().StringSliceVar(&targets, "target", nil, "check only the target of that `name`; may be given several times")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the outcome as JSON")
	return cmd
}

// readKey takes the key from the setting, from a prompt that does not show it,
// or from standard input. An empty one is none.
func readKey(ctx context.Context, std stdio, configured string) (check.Secret, error) {
	if configured != "" {
		return check.NewSecret(configured), nil
	}
	if isTerminal(std.in) {
		return promptKey(ctx, std)
	}
	key, err := io.ReadAll(io.LimitReader(untilDone(ctx, std.in), keyLimit+1))
	if err != nil {
		return check.Secret{}, fmt.Errorf("read the key from standard input: %w", err)
	}
	if len(key) > keyLimit {
		return check.Secret{}, usagef("what comes from standard input is too long for a key; write the key alone")
	}
	return secretOf(key), nil
}

// promptKey asks for the key without showing it. When ctx ends, the terminal
// shows again what is typed.
func promptKey(ctx context.Context, std stdio) (check.Secret, error) {
	fd := int(std.in.(*os.File).Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return check.Secret{}, fmt.Errorf("read the key: %w", err)
	}
	fmt.Fprint(std.err, "API key (not shown; empty to test without one): ")
	defer fmt.Fprintln(std.err)
	type read struct {
		key []byte
		err error
	}
	typed := make(chan read, 1)
	go func() {
		key, err := term.ReadPassword(fd)
		typed <- read{key, err}
	}()
	select {
	case <-ctx.Done():
		return check.Secret{}, errors.Join(ctx.Err(), term.Restore(fd, before))
	case r := <-typed:
		if r.err != nil {
			return check.Secret{}, fmt.Errorf("read the key: %w", r.err)
		}
		return secretOf(r.key), nil
	}
}

// secretOf makes a secret of what was read, and clears that. The newline with
// which a line ends is not the key's.
func secretOf(read []byte) check.Secret {
	defer clear(read)
	key := strings.TrimSuffix(strings.TrimSuffix(string(read), "\n"), "\r")
	if key == "" {
		return check.Secret{}
	}
	return check.NewSecret(key)
}

// checkOutput is what check --json prints.
type checkOutput struct {
	Targets  []checkedTarget `json:"targets"`
	Passport string          `json:"passport,omitempty"`
}

type checkedTarget struct {
	Name    string       `json:"name"`
	OK      bool         `json:"ok"`
	Verdict string       `json:"verdict"`
	Rows    []checkedRow `json:"rows"`
}

type checkedRow struct {
	Check  string       `json:"check"`
	Status check.Status `json:"status"`
	Detail string       `json:"detail"`
	Topic  string       `json:"topic"`
	Step   int          `json:"step"`
	MS     float64      `json:"ms"`
}

// runChecks runs the checks and prints each row as it is found, and what it
// means in the end.
func runChecks(ctx context.Context, g *knowledge.Guide, r *check.Runner, w io.Writer, q check.Request, asJSON bool) error {
	if !asJSON {
		q.Progress = func(target string, row check.Result) {
			fmt.Fprintf(w, "%-12s %-10s %-4s %5d ms  %s\n", target, row.Check, row.Status, row.Took.Milliseconds(), row.Detail)
		}
	}
	reports, err := r.Run(ctx, q)
	if errors.Is(err, check.ErrUnknownTarget) {
		return &usageError{err}
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if asJSON {
		err = json.NewEncoder(w).Encode(outputOf(g, reports))
	} else {
		err = printVerdicts(g, w, reports)
	}
	if err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	if slices.ContainsFunc(reports, func(r check.Report) bool { return !r.OK }) {
		return errReported
	}
	return nil
}

func outputOf(g *knowledge.Guide, reports []check.Report) checkOutput {
	out := checkOutput{Passport: check.Passport(reports)}
	for _, r := range reports {
		d := bot.Diagnose(g, r)
		t := checkedTarget{Name: d.Target, OK: d.OK, Verdict: d.Verdict}
		for _, f := range d.Findings {
			t.Rows = append(t.Rows, checkedRow{f.Check, f.Status, f.Detail, f.Topic, f.Step, float64(f.Took.Microseconds()) / 1000})
		}
		out.Targets = append(out.Targets, t)
	}
	return out
}

// printVerdicts says what the rows mean and what the guide says about it.
func printVerdicts(g *knowledge.Guide, w io.Writer, reports []check.Report) error {
	var b strings.Builder
	for _, r := range reports {
		d := bot.Diagnose(g, r)
		fmt.Fprintf(&b, "\n%s\n", d.Verdict)
		for _, f := range d.Findings {
			if e := g.Entry(f.Topic); e != nil {
				fmt.Fprintf(&b, "  %s\n", bot.Advice(e, f.Step))
			}
		}
	}
	if passport := check.Passport(reports); passport != "" {
		fmt.Fprintf(&b, "\n%s\n", passport)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
