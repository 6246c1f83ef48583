package lab

import (
	"fmt"
	"net/http"
	"strings"
)

// addRefusals adds answers with a status that says no, with bodies as APIs
// send them.
func (l *Lab) addRefusals() {
	for _, a := range refusals {
		l.http(a.Fault, func(w http.ResponseWriter, _ *http.Request) {
			for field := range strings.SplitSeq(a.header, "\n") {
				if name, value, ok := strings.Cut(field, ": "); ok {
					w.Header().Set(name, value)
				}
			}
			w.WriteHeader(a.status)
			fmt.Fprint(w, a.body)
		})
	}
}

const (
	jsonType    = "Content-Type: application/json"
	problemType = "Content-Type: application/problem+json"
	htmlType    = "Content-Type: text/html; charset=utf-8"
)

var refusals = []struct {
	Fault
	status       int
	header, body string
}{
	{Fault{Name: "401 bare", Check: "auth", Status: "fail", Cause: "http.401", Says: "401 Unauthorized"}, 401, "", ""},
	{Fault{Name: "401 invalid key", Check: "auth", Status: "fail", Cause: "auth.key", Says: "does not know the key"}, 401, jsonType,
		`{"error":{"type":"invalid_request_error","code":"invalid_api_key","message":"Invalid API Key provided: sk_live_****1234"}}`},
	{Fault{Name: "401 expired token", Check: "auth", Status: "fail", Cause: "auth.expired", Says: "expired"}, 401,
		problemType + "\nWWW-Authenticate: Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The access token expired\"",
		`{"type":"about:blank","title":"Unauthorized","status":401}`},
	{Fault{Name: "401 revoked", Check: "auth", Status: "fail", Cause: "auth.key", Says: "revoked"}, 401, jsonType,
		`{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}`},
	{Fault{Name: "401 environment", Check: "auth", Status: "fail", Cause: "auth.environment", Says: "another environment"}, 401, jsonType,
		`{"error":{"message":"You used a test mode key on a live mode endpoint."}}`},
	{Fault{Name: "401 missing", Check: "auth", Status: "fail", Cause: "auth.missing", Says: "sees no key"}, 401, jsonType,
		`{"error":{"message":"You did not provide an API key. Set it in the Authorization header."}}`},
	{Fault{Name: "403 bare", Check: "auth", Status: "fail", Cause: "http.403", Says: "403 Forbidden"}, 403, jsonType, `{"message":"Forbidden"}`},
	{Fault{Name: "403 scope", Check: "auth", Status: "fail", Cause: "authz.denied", Says: "permission"}, 403,
		jsonType + "\nWWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"users:read\"", `{"error":"insufficient_scope"}`},
	{Fault{Name: "403 gateway", Check: "auth", Status: "fail", Cause: "http.403", Says: "gateway"}, 403, htmlType,
		`<!DOCTYPE html><html><title>Attention Required!</title><h1>Sorry, you have been blocked</h1><p>You do not have permission</p></html>`},
	{Fault{Name: "400 invalid key", Check: "http", Status: "fail", Cause: "auth.key", Says: "400 Bad Request"}, 400, jsonType,
		`{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}`},
	{Fault{Name: "404", Check: "http", Status: "fail", Cause: "http.404", Says: "answers 404 Not Found"}, 404, jsonType, `{"error":"not_found"}`},
	{Fault{Name: "429", Check: "limits", Status: "fail", Cause: "rate.limit", Says: "429 Too Many Requests, try again in 30 s: 0 of 1000 left, resets in 30 s"}, 429,
		problemType + "\nRetry-After: 30\nX-RateLimit-Limit: 1000\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 30",
		`{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Too many requests"}`},
	{Fault{Name: "429 quota", Check: "limits", Status: "fail", Cause: "rate.quota", Says: "quota"}, 429, jsonType,
		`{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota"}}`},
	{Fault{Name: "limit nearly used", Check: "limits", Status: "warn", Cause: "rate.limit", Says: "12 of 1000 left, resets in 40 s"}, 200,
		jsonType + "\nRateLimit-Policy: \"hour\";q=1000;w=3600\nRateLimit: \"hour\";r=12;t=40", `{"id":"usr_1"}`},
	{Fault{Name: "500", Check: "http", Status: "fail", Cause: "http.500", Says: "answers 500 Internal Server Error"}, 500, problemType,
		`{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"invalid token in template"}`},
	{Fault{Name: "502 gateway", Check: "http", Status: "fail", Cause: "http.502", Says: "with a web page (HTML)"}, 502, htmlType,
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"},
	{Fault{Name: "503", Check: "http", Status: "fail", Cause: "http.503", Says: "answers 503 Service Unavailable"}, 503, jsonType + "\nRetry-After: 120",
		`{"error":"service_unavailable","message":"We are down for maintenance."}`},
}
