package bot

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"apihelp/bot/check/credential"
	"apihelp/knowledge"
	"apihelp/sessions"
)

// Explain says how a question was read: the version of the guide, what in the
// text spoke for which entry, and why the other candidates were not taken. It
// is the same for the same guide and text, wherever it is asked for.
func Explain(g *knowledge.Guide, question string) string {
	m := clean(Message{Text: question, Direct: true}, credential.New())
	return explain(g, m.Text)
}

// explain is [Explain] for a text without credentials.
func explain(g *knowledge.Guide, text string) string {
	p := Turn(g, sessions.Session{}, Message{Text: text, Direct: true})
	var b strings.Builder
	fmt.Fprintf(&b, "guide %s, %d entries\nact: %s\n", g.Version, len(g.Entries), p.Act)
	if len(p.Matches) == 0 {
		b.WriteString("no entry of the guide explains enough of the message\n")
	}
	if len(p.Matches) > 1 {
		fmt.Fprintf(&b, "lead over the next: %s\n", points(p.Matches[0].Score-p.Matches[1].Score))
	}
	for _, r := range p.Uncovered {
		fmt.Fprintf(&b, "recognised, not covered: %q (%s: %s)\n", r.Said, r.Client, r.Meaning)
	}
	for i, m := range p.Matches {
		fmt.Fprintf(&b, "%d. %s (%s): score %s, %s\n", i+1, m.Entry.ID, m.Entry.Title, points(m.Score), p.outcome(m))
		for _, r := range m.Reasons {
			fmt.Fprintf(&b, "   %s\n", Evidence(r))
		}
	}
	return b.String()
}

// outcome says what became of a candidate.
func (p Plan) outcome(m knowledge.Match) string {
	switch {
	case m.Entry.ID == p.Topic:
		return "answered"
	case slices.Contains(p.Offered, m.Entry.ID):
		return "offered"
	case m.Sure:
		return "rejected: another leads clearly"
	case m.Likely:
		return "rejected: likely, and another is likelier"
	}
	return "rejected: too little speaks for it"
}

// Evidence is a reason in one line.
func Evidence(r knowledge.Reason) string {
	read := ""
	if r.Fixed != "" {
		read = fmt.Sprintf(", read as %q", r.Fixed)
	}
	meaning := ""
	if r.Client != "" {
		meaning = fmt.Sprintf(" (%s: %s)", r.Client, r.Meaning)
	}
	return fmt.Sprintf("%5s  %-8s %q at %d-%d%s: %s%s", points(r.Points), r.Kind, r.Said, r.Start, r.End, read, r.Found, meaning)
}

// points writes hundredths as points.
func points(hundredths int) string { return fmt.Sprintf("%.2f", float64(hundredths)/100) }

// Question returns what the reply of that name answers, without credentials;
// see [ReplyName]. It is empty for one that is not known, or not any more.
func Question(ctx context.Context, store *sessions.Store, reply string) (string, error) {
	adapter, key, ok := strings.Cut(reply, ":")
	if !ok || !strings.Contains(key, ":") {
		return "", fmt.Errorf("bot: %q is no reply; a reply's name looks like slack:T1:ABCDEFGHIJKLMNOPQRST", excerpt(reply))
	}
	adapter, err := url.QueryUnescape(adapter)
	if err != nil {
		return "", fmt.Errorf("bot: name of reply: %w", err)
	}
	text, err := store.Shelf("asked:"+adapter).Get(ctx, key)
	if err != nil {
		return "", fmt.Errorf("bot: find reply: %w", err)
	}
	return string(text), nil
}
