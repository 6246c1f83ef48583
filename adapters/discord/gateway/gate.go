package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	callWait  = 10 * time.Second // for an answer of the REST API
	infoLimit = 64 << 10         // bytes of such an answer
	userAgent = "DiscordBot (https://discord.com/developers, 1)"
)

// A gate lets the shards of a process IDENTIFY in turn and within the budget
// that Discord grants. Above the budget Discord resets the token. It is safe
// for concurrent use.
type gate struct {
	Options
	shards int             // recommended
	turns  []chan struct{} // by bucket: shard modulo max_concurrency

	mu  sync.Mutex
	url string // of the gateway
}

// An invitation is the answer to GET /gateway/bot.
type invitation struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Start  struct {
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // milliseconds
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// openGate asks Discord how to connect, until it answers or ctx is done.
func openGate(ctx context.Context, o Options) (*gate, error) {
	g := &gate{Options: o}
	for failed := 1; ; failed++ {
		in, err := g.invite(ctx)
		if err == nil {
			g.shards = max(in.Shards, 1)
			g.turns = make([]chan struct{}, max(in.Start.MaxConcurrency, 1))
			for i := range g.turns {
				g.turns[i] = make(chan struct{}, 1)
			}
			return g, nil
		}
		e := endingOf(err)
		if e.hopeless {
			return nil, err
		}
		g.Log.Warn("gateway not found, trying again", "err", err)
		if !pause(ctx, max(e.wait, o.Timing.backoff(failed))) {
			return g, nil
		}
	}
}

// known returns the last known URL of the gateway.
func (g *gate) known() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.url
}

// turn waits until a shard may IDENTIFY. The caller then calls over, and tells
// whether it did.
func (g *gate) turn(ctx context.Context, shard int) (over func(identified bool), err error) {
	turn := g.turns[shard%len(g.turns)]
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := g.budget(ctx); err != nil {
		<-turn
		return nil, err
	}
	return func(identified bool) {
		if identified {
			time.AfterFunc(g.Timing.Identify, func() { <-turn })
		} else {
			<-turn
		}
	}, nil
}

// budget waits until an IDENTIFY is left.
func (g *gate) budget(ctx context.Context) error {
	for {
		in, err := g.invite(ctx)
		if err != nil || in.Start.Remaining > 0 {
			return err
		}
		wait := max(milliseconds(in.Start.ResetAfter), g.Timing.Backoff)
		g.Log.Error("no session starts left today, waiting until Discord grants more", "took", wait)
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// invite asks Discord for the gateway's URL and what is left of the budget.
func (g *gate) invite(ctx context.Context) (in invitation, err error) {
	ctx, cancel := context.WithTimeout(ctx, callWait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(g.API, "/")+"/api/v10/gateway/bot", nil)
	if err != nil {
		return in, ending{hopeless: true, err: fmt.Errorf("gateway: correct DISCORD_API_URL: %w", err)}
	}
	r.Close = true
	r.Header.Set("Authorization", "Bot "+g.Token)
	r.Header.Set("User-Agent", userAgent)
	// A redirected request would carry the token elsewhere.
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return in, fmt.Errorf("gateway: ask for the gateway: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return in, refusal(answer)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, infoLimit)).Decode(&in); err != nil {
		return in, fmt.Errorf("gateway: read where the gateway is: %w", err)
	}
	if _, err := address(in.URL); err != nil {
		return in, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.url = in.URL
	return in, nil
}

// refusal is the error of an answer other than 200.
func refusal(answer *http.Response) error {
	if answer.StatusCode == http.StatusUnauthorized {
		return ending{hopeless: true, err: fmt.Errorf("gateway: %s: status %d", remedy(4004), answer.StatusCode)}
	}
	seconds, _ := strconv.ParseFloat(answer.Header.Get("Retry-After"), 64) // zero if there is none
	return ending{
		wait: milliseconds(int64(min(max(seconds, 0), 86400) * 1000)),
		err:  fmt.Errorf("gateway: ask for the gateway: status %d", answer.StatusCode),
	}
}

// milliseconds returns a duration that Discord gave, at most a day.
func milliseconds(ms int64) time.Duration {
	return time.Duration(min(max(ms, 0), 86_400_000)) * time.Millisecond
}
