package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	slackgo "github.com/slack-go/slack"
)

// identifyTries is how often auth.test is tried before a caller hears of it.
const identifyTries = 3

// fixed returns the tenant of the configured token. Slack is asked whose it is
// when that is first needed, and again after a failure.
func (i *installations) fixed(ctx context.Context, place string) (*tenant, error) {
	if t := i.recall(place); t != nil {
		return t, nil
	}
	if !i.enter(ctx, true) {
		return nil, ctx.Err()
	}
	defer i.leave()
	if t := i.recall(place); t != nil {
		return t, nil
	}
	inst, err := i.identify(ctx, installation{Token: i.Token})
	if err != nil {
		return nil, err
	}
	t := &tenant{installation: inst, client: i.newClient(inst.Token), read: i.now()}
	i.hold(place, t)
	return t, nil
}

// identify fills in what auth.test says about a token.
func (i *installations) identify(ctx context.Context, inst installation) (installation, error) {
	client := i.newClient(inst.Token)
	r, err := client.AuthTestContext(ctx)
	for n := 1; err != nil && n < identifyTries; n++ {
		if errors.Is(refusal(err), errTokenRefused) || !wait(ctx, retryAfter(err, n)) {
			break
		}
		r, err = client.AuthTestContext(ctx)
	}
	if err == nil && r.UserID == "" {
		err = errors.New("the answer names no user")
	}
	if err != nil {
		return inst, fmt.Errorf("slack: ask whose the token is: %w", refusal(err))
	}
	inst.BotUserID, inst.BotID, inst.EnterpriseID = r.UserID, r.BotID, r.EnterpriseID
	if inst.TeamID = r.TeamID; r.TeamID == r.EnterpriseID {
		inst.TeamID, inst.Org = "", true // a token of the whole organisation
	}
	inst.Scopes = r.Header.Get("X-OAuth-Scopes")
	return inst, nil
}

// retryAfter returns how long to wait after attempt n: as long as Slack said,
// else 200 ms, and twice as long each time.
func retryAfter(err error, n int) time.Duration {
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return limited.RetryAfter
	}
	return 100 * time.Millisecond << n
}

// wait waits for d and reports whether ctx was not done in that time.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
