package check

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// internalAuthorities are spellings of internal hosts as they stand in a URL. None of
// them may be configured without allow_private, and none be reached by a
// redirect, whatever the resolver makes of it.
func internalAuthorities() []string {
	return strings.Fields(`
	127.0.0.1 127.0.0.2 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
	169.254.169.254 169.254.170.2 169.254.0.1 169.254.255.254 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.0.8 192.0.2.1
	198.51.100.7 203.0.113.9 198.18.0.1 198.19.255.255 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255

	127.1 127.0.1 2130706433 017700000001 0177.0.0.1 0177.1 0x7f.0.0.1 0x7f000001 0x7F000001 0x7f.1 0X7f.1 127.0.0x1
	127.0.0.1. 127.0.0.1.. 127.0.0.01 0127.0.0.1 127.000.000.001 0 00 0x 0x0 0. 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE
	425.510.425.510 169.254.43518 10.1 017.0.0.1 256.256.256.256 4294967296 127.0.0.1.0 1.2.3.4.5 x.0x7f

	１２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 127｡0｡0｡1 ⑯⑨.254.169.254 １６９.254.169.254 ｌocalhost locⓐlhost 𝟏27.0.0.1 ١٢٧.0.0.1

	[::1] [::] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [::ffff:127.0.0.1] [::ffff:7f00:1]
	[::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:169.254.169.254] [::ffff:10.0.0.1] [::ffff:8.8.8.8] [::127.0.0.1]
	[::7f00:1] [::8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1]
	[64:ff9b::0.0.0.0] [64:ff9b:1::7f00:1] [64:ff9b:1:ffff::8.8.8.8] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:0808:0808::1]
	[2001::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:1::1] [2001:20::1] [fe80::1] [fe80::1%25eth0] [fe80::1%25lo]
	[::1%25lo] [2606:4700::1%25eth0] [fec0::1] [fc00::1] [fdff::1] [fd00:ec2::254] [fd20:ce::254] [ff02::1] [ff0e::1] [100::1]
	[100:0:0:1::1] [100:1::1] [2001:2::1] [2001:10::1] [2001:db8::1] [3fff::1] [3fff:fff::1] [5f00::1] [4000::1] [e000::1]
	[2606:4700::5efe:7f00:1] [2606:4700::200:5efe:a00:1] [127.0.0.1] [0x7f.1] [::1] [::ffff:127.1]

	localhost LOCALHOST LocalHost localhost. localhost.. api.localhost api.localhost. localhost.localdomain
	metadata.google.internal METADATA.Google.Internal. metadata metadata.goog metadata.tencentyun.com instance-data
	instance-data.ec2.internal db.internal internal

	api.example.com@127.0.0.1 api.example.com:443@127.0.0.1 127.0.0.1@api.example.com api.example.com%40127.0.0.1
	127.0.0.1\@api.example.com api.example.com\@127.0.0.1 api.example.com#@127.0.0.1 127.0.0.1#@api.example.com
	@127.0.0.1 :@127.0.0.1 127.0.0.1%00 127.0.0.1%20 127.0.0.1%2e 127.0.0.1%09.example.com %31%32%37.0.0.1 loc%61lhost
	127.0.0.1,api.example.com 127.0.0.1;api.example.com 127.0.0.1&api.example.com api.example.com|127.0.0.1
	-127.0.0.1 .127.0.0.1 ..localhost localhost%E3%80%82 127.0.0.1:80:80`)
}

// canary is a listener on loopback that nobody may reach.
func canary(t testing.TB) (port string, reached *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	reached = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			reached.Add(1)
			_ = c.Close()
		}
	}()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), reached
}

// resolver answers every question with the addresses of answers.
func resolver(answers ...string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go answerDNS(server, answers)
		return client, nil
	}}
}

// targetsJSON is a setting with one target.
func targetsJSON(t testing.TB, url string, allowPrivate bool) string {
	t.Helper()
	text, err := json.Marshal([]map[string]any{{"name": "a", "url": url, "allow_private": allowPrivate,
		"header": map[string]string{"Authorization": "Bearer {key}"}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNoSpellingOfAnInternalHostIsConfiguredOrDialled(t *testing.T) {
	port, reached := canary(t)
	spellings := internalAuthorities()
	if len(spellings) < 60 {
		t.Fatalf("got %d spellings, want 60", len(spellings))
	}
	for _, authority := range spellings {
		t.Run(authority, func(t *testing.T) {
			for _, text := range []string{"http://" + authority + ":" + port + "/v1/me", "https://" + authority + "/v1/me"} {
				if _, err := ParseTargets(targetsJSON(t, text, false)); err == nil {
					t.Errorf("ParseTargets took %s", text)
				}
				if _, err := ParseStatusPage(text); err == nil {
					t.Errorf("ParseStatusPage took %s", text)
				}
			}
			host := strings.Trim(authority, "[]")
			if u, err := url.Parse("http://" + authority + ":" + port); err == nil {
				host = u.Hostname()
			}
			refuseDial(t, guard{}, host, port, resolver("127.0.0.1", "::ffff:127.0.0.1", "::1"))
		})
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the listener was reached %d times", n)
	}
}

// refuseDial dials host and fails unless that is refused before any packet.
func refuseDial(t *testing.T, g guard, host, port string, r *net.Resolver) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if addr, err := netip.ParseAddr(host); err == nil && special(addr.Unmap()) == "" {
		return // a public address in clothes that only the configuration refuses
	}
	c, err := g.dialer(net.Dialer{Resolver: r})(ctx, "tcp", net.JoinHostPort(host, port))
	if err == nil {
		_ = c.Close()
		t.Errorf("dial %s: connected", host)
		return
	}
	if !refused(err) {
		t.Errorf("dial %s: got %v, want a BlockedError or no such host", host, err)
	}
}

// refused reports whether err is of a host that was blocked or that is no name.
func refused(err error) bool {
	_, blocked := errors.AsType[*BlockedError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	return blocked || unknown
}

func TestNamesThatResolveToAnInternalAddressAreConfiguredButNotConnectedTo(t *testing.T) {
	port, reached := canary(t)
	for _, answers := range [][]string{
		{"127.0.0.1"}, {"127.0.0.2"}, {"0.0.0.0"}, {"10.0.0.1"}, {"172.20.0.1"}, {"192.168.0.1"}, {"169.254.169.254"}, {"100.64.1.1"},
		{"224.0.0.1"}, {"255.255.255.255"}, {"192.0.2.1"}, {"198.18.0.1"}, {"::1"}, {"::"}, {"::ffff:127.0.0.1"}, {"::127.0.0.1"},
		{"64:ff9b::7f00:1"}, {"64:ff9b:1::1"}, {"2002:7f00:1::"}, {"2001::1"}, {"fe80::1"}, {"fec0::1"}, {"fd00:ec2::254"}, {"ff02::1"},
		{"127.0.0.1", "::1"}, {"10.0.0.1", "127.0.0.1", "fe80::1"},
	} {
		for _, name := range []string{"127.0.0.1.nip.example", "localtest.example", "rebind.example.com.", "xn--bcher-kva.example"} {
			t.Run(name+strings.Join(answers, " "), func(t *testing.T) {
				targets, err := ParseTargets(targetsJSON(t, "http://"+name+":"+port+"/", false))
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				dial := guardFor(targets[0]).dialer(net.Dialer{Resolver: resolver(answers...)})
				_, err = dial(ctx, "tcp", net.JoinHostPort(name, port))
				if _, ok := errors.AsType[*BlockedError](err); !ok {
					t.Errorf("got %v, want a BlockedError", err)
				}
			})
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the listener was reached %d times", n)
	}
}

func TestNoRedirectLeavesTheAllowedHostAndPortForAnInternalOne(t *testing.T) {
	port, reached := canary(t)
	var location string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
	}))
	defer api.Close()
	own := api.Listener.Addr().(*net.TCPAddr)
	byName := "http://api.example.com:" + strconv.Itoa(own.Port)
	for _, base := range []string{api.URL, byName} {
		targets, err := ParseTargets(targetsJSON(t, base, true))
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
			DialContext: guardFor(targets[0]).dialer(net.Dialer{Resolver: resolver("127.0.0.1")})}}
		for _, authority := range internalAuthorities() {
			if authority == "[::ffff:8.8.8.8]" || strings.HasSuffix(authority, "::8.8.8.8]") {
				continue // the resolver of the system makes these public
			}
			for _, at := range []string{port, strconv.Itoa(own.Port)} {
				if authority == own.IP.String() && at != port && base == api.URL {
					continue // that is the allowed one
				}
				location = "http://" + authority + ":" + at + "/next"
				response, err := client.Get(base)
				if err == nil {
					_ = response.Body.Close()
					t.Errorf("%s: followed to %s", base, location)
				} else if _, dialled := errors.AsType[*net.OpError](err); dialled && !refused(err) {
					t.Errorf("%s: %s: got %v, want a BlockedError or no such host", base, location, err)
				}
			}
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the listener was reached %d times", n)
	}
}

func FuzzNoHostGetsThroughToASpecialAddress(f *testing.F) {
	for _, authority := range internalAuthorities() {
		f.Add(authority)
	}
	f.Add("api.example.com")
	f.Add("8.8.8.8")
	port, reached := canary(f)
	f.Fuzz(func(t *testing.T, authority string) {
		for _, text := range []string{"http://" + authority + ":" + port, "http://" + authority, authority} {
			targets, err := ParseTargets(targetsJSON(t, text, false))
			if err == nil {
				judgeAccepted(t, targets[0])
			}
		}
		if addr, err := netip.ParseAddr(strings.Trim(authority, "[]")); err == nil && special(addr.Unmap()) == "" {
			return // public: a dial would leave the machine
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		c, err := guard{}.dialer(net.Dialer{Resolver: resolver("127.0.0.1", "::1")})(ctx, "tcp", net.JoinHostPort(authority, port))
		if err == nil {
			_ = c.Close()
		}
		if err == nil || reached.Load() != 0 {
			t.Fatalf("%q was connected to", authority)
		}
	})
}

// judgeAccepted fails if a target that was taken names a special address, in
// the terms of net and of the C library's inet_aton, not of this package.
func judgeAccepted(t *testing.T, target Target) {
	t.Helper()
	u, err := url.Parse(target.URL)
	if err != nil || u.User != nil || u.Fragment != "" || u.Hostname() == "" {
		t.Fatalf("took %q", target.URL)
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	ip := net.ParseIP(host)
	if ip == nil {
		ip = inetAton(host)
	}
	if ip != nil && (!ip.IsGlobalUnicast() || ip.IsPrivate()) {
		t.Fatalf("took %q, which is %v", target.URL, ip)
	}
	if strings.EqualFold(host, "localhost") {
		t.Fatalf("took %q", target.URL)
	}
}

// inetAton reads an address as the C library does: one to four numbers,
// decimal, octal or hexadecimal, of which the last fills what is left.
func inetAton(text string) net.IP {
	parts := strings.Split(text, ".")
	if len(parts) > 4 {
		return nil
	}
	var all uint64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 0, 32)
		if err != nil || strings.ContainsAny(part, "_bBoO") {
			return nil
		}
		if i == len(parts)-1 {
			all |= n
			break
		}
		all |= n << (24 - 8*i)
	}
	return net.IPv4(byte(all>>24), byte(all>>16), byte(all>>8), byte(all))
}
