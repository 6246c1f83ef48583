package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// A Shelf is where installations are kept. Implementations are safe for
// concurrent use and across processes.
type Shelf interface {
	// Get returns the value of key, or nil and no error if there is none.
	Get(ctx context.Context, key string) ([]byte, error)

	// Put keeps value for ttl, for ever if that is zero. A nil value
	// removes what is kept.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error

	// Lock calls do while nobody else is in a Lock of the same key, and
	// returns its error. It waits for its turn until ctx is done.
	Lock(ctx context.Context, key string, do func(ctx context.Context) error) error
}

// errNotInstalled means that nobody installed the app in the workspace, or
// that it was uninstalled.
var errNotInstalled = errors.New("the app is not installed in this workspace")

const (
	clientLimit = 1000        // clients that are held in memory
	rereadEvery = time.Minute // after which what another process changed is seen
)

// An installation is one workspace's consent or, on Enterprise Grid, that of a
// whole organisation. It can't be printed or logged by accident.
type installation struct {
	AppID, EnterpriseID, TeamID string // TeamID is empty for an organisation
	BotUserID, BotID            string
	Scopes                      string // granted, separated by commas
	Token, RefreshToken         string // RefreshToken is empty if the token is not rotated
	Expires                     time.Time
	Org                         bool
	Installer                   string // user ID
	InstalledAt                 time.Time
}

// Format prints the workspace and nothing else.
func (i installation) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "installation %s", i.place()) }

// LogValue is like Format, for slog's JSON.
func (i installation) LogValue() slog.Value { return slog.StringValue(i.place()) }

func (i installation) place() string { return cmp.Or(i.TeamID, i.EnterpriseID) }

// installOptions say whose tokens are used. With Token the app is in that
// token's workspace only, and Shelf and Keys are not used.
type installOptions struct {
	APIURL                 string // with a trailing slash
	Token                  string
	ClientID, ClientSecret string
	Threads                bool // ask for threadScopes
	Shelf                  Shelf
	Keys                   *keyring
	HTTP                   *http.Client // nil for one with a timeout of ten seconds and no redirects
	Client                 []slackgo.Option
	Log                    *slog.Logger
}

// installations finds the client for a workspace. It is safe for concurrent
// use.
type installations struct {
	installOptions
	now  func() time.Time
	turn chan struct{} // one call at a time gets or renews a token

	mu     sync.Mutex
	cached map[string]*tenant // by place
}

// A tenant is an installation in use. It never changes.
type tenant struct {
	installation
	client *slackgo.Client
	read   time.Time
	retry  time.Time // when to try again to renew a token that still works
}

func newInstallations(o installOptions) *installations {
	if o.HTTP == nil {
		o.HTTP = &http.Client{
			Timeout: 10 * time.Second,
			// A redirected request would carry the client secret elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &installations{
		installOptions: o, now: time.Now,
		turn: make(chan struct{}, 1), cached: map[string]*tenant{},
	}
}

// client returns the client for a workspace: by what was installed in it, else
// in its organisation. An empty team is the organisation itself. The error
// wraps errNotInstalled, or errTokenRefused if no retry can help. What was
// found before is found again while the shelf is out of reach.
func (i *installations) client(ctx context.Context, enterprise, team string) (*slackgo.Client, installation, error) {
	find, places := i.find, places(enterprise, team)
	if i.Token != "" {
		find, places = i.fixed, []string{""}
	}
	failure := errNotInstalled
	for _, place := range places {
		t, err := find(ctx, place)
		if err == nil {
			return t.client, t.installation, nil
		}
		if !errors.Is(err, errNotInstalled) {
			failure = err
		}
	}
	return nil, installation{}, fmt.Errorf("slack: find client for %q in %q: %w", team, enterprise, failure)
}

// places are where an installation may be kept, the likelier first.
func places(enterprise, team string) (p []string) {
	if team != "" {
		p = append(p, team)
	}
	if enterprise != "" && enterprise != team {
		p = append(p, enterprise)
	}
	return p
}

// botUser returns the bot's user in a workspace, as far as that is known without
// asking anybody.
func (i *installations) botUser(enterprise, team string) string {
	for _, place := range append(places(enterprise, team), "") {
		if t := i.recall(place); t != nil {
			return t.BotUserID
		}
	}
	return ""
}

// find returns the tenant of a place with a token that works.
func (i *installations) find(ctx context.Context, place string) (*tenant, error) {
	t := i.recall(place)
	if t == nil || i.now().Sub(t.read) >= rereadEvery {
		inst, err := i.load(ctx, place)
		switch {
		case err == nil:
			t = i.remember(inst)
		case errors.Is(err, errNotInstalled):
			i.forget(place)
			return nil, err
		case t == nil:
			return nil, err
		default:
			t = i.postponed(t, 0)
		}
	}
	if !i.due(t.installation) {
		return t, nil
	}
	return i.renewed(ctx, t)
}

// remove forgets the installation in a workspace or, with an empty team, of an
// organisation, unless it is newer than at, and reports whether it is gone.
// Removing what is not there is no error. It asks Slack nothing:
// app_uninstalled and tokens_revoked come in any order, and with either the
// token is dead already.
func (i *installations) remove(ctx context.Context, enterprise, team string, at time.Time) (gone bool, err error) {
	place := cmp.Or(team, enterprise)
	if i.Token != "" {
		i.forget("")
		return true, nil
	}
	// Under the lock, or a renewal that is under way would put it back.
	err = i.Shelf.Lock(ctx, installKey(place), func(ctx context.Context) error {
		if inst, _, err := i.read(ctx, place); err == nil && inst.InstalledAt.After(at.Add(time.Second)) {
			return nil // installed again since; the event counts in whole seconds
		}
		gone = true
		return i.Shelf.Put(ctx, installKey(place), nil, 0)
	})
	if err != nil {
		return false, fmt.Errorf("slack: remove installation in %q: %w", place, err)
	}
	if gone {
		i.forget(place)
	}
	return gone, nil
}

// install keeps a new installation in place of an older one.
func (i *installations) install(ctx context.Context, inst installation) error {
	err := i.Shelf.Lock(ctx, installKey(inst.place()), func(ctx context.Context) error { return i.save(ctx, inst) })
	if err != nil {
		return err
	}
	i.remember(inst)
	return nil
}

func installKey(place string) string { return "installation:" + place }

// load reads what is kept. If an older key sealed it, it is sealed again, so
// that the key can be given up some day.
func (i *installations) load(ctx context.Context, place string) (installation, error) {
	inst, fresh, err := i.read(ctx, place)
	if err != nil || fresh {
		return inst, err
	}
	err = i.Shelf.Lock(ctx, installKey(place), func(ctx context.Context) error {
		if inst, fresh, err = i.read(ctx, place); err != nil || fresh {
			return err
		}
		return i.save(ctx, inst)
	})
	return inst, err
}

func (i *installations) read(ctx context.Context, place string) (inst installation, fresh bool, err error) {
	sealed, err := i.Shelf.Get(ctx, installKey(place))
	if err != nil {
		return inst, false, fmt.Errorf("slack: read installation in %q: %w", place, err)
	}
	if sealed == nil {
		return inst, false, errNotInstalled
	}
	plain, fresh, err := i.Keys.open(installKey(place), sealed)
	if err == nil {
		err = json.Unmarshal(plain, &inst)
	}
	if err != nil {
		return installation{}, false, fmt.Errorf("slack: open installation in %q: %w", place, err)
	}
	return inst, fresh, nil
}

// save needs the lock.
func (i *installations) save(ctx context.Context, inst installation) error {
	plain, err := json.Marshal(inst)
	if err == nil {
		key := installKey(inst.place())
		err = i.Shelf.Put(ctx, key, i.Keys.seal(key, plain), 0)
	}
	if err != nil {
		return fmt.Errorf("slack: save installation in %q: %w", inst.place(), err)
	}
	return nil
}
