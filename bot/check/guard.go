package check

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// A BlockedError says that the bot did not connect to an address, because it
// is none of the public Internet and the operator has not allowed it.
type BlockedError struct {
	Addr netip.Addr // zero if what was to be connected to is no address
	Why  string     // the kind of address, such as "loopback" or "cloud metadata"
}

// Error names the address and its kind.
func (e *BlockedError) Error() string {
	return fmt.Sprintf("check: %v is no public address (%s), no connection was made", e.Addr, e.Why)
}

// A guard judges every address at the moment of connecting to it, when no
// name, redirect or second answer of a name server can change it any more.
// Public addresses pass. An internal one passes only at the one host and port
// that the operator has allowed. The zero guard allows none.
type guard struct {
	host string     // the canonical host that may be internal
	port uint16     // the port that it may be internal at; 0 allows nothing internal
	addr netip.Addr // that host, where it is an address; no other internal address passes then
}

// guardFor returns the guard for connections to t's own host and port.
func guardFor(t Target) guard {
	u, err := url.Parse(t.URL)
	if err != nil || !t.AllowPrivate {
		return guard{}
	}
	port, err := portOf(u)
	if err != nil {
		return guard{}
	}
	host := canonicalHost(u.Hostname())
	addr, _ := netip.ParseAddr(host)
	return guard{host: host, port: port, addr: addr}
}

// forHost returns the guard for connections to host and port, which some
// redirect or configuration names: g itself if they are those that g was made
// for, otherwise the zero guard. It never allows more than g.
func (g guard) forHost(host, port string) guard {
	if canonicalHost(host) == g.host && port == strconv.Itoa(int(g.port)) {
		return g
	}
	return guard{}
}

// control is a [net.Dialer]'s Control. It refuses with a [*BlockedError], and
// then nothing was sent, not even a SYN.
//
// It knows addresses and no names: whoever dials by name takes the control of
// g.forHost, as dialer does.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return &BlockedError{Addr: at.Addr(), Why: "not TCP to an address"}
	}
	why := special(at.Addr())
	if why == "" || g.allows(at, why) {
		return nil
	}
	return &BlockedError{Addr: at.Addr(), Why: why}
}

// allows reports whether the operator has allowed an internal address. A name
// stands for a machine of the operator's network, never for the cloud's
// metadata, which nobody could have meant.
func (g guard) allows(at netip.AddrPort, why string) bool {
	if g.port == 0 || at.Port() != g.port {
		return false
	}
	if g.addr.IsValid() {
		return at.Addr() == g.addr
	}
	return !strings.HasSuffix(why, metadata) // which NAT64 may lead to as well
}

// dialer returns a function for [http.Transport.DialContext] that dials with
// d, and judges the addresses of the host that it is asked for. It is right
// for redirects as well.
func (g guard) dialer(d net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, fmt.Errorf("check: dial: %w", err)
		}
		d := d
		d.Control, d.ControlContext = g.forHost(host, port).control, nil
		return d.DialContext(ctx, network, address)
	}
}

// canonicalHost returns host in the one spelling that two names of the same
// host share: lower case, without a final dot; an address in its shortest form.
func canonicalHost(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.String()
	}
	return host
}

// portOf returns the port of u, or that of its scheme.
func portOf(u *url.URL) (uint16, error) {
	text := u.Port()
	switch {
	case text != "":
	case u.Scheme == "https":
		return 443, nil
	case u.Scheme == "http":
		return 80, nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, fmt.Errorf("port %q is not from 1 to 65535", text)
	}
	return uint16(port), nil
}
