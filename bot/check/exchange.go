package check

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxRedirects = 5
	maxHeader    = 64 << 10 // bytes
)

// errSpent refuses a second connection to a request: package net/http must not
// send the key again by itself.
var errSpent = errors.New("check: the connection is spent")

// exchange sends the request and follows redirects. The answer is nil if there
// is none to judge; with one, the fault is in its body.
func (c httpCheck) exchange(ctx context.Context, p *Probe) (*answer, *finding) {
	u, err := url.Parse(p.Target.URL)
	if err != nil {
		return nil, &finding{"req.notfound", "correct API endpoint URL", "the address of the target is not valid"}
	}
	start := time.Now()
	defer func() { p.spent.total = time.Since(start) }()
	a, fault := p.send(ctx, u)
	visited := []string{u.String()}
	for a != nil && isRedirect(a.status) && !expected(p.Target, a.status) {
		location := a.header.Get("Location")
		u, err = u.Parse(location)
		if err != nil || location == "" || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return nil, &finding{"req.notfound", "correct API endpoint URL", fmt.Sprintf("redirects (%d) to no valid address", a.status)}
		}
		if f := tooMany(visited, u); f != nil {
			return nil, f
		}
		visited = append(visited, u.String())
		if a, fault = c.follow(ctx, p, u); a == nil {
			return nil, fault
		}
		a.redirected = true
	}
	p.spent.total = time.Since(start)
	return a, fault
}

// tooMany ends a chain of redirects.
func tooMany(visited []string, next *url.URL) *finding {
	f := &finding{cause: "req.notfound", hint: "correct API endpoint URL"}
	switch {
	case slices.Contains(visited, next.String()):
		f.detail = "redirects in a loop"
	case len(visited) > maxRedirects:
		f.detail = fmt.Sprintf("redirects more than %d times", maxRedirects)
	default:
		return nil
	}
	return f
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// send makes the one request with the key, over the connection that the checks
// before have judged. Afterwards the header with the key is gone.
func (p *Probe) send(ctx context.Context, u *url.URL) (*answer, *finding) {
	conn := p.conn
	take := func(context.Context, string, string) (net.Conn, error) {
		if conn == nil {
			return nil, errSpent
		}
		c := conn
		conn = nil
		if t, ok := c.(*tls.Conn); ok && t.ConnectionState().NegotiatedProtocol == "h2" {
			return t, nil // the transport wants to see this type
		}
		return listenAfterwards(c), nil
	}
	header := p.header
	p.header = nil
	start := time.Now()
	var firstByte atomic.Int64 // told by a goroutine of the transport
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotFirstResponseByte: func() { firstByte.Store(int64(time.Since(start))) },
	})
	a, f := roundTrip(ctx, &http.Transport{DialContext: take, DialTLSContext: take}, p.Target, u, header)
	p.spent.firstByte = time.Duration(firstByte.Load())
	if a == nil && p.asked && f.cause != "net.timeout" {
		f = wantsCertificate()
	}
	return a, f
}

// follow asks where a redirect leads to, without the key. Only the configured
// host and port may be internal.
func (c httpCheck) follow(ctx context.Context, p *Probe, u *url.URL) (*answer, *finding) {
	t := p.Target
	host, port, _ := endpoint(u)
	if !strings.EqualFold(host, p.host) || port != p.port {
		t.AllowPrivate = false
	}
	roots, err := authorities(t.CAFile)
	if err != nil {
		return nil, &finding{"tls.untrusted", "CA certificates bundle update", "the file of authorities of this target cannot be read"}
	}
	dialer := net.Dialer{Control: guardFor(t).control, Resolver: newLookup(ctx, c.nameserver).Resolver}
	a, f := roundTrip(ctx, &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return listenAfterwards(conn), nil
		},
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}, t, u, http.Header{})
	if a == nil && f.cause != "net.blocked" {
		f.detail = "redirects to " + plain(p.mask(u.Host)) + ": " + f.detail
	}
	return a, f
}

// roundTrip makes one request. The proxies of the environment play no part: a
// transport has none unless told.
func roundTrip(ctx context.Context, t *http.Transport, target Target, u *url.URL, header http.Header) (*answer, *finding) {
	t.ForceAttemptHTTP2 = true
	t.MaxResponseHeaderBytes = maxHeader
	defer t.CloseIdleConnections()
	method := target.Method
	if method == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, explainRequest(err, u.Hostname())
	}
	r.Header = header
	r.Close = true
	header.Set("Accept-Encoding", "gzip") // by hand, so that the transport leaves it packed: readBody bounds it
	setDefault(header, "Accept", "application/json, */*;q=0.5")
	setDefault(header, "User-Agent", "apihelp-check")
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	resp, err := t.RoundTrip(r)
	if err != nil {
		return nil, explainRequest(err, u.Hostname())
	}
	defer resp.Body.Close() // whatever is wrong with it, reading has told
	a := &answer{status: resp.StatusCode, header: resp.Header, proto: resp.Proto, at: time.Now()}
	body, f := readBody(resp)
	a.body = body
	return a, f
}

func setDefault(h http.Header, name, value string) {
	if h.Get(name) == "" {
		h.Set(name, value)
	}
}
