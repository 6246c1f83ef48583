package slack

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

const (
	installPath  = "/slack/install"
	callbackPath = "/slack/oauth/callback"

	stateTTL  = 10 * time.Minute // for the administrator to decide
	stateSize = 26               // of rand.Text: 130 bits
)

var (
	errState   = errors.New("the state is unknown, used or too old")
	errBrowser = errors.New("the state was given to another browser")
)

// An oauthFlow serves the pages by which a workspace installs the app:
// /slack/install leads to Slack, which leads back to /slack/oauth/callback.
type oauthFlow struct {
	installs *installations
	origin   string // the public URL, without a path
	slack    string // Slack's origin
}

// newOAuthFlow returns the pages of installs. publicURL is where browsers reach
// them; see [Manifest].
func newOAuthFlow(installs *installations, publicURL string) (*oauthFlow, error) {
	origin, err := parsePublicURL(publicURL)
	if err != nil {
		return nil, fmt.Errorf("slack: serve installation pages: %w", err)
	}
	api, err := url.Parse(installs.APIURL)
	if err != nil || api.Host == "" {
		return nil, errors.New("slack: serve installation pages: write Slack's API URL as https://slack.com/api/")
	}
	return &oauthFlow{installs: installs, origin: origin, slack: api.Scheme + "://" + api.Host}, nil
}

// handler serves both paths, and nothing else.
func (f *oauthFlow) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+installPath, f.start)
	mux.HandleFunc("GET "+callbackPath, f.finish)
	return mux
}

// start sends the browser to Slack with a state that only it can bring back.
func (f *oauthFlow) start(w http.ResponseWriter, r *http.Request) {
	browser := f.browser(r)
	if browser == "" {
		browser = rand.Text()
	}
	state := rand.Text()
	if err := f.installs.Shelf.Put(r.Context(), stateKey(state), digest(browser), stateTTL); err != nil {
		f.fail(w, pageStorage(), fmt.Errorf("slack: keep state: %w", err))
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: f.cookie(), Value: browser, Path: "/", MaxAge: int(stateTTL / time.Second),
		Secure: f.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, f.authorizeURL(state), http.StatusFound)
}

func (f *oauthFlow) authorizeURL(state string) string {
	return f.slack + "/oauth/v2/authorize?" + url.Values{
		"client_id":    {f.installs.ClientID},
		"scope":        {strings.Join(f.installs.scopes(), ",")},
		"redirect_uri": {f.origin + callbackPath},
		"state":        {state},
	}.Encode()
}

// finish takes the code that Slack sent the browser back with.
func (f *oauthFlow) finish(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("state") == "" {
		f.fail(w, pageStartHere(), errState)
		return
	}
	switch err := f.redeem(r.Context(), q.Get("state"), f.browser(r)); {
	case errors.Is(err, errState):
		f.fail(w, pageExpired(), err)
		return
	case errors.Is(err, errBrowser):
		f.fail(w, pageOtherBrowser(), err)
		return
	case err != nil:
		f.fail(w, pageStorage(), err)
		return
	}
	if q.Get("error") != "" || q.Get("code") == "" {
		f.fail(w, pageDenied(), errors.New("slack: install: nobody consented"))
		return
	}
	inst, team, err := f.exchange(r.Context(), q.Get("code"))
	if err != nil {
		f.fail(w, pageExchange(err), err)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), renewTime)
	defer cancel()
	if err := f.installs.install(ctx, inst); err != nil {
		f.fail(w, pageStorage(), err)
		return
	}
	f.installs.Log.Info("app installed in a workspace", "adapter", "slack")
	pageInstalled(team, f.openURL(inst)).write(w)
}

// redeem takes a state out of use, and fails unless the browser is the one that
// it was given to.
func (f *oauthFlow) redeem(ctx context.Context, state, browser string) error {
	if len(state) != stateSize {
		return errState
	}
	shelf, key := f.installs.Shelf, stateKey(state)
	return shelf.Lock(ctx, key, func(ctx context.Context) error {
		want, err := shelf.Get(ctx, key)
		if err != nil {
			return fmt.Errorf("slack: read state: %w", err)
		}
		if want == nil {
			return errState
		}
		if err := shelf.Put(ctx, key, nil, 0); err != nil {
			return fmt.Errorf("slack: redeem state: %w", err)
		}
		if subtle.ConstantTimeCompare(want, digest(browser)) != 1 {
			return errBrowser
		}
		return nil
	})
}

// exchange turns a code into an installation, and returns the name of the
// workspace or organisation too.
func (f *oauthFlow) exchange(ctx context.Context, code string) (inst installation, team string, err error) {
	i := f.installs
	// A code is good for one exchange, so its answer is not given up with the browser.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
	defer cancel()
	r, err := slackgo.GetOAuthV2ResponseContext(ctx, i.HTTP, i.ClientID, i.ClientSecret, code,
		f.origin+callbackPath, slackgo.OAuthOptionAPIURL(i.APIURL))
	if err == nil && r.AccessToken == "" {
		err = errNoToken
	}
	if err != nil {
		return inst, "", fmt.Errorf("slack: exchange code: %w", refusal(err))
	}
	if inst, err = i.identify(ctx, installation{Token: r.AccessToken}); err != nil {
		return inst, "", err
	}
	inst.AppID, inst.EnterpriseID, inst.TeamID = r.AppID, r.Enterprise.ID, r.Team.ID
	if inst.Org = r.IsEnterpriseInstall; inst.Org {
		inst.TeamID = ""
	}
	inst.BotUserID = cmp.Or(r.BotUserID, inst.BotUserID)
	inst.Scopes, inst.RefreshToken, inst.Expires = r.Scope, r.RefreshToken, i.expiry(r)
	inst.Installer, inst.InstalledAt = r.AuthedUser.ID, i.now()
	if inst.place() == "" {
		return inst, "", fmt.Errorf("slack: exchange code: %w", errNoWorkspace)
	}
	return inst, cmp.Or(r.Team.Name, r.Enterprise.Name), nil
}

// errNoWorkspace is an answer that names neither a workspace nor an organisation.
var errNoWorkspace = errors.New("the answer names no workspace")

// fail shows the page of a failure and logs what happened.
func (f *oauthFlow) fail(w http.ResponseWriter, p page, err error) {
	f.installs.Log.Warn("installation not completed", "adapter", "slack", "err", err)
	p.write(w)
}

// openURL leads to the app in the Slack of who installed it.
func (f *oauthFlow) openURL(inst installation) string {
	return f.slack + "/app_redirect?" + url.Values{"app": {inst.AppID}, "team": {inst.place()}}.Encode()
}

func (f *oauthFlow) secure() bool { return strings.HasPrefix(f.origin, "https://") }

// cookie returns the cookie's name. With the prefix __Host- no other host can
// plant it.
func (f *oauthFlow) cookie() string {
	if f.secure() {
		return "__Host-apihelp-install"
	}
	return "apihelp-install"
}

// browser returns what tells the request's browser from others, or nothing. It
// is used for several states, so that the page may be open twice.
func (f *oauthFlow) browser(r *http.Request) string {
	c, err := r.Cookie(f.cookie())
	if err != nil || len(c.Value) != stateSize {
		return ""
	}
	return c.Value
}

func stateKey(state string) string { return "state:" + state }

func digest(browser string) []byte {
	sum := sha256.Sum256([]byte(browser))
	return sum[:]
}
