package credential_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"apihelp/bot/check/credential"
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
		{"my key is abcdef123456ghijkl", "abcdef123456ghijkl"},
		{"key: a1b2c3", "a1b2c3"},
		{"export STRIPE_KEY=abcdefghijk", "abcdefghijk"},
		{"DB_PASS=hunter2222", "hunter2222"},
		{"pass: hunter2222", "hunter2222"},
		{"apikey hunter2secretvalue", "hunter2secretvalue"},
		{"X-Auth-Token abcdefgh1jklmnop", "abcdefgh1jklmnop"},
		{"password hunter2222", "hunter2222"},
		{"password -> hunter2222", "hunter2222"},
		{"password: abc12", "abc12"},
		{"https://example.com/?access_token=abc12&x=1", "abc12"},
		{"curl -ubob:hunter2 https://example.com", "hunter2"},
		{"https://ghp_abcdefgh@github.com/x", "ghp_abcdefgh"},
		{"https://hooks.slack.com/services/T0/B0/abcdefgh", "abcdefgh"},
		{"https://discord.com/api/webhooks/123/abcdefgh", "abcdefgh"},
		{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"},
		{`"password": "correct horse battery staple"`, "horse battery"},
		{`{\"password\": \"hunter2222\"}`, "hunter2222"},
		{"-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYBF\n", "lQOYBF"},
		{"SK_LIVE_ABCDEF123456", "ABCDEF123456"},
		{"postgres://u:p@ss@host/db", "ss@host"},
		{"token: my-realsecret-1234", "realsecret"},
		{"token: your1secretvalue99", "secretvalue99"},
		{"api_key=$ecretValue99", "ecretValue99"},
		{strings.Repeat("x ", 20_000) + "sk_live_FAKE000111222333", "FAKE000111222333"},
	} {
		if got := redact(tt.text); strings.Contains(got, tt.secret) {
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
		"api key is revoked",
		"our api key is rejected everywhere",
		"the token is expiring too soon",
		"Authorization: Bearer ${API_KEY}",
		"token: my-token",
		"api_key = YOUR_API_KEY_HERE",
		"com.example.checkout.PaymentHttp2ClientConnectionHandler",
		"java.net.SocketTimeoutException: Read timed out",
		"token is expired",
		"javax.net.ssl.SSLHandshakeException: PKIX path building failed",
		"unable_to_get_issuer_certificate_locally",
		"SELF_SIGNED_CERT_IN_CHAIN",
		"https://api.example.com/v1/me?page=2",
		"error:0A000086:SSL routines::certificate verify failed",
		"request took 12000ms, retry-after: 30",
	} {
		if got := redact(text); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

func TestAPlantedKeySurvivesNoSurroundings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := "sk_live_" + rapid.StringMatching(`[A-Za-z0-9]{16,40}`).Draw(t, "key")
		before := rapid.StringMatching(`[ -~\n]{0,30}[ \n"'=:(]`).Draw(t, "before")
		after := rapid.StringMatching(`[ \n"',;)][ -~\n]{0,30}`).Draw(t, "after")
		if got := redact(before + key + after); strings.Contains(got, key) {
			t.Fatalf("%q is still in %q", key, got)
		}
	})
}

var redactor = credential.New()

func redact(text string) string {
	clean, _ := redactor.Redact(text)
	return clean
}
