package check_test

import (
	"sync/atomic"
	"testing"
	"time"

	"apihelp/bot/check"
	"apihelp/bot/check/lab"
)

// FuzzAnArbitraryServer has a server answer with any bytes, to a request and to
// a TLS handshake: there is always a whole report.
func FuzzAnArbitraryServer(f *testing.F) {
	for _, answer := range []string{
		"", "\x00", "HTTP/1.1", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/9.9 999 ?\r\n\r\nx",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
		"HTTP/1.1 302 Found\r\nLocation: \x7f\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: //\r\n\r\n", "HTTP/1.1 301 \r\nLocation: http:///\r\n\r\n",
		"HTTP/1.1 429 x\r\nRetry-After: 99999999999999999999\r\nRateLimit: \"a;r=,\\\r\n\r\n",
		"HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer error=\"\xff\r\nDate: Mon, 01 Jan 0001 00:00:00 GMT\r\n\r\n{\"error\":\"\xfe",
		"HTTP/1.1 200 OK\r\nDate: Fri, 31 Dec 9999 23:59:59 GMT\r\nAge: 9223372036854775807\r\n\r\n<html>",
		"\x16\x03\x01\x00\x02\x01\x00", "\x15\x03\x03\x00\x02\x02\x28", "\x15\x03\x03\x00\x02\x02\x70",
	} {
		f.Add([]byte(answer))
	}
	var answer atomic.Pointer[[]byte]
	address := lab.Raw(f, func() []byte { return *answer.Load() })
	f.Fuzz(func(t *testing.T, bytes []byte) {
		answer.Store(&bytes)
		for _, scheme := range []string{"http://", "https://"} {
			target := check.Target{Name: "x", URL: scheme + address, AllowPrivate: true, Header: map[string]string{"Authorization": "{key}"}}
			run(t, target, check.Options{Deadline: time.Second}, check.NewSecret(key))
		}
	})
}
