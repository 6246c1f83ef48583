package lab

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// zone is what the name server knows. Every other name does not exist.
var zone = map[string]struct {
	alias  string
	addrs  []string
	code   byte // RFC 1035, section 4.1.1
	silent bool
}{
	"api.lab.test":      {addrs: []string{"127.0.0.1"}},
	"alias.lab.test":    {alias: "api.lab.test", addrs: []string{"127.0.0.1"}},
	"six.lab.test":      {addrs: []string{"::1"}},
	"half.lab.test":     {addrs: []string{"127.0.0.1", "::1"}},
	"internal.lab.test": {addrs: []string{"10.0.0.5"}},
	"empty.lab.test":    {},
	"broken.lab.test":   {code: 2}, // SERVFAIL
	"silent.lab.test":   {silent: true},
}

// startNameserver answers over UDP until the test ends.
func startNameserver(t testing.TB) string {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		query := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return
			}
			if answer := reply(query[:n]); answer != nil {
				conn.WriteTo(answer, from) // who does not get it asks again
			}
		}
	}()
	return conn.LocalAddr().String()
}

const (
	typeA, typeCNAME, typeAAAA = 1, 5, 28
	headerLength               = 12
	nameUnknown                = 3
)

// reply answers a query with one question; nil is silence.
func reply(query []byte) []byte {
	name, end := question(query)
	if name == "" {
		return nil
	}
	entry, known := zone[name]
	if entry.silent {
		return nil
	}
	out := append([]byte(nil), query[:end]...)
	out[2], out[3] = 0x84, 0x80|entry.code // an answer with authority; recursion is available
	if !known {
		out[3] = 0x80 | nameUnknown
	}
	copy(out[6:headerLength], []byte{0, 0, 0, 0, 0, 0})
	owner := []byte{0xc0, headerLength} // the name of the question
	if entry.alias != "" {
		out = record(out, owner, typeCNAME, encodeName(entry.alias))
		owner = encodeName(entry.alias)
	}
	kind := binary.BigEndian.Uint16(query[end-4:])
	for _, text := range entry.addrs {
		addr := netip.MustParseAddr(text)
		if addr.Is4() && kind == typeA || addr.Is6() && kind == typeAAAA {
			out = record(out, owner, kind, addr.AsSlice())
		}
	}
	return out
}

// question returns the name that is asked for and where the question ends.
func question(query []byte) (name string, end int) {
	var labels []string
	for at := headerLength; at < len(query); {
		n := int(query[at])
		at++
		if n == 0 {
			if at+4 > len(query) {
				return "", 0
			}
			return strings.ToLower(strings.Join(labels, ".")), at + 4
		}
		if at+n > len(query) {
			return "", 0
		}
		labels = append(labels, string(query[at:at+n]))
		at += n
	}
	return "", 0
}

// record adds a resource record and counts it.
func record(out, owner []byte, kind uint16, data []byte) []byte {
	out[7]++
	out = append(out, owner...)
	out = binary.BigEndian.AppendUint16(out, kind)
	out = append(out, 0, 1, 0, 0, 0, 60) // class IN, one minute
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)))
	return append(out, data...)
}

func encodeName(name string) []byte {
	var out []byte
	for label := range strings.SplitSeq(name, ".") {
		out = append(out, byte(len(label)))
		out = append(out, label...)
	}
	return append(out, 0)
}
