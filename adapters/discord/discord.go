// Package discord connects the bot to Discord: mentions, replies, threads,
// direct messages, forum posts, commands and buttons, over a gateway client
// of its own and, for interactions, over HTTP.
//
//	gateway, HTTP ─▶ handle, interact ─▶ accept ─▶ answered in three seconds
//	Discord ◀─ REST ◀─ Send ◀─ outbox
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"apihelp/adapters/discord/gateway"
	"apihelp/bot"
)

// Name is the adapter's name.
const Name = "discord"

// Options are what an [Adapter] is made of. Token and Shelf are required.
type Options struct {
	Token     string   // of the bot
	PublicKey string   // of the application, in hex, for interactions over HTTP; may be empty
	APIURL    string   // origin; empty for [gateway.DefaultAPI]
	Forums    []string // channels whose posts are answered unmentioned
	Shelf     gateway.Shelf

	// Topics are what the guide can be asked about, for completing a question.
	Topics func() []string

	// Forget removes all that is kept of a user in a server, Purge all of a
	// server that the bot has left. Kept is for how long the rest is kept.
	Forget func(ctx context.Context, guild, user string) error
	Purge  func(ctx context.Context, guild string) error
	Kept   time.Duration

	// Check runs live checks, and Report takes their outcome back into the
	// conversation that they are about. In the servers of KeyForms, "dm" for direct
	// messages, "Check my key" opens a form that asks for a test key: Discord asks
	// apps not to collect credentials, so that is for the operator to decide.
	// KeyPage says that there is a private page, and so no form. Targets are what
	// can be checked. Check and Report may be nil.
	Check    func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error)
	Report   func(ctx context.Context, asked bot.Message, c bot.Checked) error
	Targets  []string
	KeyForms []string
	KeyPage  bool

	Idle   time.Duration // after which who asked in a forum is reminded; 0 for two days
	Timing gateway.Timing
	Log    *slog.Logger // nil for none
}

// An Adapter is the bot in Discord. It is safe for concurrent use.
type Adapter struct {
	Options
	key    ed25519.PublicKey // nil without interactions over HTTP
	rest   *rest
	accept chan bot.Accept
	app    atomic.Pointer[application]
	link   atomic.Pointer[error] // why there is no connection, nil while there is one

	arrived *bounded[string, []string]          // by reply ID, what its posts are called
	pressed *bounded[string, bool]              // replies whose press was taken
	tickets *bounded[string, *ticket]           // by reply ID
	roles   *bounded[string, string]            // the bot's own role, by server
	parents *bounded[string, string]            // the channel of a thread
	begun   *bounded[string, string]            // the channel of a thread that is not made yet, if the shelf could not keep it
	directs *bounded[string, string]            // the channel of direct messages, by user
	locales *bounded[string, string]            // the preferred locale of a server
	spoken  *bounded[string, spoken]            // by message ID
	says    *bounded[string, map[string]string] // by reply ID and number, what its buttons say

	tags sync.Mutex // one at a time changes the tags of a post

	seen    sync.Mutex // one at a time changes what is remembered for a back-fill
	later   sync.WaitGroup
	pending chan struct{} // bounds it
}

// What is remembered in memory.
const (
	arrivalLimit = 4096
	ticketLimit  = 1024
	guildLimit   = 4096
	threadLimit  = 4096
	spokenLimit  = 4096
	saysLimit    = 1024
	laterLimit   = 64
	laterWait    = 20 * time.Second
)

// New returns an adapter that has not connected yet. The error says which
// setting is missing or wrong.
func New(o Options) (*Adapter, error) {
	if o.Token == "" || o.Shelf == nil {
		return nil, errors.New("discord: DISCORD_BOT_TOKEN is not set: copy the bot's token from the Developer Portal")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r, err := newREST(o.Token, o.APIURL)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		Options: o, rest: r, accept: make(chan bot.Accept, 1), pending: make(chan struct{}, laterLimit),
		arrived: newBounded[string, []string](arrivalLimit), pressed: newBounded[string, bool](arrivalLimit), tickets: newBounded[string, *ticket](ticketLimit),
		roles: newBounded[string, string](guildLimit), parents: newBounded[string, string](threadLimit), begun: newBounded[string, string](threadLimit),
		directs: newBounded[string, string](guildLimit), locales: newBounded[string, string](guildLimit),
		spoken: newBounded[string, spoken](spokenLimit), says: newBounded[string, map[string]string](saysLimit),
	}
	if o.PublicKey != "" {
		if a.key, err = hex.DecodeString(o.PublicKey); err != nil || len(a.key) != ed25519.PublicKeySize {
			return nil, errors.New("discord: DISCORD_PUBLIC_KEY is not 64 hex digits: copy it from General Information in the Developer Portal")
		}
	}
	return a, nil
}

// Name implements [bot.Adapter].
func (a *Adapter) Name() string { return Name }

// Connection implements [bot.Connected].
func (a *Adapter) Connection() error {
	if err := a.link.Load(); err != nil {
		return *err
	}
	return nil
}

// Run implements [bot.Adapter]: it receives from the gateway until ctx is done.
// A token or an intent that Discord refuses is an error that says what to do.
func (a *Adapter) Run(ctx context.Context, accept bot.Accept) error {
	a.accept <- accept
	defer func() { <-a.accept }()
	defer a.later.Wait()
	app, err := a.identify(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	a.later.Go(func() { a.watchPosts(watching) })
	err = gateway.Run(ctx, gateway.Options{
		Token: a.Token, API: a.APIURL, Intents: app.intents(), Shelf: a.Shelf,
		Handle: a.handle, Fresh: a.backfill, Timing: a.Timing, Log: a.Log,
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
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

var errNotRunning = errors.New("discord: the bot is not running")

// after does something once the event at hand is answered. It is lost if the
// process dies. It reports false, and does nothing, if too much is under way.
func (a *Adapter) after(do func(ctx context.Context)) bool {
	select {
	case a.pending <- struct{}{}:
	default:
		a.Log.Warn("too much under way; something is not brought up to date", "adapter", Name)
		return false
	}
	a.later.Go(func() {
		defer func() { <-a.pending }()
		defer func() {
			if r := recover(); r != nil { // the value may contain what somebody wrote
				a.Log.Error("adapter panicked", "adapter", Name, "err", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), laterWait)
		defer cancel()
		do(ctx)
	})
	return true
}

// application is what Discord says of the app.
type application struct {
	ID    string `json:"id"`
	Flags int    `json:"flags"`
	Bot   struct {
		ID string `json:"id"`
	} `json:"bot"`
}

// What the app listens to, and the flags by which the portal grants the
// content of messages.
const (
	intentsUsual   = 1<<0 | 1<<9 | 1<<12 // servers with their threads, messages, direct messages
	intentContent  = 1 << 15
	contentGranted = 1<<18 | 1<<19
)

// intents asks for the content of messages only where the portal grants it: else
// Discord would refuse the connection.
func (a *application) intents() int {
	if a.Flags&contentGranted != 0 {
		return intentsUsual | intentContent
	}
	return intentsUsual
}

// identify asks whose the token is, until Discord answers.
func (a *Adapter) identify(ctx context.Context) (*application, error) {
	wait := time.Second
	for {
		app := &application{}
		err := a.rest.call(ctx, "GET", "/applications/@me", nil, app)
		if err == nil {
			if app.Bot.ID == "" {
				app.Bot.ID = app.ID // the same for all but the oldest apps
			}
			a.app.Store(app)
			a.link.Store(nil)
			return app, nil
		}
		if statusOf(err) == 401 {
			return nil, fmt.Errorf("discord: ask whose the token is: %w; copy the bot's token anew from the Developer Portal, or reset it there", err)
		}
		a.link.Store(&err)
		a.Log.Warn("discord does not say whose the token is", "adapter", Name, "err", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, time.Minute)
	}
}

// self is the bot's own user; empty before it is known.
func (a *Adapter) self() string {
	if app := a.app.Load(); app != nil {
		return app.Bot.ID
	}
	return ""
}
