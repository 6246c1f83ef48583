package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"apihelp/bot"
)

// runTime bounds a run and its report: all checks take 5 s, and runs may wait
// for each other.
const runTime = 30 * time.Second

// An outcome is what the page says in the end.
type outcome struct {
	Title    string    `json:"title"`
	Text     string    `json:"text"`
	Verdicts []verdict `json:"verdicts,omitempty"`
	Passport string    `json:"passport,omitempty"`
	Again    bool      `json:"again,omitempty"` // the form can be sent again

	status int
}

// A verdict is what a run means for one target.
type verdict struct {
	OK     bool     `json:"ok"`
	Text   string   `json:"text"`
	Advice []string `json:"advice,omitempty"`
}

// A row is what one check found.
type row struct {
	Target string `json:"target,omitempty"` // empty where there is but one
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	MS     int64  `json:"ms"`
}

// A view shows a run while it runs. That a browser has left is nothing to it.
type view interface {
	row(r row)
	over(o outcome)
}

// run runs the checks, shows them and reports them to the conversation, also
// when the browser leaves.
func (p *Page) run(w http.ResponseWriter, r *http.Request, b bound, q bot.CheckRequest) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), runTime)
	defer cancel()
	v := p.view(w, r)
	q.Progress = func(target string, f bot.Finding) {
		if len(q.Targets) == 1 {
			target = ""
		}
		v.row(row{target, f.Check, string(f.Status), f.Detail, f.Took.Milliseconds()})
	}
	checked, err := p.Check(ctx, q)
	if err != nil {
		p.Log.Warn("key not checked", "adapter", b.In.Adapter, "conversation", b.In.String(), "err", err)
		v.over(outcome{Title: notRun.Title, Text: notRun.Text, status: notRun.Status})
		return
	}
	o := p.outcome(checked)
	if err := p.Report(ctx, b.message(), checked); err != nil {
		p.Log.Warn("live check not reported", "adapter", b.In.Adapter, "conversation", b.In.String(), "err", err)
		o.Text = "This could not be told to the conversation: it is only here. You can close this page; the key was not kept."
	}
	v.over(o)
}

func (p *Page) view(w http.ResponseWriter, r *http.Request) view {
	if wantsEvents(r) {
		return &events{w: w, status: http.StatusOK}
	}
	return &document{w: w}
}

// outcome says what checks found out.
func (p *Page) outcome(c bot.Checked) outcome {
	if c.Busy != nil {
		return outcome{
			Title: "Not checked: too many checks", status: http.StatusTooManyRequests,
			Text: fmt.Sprintf("Many checks have been run, so this one was not, and the link is used up. Please wait %d seconds. %s", int(c.Busy.After.Seconds())+1, newLink),
		}
	}
	o := outcome{
		Title: "Checked", Passport: c.Passport, status: http.StatusOK,
		Text: "The result is in your conversation as well. You can close this page; the key was not kept.",
	}
	for _, d := range c.Diagnoses {
		v := verdict{OK: d.OK, Text: d.Verdict}
		for _, f := range d.Findings {
			if p.Advice == nil || f.Topic == "" {
				continue
			}
			if advice := p.Advice(f); advice != "" {
				v.Advice = append(v.Advice, advice)
			}
		}
		o.Verdicts = append(o.Verdicts, v)
	}
	return o
}
