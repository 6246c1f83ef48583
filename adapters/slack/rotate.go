package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	slackgo "github.com/slack-go/slack"
)

const (
	renewBefore = 2 * time.Hour    // of the twelve that a rotated token lives, as Slack's own SDKs do it
	renewRetry  = time.Minute      // after a failure, while the old token still works
	renewWait   = 3 * time.Second  // for the lock, while the old token still works
	renewTime   = 30 * time.Second // for Slack to answer and the answer to be saved
)

// due reports whether it is time to renew the token.
func (i *installations) due(inst installation) bool {
	return inst.RefreshToken != "" && !inst.Expires.IsZero() && !i.now().Before(inst.Expires.Add(-renewBefore))
}

// renewed returns t with a new token. While the old one still works nobody
// waits for another's attempt, and a failure is only logged.
func (i *installations) renewed(ctx context.Context, t *tenant) (*tenant, error) {
	works := i.now().Before(t.Expires)
	if works && i.now().Before(t.retry) {
		return t, nil
	}
	if !i.enter(ctx, !works) {
		return t, ctx.Err()
	}
	defer i.leave()
	if now := i.recall(t.place()); now != nil && !i.due(now.installation) {
		return now, nil
	}
	if works {
		bounded, cancel := context.WithTimeout(ctx, renewWait)
		defer cancel()
		ctx = bounded
	}
	inst, err := i.renew(ctx, t.place())
	switch {
	case err == nil:
		return i.remember(inst), nil
	case errors.Is(err, errNotInstalled):
		i.forget(t.place())
		return nil, err
	case works:
		i.Log.Warn("token could not be renewed, the old one still works", "adapter", "slack", "err", err)
		return i.postponed(t, renewRetry), nil
	}
	return nil, err
}

// enter takes the turn to get a token; false means that it did not get it.
func (i *installations) enter(ctx context.Context, wait bool) bool {
	select {
	case i.turn <- struct{}{}:
		return true
	default:
	}
	if !wait {
		return false
	}
	select {
	case i.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (i *installations) leave() { <-i.turn }

// renew renews the token that is kept, unless another process just did.
func (i *installations) renew(ctx context.Context, place string) (inst installation, err error) {
	err = i.Shelf.Lock(ctx, installKey(place), func(ctx context.Context) error {
		if inst, _, err = i.read(ctx, place); err != nil || !i.due(inst) {
			return err
		}
		// Slack takes a refresh token once, so from here on the answer
		// must be saved, even if nobody waits for it any more.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
		defer cancel()
		if inst, err = i.exchange(ctx, inst); err != nil {
			return err
		}
		return i.insist(ctx, inst)
	})
	return inst, err
}

// exchange returns inst with the tokens that Slack gives for its refresh token.
func (i *installations) exchange(ctx context.Context, inst installation) (installation, error) {
	r, err := slackgo.RefreshOAuthV2TokenContext(ctx, i.HTTP, i.ClientID, i.ClientSecret, inst.RefreshToken,
		slackgo.OAuthOptionAPIURL(i.APIURL))
	if err == nil && (r.AccessToken == "" || r.RefreshToken == "") {
		err = errNoToken
	}
	if err != nil {
		return inst, fmt.Errorf("slack: renew token of %q: %w", inst.place(), refusal(err))
	}
	inst.Token, inst.RefreshToken = r.AccessToken, r.RefreshToken
	inst.Expires = i.expiry(r)
	if r.Scope != "" {
		inst.Scopes = r.Scope
	}
	return inst, nil
}

// expiry returns when the token of an answer ends; zero is never.
func (i *installations) expiry(r *slackgo.OAuthV2Response) time.Time {
	if r.ExpiresIn == 0 {
		return time.Time{}
	}
	return i.now().Add(time.Duration(r.ExpiresIn) * time.Second)
}

// insist saves inst, again and again until ctx is done: what is lost here only
// a new installation can bring back.
func (i *installations) insist(ctx context.Context, inst installation) error {
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		err := i.save(ctx, inst)
		if err == nil || !wait(ctx, pause) {
			return err
		}
	}
}
