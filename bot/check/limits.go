package check

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// limitsCheck reads how much of the API's limits is left.
type limitsCheck struct{}

func (limitsCheck) Name() string { return Limits }

// nearlyUsed is the share of a limit at which it becomes a warning.
const nearlyUsed = 0.1

func (limitsCheck) Run(_ context.Context, p *Probe) Result {
	a := p.answer
	now := a.at
	if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
		now = date // a reset that is told as a time is one of the server's clock
	}
	left, told := tightest(a.header, now)
	if a.status == http.StatusTooManyRequests && !expected(p.Target, a.status) {
		return limited(a, left, told, now).fail()
	}
	switch {
	case !told:
		return skip("the answer tells of no limits")
	case left.share() <= nearlyUsed:
		f := finding{"rate.limit", "rate limits plan dashboard", left.String()}
		return f.warn()
	default:
		return okay(left.String())
	}
}

// What the body of a 429 says, as refusalText. The problem type that IANA
// registers for rate limits calls the rate a quota.
const (
	quotaPhrases = "insufficient quota|exceeded your quota|exceeded your current quota|quota exceeded|quota has been|monthly limit|monthly quota|daily limit|daily quota|billing"
	quotaProblem = "http problem types quota exceeded"
	ratePhrases  = "rate limit|ratelimit|rate exceeded|too many|throttl|slow down|limit exceeded"
)

// limited explains a 429. Where nothing but the status says that it is about a
// rate, the status is the cause.
func limited(a *answer, left allowance, told bool, now time.Time) *finding {
	f := &finding{cause: "http.429", hint: "rate limits plan dashboard", detail: statusLine(a.status)}
	after, wait := retryAfter(a.header, now)
	said := refusalText(a)
	switch {
	case hasAny(said, quotaPhrases) && !hasAny(said, quotaProblem):
		f.cause = "rate.quota"
		f.detail += ", the quota is used up"
	case told || wait || hasAny(said, ratePhrases) || hasAny(said, quotaProblem):
		f.cause = "rate.limit"
	}
	if wait {
		f.detail += ", try again in " + lasting(after)
	}
	if told {
		f.detail += ": " + left.String()
	}
	return f
}

// String writes "12 of 1000 left, resets in 40 s".
func (l allowance) String() string {
	text := fmt.Sprintf("%d left", l.left)
	if l.of >= 0 {
		text = fmt.Sprintf("%d of %d left", l.left, l.of)
	}
	if l.reset >= 0 {
		text += ", resets in " + lasting(l.reset)
	}
	return text
}
