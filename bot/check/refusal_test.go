package check

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"testing"
)

// Bodies and fields as documented by, or seen from, the APIs in the names.
func TestARefusalIsUnderstood(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		status       int
		authenticate string
		body         string
		want         string
	}{
		{"GitHub", 401, "", `{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}`, "auth.key"},
		{"GitHub, secondary limit", 403, "", `{"message":"You have exceeded a secondary rate limit."}`, "rate.limit"},
		{"GitHub, no scope", 403, "", `{"message":"Resource not accessible by integration"}`, "http.403"},
		{"GitLab, expired", 401, "", `{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`, "auth.expired"},
		{"GitLab, revoked", 401, "", `{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}`, "auth.key"},
		{"Stripe, expired key", 401, "", `{"error":{"code":"api_key_expired","message":"Expired API Key provided: sk_test_****"}}`, "auth.expired"},
		{"Stripe, no key", 401, "Basic realm=\"Stripe\"", `{"error":{"message":"You did not provide an API key. You need to provide your API key in the Authorization header"}}`, "auth.missing"},
		{"Stripe, other mode", 401, "", `{"error":{"message":"a similar object exists in live mode, but a test mode key was used to make this request."}}`, "auth.environment"},
		{"OpenAI", 401, "", `{"error":{"message":"Incorrect API key provided: sk-****.","type":"invalid_request_error","code":"invalid_api_key"}}`, "auth.key"},
		{"AWS, expired", 403, "", `<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`, "auth.expired"},
		{"AWS, denied", 403, "", `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`, "authz.denied"},
		{"AWS gateway", 403, "", `{"message":"Missing Authentication Token"}`, "auth.missing"},
		{"Google", 400, "", `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}`, "auth.key"},
		{"Twitter, undecided", 401, "", `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`, "auth.key"},
		{"RFC 6750, its own words", 401, `Bearer error="invalid_token", error_description="The access token provided is expired, revoked, malformed, or invalid for other reasons"`, "", "auth.key"},
		{"RFC 6750, expired", 401, `Bearer realm="example", error="invalid_token", error_description="The access token expired"`, "", "auth.expired"},
		{"RFC 6750, scope", 403, `Bearer error="insufficient_scope", scope="users:read"`, "", "authz.denied"},
		{"Spring", 401, `Bearer error="invalid_token", error_description="Jwt expired at 2026-11-22T10:00:00Z"`, "", "auth.expired"},
		{"jsonwebtoken", 401, "", `{"name":"TokenExpiredError","message":"jwt expired","expiredAt":1408621000}`, "auth.expired"},
		{"Auth0", 403, "", `{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: read:users","errorCode":"insufficient_scope"}`, "authz.denied"},
		{"an address list", 403, "", `{"error":"Your IP address is not allowed to use this key"}`, "authz.denied"},
		{"the wrong environment", 401, "", `{"code":"wrong_environment","message":"This key belongs to staging"}`, "auth.environment"},
		{"the guide's own words", 401, "", `{"error":"Invalid API Key"}`, "auth.key"},
		{"Azure API Management", 401, "", `{"statusCode":401,"message":"Access denied due to invalid subscription key. Make sure to provide a valid key."}`, "auth.key"},
		{"Azure API Management, none", 401, "", `{"statusCode":401,"message":"Access denied due to missing subscription key."}`, "auth.missing"},
		{"denied for a key", 401, "", `{"error":"Access denied. Invalid API key."}`, "auth.key"},
		{"Google, not switched on", 403, "", `{"error":{"message":"Example API has not been used in project 1 before or it is disabled. Enable it by visiting the console: permission denied"}}`, "authz.denied"},
		{"a wrong signature", 401, "", `{"error":"Your token has not expired but its signature is wrong"}`, "auth.key"},
		{"a realm", 401, `Bearer realm="sandbox"`, "", "http.401"},
		{"only a status", 401, "Bearer", "", "http.401"},
		{"only its name", 401, "", `{"message":"Unauthorized"}`, "http.401"},
		{"only its name, forbidden", 403, "", `{"message":"Forbidden"}`, "http.403"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := &answer{status: tt.status, header: http.Header{}, body: []byte(tt.body)}
			if tt.authenticate != "" {
				a.header.Set("WWW-Authenticate", tt.authenticate)
			}
			if got := blame(a); got.cause != tt.want || got.detail == "" {
				t.Errorf("got %s: %s, want %s\n%s", got.cause, got.detail, tt.want, refusalText(a))
			}
		})
	}
}

func TestInterceptorsAreKnownByTheirIssuer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		issuer pkix.Name
		want   string
	}{
		{pkix.Name{CommonName: "Zscaler Intermediate Root CA (zscalerthree.net)", Organization: []string{"Zscaler Inc."}}, "Zscaler"},
		{pkix.Name{CommonName: "ca.example.goskope.com", Organization: []string{"Netskope Inc"}}, "Netskope"},
		{pkix.Name{CommonName: "Cisco Umbrella Secondary SubCA lon-SG", Organization: []string{"Cisco"}}, "Cisco Umbrella"},
		{pkix.Name{CommonName: "FG100FTK20001234", Organization: []string{"Fortinet"}, OrganizationalUnit: []string{"Certificate Authority"}}, "Fortinet FortiGate"},
		{pkix.Name{CommonName: "Sophos SSL CA_C1234", Organization: []string{"Sophos"}}, "Sophos"},
		{pkix.Name{CommonName: "Blue Coat SG-200 Series"}, "Blue Coat (Symantec)"},
		{pkix.Name{CommonName: "Palo Alto Networks Inspection CA"}, "Palo Alto Networks"},
		{pkix.Name{CommonName: "McAfee Web Gateway"}, "McAfee (Skyhigh)"},
		{pkix.Name{CommonName: "Kaspersky Anti-Virus Personal Root Certificate"}, "Kaspersky"},
		{pkix.Name{CommonName: "avast! Web/Mail Shield Root"}, "Avast"},
		{pkix.Name{CommonName: "Charles Proxy CA (19 Nov 2025, mac.local)"}, "Charles"},
		{pkix.Name{CommonName: "DO_NOT_TRUST_FiddlerRoot"}, "Fiddler"},
		{pkix.Name{CommonName: "mitmproxy"}, "mitmproxy"},
		{pkix.Name{CommonName: "PortSwigger CA", OrganizationalUnit: []string{"PortSwigger CA"}}, "Burp Suite"},
		{pkix.Name{CommonName: "R11", Organization: []string{"Let's Encrypt"}}, ""},
		{pkix.Name{CommonName: "Symantec Class 3 Secure Server CA - G4", Organization: []string{"Symantec Corporation"}}, ""},
		{pkix.Name{CommonName: "Cloudflare TLS Issuing ECC CA 1", Organization: []string{"SSL Corporation"}}, ""},
	}
	for _, tt := range tests {
		if got := interceptor([]*x509.Certificate{{Issuer: tt.issuer}}); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.issuer, got, tt.want)
		}
	}
}
