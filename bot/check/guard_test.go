package check

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestBothEndsOfEverySpecialBlockAreRefused(t *testing.T) {
	for _, b := range specialBlocks {
		for _, addr := range []netip.Addr{b.prefix.Masked().Addr(), last(b.prefix)} {
			if special(addr) == "" {
				t.Errorf("%v of %v (%s) is taken for public", addr, b.prefix, b.name)
			}
		}
		if b.prefix != b.prefix.Masked() {
			t.Errorf("%v has bits beyond its length", b.prefix)
		}
	}
}

// last returns the last address of p.
func last(p netip.Prefix) netip.Addr {
	octets := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(octets)*8; bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	addr, _ := netip.AddrFromSlice(octets)
	return addr
}

func TestABlockIsNotHiddenByAWiderOneBeforeIt(t *testing.T) {
	for i, wide := range specialBlocks {
		for _, narrow := range specialBlocks[i+1:] {
			if wide.prefix.Overlaps(narrow.prefix) && wide.prefix.Bits() <= narrow.prefix.Bits() {
				t.Errorf("%v (%s) stands after %v (%s)", narrow.prefix, narrow.name, wide.prefix, wide.name)
			}
		}
	}
}

func TestTheNeighboursOfSpecialBlocksArePublic(t *testing.T) {
	for _, text := range strings.Fields(`
	1.0.0.0 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 169.253.255.255
	169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.31.196.1 192.52.193.1 192.88.98.255 192.88.100.0
	192.167.255.255 192.169.0.0 192.175.48.1 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
	223.255.255.255 2001:200:: 2001:db7:ffff::1 2001:db9:: 2001:4860:4860::8888 2003:: 2400:cb00::1 2606:4700::1111 2620:4f:8000::1
	2a00:1450:4001::200e 3ffe:ffff::1 3fff:1000::1 3fff:ffff::1 64:ff9b::8.8.8.8 64:ff9b::808:808 2606:4700::5eff:7f00:1`) {
		if why := special(netip.MustParseAddr(text)); why != "" {
			t.Errorf("%s is refused as %q", text, why)
		}
	}
}

func TestEachKindOfAddressIsNamedForWhatItIs(t *testing.T) {
	for why, addrs := range map[string]string{
		metadata:                                 "169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::254 fd20:ce::254",
		"NAT64 of cloud metadata":                "64:ff9b::169.254.169.254",
		"NAT64 of loopback":                      "64:ff9b::7f00:1",
		"this host, unspecified":                 "0.0.0.0",
		"this network":                           "0.1.2.3",
		"loopback":                               "127.0.0.1 ::1",
		"link local":                             "169.254.0.1 fe80::1",
		"limited broadcast":                      "255.255.255.255",
		"reserved":                               "250.0.0.1",
		"multicast":                              "224.0.0.1 ff02::1",
		"unspecified":                            "::",
		"IPv4-compatible":                        "::127.0.0.1",
		"IPv4-mapped":                            "::ffff:8.8.8.8",
		"IPv4-translated":                        "::ffff:0:127.0.0.1",
		"IPv4/IPv6 translation inside a network": "64:ff9b:1::7f00:1",
		"discard only":                           "100::1",
		"dummy prefix":                           "100:0:0:1::1",
		"Teredo":                                 "2001:0:1::",
		"benchmarking":                           "198.18.0.1 2001:2::1",
		"ORCHID":                                 "2001:10::1",
		"IETF protocol assignments":              "192.0.0.1 2001:1::1",
		"segment routing (SRv6) SIDs":            "5f00::1",
		"unique local":                           "fd12::1",
		"site local":                             "fec0::1",
		"ISATAP":                                 "2606:4700::200:5efe:a00:1",
		"outside of global unicast":              "4000::1",
		"":                                       "8.8.8.8 64:ff9b::8.8.8.8 2606:4700::1111",
	} {
		for addr := range strings.FieldsSeq(addrs) {
			if got := special(netip.MustParseAddr(addr)); got != why {
				t.Errorf("%s: got %q, want %q", addr, got, why)
			}
		}
	}
}

func TestAnAddressWithAZoneIsNotPublic(t *testing.T) {
	if got, want := special(netip.MustParseAddr("2606:4700::1%eth0")), "scoped to a zone"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlyTheAllowedHostAndPortMayBeInternal(t *testing.T) {
	literal := guardFor(Target{URL: "http://127.0.0.1:8080/v1", AllowPrivate: true})
	named := guardFor(Target{URL: "https://API.internal./v1", AllowPrivate: true})
	tests := []struct {
		name          string
		guard         guard
		host, port    string
		connectsTo    string
		wantConnected bool
	}{
		{"the allowed address", literal, "127.0.0.1", "8080", "127.0.0.1:8080", true},
		{"another port", literal, "127.0.0.1", "6379", "127.0.0.1:6379", false},
		{"another internal address", literal, "127.0.0.2", "8080", "127.0.0.2:8080", false},
		{"a name for the allowed address", literal, "rebind.example", "8080", "127.0.0.1:8080", false},
		{"the address, then another at connect time", literal, "127.0.0.1", "8080", "10.0.0.1:8080", false},
		{"a public address elsewhere", literal, "api.example.com", "443", "8.8.8.8:443", true},
		{"the allowed name", named, "api.internal", "443", "10.1.2.3:443", true},
		{"the allowed name in capitals and with a dot", named, "API.INTERNAL.", "443", "[fd12::1]:443", true},
		{"the allowed name at another port", named, "api.internal", "80", "10.1.2.3:80", false},
		{"another name", named, "db.internal", "443", "10.1.2.3:443", false},
		{"a name below the allowed one", named, "x.api.internal", "443", "10.1.2.3:443", false},
		{"the allowed name resolving to metadata", named, "api.internal", "443", "169.254.169.254:443", false},
		{"the allowed name resolving to IPv6 metadata", named, "api.internal", "443", "[fd00:ec2::254]:443", false},
		{"the allowed name resolving to metadata through NAT64", named, "api.internal", "443", "[64:ff9b::a9fe:a9fe]:443", false},
		{"nothing allowed", guardFor(Target{URL: "http://127.0.0.1:8080"}), "127.0.0.1", "8080", "127.0.0.1:8080", false},
		{"a port out of range", guardFor(Target{URL: "http://127.0.0.1:0", AllowPrivate: true}), "127.0.0.1", "0", "127.0.0.1:0", false},
		{"an address with a zone", named, "api.internal", "443", "[fe80::1%eth0]:443", true},
		{"a zone that nobody allowed", guard{}, "fe80::1%eth0", "443", "[fe80::1%eth0]:443", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			network := "tcp4"
			if strings.HasPrefix(tt.connectsTo, "[") {
				network = "tcp6"
			}
			err := tt.guard.forHost(tt.host, tt.port).control(network, tt.connectsTo, nil)
			if (err == nil) != tt.wantConnected {
				t.Errorf("got %v", err)
			}
			if blocked, ok := errors.AsType[*BlockedError](err); err != nil && (!ok || blocked.Why == "" || !blocked.Addr.IsValid()) {
				t.Errorf("got %#v", err)
			}
		})
	}
}

func TestANarrowedGuardNeverWidensAgain(t *testing.T) {
	g := guardFor(Target{URL: "http://127.0.0.1:8080", AllowPrivate: true})
	away := g.forHost("api.example.com", "443")
	if back := away.forHost("127.0.0.1", "8080"); back != (guard{}) {
		t.Errorf("got %+v", back)
	}
}

func TestAGuardUsedWithoutAHostStillHoldsThePort(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1:8080", "http://api.internal:8080"} {
		g := guardFor(Target{URL: url, AllowPrivate: true})
		if err := g.control("tcp4", "127.0.0.1:6379", nil); err == nil {
			t.Errorf("%s: port 6379 passed", url)
		}
		if err := g.control("tcp4", "127.0.0.1:8080", nil); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestWhatIsNotTCPIsRefused(t *testing.T) {
	for _, network := range []string{"udp4", "ip4:icmp", "unix", ""} {
		if err := (guard{}).control(network, "8.8.8.8:53", nil); err == nil {
			t.Errorf("%q passed", network)
		}
	}
	for _, address := range []string{"", "8.8.8.8", "example.com:80", "/run/docker.sock"} {
		if err := (guard{}).control("tcp4", address, nil); err == nil {
			t.Errorf("%q passed", address)
		}
	}
}

func TestAnAllowedListenerIsReached(t *testing.T) {
	port, reached := canary(t)
	target := Target{URL: "http://127.0.0.1:" + port, AllowPrivate: true}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c, err := guardFor(target).dialer(net.Dialer{})(ctx, "tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Read(make([]byte, 1)) // ends when the listener has counted and closed
	_ = c.Close()
	if n := reached.Load(); n != 1 {
		t.Errorf("got %d connections, want 1", n)
	}
}

// FuzzSpecialKnowsWhatTheStandardLibraryKnows holds the table against net/netip
// and against the IPv4 address that each form of IPv6 carries.
func FuzzSpecialKnowsWhatTheStandardLibraryKnows(f *testing.F) {
	for _, b := range specialBlocks {
		octets := b.prefix.Addr().As16()
		f.Add(octets[:])
	}
	f.Add([]byte{8, 8, 8, 8})
	f.Fuzz(func(t *testing.T, octets []byte) {
		addr, ok := netip.AddrFromSlice(octets)
		if !ok || special(addr) != "" {
			return
		}
		if !addr.IsGlobalUnicast() || addr.IsPrivate() || addr.Is4In6() {
			t.Fatalf("%v passes", addr)
		}
		if addr.Is6() && !globalUnicast.Contains(addr) && !nat64.Contains(addr) {
			t.Fatalf("%v passes outside of global unicast", addr)
		}
		if nat64.Contains(addr) && special(lastIPv4(addr)) != "" {
			t.Fatalf("%v passes with %v inside", addr, lastIPv4(addr))
		}
	})
}
