package credential_test

import (
	"testing"

	"apihelp/bot/check/credential"
)

func TestWhatSupportMustReadStays(t *testing.T) {
	for _, text := range []string{
		"CONN_TIMEOUT and CERT_HAS_EXPIRED since 10:00",
		"request id 7f3a9c1e5b2d4f6a8c0e1b3d5f7a9c1e",
		"x-request-id: 4bf92f3577b34da6a3ce929d0e0e4736",
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","error":"invalid_token"}`,
		"req_8f3k2mQ9zLx4T7vB1nD6",
		"id 550e8400-e29b-41d4-a716-446655440000 failed",
		"since commit 9fceb02d0ae598e95dc970b74767f19372d61af8 it breaks",
		"image sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"cf-ray: 8a1b2c3d4e5f6a7b-FRA",
		"at com.example.api.v2.Http2ClientConnectionFactory.create(Http2ClientConnectionFactory.java:123)",
		"/usr/lib/python3.11/site-packages/urllib3/connectionpool.py line 467",
		"node_modules/undici/lib/dispatcher/client-h1.js:701:24",
		"api-eu-west-1.internal.prod.example.com:8443",
		"openssl 3.0.13-0ubuntu3.4, curl/8.5.0 (x86_64-pc-linux-gnu)",
		"WWW-Authenticate: Bearer realm=\"api\", error=\"invalid_token\"",
		"SyntaxError: Unexpected token < in JSON at position 0",
		"KeyError: 'STRIPE_KEY'",
		"Idempotency-Key: 8f14e45fceea167a5a36dedd4bea2543",
		"next_page_token: CAUQAA, partition key: user42x",
		"primary key: id8 and cache key = user:42:v2",
		"token expired 3h12m ago, key rotated 2026-01-02",
		"the key starts with sk_live_ and the other with sk_test_",
		"does the key go into X-Api-Key or ?key=",
		"X-RateLimit-Remaining: 0, Retry-After: 30",
		"http://localhost:8080/v1/keys and redis://cache:6379/0",
		"git@github.com:acme/api.git, ssh://git@github.com/acme/api",
		"-----BEGIN CERTIFICATE-----\nq83kdl20slfkQQx7vQq83kdl20slfkQQx7vQ\n-----END CERTIFICATE-----",
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
		"error:14090086:SSL routines:ssl3_get_server_certificate:certificate verify failed",
		"curl: (60) SSL certificate problem, -u user is set",
		"token_type: bearer, expires_in: 3600",
		"fetch(url, {credentials: 'include'})",
		"docker run -p 8080:80 acme/api:1.2.3-rc1",
		"password: required, token: missing",
		"com.fasterxml.jackson.databind.exc.InvalidDefinitionException",
		"X509ChainStatusFlags: expired or clock wrong",
		"JWT::ExpiredSignature in jsonwebtoken:test/claim-exp.test.js:12",
		"*Basic Information*, then *Generate*",
		"kubectl logs api-7d9f8b6c5d-x2k4p -n prod",
	} {
		if got, found := redactor.Redact(text); got != text {
			t.Errorf("got %q %+v, want %q", got, found, text)
		}
	}
}

func TestMaskedKeysAndPlaceholdersAreTold(t *testing.T) {
	for _, tt := range []struct {
		text string
		want credential.Finding
	}{
		{"sk-…xyz1", credential.Finding{Kind: credential.Masked, Name: "secret key", Text: "sk-…xyz1"}},
		{"sk_live_****1234 fails", credential.Finding{Kind: credential.Masked, Name: "Stripe live key", Text: "sk_live_****1234"}},
		{"my key ending in 9f3a", credential.Finding{Kind: credential.Masked, Name: "masked key", Text: "9f3a"}},
		{"X-Api-Key: ****9f3a", credential.Finding{Kind: credential.Masked, Name: "masked key", Text: "****9f3a"}},
		{"api_key=YOUR_API_KEY", credential.Finding{Kind: credential.Placeholder, Name: "placeholder", Text: "YOUR_API_KEY"}},
		{"Authorization: Bearer <token>", credential.Finding{Kind: credential.Placeholder, Name: "placeholder", Text: "<token>"}},
		{"Bearer undefined", credential.Finding{Kind: credential.Placeholder, Name: "value that was never set", Text: "Bearer undefined"}},
		{"Bearer null", credential.Finding{Kind: credential.Placeholder, Name: "value that was never set", Text: "Bearer null"}},
		{"Authorization: Bearer [object Object]", credential.Finding{Kind: credential.Placeholder, Name: "value that was never set", Text: "[object Object]"}},
		{"Authorization: Bearer $TOKEN", credential.Finding{Kind: credential.Placeholder, Name: "variable that was not filled in", Text: "$TOKEN"}},
		{"X-Api-Key: ${API_KEY}", credential.Finding{Kind: credential.Placeholder, Name: "variable that was not filled in", Text: "${API_KEY}"}},
		{"I see {{token}} in the log", credential.Finding{Kind: credential.Placeholder, Name: "variable that was not filled in", Text: "{{token}}"}},
		{"set it to %API_KEY%", credential.Finding{Kind: credential.Placeholder, Name: "variable that was not filled in", Text: "%API_KEY%"}},
		{"key: process.env.API_KEY", credential.Finding{Kind: credential.Placeholder, Name: "variable that was not filled in", Text: "process.env.API_KEY"}},
		{"token=xxxxxxxx", credential.Finding{Kind: credential.Placeholder, Name: "placeholder", Text: "xxxxxxxx"}},
		{`{"api_key": "<your key here>"}`, credential.Finding{Kind: credential.Placeholder, Name: "placeholder", Text: "<your key here>"}},
		{"password: changeme", credential.Finding{Kind: credential.Placeholder, Name: "placeholder", Text: "changeme"}},
		{"Authorization: Basic Og==", credential.Finding{Kind: credential.Placeholder, Name: "value that was never set", Text: "Og=="}},
	} {
		t.Run(tt.text, func(t *testing.T) {
			got, found := redactor.Redact(tt.text)
			if got != tt.text {
				t.Errorf("got %q, want it to stay", got)
			}
			if len(found) == 0 || found[0] != tt.want {
				t.Errorf("got %+v, want %+v", found, tt.want)
			}
		})
	}
}
