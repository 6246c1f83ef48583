package check

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// httpCheck sends the one request that carries the key and judges the answer as
// far as the key and the limits have no part in it.
type httpCheck struct{ nameserver string }

func (httpCheck) Name() string { return HTTP }

// An answer is what came back, for the checks behind this one.
type answer struct {
	status     int
	header     http.Header
	proto      string
	body       []byte // its beginning, unpacked; at most maxKept
	at         time.Time
	redirected bool // by a request that carried no key
}

func (c httpCheck) Run(ctx context.Context, p *Probe) Result {
	a, fault := c.exchange(ctx, p)
	if a == nil {
		return fault.fail()
	}
	p.answer = a
	if f := judgeStatus(a, p); f != nil {
		return f.fail()
	}
	if isPage(a) && expected(p.Target, a.status) {
		f := finding{"net.proxy", "proxy intercepting traffic endpoint URL", fmt.Sprintf(
			"answers %d with a web page (HTML) where an API's answer was expected: a captive portal, a gateway or a wrong address", a.status)}
		return f.fail()
	}
	if fault != nil {
		return fault.fail()
	}
	if f := judgeClock(a); f != nil {
		f.detail = fmt.Sprintf("%d in %s, but %s", a.status, millis(p.spent.sum()), f.detail)
		return f.warn()
	}
	return okay(describe(a, p))
}

// expected reports whether a status is well with a key: by default every 2xx.
func expected(t Target, status int) bool {
	if len(t.Expect) == 0 {
		return status/100 == 2
	}
	return slices.Contains(t.Expect, status)
}

// judgeStatus finds the statuses that are wrong and no matter of the key (401
// and 403) or of the limits (429).
func judgeStatus(a *answer, p *Probe) *finding {
	if expected(p.Target, a.status) || a.status == 401 || a.status == 403 || a.status == 429 {
		return nil
	}
	f := &finding{cause: fmt.Sprintf("http.%d", a.status), hint: statusHints[a.status]}
	f.detail = fmt.Sprintf("answers %s in %s", statusLine(a.status), millis(p.spent.sum()))
	if isPage(a) {
		f.detail += ", with a web page (HTML) instead of an API's answer"
	}
	if after, ok := retryAfter(a.header, a.at); ok {
		f.detail += ", try again in " + lasting(after)
	}
	if a.status/100 == 4 && !p.keyless() && !a.redirected {
		if b := blame(a); b.cause == "auth.key" || b.cause == "auth.expired" {
			f.cause, f.hint, f.detail = b.cause, b.hint, f.detail+": "+b.detail
		}
	}
	return f
}

// statusHints are words of the mend of a status.
var statusHints = map[int]string{
	400: "request format required fields",
	404: "correct endpoint URL",
	405: "correct endpoint URL",
	407: "proxy authentication",
	408: "timeout",
	500: "retry after a few seconds",
	502: "status page retry later",
	503: "status page retry later",
	504: "timeout retry",
}

// statusLine writes a status with the name it has in the standards: what the
// server calls it is not repeated.
func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// isPage reports whether the answer is a web page.
func isPage(a *answer) bool {
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err == nil && (kind == "text/html" || kind == "application/xhtml+xml") {
		return true
	}
	start := strings.ToLower(string(a.body[:min(len(a.body), 64)]))
	start = strings.TrimLeft(start, " \t\r\n\ufeff")
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// maxSkew is how far the clocks may be apart. TLS and tokens forgive more, but
// signatures of requests often do not.
const maxSkew = time.Minute

// judgeClock compares the clocks. A cache says by Age how old its Date is.
func judgeClock(a *answer) *finding {
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return nil
	}
	if age, ok := number(a.header.Get("Age")); ok {
		date = date.Add(seconds(age))
	}
	skew, side := a.at.Sub(date), "ahead of"
	if skew < 0 {
		skew, side = -skew, "behind"
	}
	if skew <= maxSkew {
		return nil
	}
	return &finding{"tls.expired", "system clock accurate", fmt.Sprintf("the clock here is %s %s the server's", lasting(skew), side)}
}

// describe writes what came back, and where the time went.
func describe(a *answer, p *Probe) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d in %s over %s", a.status, millis(p.spent.sum()), a.proto)
	if a.header.Get("Content-Encoding") == "gzip" {
		b.WriteString(", compressed")
	}
	if a.redirected {
		b.WriteString(", after a redirect, which the key does not follow")
	}
	b.WriteString(" (")
	stage := func(name string, d time.Duration) {
		if d > 0 { // no name to resolve, no TLS
			fmt.Fprintf(&b, "%s %s, ", name, millis(d))
		}
	}
	stage("dns", p.spent.dns)
	stage("connect", p.spent.connect)
	stage("tls", p.spent.tls)
	fmt.Fprintf(&b, "first byte %s)", millis(p.spent.firstByte))
	return b.String()
}

// sum is what the request took from the resolution of the name to the last
// byte, without the waiting of the checks for other addresses.
func (s spent) sum() time.Duration { return s.dns + s.connect + s.tls + s.total }

// explainRequest says why no answer came back from host.
func explainRequest(err error, host string) *finding {
	if blocked, ok := errors.AsType[*BlockedError](err); ok {
		return &finding{"net.blocked", "correct API endpoint URL",
			fmt.Sprintf("redirects to %s, an internal address (%s): not followed", blocked.Addr, blocked.Why)}
	}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return explainCertificate(bad.Err, bad.UnverifiedCertificates, host, time.Now())
	}
	_, unresolved := errors.AsType[*net.DNSError](err)
	op, _ := errors.AsType[*net.OpError](err)
	switch {
	case op != nil && op.Op == remoteError:
		return alerted(op)
	case unresolved:
		return &finding{"net.dns", "correct API endpoint URL", "the name cannot be resolved"}
	case timedOut(err):
		return &finding{"net.timeout", "increase timeout value", "connects, but sends no answer in time"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &finding{"net.refused", "firewall settings blocked", "the connection is refused"}
	case isCut(err):
		return &finding{"net.reset", "retry with backoff", "the connection is cut instead of an answer"}
	default:
		return &finding{"srv.error", "correct API endpoint URL", "what comes back is no HTTP answer"}
	}
}
