package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// missLimit is how many links that do not work a network may open in
	// missTime. A token has 256 bits and cannot be guessed; this keeps those
	// who try from keeping Redis busy.
	missLimit = 60
	missTime  = time.Minute

	// missClients bounds the memory for it to about a megabyte.
	missClients = 1 << 13
)

// misses counts them by network.
type misses struct {
	mu    sync.Mutex
	since time.Time
	count map[netip.Prefix]int
}

func newMisses() *misses { return &misses{since: time.Now(), count: map[netip.Prefix]int{}} }

// full reports whether a network has opened too many.
func (m *misses) full(from netip.Prefix) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.since) >= missTime {
		m.since = now
		clear(m.count)
	}
	return m.count[from] >= missLimit
}

// add counts one more.
func (m *misses) add(from netip.Prefix) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.count) >= missClients {
		clear(m.count)
	}
	if at := from.Addr(); at.IsPrivate() || at.IsLoopback() {
		return // a proxy that does not tell for whom: all clients look alike
	}
	m.count[from]++
}

// client returns the network that a request comes from: an IPv4 address, or
// the /64 that one customer has in IPv6. The nearest proxy's word counts if the
// connection itself is from a private address, as it is behind one.
func client(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, _ := netip.ParseAddr(host)
	if ip = ip.Unmap(); ip.IsPrivate() || ip.IsLoopback() {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if told, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
			ip = told.Unmap()
		}
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	network, _ := ip.WithZone("").Prefix(bits) // the zero one for what is no address
	return network
}
