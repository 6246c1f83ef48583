package paste

import (
	"strings"
	"testing"
)

// kept is the text with each run of noise as one dot.
func kept(text string) string {
	var b strings.Builder
	at := 0
	for _, s := range Read(text).Noise {
		b.WriteString(text[at:s.Start])
		b.WriteString("·")
		at = s.End
	}
	return b.String() + text[at:]
}

func TestNoiseIsMarkedAndErrorsAreKept(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"CERT_HAS_EXPIRED at host 10.0.0.1:443", "CERT_HAS_EXPIRED at host ·"},
		{"getaddrinfo ENOTFOUND api.example.com", "getaddrinfo ENOTFOUND ·"},
		{"see https://api.example.com/v1/x?a=b, please", "see ·, please"},
		{"<https://x.example|our docs> say <@U123ABC> no", "·our docs· say · no"},
		{"mail bob@example.com or @bob", "mail · or ·"},
		{"id 123e4567-e89b-12d3-a456-426614174000 failed", "id · failed"},
		{"at 0x7fff5694 and deadbeef01", "at · and ·"},
		{"2024-05-01T10:00:00.123Z ERROR [main] timeout", "· · · timeout"},
		{"2024-05-01 10:00:00 ERROR [timeout] again", "· · [timeout] again"},
		{"[2024-05-01 10:00:00] production.ERROR: x", "· production.ERROR: x"},
		{"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"},
		{"ERROR connection refused", "ERROR connection refused"},
		{"timed out after 30s, 1500ms or 1m30s", "timed out after ·, · or ·"},
		{"it sends 503s and 429s", "it sends 503s and 429s"},
		{"open /etc/ssl/cert.pem and main.go:42", "open · and ·"},
		{"TCP/IP, and/or, 401/403, text/html, HTTP/1.1", "TCP/IP, and/or, 401/403, text/html, HTTP/1.1"},
		{"java.net.ConnectException: refused", "java.net.ConnectException: refused"},
		{"req_8f3kd92 cus_9sA1x77 ERR_SSL_PROTOCOL_ERROR", "· · ERR_SSL_PROTOCOL_ERROR"},
		{"> quoted\n&gt; this", "· quoted\n· this"},
		{"**bold** and ~~x~~ and `ECONNRESET`", "·bold· and ·x· and ·ECONNRESET·"},
		{"\x1b[31mECONNRESET\x1b[0m", "·ECONNRESET·"},
		{"```\nfailed\n```", "·\nfailed\n·"},
		{"level=error msg=refused host=a1 trace_id=77", "· msg=refused · ·"},
		{"-H 'Authorization: Bearer abc.def' gives invalid_token", "-H '·' gives invalid_token"},
		{"Authorization: failed", "Authorization: failed"},
		{"localhost:3000 and ::1 and fe80::1:2:3", "· and · and ·"},
		{"the error is error.code or response.status", "the error is error.code or response.status"},
		{"we meet at 10 (again) today", "we meet at 10 (again) today"},
		{"at least one (of us) has seen it", "at least one (of us) has seen it"},
		{"Error: x\n    at foo (/a/b.js:1:2)\nhelp", "Error: x\n    ·\nhelp"},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := kept(c.text); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestProseHasNoStatus(t *testing.T) {
	for _, text := range []string{
		"500 users", "order 401", "404 Main Street", "the bus takes 503", "page 401", "code 404 of the building",
		"it costs 429 dollars", "we have 200 servers", "room 404: empty", "ticket #503", "at 500 I stop", "502, 503, 504",
		"the status of my 500 orders", "version 4.0.1", "http 2 is on", "12401", "4010",
	} {
		if p := Read(text); len(p.Statuses)+len(p.Values) > 0 || p.Client != "" || !p.Cause.Empty() {
			t.Errorf("%q: got %+v, want nothing but noise", text, p)
		}
	}
}
