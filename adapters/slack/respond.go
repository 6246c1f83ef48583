package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"apihelp/bot"
)

// A response URL takes five posts within thirty minutes; a little earlier is
// safe.
const (
	responseUses  = 5
	responseLife  = 29 * time.Minute
	responseLimit = 4096 // URLs held in memory
	responseWait  = 10 * time.Second
)

// responders hold the response URLs by which a conversation that only one user
// sees is answered. They live in memory: a URL lets anybody post, so it is
// kept nowhere else. After a restart such a reply goes out as an ephemeral or direct
// message instead.
type responders struct {
	client *http.Client
	origin string // of a test server or GovSlack, whose URLs are taken too
	urls   *bounded[bot.Conversation, responder]
}

type responder struct {
	url  string
	uses int
	ends time.Time
}

func newResponders(apiURL string) responders {
	origin := ""
	if u, err := url.Parse(apiURL); err == nil {
		origin = u.Scheme + "://" + u.Host
	}
	client := &http.Client{
		Timeout:       responseWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return responders{client: client, origin: origin, urls: newBounded[bot.Conversation, responder](responseLimit)}
}

// offer makes a response URL the way to answer a conversation.
func (r responders) offer(c bot.Conversation, raw string) {
	if r.allowed(raw) {
		r.urls.put(c, responder{url: raw, uses: responseUses, ends: time.Now().Add(responseLife)})
	}
}

// take returns the URL of a conversation for one more use, or "".
func (r responders) take(c bot.Conversation) string {
	u := r.urls.change(c, func(u responder) responder { u.uses--; return u })
	if u.uses < 0 || time.Now().After(u.ends) {
		return ""
	}
	return u.url
}

// allowed reports whether a response URL is Slack's own: it is posted to, so
// nobody else may choose it.
func (r responders) allowed(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return false
	}
	if r.origin != "" && u.Scheme+"://"+u.Host == r.origin {
		return true
	}
	return u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com")
}

// errResponseGone means that a response URL takes nothing any more.
var errResponseGone = errors.New("the response url is used up or expired")

// post sends a body to a response URL. No error contains the URL.
func (r responders) post(ctx context.Context, to string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("slack: encode response: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(data))
	if err != nil {
		return errors.New("slack: respond: the response url is malformed")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := r.client.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		return fmt.Errorf("slack: respond: %w", err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	return responseFault(resp, string(answer))
}

// responseFault reads Slack's verdict, which may come with status 200.
func responseFault(resp *http.Response, answer string) error {
	switch {
	case strings.Contains(answer, "used_url"), strings.Contains(answer, "expired_url"), resp.StatusCode == http.StatusNotFound:
		return errResponseGone
	case resp.StatusCode == http.StatusTooManyRequests:
		return &limited{after: secondsOf(resp.Header.Get("Retry-After"))}
	}
	for _, code := range badBlocks {
		if strings.Contains(answer, code) {
			return errBlocks
		}
	}
	switch {
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("slack: respond: status %d", resp.StatusCode)
	case strings.Contains(answer, `"ok":false`), strings.Contains(answer, `"ok": false`):
		return errRefused
	}
	return nil
}
