package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"apihelp/bot"
	"apihelp/knowledge"
)

// The ways in which an answer differs between two versions of a guide.
const (
	planChanged  = "changed"
	planAppeared = "appeared"
	planVanished = "vanished"
	planReworded = "reworded"
)

var planKinds = []string{planChanged, planAppeared, planVanished, planReworded}

func guidePlanCommand(std stdio) *cobra.Command {
	var asJSON bool
	var failOn []string
	cmd := &cobra.Command{
		Use:   "plan OLD NEW CASES.jsonl...",
		Short: "Show which answers change between two versions of a guide",
		Long: `Plan asks every message of both guides, files or folders, and shows the answers
that differ: changed (another act or other topics), appeared (there was none),
vanished (there is none any more) and reworded (the same topics, but the reply
reads otherwise). A line is {"text"}, with an "id" if you like; labelled
messages will do, and their labels do not matter.

With --json it prints one object: {"changed":[{"id","text","old":{"act",
"topics"},"new":{"act","topics"}}],"appeared":[],"vanished":[],"reworded":[],
"same":0}.`,
		Example: "  apihelp guide plan published.md edited.md messages.jsonl --fail-on vanished",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 3 {
				return usagef("an argument is missing: two guides, and messages to ask them; see '%s --help'", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, kind := range failOn {
				if !slices.Contains(planKinds, kind) {
					return usagef("--fail-on %q is nothing that can happen; write some of %s", kind, strings.Join(planKinds, ","))
				}
			}
			p, err := planOf(std, args)
			if err != nil {
				return err
			}
			if err := p.print(std.out, asJSON); err != nil {
				return err
			}
			return p.judge(std.err, failOn)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringSliceVar(&failOn, "fail-on", nil, "fail if there are any of these: "+strings.Join(planKinds, ","))
	return cmd
}

// A plan is how the answers of two versions of a guide differ.
type plan struct {
	differences map[string][]difference // by kind
	order       []difference            // as the messages came
	same        int
}

// A difference is a message that two guides answer differently.
type difference struct {
	kind string
	ID   json.RawMessage `json:"id,omitempty"`
	Text string          `json:"text"`
	Old  outcome         `json:"old"`
	New  outcome         `json:"new"`
}

// planOf compares the guides args[0] and args[1] on the messages in the files
// that follow.
func planOf(std stdio, args []string) (*plan, error) {
	before, err := readGuide(args[0])
	if err != nil {
		return nil, err
	}
	after, err := readGuide(args[1])
	if err != nil {
		return nil, err
	}
	cases, err := readMessages(args[2:], "message", func(c labelled) bool { return c.Text != nil })
	if err != nil {
		return nil, err
	}
	p := &plan{differences: map[string][]difference{}}
	eachCase(cases, std.err, func(c labelled) { p.compare(before, after, c) })
	return p, nil
}

// compare asks both guides one message.
func (p *plan) compare(before, after *knowledge.Guide, c labelled) {
	was, is := answerOf(bot.Ask(before, *c.Text), false), answerOf(bot.Ask(after, *c.Text), false)
	d := difference{ID: c.ID, Text: *c.Text, Old: outcomeOf(was), New: outcomeOf(is)}
	switch {
	case len(was.Topics) == 0 && len(is.Topics) > 0:
		d.kind = planAppeared
	case len(was.Topics) > 0 && len(is.Topics) == 0:
		d.kind = planVanished
	case !d.Old.equal(d.New):
		d.kind = planChanged
	case len(is.Topics) > 0 && was.Reply != is.Reply:
		d.kind = planReworded
	default:
		p.same++
		return
	}
	p.differences[d.kind] = append(p.differences[d.kind], d)
	p.order = append(p.order, d)
}

// print writes the plan as a table or as JSON.
func (p *plan) print(w io.Writer, asJSON bool) error {
	var err error
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		err = enc.Encode(p.object())
	} else {
		_, err = io.WriteString(w, p.table(width(w)))
	}
	if err != nil {
		return fmt.Errorf("print the plan: %w", err)
	}
	return nil
}

// A planObject is a plan as scripts see it.
type planObject struct {
	Changed  []difference `json:"changed"`
	Appeared []difference `json:"appeared"`
	Vanished []difference `json:"vanished"`
	Reworded []difference `json:"reworded"`
	Same     int          `json:"same"`
}

func (p *plan) object() planObject {
	of := func(kind string) []difference { return append([]difference{}, p.differences[kind]...) }
	return planObject{of(planChanged), of(planAppeared), of(planVanished), of(planReworded), p.same}
}

// How many columns a message has in the table, at least and at most.
const (
	leastText = 20
	mostText  = 60
)

// table gives a line for each difference, its message shortened so that the
// line fits, as far as the topics leave room, and the totals.
func (p *plan) table(columns int) string {
	var b strings.Builder
	kindWidth, outcomeWidth := len(planReworded), 0
	for _, d := range p.order {
		outcomeWidth = max(outcomeWidth, utf8.RuneCountInString(d.change()))
	}
	limit := min(max(columns-kindWidth-outcomeWidth-4, leastText), mostText)
	for _, d := range p.order {
		fmt.Fprintf(&b, "%-*s  %-*s  %s\n", kindWidth, d.kind, limit, oneLine(d.Text, limit), d.change())
	}
	if len(p.order) > 0 {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d messages: ", len(p.order)+p.same)
	for _, kind := range planKinds {
		fmt.Fprintf(&b, "%d %s, ", len(p.differences[kind]), kind)
	}
	fmt.Fprintf(&b, "%d same\n", p.same)
	return b.String()
}

// change is what was answered, and what is.
func (d difference) change() string {
	if d.Old.equal(d.New) {
		return d.New.String()
	}
	return d.Old.String() + " -> " + d.New.String()
}

// judge fails if something happened that must not.
func (p *plan) judge(w io.Writer, failOn []string) error {
	var found []string
	for _, kind := range planKinds {
		if n := len(p.differences[kind]); n > 0 && slices.Contains(failOn, kind) {
			found = append(found, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if len(found) == 0 {
		return nil
	}
	fmt.Fprintf(w, "apihelp: --fail-on found %s; mend the new guide, or leave the flag out if that is meant\n", strings.Join(found, ", "))
	return errReported
}

// oneLine gives a text on one line of at most limit characters, without what
// a terminal would take for a command.
func oneLine(text string, limit int) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	r := []rune(strings.Join(words, " "))
	if len(r) > limit {
		return string(r[:max(0, limit-1)]) + "…"
	}
	return cmp.Or(string(r), "(empty)")
}
