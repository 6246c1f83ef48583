// Package slack connects the bot to Slack: mentions, direct messages, the
// slash command, shortcuts, buttons and the home tab, in Socket Mode or over
// HTTP, for one workspace or many.
//
//	socket, HTTP ─▶ receive ─▶ accept ─▶ acknowledged
//	Slack ◀─ Web API, response_url ◀─ Send ◀─ outbox
//
// Both transports hand the same payloads to receive, which acknowledges only
// what accept has saved. What a click or a shortcut needs from Slack beyond
// that (a modal, buttons replaced) is done after the acknowledgement.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// Name is the adapter's name.
const Name = "slack"

// DefaultAPIURL is where Slack's Web API is.
const DefaultAPIURL = "https://slack.com/api/"

// Options are what an [Adapter] is made of. There is either a BotToken, or
// ClientID, ClientSecret, Keys and Shelf for an app that many workspaces install;
// and either an AppToken for Socket Mode, or a SigningSecret for HTTP.
type Options struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, with connections:write
	SigningSecret string

	ClientID, ClientSecret string
	Keys                   string // that seal installations; see parseKeys
	Shelf                  Shelf
	PublicURL              string // where Slack and people reach the HTTP side
	Threads                bool   // ask workspaces for the scopes to go on in threads without a mention

	APIURL string // with a trailing slash; empty for [DefaultAPIURL]

	// Recent returns the latest conversations of a user, newest first; Forget
	// removes all that is kept of the user. Both may be nil.
	Recent func(ctx context.Context, team, user string) ([]bot.Past, error)
	Forget func(ctx context.Context, team, user string) error

	// Purge removes all conversations of a workspace that uninstalled the
	// app. It may be nil.
	Purge func(ctx context.Context, team string) error

	// Check runs live checks, and Report takes their outcome back into the
	// conversation that they are about. With Check, "Check my key" opens a form
	// that asks for a key; KeyPage says that there is a private page, and so no
	// form. Targets are what can be checked. Check and Report may be nil.
	Check   func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error)
	Report  func(ctx context.Context, asked bot.Message, c bot.Checked) error
	Targets []string
	KeyPage bool

	Pace    time.Duration // between messages of one channel; 0 for 1.1 s
	Sockets int           // connections of Socket Mode; 0 for two
	Silence time.Duration // without a frame after which a socket is taken for dead; 0 for 45 s
	Log     *slog.Logger
}

// An Adapter is the bot in Slack. It is safe for concurrent use.
type Adapter struct {
	Options
	installs *installations
	oauth    *oauthFlow // nil for one workspace
	accept   chan bot.Accept
	replies  responders
	pace     pace
	arrived  *bounded[string, []string] // by reply ID, what its posts are called
	pressed  *bounded[string, bool]     // replies and buttons whose press was taken
	whispers *bounded[string, post]     // by reply ID: Slack does not say later what they were
	shared   *bounded[string, bool]     // channels, and whether people of other companies read them
	seats    *bounded[seat, bool]       // who has written in which thread
	links    *bounded[bot.Conversation, string]
	later    later
	sockets  atomic.Int32          // that are open
	failure  atomic.Pointer[error] // why the last attempt at one failed
}

// New returns an adapter that has not connected yet. The error says which
// setting is missing or wrong.
func New(o Options) (*Adapter, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.APIURL == "" {
		o.APIURL = DefaultAPIURL
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	in := installOptions{APIURL: o.APIURL, Token: o.BotToken, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Threads: o.Threads, Shelf: o.Shelf, Log: o.Log}
	a := &Adapter{Options: o, accept: make(chan bot.Accept, 1), replies: newResponders(o.APIURL), pace: newPace(o.Pace), arrived: newBounded[string, []string](arrivalLimit), pressed: newBounded[string, bool](arrivalLimit), whispers: newBounded[string, post](whisperLimit), shared: newBounded[string, bool](channelLimit), later: newLater()}
	a.seats, a.links = newBounded[seat, bool](channelLimit), newBounded[bot.Conversation, string](linkLimit)
	if o.BotToken == "" {
		keys, err := parseKeys(o.Keys)
		if err != nil {
			return nil, err
		}
		in.Keys = keys
	}
	a.installs = newInstallations(in)
	if o.BotToken == "" && o.PublicURL != "" {
		flow, err := newOAuthFlow(a.installs, o.PublicURL)
		if err != nil {
			return nil, err
		}
		a.oauth = flow
	}
	return a, nil
}

func (o *Options) check() error {
	var faults []error
	if o.AppToken == "" && o.SigningSecret == "" {
		faults = append(faults, errors.New("neither an app-level token (SLACK_APP_TOKEN, for Socket Mode) nor a signing secret (SLACK_SIGNING_SECRET, for HTTP) is set"))
	}
	if o.BotToken == "" && (o.ClientID == "" || o.ClientSecret == "" || o.Shelf == nil) {
		faults = append(faults, errors.New("neither a bot token (SLACK_BOT_TOKEN, for one workspace) nor client ID and secret (SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, for many) are set"))
	}
	if o.APIURL != "" && !strings.HasSuffix(o.APIURL, "/") {
		faults = append(faults, fmt.Errorf("the API URL %q has no trailing slash; write %q", o.APIURL, o.APIURL+"/"))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	return nil
}

// Name implements [bot.Adapter].
func (a *Adapter) Name() string { return Name }

// Run implements [bot.Adapter]: it receives over Socket Mode, or over HTTP
// through [Adapter.Handler], until ctx is done. A token that Slack refuses for
// good is an error that says what to do.
func (a *Adapter) Run(ctx context.Context, accept bot.Accept) error {
	a.accept <- accept
	defer func() { <-a.accept; a.later.wait() }()
	if a.AppToken != "" {
		return a.listen(ctx)
	}
	if a.BotToken != "" {
		if _, _, err := a.installs.client(ctx, "", ""); errors.Is(err, errTokenRefused) {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// Connection implements [bot.Connected].
func (a *Adapter) Connection() error {
	if err := a.failure.Load(); err != nil && a.sockets.Load() == 0 {
		return *err
	}
	return nil
}

// take hands a message to the bot, if it runs.
func (a *Adapter) take(ctx context.Context, m bot.Message) error {
	select {
	case accept := <-a.accept:
		a.accept <- accept
		return accept(ctx, m)
	default:
		return errNotRunning
	}
}

var errNotRunning = errors.New("slack: the bot is not running")

// client returns the client for the tenant of a conversation.
func (a *Adapter) client(ctx context.Context, tenant string) (*slackgo.Client, installation, error) {
	enterprise, team := splitTenant(tenant)
	return a.installs.client(ctx, enterprise, team)
}

// Handler serves what Slack and people open over HTTP: /slack/events,
// /slack/commands and /slack/interactions with a signing secret, /slack/install
// and /slack/oauth/callback for an app that many workspaces install.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.SigningSecret != "" {
		mux.HandleFunc("POST /slack/events", a.signed(a.serveEvent))
		mux.HandleFunc("POST /slack/commands", a.signed(a.serveCommand))
		mux.HandleFunc("POST /slack/interactions", a.signed(a.serveInteraction))
	}
	if a.oauth != nil {
		mux.Handle("GET /slack/", a.oauth.handler())
	}
	return mux
}
