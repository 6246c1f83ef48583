package credential_test

import (
	"strings"
	"testing"

	"apihelp/bot/check/credential"
)

// BenchmarkRedact measures an ordinary message of 100 characters, one with a
// key, and a long log.
func BenchmarkRedact(b *testing.B) {
	const ordinary = "getting a 503 from the payments endpoint since ten this morning, request id req_8f3k2m, is it me, ok? "
	for name, text := range map[string]string{
		"ordinary":      ordinary,
		"about a key":   "my api key gives 401 in production, the same token works fine in staging, do I need another secret??",
		"leak":          "curl -H 'Authorization: Bearer sk_live_FAKE000111222333' https://api.example.com/v1/me gives 401 ok",
		"16 kB":         strings.Repeat(ordinary, 160),
		"16 kB of URLs": strings.Repeat(`GET https://api.example.com/v1/items?page=2&sort=name%20asc {\"key\":\"value\"} `, 200),
	} {
		b.Run(name, func(b *testing.B) {
			r := credential.New()
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Redact(text)
			}
		})
	}
}
