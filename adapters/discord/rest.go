package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/time/rate"

	"apihelp/adapters/discord/gateway"
	"apihelp/bot"
)

const (
	restWait     = 10 * time.Second
	perSecond    = 40               // requests, of the 50 that Discord takes from a bot
	invalidLimit = 4000             // refusals in invalidSpan, of the 10,000 that get an address banned
	invalidSpan  = 10 * time.Minute //
	longestWait  = time.Minute      // that a refusal can demand
)

// rest is Discord's REST API. It uses discordgo for the requests and not for
// their limits: its buckets serialise what is independent, leak, wait without
// regard to the context, and retry for ever.
type rest struct {
	session *discordgo.Session
	limit   *rate.Limiter
	routes  *routes

	mu      sync.Mutex
	invalid int       // refusals since
	since   time.Time // this
}

func newREST(token, api string) (*rest, error) {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, fmt.Errorf("discord: make a session: %w", err)
	}
	s.StateEnabled, s.LogLevel = false, -1 // it would log what people write
	s.UserAgent = "DiscordBot (https://github.com/apihelp/apihelp, 1)"
	routes := &routes{next: http.DefaultTransport, full: newBounded[string, time.Time](routeLimit)}
	s.Client = &http.Client{Timeout: restWait, Transport: routes}
	if api != "" && api != gateway.DefaultAPI {
		u, err := url.Parse(api)
		if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return nil, fmt.Errorf("discord: DISCORD_API_URL is no origin; write it as https://discord.example.com")
		}
		routes.next = redirected{u}
	}
	return &rest{session: s, routes: routes, limit: rate.NewLimiter(perSecond, perSecond)}, nil
}

// redirected sends requests to another origin than Discord's.
type redirected struct{ origin *url.URL }

// RoundTrip implements [http.RoundTripper].
func (t redirected) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = t.origin.Scheme, t.origin.Host
	return http.DefaultTransport.RoundTrip(r)
}

var errTooManyRefused = errors.New("too many requests were refused in the last ten minutes")

// call makes a request below the API's root, and decodes the answer into out,
// if that is not nil. No error contains the path: it may carry a token.
func (r *rest) call(ctx context.Context, method, path string, body, out any) error {
	interaction := strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/")
	if !interaction { // which Discord does not count
		if err := r.limit.Wait(ctx); err != nil {
			return fmt.Errorf("discord: wait for a place: %w", err)
		}
	}
	if r.isBroken() {
		return errTooManyRefused
	}
	if err := r.routes.wait(ctx, method, path); err != nil {
		return err
	}
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return fmt.Errorf("discord: encode request: %w", err)
		}
	}
	answer, err := r.request(ctx, method, strings.TrimSuffix(discordgo.EndpointAPI, "/")+path, data)
	if err != nil {
		return err
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("discord: decode answer: %w", err)
	}
	return nil
}

func (r *rest) request(ctx context.Context, method, address string, data []byte) ([]byte, error) {
	bucket := discordgo.NewRatelimiter().LockBucket(address) // thrown away
	contentType := ""
	if data != nil {
		contentType = "application/json"
	}
	answer, err := r.session.RequestWithLockedBucket(method, address, contentType, data, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if status := statusOf(err); status == 401 || status == 403 || status == 429 {
		r.refused()
	}
	if l, ok := errors.AsType[*discordgo.RateLimitError](err); ok && l.RateLimit != nil && l.TooManyRequests != nil {
		r.routes.block(method, strings.TrimPrefix(address, strings.TrimSuffix(discordgo.EndpointAPI, "/")), min(max(l.RetryAfter, time.Second/4), longestWait))
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // without the address
	}
	return nil, err
}

// refused counts what Discord counts: too many, and it bans the address.
func (r *rest) refused() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.since) > invalidSpan {
		r.invalid, r.since = 0, now
	}
	r.invalid++
}

func (r *rest) isBroken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.invalid >= invalidLimit && time.Since(r.since) <= invalidSpan
}

// statusOf returns the HTTP status of a refusal, or 0.
func statusOf(err error) int {
	if _, ok := errors.AsType[*discordgo.RateLimitError](err); ok {
		return http.StatusTooManyRequests
	}
	if e, ok := errors.AsType[*discordgo.RESTError](err); ok && e.Response != nil {
		return e.Response.StatusCode
	}
	return 0
}

// codeOf returns Discord's own code of a refusal, or 0.
func codeOf(err error) int {
	if e, ok := errors.AsType[*discordgo.RESTError](err); ok && e.Message != nil {
		return e.Message.Code
	}
	return 0
}

// Codes of refusals.
const (
	codeUnknownChannel     = discordgo.ErrCodeUnknownChannel
	codeUnknownMessage     = discordgo.ErrCodeUnknownMessage
	codeUnknownWebhook     = discordgo.ErrCodeUnknownWebhook
	codeInvalidToken       = 50027
	codeThreadExists       = discordgo.ErrCodeThreadAlreadyCreatedForThisMessage
	codeInvalidForm        = 50035
	codeMissingAccess      = discordgo.ErrCodeMissingAccess
	codeMissingPermissions = discordgo.ErrCodeMissingPermissions
)

// hopeless are the refusals that no retry changes.
var hopeless = []int{codeUnknownChannel, codeUnknownMessage, codeMissingAccess, codeMissingPermissions, codeInvalidForm, codeInvalidToken,
	discordgo.ErrCodeCannotSendMessagesToThisUser, 50278, discordgo.ErrCodePerformedOperationOnArchivedThread, 50008, 50006, 50024, 160002, 160005}

// sendError tells the bot whether another attempt may help.
func sendError(err error) error {
	e := &bot.SendError{Adapter: Name, Retry: !sendErrorIsFinal(err), Err: plainError(err)}
	if l, ok := errors.AsType[*discordgo.RateLimitError](err); ok && l.RateLimit != nil && l.TooManyRequests != nil {
		e.After = min(max(l.RetryAfter, time.Second), longestWait)
	}
	if l, ok := errors.AsType[*crowded](err); ok {
		e.After = l.after
	}
	return e
}

// sendErrorIsFinal reports whether no other attempt can help.
func sendErrorIsFinal(err error) bool {
	return slices.Contains(hopeless, codeOf(err)) || statusOf(err) == http.StatusUnauthorized
}

// plainError is what may be logged of a refusal: discordgo's own text contains
// the address, which may carry a token, and the body.
func plainError(err error) error {
	if status := statusOf(err); status != 0 {
		return fmt.Errorf("discord answered %d, code %d", status, codeOf(err))
	}
	return err
}
