package bot

import (
	"fmt"
	"time"

	"apihelp/bot/check"
	"apihelp/knowledge"
)

// A Finding is the result of one live check, and where the guide helps with it.
type Finding struct {
	check.Result
	Topic string // ID of the entry; empty for none
	Step  int    // number of the step that mends it; 0 for none in particular
}

// A Diagnosis is what live checks found out about one target.
type Diagnosis struct {
	Target   string
	OK       bool
	Verdict  string // one sentence
	Findings []Finding
	Code     int       // status of the HTTP answer; 0 for none
	At       time.Time // when the checks ended
}

// report returns the report that a diagnosis is of.
func (d Diagnosis) report() check.Report {
	r := check.Report{Target: d.Target, OK: d.OK, Verdict: d.Verdict, Code: d.Code, At: d.At}
	for _, f := range d.Findings {
		r.Rows = append(r.Rows, f.Result)
	}
	return r
}

// Diagnose finds the entry and the step of the guide for every row of a
// report that is not well.
func Diagnose(g *knowledge.Guide, r check.Report) Diagnosis {
	d := Diagnosis{Target: r.Target, OK: r.OK, Verdict: r.Verdict, Code: r.Code, At: r.At}
	for _, row := range r.Rows {
		d.Findings = append(d.Findings, diagnose(g, row))
	}
	return d
}

func diagnose(g *knowledge.Guide, row check.Result) Finding {
	f := Finding{Result: row}
	e := g.EntryFor(row.Cause)
	if row.Cause == "" || e == nil {
		return f
	}
	f.Topic = e.ID
	if fits := knowledge.StepFits(stepsTitle(e), stepsOf(e), row.Hint); len(fits) > 0 {
		f.Step = fits[0].Step
	}
	return f
}

// first returns the finding that a diagnosis is about: the first that failed,
// or else that warns.
func (d Diagnosis) first() (Finding, bool) {
	for _, status := range []check.Status{check.Fail, check.Warn} {
		for _, f := range d.Findings {
			if f.Status == status {
				return f, true
			}
		}
	}
	return Finding{}, false
}

// row is a finding as a line of a report.
func (f Finding) row() Row {
	return Row{Mark: Mark(f.Status), Label: f.Check, Detail: f.Detail}
}

// Advice is what the guide says about a finding, in one line: the entry, and
// the step if there is one.
func Advice(e *knowledge.Entry, step int) string {
	if steps := stepsOf(e); step > 0 && step <= len(steps) {
		return fmt.Sprintf("%s, step %d: %s", stepsTitle(e), step, steps[step-1])
	}
	return title(e)
}
