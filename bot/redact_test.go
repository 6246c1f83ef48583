package bot_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"apihelp/bot"
)

func TestCredentialsAreTakenOut(t *testing.T) {
	for _, tt := range []struct{ text, secret string }{
		{"my key is sk_live_FAKE000111222333 ok", "FAKE000111222333"},
		{"sk-proj-abcDEF123456ghi789", "abcDEF123456ghi789"},
		{"curl -H 'Authorization: Bearer abc.def-123' https://api.example.com", "abc.def-123"},
		{`-H "authorization: basic dXNlcjpwYXNz"`, "dXNlcjpwYXNz"},
		{"Authorization: Token 9944b09199c62bcf9418ad846dd0e4bb", "9944b09199c62bcf"},
		{"Cookie: session=deadbeef; theme=dark", "deadbeef"},
		{"X-Api-Key: hunter2hunter2", "hunter2hunter2"},
		{`{"api_key":"p4ssw0rdp4ssw0rd"}`, "p4ssw0rdp4ssw0rd"},
		{"password=correct-horse-battery", "correct-horse-battery"},
		{"client_secret: 'abcdefgh'", "abcdefgh"},
		{"postgres://admin:s3cr3t@db.example.com/app", "s3cr3t"},
		{"https://user:pa%40ss@example.com", "pa%40ss"},
		{"curl -u ann:opensesame https://api.example.com", "opensesame"},
		{"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl expired", "eyJzdWIiOiIxIn0"},
		{"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA"},
		{"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq", "MIIEvQIBADANBgkq"},
		{"AKIAIOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"},
		{"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912"},
		{"xoxb-2048-4096-abcdef", "2048-4096-abcdef"},
		{"it prints 7f3a9c1e5b2d4f6a8c0e1b3d5f7a9c1e somewhere", "7f3a9c1e5b2d4f6a8c0e1b3d5f7a9c1e"},
		{strings.Repeat("x ", 20_000) + "sk_live_FAKE000111222333", "FAKE000111222333"},
	} {
		if got := bot.Redact(tt.text); strings.Contains(got, tt.secret) {
			t.Errorf("%q: the secret is still in %q", tt.text[max(0, len(tt.text)-80):], got[max(0, len(got)-80):])
		}
	}
}

func TestWhatIsNoCredentialStays(t *testing.T) {
	for _, text := range []string{
		"getting a 503 since 10:00",
		"Authorization: Bearer undefined",
		"Authorization: Bearer $TOKEN",
		"api_key=YOUR_API_KEY",
		"x-api-key: <your key>",
		"the password is wrong",
		"invalid api key",
		"token is expired",
		"javax.net.ssl.SSLHandshakeException: PKIX path building failed",
		"unable_to_get_issuer_certificate_locally",
		"SELF_SIGNED_CERT_IN_CHAIN",
		"https://api.example.com/v1/me?page=2",
		"error:0A000086:SSL routines::certificate verify failed",
		"request took 12000ms, retry-after: 30",
	} {
		if got := bot.Redact(text); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

func TestAPlantedKeySurvivesNoSurroundings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := "sk_live_" + rapid.StringMatching(`[A-Za-z0-9]{16,40}`).Draw(t, "key")
		before := rapid.StringMatching(`[ -~\n]{0,30}[ \n"'=:(]`).Draw(t, "before")
		after := rapid.StringMatching(`[ \n"',;)][ -~\n]{0,30}`).Draw(t, "after")
		if got := bot.Redact(before + key + after); strings.Contains(got, key) {
			t.Fatalf("%q is still in %q", key, got)
		}
	})
}
