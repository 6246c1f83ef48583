package check

import "net/netip"

// metadata names the addresses at which clouds hand out credentials to whoever
// asks from inside. None of them is in a registry by itself.
const metadata = "cloud metadata"

// A block is a range of addresses at which no public API is.
type block struct {
	prefix netip.Prefix
	name   string // as the registry has it
}

// specialBlocks are the entries of the IANA IPv4 Special-Purpose Address
// Registry (RFC 6890; as of 2020-09-04) and the IANA IPv6 Special-Purpose
// Address Registry (as of 2025-10-09) whose "Globally Reachable" is
// False or N/A, with the months of their allocation, and what other
// registries set aside. An entry stands before the one that contains it, so
// that the first match is the closest.
//
// Blocks inside 192.0.0.0/24 and 2001::/23 that the registry calls globally
// reachable (PCP, TURN and DNS-SD anycast, AMT, AS112, ORCHIDv2, drone IDs)
// are refused with the block around them: no API is there, and the anycast
// ones reach whatever box is nearest, such as one's own router.
var specialBlocks = []block{
	// IANA IPv4 Special-Purpose Address Registry
	{netip.MustParsePrefix("0.0.0.0/32"), "this host, unspecified"},      // RFC 1122, 1981-09
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},                 // RFC 791, 1981-09
	{netip.MustParsePrefix("10.0.0.0/8"), "private use"},                 // RFC 1918, 1996-02
	{netip.MustParsePrefix("100.100.100.200/32"), metadata},              // Alibaba Cloud's, inside the next
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier-grade NAT"},        // RFC 6598, 2012-04
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},                   // RFC 1122, 1981-09
	{netip.MustParsePrefix("169.254.169.254/32"), metadata},              // AWS, Azure, Google and others, inside link local
	{netip.MustParsePrefix("169.254.170.2/32"), metadata},                // AWS ECS credentials
	{netip.MustParsePrefix("169.254.170.23/32"), metadata},               // AWS EKS credentials
	{netip.MustParsePrefix("169.254.0.0/16"), "link local"},              // RFC 3927, 2005-05
	{netip.MustParsePrefix("172.16.0.0/12"), "private use"},              // RFC 1918, 1996-02
	{netip.MustParsePrefix("192.0.0.192/32"), metadata},                  // Oracle Cloud's older one, inside the next
	{netip.MustParsePrefix("192.0.0.0/24"), "IETF protocol assignments"}, // RFC 6890, 2010-01
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},             // RFC 5737, 2010-01
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay anycast"},      // RFC 7526, 2001-06, deprecated; with 6a44, RFC 6751
	{netip.MustParsePrefix("192.168.0.0/16"), "private use"},             // RFC 1918, 1996-02
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking"},             // RFC 2544, 1999-03
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},          // RFC 5737, 2010-01
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},           // RFC 5737, 2010-01
	{netip.MustParsePrefix("255.255.255.255/32"), "limited broadcast"},   // RFC 8190, 1984-10
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},                   // RFC 1112, 1989-08
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},                  // RFC 5771: IANA IPv4 Multicast Address Space Registry
	{netip.MustParsePrefix("168.63.129.16/32"), metadata},                // Azure's platform address: public by number, internal by routing

	// IANA IPv6 Special-Purpose Address Registry
	{netip.MustParsePrefix("::/128"), "unspecified"},                                    // RFC 4291, 2006-02
	{netip.MustParsePrefix("::1/128"), "loopback"},                                      // RFC 4291, 2006-02
	{netip.MustParsePrefix("::/96"), "IPv4-compatible"},                                 // RFC 4291, deprecated
	{netip.MustParsePrefix("::ffff:0:0/96"), "IPv4-mapped"},                             // RFC 4291, 2006-02
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "IPv4-translated"},                       // RFC 2765, obsolete
	{netip.MustParsePrefix("64:ff9b:1::/48"), "IPv4/IPv6 translation inside a network"}, // RFC 8215, 2017-06
	{netip.MustParsePrefix("100::/64"), "discard only"},                                 // RFC 6666, 2012-06
	{netip.MustParsePrefix("100:0:0:1::/64"), "dummy prefix"},                           // RFC 9780, 2025-04
	{netip.MustParsePrefix("2001::/32"), "Teredo"},                                      // RFC 4380, 2006-01
	{netip.MustParsePrefix("2001:2::/48"), "benchmarking"},                              // RFC 5180, 2008-04
	{netip.MustParsePrefix("2001:10::/28"), "ORCHID"},                                   // RFC 4843, 2007-03, deprecated
	{netip.MustParsePrefix("2001::/23"), "IETF protocol assignments"},                   // RFC 2928, 2000-09
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},                           // RFC 3849, 2004-07
	{netip.MustParsePrefix("2002::/16"), "6to4"},                                        // RFC 3056, 2001-02
	{netip.MustParsePrefix("3fff::/20"), "documentation"},                               // RFC 9637, 2024-07
	{netip.MustParsePrefix("5f00::/16"), "segment routing (SRv6) SIDs"},                 // RFC 9602, 2024-04
	{netip.MustParsePrefix("fd00:ec2::/32"), metadata},                                  // AWS: fd00:ec2::254, fd00:ec2::23; inside the next
	{netip.MustParsePrefix("fd20:ce::254/128"), metadata},                               // Google Cloud, inside the next
	{netip.MustParsePrefix("fc00::/7"), "unique local"},                                 // RFC 4193, 2005-10
	{netip.MustParsePrefix("fe80::/10"), "link local"},                                  // RFC 4291, 2006-02
	{netip.MustParsePrefix("fec0::/10"), "site local"},                                  // RFC 3879, deprecated
	{netip.MustParsePrefix("ff00::/8"), "multicast"},                                    // RFC 4291: IANA IPv6 Multicast Address Space Registry
}

var (
	// globalUnicast is all that IANA has given out of IPv6 for global unicast
	// (IANA IPv6 Address Space registry, RFC 4291 section 2.4). What is
	// outside of it is refused even where no registry names it.
	globalUnicast = netip.MustParsePrefix("2000::/3")

	// nat64 is the well-known prefix that ends in an IPv4 address, RFC 6052
	// section 2.1. A network without IPv4 reaches public hosts through it, so
	// it is as good as the address in it.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// special returns why no public API can be at a: the name of the registered
// block that it belongs to. It returns the empty string for a public address.
func special(a netip.Addr) string {
	switch {
	case !a.IsValid():
		return "no address"
	case a.Zone() != "":
		return "scoped to a zone"
	case nat64.Contains(a):
		if why := special(lastIPv4(a)); why != "" {
			return "NAT64 of " + why
		}
		return ""
	}
	for i := range specialBlocks {
		if specialBlocks[i].prefix.Contains(a) {
			return specialBlocks[i].name
		}
	}
	switch {
	case a.Is4():
		return ""
	case !globalUnicast.Contains(a):
		return "outside of global unicast"
	case isISATAP(a):
		return "ISATAP"
	}
	return ""
}

// lastIPv4 returns the IPv4 address in the last 32 bits of a.
func lastIPv4(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

// isISATAP reports whether a tunnels to the IPv4 address at its end: RFC 5214
// section 6.1, interface identifiers 0000:5efe and 0200:5efe.
func isISATAP(a netip.Addr) bool {
	b := a.As16()
	return (b[8] == 0 || b[8] == 2) && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
