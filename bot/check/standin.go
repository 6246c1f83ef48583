package check

import (
	"net"
	"net/netip"
	"net/url"
	"syscall"
)

// This file stands in for secret.go and guard.go until the parts are joined.

// NewSecret takes a key over.
func NewSecret(key string) Secret { return Secret{&key} }

// Reveal returns the key.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Clear forgets the key.
func (s Secret) Clear() {
	if s.value != nil {
		*s.value = ""
	}
}

// IsZero reports whether there is no key.
func (s Secret) IsZero() bool { return s.value == nil || *s.value == "" }

// A BlockedError refuses an address.
type BlockedError struct {
	Addr netip.Addr
	Why  string
}

func (e *BlockedError) Error() string { return "check: " + e.Addr.String() + ": " + e.Why }

type guard struct {
	allowed bool
	port    string
}

func guardFor(t Target) guard {
	u, err := url.Parse(t.URL)
	if err != nil {
		return guard{}
	}
	return guard{t.AllowPrivate, u.Port()}
}

func (g guard) control(_, address string, _ syscall.RawConn) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return err
	}
	addr = addr.Unmap()
	internal := addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified()
	if internal && !(g.allowed && port == g.port) {
		return &BlockedError{addr, "an internal address"}
	}
	return nil
}
