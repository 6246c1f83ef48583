// Package webhook hands what the bot says over to another program: it posts
// tickets for people, signed, to the addresses that the operator has set.
//
// It is an adapter that only sends: nobody writes through it.
package webhook

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
	"time"

	"apihelp/bot"
)

// Name is the adapter's.
const Name = "webhook"

const (
	postWait = 10 * time.Second // for the answer to one post
	bodyMost = 64 << 10         // of an answer that is read, to use the connection again
)

// A Hook is an address that tickets are posted to. Its channel in a
// [bot.Conversation] is its URL.
type Hook struct {
	URL    string // https, or http on the machine itself
	Secret string // that posts are signed with; empty for unsigned
}

// An Adapter posts to hooks. It is safe for concurrent use.
type Adapter struct {
	hooks  map[string]Hook
	client *http.Client
	now    func() time.Time
}

// New returns an adapter for hooks, which are valid.
func New(hooks []Hook) *Adapter {
	a := &Adapter{hooks: map[string]Hook{}, now: time.Now}
	for _, h := range hooks {
		a.hooks[h.URL] = h
	}
	a.client = &http.Client{
		Timeout:       postWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return a
}

// Validate returns what is wrong with a hook, and what to do.
func (h Hook) Validate() error {
	u, err := url.Parse(h.URL)
	switch {
	case err != nil || u.Host == "":
		return errors.New("the webhook is no address; write https://tickets.example.com/hook")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"):
		return nil
	}
	return errors.New("the webhook is not https; tickets contain what people write")
}

// Name implements [bot.Adapter].
func (a *Adapter) Name() string { return Name }

// Run waits for ctx: nobody writes through a webhook.
func (a *Adapter) Run(ctx context.Context, _ bot.Accept) error {
	<-ctx.Done()
	return nil
}

// body is what is posted.
type body struct {
	ID    string            `json:"id"` // the same for every attempt
	At    time.Time         `json:"at"`
	Title string            `json:"title"`
	Facts map[string]string `json:"facts"`
	Link  string            `json:"link,omitempty"` // of the conversation
	Text  string            `json:"text"`           // all of it, for people
}

// Send posts a reply to the hook that c names.
func (a *Adapter) Send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	hook, ok := a.hooks[c.Channel]
	if !ok {
		return bot.Ref{}, refused(errors.New("no such webhook is configured"))
	}
	data, err := json.Marshal(a.bodyOf(r))
	if err != nil {
		return bot.Ref{}, refused(err)
	}
	if err := a.post(ctx, hook, r.ID, data); err != nil {
		return bot.Ref{}, err
	}
	return bot.Ref{In: c, ID: r.ID}, nil
}

func (a *Adapter) bodyOf(r bot.Reply) body {
	b := body{ID: r.ID, At: a.now().UTC(), Facts: map[string]string{}, Text: r.Plain()}
	for _, block := range r.Blocks {
		switch block := block.(type) {
		case bot.Heading:
			b.Title = string(block)
		case bot.Facts:
			for _, f := range block {
				b.Facts[f.Label] = f.Value.String()
			}
		case bot.Para:
			for _, s := range block {
				if s.URL != "" {
					b.Link = s.URL
				}
			}
		}
	}
	return b
}

// post makes one attempt.
func (a *Adapter) post(ctx context.Context, h Hook, id string, data []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(data))
	if err != nil {
		return refused(errors.New("the address cannot be used"))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", id)
	if h.Secret != "" {
		req.Header.Set("X-Apihelp-Signature", Signature(h.Secret, a.now(), data))
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return &bot.SendError{Adapter: Name, Retry: true, Err: withoutURL(err)}
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, bodyMost) // what it says is of no use
	switch {
	case resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &bot.SendError{Adapter: Name, Retry: true, After: time.Duration(min(max(after, 0), 3600)) * time.Second, Err: fmt.Errorf("status %d", resp.StatusCode)}
	}
	return refused(fmt.Errorf("status %d", resp.StatusCode))
}

// Signature signs a body with a secret at a time: "t=<unix>,v1=<hex of the
// HMAC-SHA-256 of t, a dot and the body>". A receiver computes it anew with t, and
// refuses what is older than a few minutes.
func Signature(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func refused(err error) error { return &bot.SendError{Adapter: Name, Err: err} }

// withoutURL drops the address from an error of the client's: its path may be
// the secret.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
