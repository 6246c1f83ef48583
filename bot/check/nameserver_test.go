package check

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
)

// answerDNS speaks DNS over a stream (RFC 1035 section 4.2.2) for one question,
// and answers with those of addrs that have its type.
func answerDNS(c net.Conn, addrs []string) {
	defer c.Close()
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	question := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, question); err != nil || len(question) < 12 {
		return
	}
	end := 12 // of the question: the name's labels, a zero, type and class
	for end < len(question) && question[end] != 0 {
		end += 1 + int(question[end])
	}
	end += 5
	if end > len(question) {
		return
	}
	kind := binary.BigEndian.Uint16(question[end-4:])
	reply := append([]byte{}, question[:2]...)
	reply = append(reply, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0) // a response, recursion, one question
	reply = append(reply, question[12:end]...)
	count := 0
	for _, text := range addrs {
		addr := netip.MustParseAddr(text)
		data := addr.AsSlice()
		if (kind == 1) != addr.Is4() || (kind != 1 && kind != 28) {
			continue
		}
		count++
		reply = append(reply, 0xc0, 12) // the name of the question
		reply = binary.BigEndian.AppendUint16(reply, kind)
		reply = append(reply, 0, 1, 0, 0, 0, 0) // class Internet, to be kept for 0 s
		reply = binary.BigEndian.AppendUint16(reply, uint16(len(data)))
		reply = append(reply, data...)
	}
	binary.BigEndian.PutUint16(reply[6:], uint16(count))
	_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
}
