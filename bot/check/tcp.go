package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tcpCheck connects to every address of the host, all at the same time, and
// keeps the connection that was there first.
type tcpCheck struct{}

func (tcpCheck) Name() string { return TCP }

const (
	perFamily = 4           // addresses of IPv4 and of IPv6 that are tried
	patience  = time.Second // for the other addresses once one has answered; the first SYN is repeated after 1 s
)

// A dialed is how connecting to an address came out.
type dialed struct {
	addr netip.Addr
	conn net.Conn
	err  error
	took time.Duration
}

func (tcpCheck) Run(ctx context.Context, p *Probe) Result {
	tried := dialAll(ctx, p)
	i := slices.IndexFunc(tried, func(d dialed) bool { return d.err == nil })
	if i < 0 {
		return refusals(tried, p.port).fail()
	}
	p.conn, p.spent.connect = tried[i].conn, tried[i].took
	for _, d := range tried[i+1:] {
		if d.conn != nil {
			d.conn.Close() // never used
		}
	}
	detail := fmt.Sprintf("connected to %s in %s", net.JoinHostPort(tried[i].addr.String(), p.port), millis(tried[i].took))
	if broken := slices.DeleteFunc(tried, func(d dialed) bool { return d.err == nil || noRoute(d.err) }); len(broken) > 0 {
		f := refusals(broken, p.port)
		f.detail = detail + ", but " + f.detail
		return f.warn()
	}
	return okay(detail)
}

// dialAll returns how it came out, those that connected first in front.
func dialAll(ctx context.Context, p *Probe) []dialed {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	addrs := someOfEach(p.addrs)
	results := make(chan dialed, len(addrs))
	dialer := net.Dialer{Control: guardFor(p.Target).control}
	for _, addr := range addrs {
		go func() {
			start := time.Now()
			conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), p.port))
			results <- dialed{addr, conn, err, time.Since(start)}
		}()
	}
	var up, down []dialed
	for range addrs {
		d := <-results
		if d.err != nil {
			down = append(down, d)
			continue
		}
		if up = append(up, d); len(up) == 1 {
			defer time.AfterFunc(patience, cancel).Stop()
		}
	}
	slices.SortStableFunc(down, func(a, b dialed) int { return a.addr.Compare(b.addr) })
	return append(up, down...)
}

// someOfEach returns the first addresses of each family.
func someOfEach(addrs []netip.Addr) []netip.Addr {
	var some []netip.Addr
	count := map[bool]int{}
	for _, addr := range addrs {
		if count[addr.Is4()]++; count[addr.Is4()] <= perFamily {
			some = append(some, addr)
		}
	}
	return some
}

// noRoute reports whether the failure is that this machine does not speak the
// address's family or has no way there. Where IPv4 works, a missing IPv6 is how
// most containers are, and no trouble of the API.
func noRoute(err error) bool {
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
}

// refusals says why no connection came about with addresses of which there is
// at least one, unless the host has none. The cause is that of the first.
func refusals(tried []dialed, port string) *finding {
	if len(tried) == 0 {
		return &finding{"net.dns", "correct API endpoint URL", "there is no address to connect to"}
	}
	first := explainDial(tried[0], port)
	said := []string{first.detail}
	for _, d := range tried[1:] {
		if detail := explainDial(d, port).detail; !slices.Contains(said, detail) {
			said = append(said, detail)
		}
	}
	first.detail = strings.Join(said, "; ")
	return first
}

// explainDial says why one address could not be connected to.
func explainDial(d dialed, port string) *finding {
	if blocked, ok := errors.AsType[*BlockedError](d.err); ok {
		return &finding{"net.blocked", "correct API endpoint URL",
			fmt.Sprintf("it resolves to %s, an internal address (%s): not connected", blocked.Addr, blocked.Why)}
	}
	where := net.JoinHostPort(d.addr.String(), port)
	cause, hint := causeOf(d.err)
	switch cause {
	case "net.refused":
		hint += " port " + port
		return &finding{cause, hint, where + " refuses the connection"}
	case "net.blocked":
		return &finding{cause, hint, "this machine's firewall forbids to connect to " + where}
	case "net.reset":
		return &finding{cause, hint, where + " cuts the connection at once"}
	}
	if noRoute(d.err) || errors.Is(d.err, syscall.EHOSTUNREACH) {
		return &finding{cause, "stable internet connection", "there is no way from here to " + where}
	}
	return &finding{cause, hint + " port " + port, fmt.Sprintf("%s does not answer within %s", where, millis(d.took))}
}
