package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var errRedirects = errors.New("slacktest: too many redirects")

func newHTTPClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 2 {
				return errRedirects
			}
			return nil
		},
	}
}

// DeliverTo switches to HTTP: signed POSTs to base/slack/events,
// base/slack/commands and base/slack/interactions. The empty base switches
// back to Socket Mode.
func (s *Server) DeliverTo(base string) {
	defer s.lock()()
	s.base = strings.TrimSuffix(base, "/")
}

// Request makes the signed request that Slack would send to the path below the
// base of [Server.DeliverTo], with its timestamp from at. Tests change it to
// forge and to replay.
func (s *Server) Request(path, contentType string, body []byte, at time.Time) (*http.Request, error) {
	s.mu.Lock()
	base := s.base
	s.mu.Unlock()
	return s.request(s.ctx, base+path, contentType, body, at)
}

func (s *Server) request(ctx context.Context, target, contentType string, body []byte, at time.Time) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("slacktest: request: %w", err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.signing))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	return r, nil
}

// LastEvent is the body of the last event, for tests that replay it.
func (s *Server) LastEvent() []byte {
	defer s.lockQuietly()()
	if s.line.last == nil {
		return nil
	}
	return s.line.last.payload
}

// VerifyURL asks the app's events URL for the echo of a challenge, as Slack
// does when the URL is entered.
func (s *Server) VerifyURL() error {
	challenge := secret(32)
	body, _ := json.Marshal(object{"token": s.verification, "challenge": challenge, "type": "url_verification"})
	r, err := s.Request("/slack/events", "application/json", body, s.o.Clock())
	if err != nil {
		return err
	}
	answer, out := s.exchange(r)
	var echo struct{ Challenge string }
	if json.Unmarshal(answer, &echo) == nil && echo.Challenge != "" {
		answer = []byte(echo.Challenge)
	}
	if !out.ok || strings.TrimSpace(string(answer)) != challenge {
		return errors.New("slacktest: verify url: the challenge didn't come back")
	}
	return nil
}

// CheckSSL probes the commands URL, unsigned, as Slack does now and then.
func (s *Server) CheckSSL() error {
	r, err := s.Request("/slack/commands", formType, []byte("ssl_check=1&token="+s.verification), s.o.Clock())
	if err != nil {
		return err
	}
	r.Header.Del("X-Slack-Signature")
	r.Header.Del("X-Slack-Request-Timestamp")
	if _, out := s.exchange(r); !out.ok {
		return fmt.Errorf("slacktest: check ssl: %s", out.reason)
	}
	return nil
}

const formType = "application/x-www-form-urlencoded"

// post makes one attempt over HTTP.
func (s *Server) post(base string, d *delivery, attempt int, reason string) outcome {
	target, kind, body := base+"/slack/events", "application/json", d.payload
	switch d.kind {
	case "slash_commands":
		target, kind, body = base+"/slack/commands", formType, form(d.payload)
	case "interactive":
		target, kind, body = base+"/slack/interactions", formType, []byte(url.Values{"payload": {string(d.payload)}}.Encode())
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.o.AckWait)
	defer cancel()
	r, err := s.request(ctx, target, kind, body, s.o.Clock())
	if err != nil {
		return outcome{reason: "unknown_error"}
	}
	if attempt > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
		if reason == "timeout" { // of a redelivery
			reason = "http_timeout"
		}
		r.Header.Set("X-Slack-Retry-Reason", reason)
	}
	answer, out := s.exchange(r)
	if out.reason == "http_timeout" {
		s.problem("http: no answer within %v", s.o.AckWait)
	}
	if out.ok && len(bytes.TrimSpace(answer)) > 0 {
		out.body = s.answer(d, answer)
	}
	return out
}

// answer makes the body of a 200 into an acknowledgement's payload.
func (s *Server) answer(d *delivery, body []byte) json.RawMessage {
	if d.kind == "events_api" {
		return nil
	}
	if !d.accepts {
		s.problem("http: a body in the answer to an interaction that takes none")
		return nil
	}
	if json.Valid(body) {
		return body
	}
	text, _ := json.Marshal(object{"text": string(body)})
	return text
}

func (s *Server) exchange(r *http.Request) ([]byte, outcome) {
	answer, err := s.client.Do(r)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, outcome{reason: "http_timeout"}
	case errors.Is(err, errRedirects):
		return nil, outcome{reason: "too_many_redirects"}
	case err != nil:
		return nil, outcome{reason: "connection_failed"}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return nil, outcome{reason: "connection_failed"}
	}
	if answer.StatusCode/100 != 2 {
		return nil, outcome{reason: "http_error", stop: answer.Header.Get("X-Slack-No-Retry") == "1"}
	}
	return body, outcome{ok: true}
}

// form writes the JSON object of a slash command as a form.
func form(payload []byte) []byte {
	var fields map[string]any
	_ = json.Unmarshal(payload, &fields)
	values := url.Values{}
	for k, v := range fields {
		values.Set(k, fmt.Sprint(v))
	}
	return []byte(values.Encode())
}
