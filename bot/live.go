package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"apihelp/bot/check"
)

// Live are the live checks that a bot offers.
type Live struct {
	Runner  *check.Runner
	Quota   *check.Quota
	Targets []string          // names of the targets
	Status  *check.StatusPage // of the API; nil for none

	// Link returns the address of a page on which the writer of a message can
	// have their key checked in private; nil where there is no such page.
	Link func(ctx context.Context, m Message) (string, error)
}

// Able says what the bot can do beside answering.
type Able struct {
	Check bool // live checks are configured
	Page  bool // and a page on which a key is handed in
}

// A CheckRequest asks for live checks.
type CheckRequest struct {
	By      User
	In      Conversation
	Targets []string     // names; none for all
	Key     check.Secret // cleared when the checks end; the zero value for none

	// Progress is told of every finding as it is made, by one goroutine at a
	// time; nil for nobody.
	Progress func(target string, f Finding)
}

// HandedIn takes over a key that somebody has handed in to an adapter, which
// forgets its own copy. An empty one is none.
func HandedIn(key string) check.Secret { return check.NewSecret(key) }

// Checked is the outcome of live checks.
type Checked struct {
	Diagnoses []Diagnosis      // with Busy, what the last run found, if it is known
	Passport  string           // what several environments together say of the key; may be empty
	Busy      *check.BusyError // why nothing was checked; nil if it was
	WithKey   bool
}

// Check runs the live checks, within the limits for their user, the targets and
// all. Its error is one of the context, or names a target that there is not.
func (b *Bot) Check(ctx context.Context, q CheckRequest) (Checked, error) {
	defer q.Key.Clear()
	if b.Live == nil {
		return Checked{}, errors.New("bot: check: no live checks are configured")
	}
	names := q.Targets
	if len(names) == 0 {
		names = b.Live.Targets
	}
	user := Conversation{Adapter: q.In.Adapter, Team: q.In.Team, Channel: q.By.ID}.String()
	names, dones, err := b.allow(user, names)
	if busy, ok := errors.AsType[*check.BusyError](err); ok {
		return b.lastOf(busy), nil
	}
	defer func() {
		for _, done := range dones {
			done(check.Report{}) // of what came to nothing
		}
	}()
	g := b.Guide()
	checked := Checked{WithKey: !q.Key.IsZero()}
	run := check.Request{Targets: names, Key: q.Key}
	if q.Progress != nil {
		run.Progress = func(target string, row check.Result) { q.Progress(target, diagnose(g, row)) }
	}
	reports, err := b.Live.Runner.Run(ctx, run)
	if err != nil {
		return Checked{}, fmt.Errorf("bot: check: %w", err)
	}
	for i, r := range reports {
		dones[i](r)
		checked.Diagnoses = append(checked.Diagnoses, Diagnose(g, r))
	}
	checked.Passport = check.Passport(reports)
	return checked, nil
}

// lastOf is what is known of a target that nobody may check now.
func (b *Bot) lastOf(busy *check.BusyError) Checked {
	c := Checked{Busy: busy}
	if r, _, ok := b.Live.Quota.Last(busy.Target); ok && busy.Why == check.Resting {
		c.Diagnoses = []Diagnosis{Diagnose(b.Guide(), r)}
	}
	return c
}

// allow asks for a run against all targets, or, if some of them rest, against
// the others. It returns those that may be checked.
func (b *Bot) allow(user string, names []string) ([]string, []func(check.Report), error) {
	for {
		dones, err := b.Live.Quota.AllowAll(user, names)
		busy, ok := errors.AsType[*check.BusyError](err)
		if !ok || busy.Why != check.Resting || len(names) == 1 {
			return names, dones, err
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == busy.Target })
	}
}

// Report takes the outcome of checks back to the conversation of the message
// that asked for them.
func (b *Bot) Report(ctx context.Context, asked Message, c Checked) error {
	return b.Accept(ctx, Message{
		ID: "check-" + rand.Text(), In: asked.In, From: asked.From, At: time.Now(), Direct: asked.Direct, Lang: asked.Lang, Checked: &c,
	})
}

// checkTime bounds a run that nobody waits for: all checks take 5 s, and runs
// may wait for each other.
const checkTime = 30 * time.Second

// startCheck runs the checks that a turn has decided on, and reports to the
// conversation.
func (b *Bot) startCheck(m Message) {
	b.pending.Go(func() {
		ctx, cancel := context.WithTimeout(b.alone, checkTime)
		defer cancel()
		c, err := b.Check(ctx, CheckRequest{By: m.From, In: m.In})
		if err == nil {
			err = b.Report(ctx, m, c)
		}
		if err != nil {
			b.Log.Warn("live check not reported", "adapter", m.In.Adapter, "conversation", m.In.String(), "err", err)
		}
	})
}

// prepare tells a message what the bot is able to do at this moment.
func (b *Bot) prepare(m Message) Message {
	m = clean(m, b.Redactor)
	if b.Live == nil {
		return m
	}
	m.Able = Able{Check: len(b.Live.Targets) > 0, Page: b.Live.Link != nil}
	if b.Live.Status != nil {
		if incident, ok := b.Live.Status.Current(); ok {
			m.Incident = &incident
		}
	}
	return m
}

// link puts the address of the private page in the choices that lead there. If
// there is none at the moment, the reply says how else a key is checked.
func (b *Bot) link(ctx context.Context, m Message, replies []Reply) []Reply {
	replies = slices.Clone(replies)
	for i, r := range replies {
		replies[i].Blocks = slices.Clone(r.Blocks)
		for j, block := range replies[i].Blocks {
			choices, _ := block.(Choices)
			at := slices.IndexFunc(choices, func(c Choice) bool { return c.Say == sayPage })
			if at < 0 {
				continue
			}
			choices = slices.Clone(choices)
			url, err := b.Live.Link(ctx, m)
			if err != nil {
				b.Log.Warn("no private page", "adapter", m.In.Adapter, "conversation", m.In.String(), "err", err)
				replies[i].Blocks = []Block{phrasesFor(m.Lang).para("key.check")}
				break
			}
			choices[at].Say, choices[at].URL = "", url
			replies[i].Blocks[j] = choices
		}
	}
	return replies
}

// broke names the check that a diagnosis broke at.
func (d Diagnosis) broke() string {
	f, ok := d.first()
	if !ok || f.Status != check.Fail {
		return ""
	}
	return cmp.Or(f.Check, check.HTTP)
}
