package bot

import (
	"crypto/rand"

	"apihelp/sessions"
)

// The events of the ledger.
const (
	eventAsked     = "asked"       // the guide had an answer
	eventClarified = "clarified"   // it had several, and a question was put
	eventUnknown   = "unknown"     // it had none
	eventFailed    = "not_helped"  // what it says did not help; Reason says why
	eventHelped    = "helped"      // the asker says that it helped
	eventVerified  = "verified"    // a live check has proven it
	eventHanded    = "handed_over" // a person was called; Reason says why
	eventResumed   = "resumed"     // the bot goes on in place of a person
)

// Why something did not help, or a person was called.
const (
	reasonNoChange  = "no_change"
	reasonCannot    = "cannot"
	reasonUseless   = "useless"
	reasonRequested = "requested"
	reasonFailures  = "failures"
	reasonLast      = "last_step"
)

// records are what a plan adds to the ledger. A question gets the name that
// ties its records together when it is asked.
func records(before sessions.Session, m Message, plan *Plan) []sessions.Record {
	if plan.Act == Silent || len(plan.Session.Talks) == 0 {
		return nil
	}
	talk := &plan.Session.Talks[0]
	was, _ := before.Talk(talk.Asker)
	fresh := talk.Source != "" && talk.Source != was.Source
	if fresh || talk.Record == "" && was.Record == "" {
		talk.Record = rand.Text()[:16]
	}
	r := sessions.Record{Question: talk.Record, Topic: plan.Topic, Step: talk.Step, Reason: plan.Reason}
	if r.Question == "" {
		r.Question = was.Record
	}
	switch {
	case plan.Verified:
		r.Event = eventVerified
	case plan.Act == Resolved:
		r.Event, r.Step = eventHelped, was.Step
	case plan.Act == Handoff && talk.Called != nil && was.Called == nil:
		r.Event = eventHanded
	case was.Called != nil && talk.Called == nil:
		r.Event = eventResumed
	case plan.Reason != "":
		r.Event, r.Step = eventFailed, was.Step
	case plan.Act == Clarify:
		r.Event = eventClarified
	case plan.Act == Unknown:
		r.Event = eventUnknown
	case fresh:
		r.Event = eventAsked
	default:
		return nil
	}
	return []sessions.Record{r}
}
