// Package check tests an API and a key live: where the path to it breaks, what
// the key is worth, and what is left of its limits.
//
// It knows no guide and no chat: a [Result] names its cause, and package bot
// finds the step of the guide that mends it. Start reading at [Runner], which
// runs the checks of a target in order; each check has a file of its own.
//
// What a server says after it has seen the key is not quoted, but for the host
// of a redirect, in which the key is hidden: a [Result]
// says what was understood of it.
package check

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A Check looks at one layer of the way to a target. A finding is no error:
// what is wrong is the Result.
type Check interface {
	// Name is the name of the check, such as [DNS].
	Name() string

	// Run looks, until ctx is done at the latest. It adds what those behind
	// it need to p, and leaves Check and Took of the Result to the runner.
	Run(ctx context.Context, p *Probe) Result
}

// A Probe is one run against one target: what the checks so far have found
// out, for those that follow. It belongs to one goroutine.
type Probe struct {
	Target Target
	Key    Secret

	host, port string
	secure     bool         // TLS
	asked      bool         // for a client certificate
	header     http.Header  // of the one request that carries the key
	addrs      []netip.Addr // of host
	conn       net.Conn     // established, for the one request
	spent      spent
	answer     *answer
	mask       func(string) string // hides the key in a text
}

// spent is how long the stages took, as "curl -w" splits them.
type spent struct{ dns, connect, tls, firstByte, total time.Duration }

// newProbe starts a run.
func newProbe(t Target, key Secret) (*Probe, error) {
	u, err := url.Parse(t.URL)
	if err != nil {
		return nil, fmt.Errorf("check: target %q: %w", t.Name, err)
	}
	p := &Probe{Target: t, Key: key, mask: strings.Clone}
	p.host, p.port, p.secure = endpoint(u)
	return p, nil
}

// endpoint returns where the requests for a URL go.
func endpoint(u *url.URL) (host, port string, secure bool) {
	host, port, secure = u.Hostname(), u.Port(), u.Scheme == "https"
	switch {
	case port != "":
	case secure:
		port = "443"
	default:
		port = "80"
	}
	return host, port, secure
}

// keyless reports whether the run has no key.
func (p *Probe) keyless() bool { return p.Key.IsZero() || !p.Target.wantsKey() }

// close gives the connection up.
func (p *Probe) close() {
	if p.conn != nil {
		p.conn.Close() // nothing more is expected of it
	}
}
