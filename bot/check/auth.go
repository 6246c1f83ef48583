package check

import (
	"context"
	"fmt"
	"net/http"
)

// authCheck judges the key by the answer to the request that carried it.
type authCheck struct{}

func (authCheck) Name() string { return Auth }

func (authCheck) Run(_ context.Context, p *Probe) Result {
	a := p.answer
	switch {
	case p.keyless():
		return skip(noKey)
	case a.redirected:
		return skip("not told: the endpoint redirects, and the key is not carried along")
	case expected(p.Target, a.status):
		return okay("the key is accepted")
	case a.status == http.StatusTooManyRequests:
		return skip("not told: the limit answers first")
	default:
		f := blame(a)
		f.detail = fmt.Sprintf("%s: %s", statusLine(a.status), f.detail)
		return f.fail()
	}
}

// blame says what a refusal means. Its cause is the status alone where the body
// does not tell more.
func blame(a *answer) *finding {
	f := &finding{cause: fmt.Sprintf("http.%d", a.status), detail: "the API does not accept the key"}
	if isPage(a) { // its words are a gateway's
		f.detail = "a gateway's web page refuses the request before the API sees it"
		return f
	}
	said := refusalText(a)
	for _, k := range refusalKinds {
		if (k.status == 0 || k.status == a.status) && k.matches(said) {
			return &finding{k.cause, k.hint, k.detail}
		}
	}
	if a.status == http.StatusForbidden {
		f.hint, f.detail = "permissions for this resource", "the request is forbidden"
	}
	return f
}
