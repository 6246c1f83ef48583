package check

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
)

// parseEndpoint reads the URL of something that the bot will connect to, and
// returns all that is wrong with it. No fault quotes more of it than the host
// and port: the rest may hold a password.
func parseEndpoint(text string, allowPrivate bool) (u *url.URL, faults []error) {
	u, err := url.Parse(text)
	if err != nil {
		// The parser's error would quote the URL.
		return nil, []error{errors.New(`"url" is no URL; write it like https://api.example.com/v1/me`)}
	}
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(u.Scheme != "https" && u.Scheme != "http", `"url" must begin with https:// (or http://)`)
	fault(u.User != nil, `"url" has a user name or password before an @; put it in "header"`)
	fault(u.Fragment != "" || strings.Contains(text, "#"), `"url" has a part after a #, which is never sent; remove it`)
	if u.Hostname() == "" {
		fault(true, `"url" has no host; write it like https://api.example.com/v1/me`)
		return nil, faults
	}
	if _, err := portOf(u); err != nil && u.Port() != "" {
		fault(true, `"url": %w`, err)
	}
	if err := checkHost(u.Hostname(), allowPrivate); err != nil {
		fault(true, `"url": %w`, err)
	}
	return u, faults
}

// checkHost returns what is wrong with a configured host, without asking any
// name server. Names that resolve to an internal address are judged by the
// guard, at connect time.
func checkHost(host string, allowPrivate bool) error {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	switch addr, err := netip.ParseAddr(host); {
	case err == nil && addr.Is4In6():
		return fmt.Errorf("host %q is an IPv4 address in IPv6 clothes; write %v", host, addr.Unmap())
	case err == nil:
		return checkAddr(addr, allowPrivate)
	case !isHostName(name):
		return fmt.Errorf("host %q is no host name; use letters, digits, hyphens and dots, and the xn-- form of an international name", host)
	case endsInNumber(name):
		// Some resolvers take these for addresses, each in its own way.
		return fmt.Errorf("host %q is an address in an unusual spelling; write it in full, like 192.0.2.1", host)
	case isInternalName(name) && !allowPrivate:
		return fmt.Errorf(`host %q is internal; if the bot may connect to it, set "allow_private": true`, host)
	}
	return nil
}

func checkAddr(addr netip.Addr, allowPrivate bool) error {
	why := special(addr)
	if why == "" || allowPrivate {
		return nil
	}
	return fmt.Errorf(`host %v is no public address (%s); if the bot may connect to it, set "allow_private": true`, addr, why)
}

// isHostName reports whether name is one of RFC 1123 section 2.1, with the
// underscore that internal names have: at most 253 bytes, labels of at most 63.
func isHostName(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// endsInNumber reports whether a browser or an old resolver would take name
// for an IPv4 address: WHATWG URL standard, "ends-in-a-number checker".
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// isInternalName reports whether name means the bot's own machine or network
// by convention: RFC 6761 section 6.3, the top level that ICANN reserved for
// private use in 2024, and what clouds call their metadata.
func isInternalName(name string) bool {
	for _, suffix := range []string{"localhost", "internal", "localdomain"} {
		if name == suffix || strings.HasSuffix(name, "."+suffix) {
			return true
		}
	}
	return slices.Contains([]string{"metadata", "metadata.goog", "metadata.tencentyun.com", "instance-data"}, name)
}

// certPool returns the system's authorities and those of a PEM file; nil, for
// the system's, if file is empty.
func certPool(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf(`"ca_file": %w; name a file that the bot can read`, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a container without any: the file is all there is
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf(`"ca_file": %s has no certificate; it must contain PEM blocks "BEGIN CERTIFICATE"`, file)
	}
	return pool, nil
}
