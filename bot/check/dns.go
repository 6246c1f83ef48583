package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// dnsCheck resolves the host name.
type dnsCheck struct{ nameserver string }

func (dnsCheck) Name() string { return DNS }

func (c dnsCheck) Run(ctx context.Context, p *Probe) Result {
	if addr, err := netip.ParseAddr(p.host); err == nil {
		p.addrs = []netip.Addr{addr}
		return skip("an address, nothing to resolve")
	}
	start := time.Now()
	l := newLookup(ctx, c.nameserver)
	alias := make(chan string, 1)
	go func() {
		name, _ := l.LookupCNAME(ctx, p.host) // whether it resolves at all, the addresses tell
		alias <- strings.TrimSuffix(name, ".")
	}()
	addrs, err := l.LookupNetIP(ctx, "ip", p.host)
	p.spent.dns = time.Since(start)
	name := <-alias
	if err != nil {
		return l.explain(p.host, err).fail()
	}
	for _, addr := range addrs {
		p.addrs = append(p.addrs, addr.Unmap())
	}
	if name == "" || strings.EqualFold(name, strings.TrimSuffix(p.host, ".")) {
		return okay(fmt.Sprintf("%s is %s", p.host, listAddrs(p.addrs)))
	}
	return okay(fmt.Sprintf("%s is an alias of %s: %s", p.host, name, listAddrs(p.addrs)))
}

// listAddrs names up to four addresses.
func listAddrs(addrs []netip.Addr) string {
	var names []string
	for i, addr := range addrs {
		if i == 4 {
			names = append(names, fmt.Sprintf("%d more", len(addrs)-i))
			break
		}
		names = append(names, addr.String())
	}
	return enumerate(names)
}

// A lookup is one resolution. Package net calls a name that doesn't exist and
// one without addresses alike; the lookup tells them apart by the response
// codes that pass through its connections.
type lookup struct {
	*net.Resolver
	exists atomic.Bool // some answer says that the name exists
}

// newLookup asks the system's name servers, or another. It never goes through
// the C library, which cannot be stopped when the time is up; nor can package
// net's own queries, so the end of ctx closes their sockets.
func newLookup(ctx context.Context, nameserver string) *lookup {
	l := &lookup{}
	l.Resolver = &net.Resolver{PreferGo: true, Dial: func(dialing context.Context, network, address string) (net.Conn, error) {
		if nameserver != "" {
			address = nameserver
		}
		conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		if udp, ok := conn.(*net.UDPConn); ok {
			return &tap{udp, &l.exists}, nil
		}
		return conn, nil
	}}
	return l
}

// explain says why a name has no address.
func (l *lookup) explain(host string, err error) *finding {
	f := &finding{cause: "net.dns", hint: "correct API endpoint URL"}
	fault, ok := errors.AsType[*net.DNSError](err)
	switch {
	case ok && fault.IsTimeout, errors.Is(err, context.DeadlineExceeded):
		f.hint = "internet connection DNS"
		f.detail = fmt.Sprintf("no name server told the address of %s in time", host)
	case ok && fault.IsNotFound && l.exists.Load():
		f.detail = fmt.Sprintf("the name %s exists but has no address", host)
	case ok && fault.IsNotFound:
		f.detail = fmt.Sprintf("the name %s does not exist (NXDOMAIN)", host)
	default:
		f.hint = "internet connection DNS"
		f.detail = fmt.Sprintf("the name servers fail to resolve %s", host)
	}
	return f
}

// A tap reads the response code of the DNS answers that pass: the low half of
// the fourth byte (RFC 1035, section 4.1.1); zero is no error.
type tap struct {
	*net.UDPConn
	exists *atomic.Bool
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.UDPConn.Read(b)
	if n > 3 && b[3]&0x0f == 0 {
		t.exists.Store(true)
	}
	return n, err
}
