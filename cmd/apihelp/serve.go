package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/user"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"apihelp/adapters/console"
	"apihelp/adapters/web"
	"apihelp/adapters/webhook"
	"apihelp/bot"
	"apihelp/bot/check/credential"
	"apihelp/knowledge"
	"apihelp/sessions"
)

func serveCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve whatever is configured, without the terminal chat",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), std, false) },
	}
}

// serve runs everything that is configured until ctx is done or, with a
// terminal chat, its user leaves.
func serve(ctx context.Context, std stdio, chat bool) error {
	c, err := loadConfig()
	if err != nil {
		return err
	}
	p, err := newProgram(c, logger(std.err, c.LogLevel, chat))
	if err != nil {
		return err
	}
	defer p.close()
	debug.FreeOSMemory() // a fifth of it is only what loading needed
	adapters, err := p.platforms(c)
	if err != nil {
		return &usageError{err}
	}
	if chat {
		adapters = append(adapters, terminal(std, true))
	}
	return p.run(ctx, adapters, string(c.HTTPAddr))
}

// platforms are the adapters of what is configured. Those that take requests
// over HTTP are served.
func (p *program) platforms(c Config) (adapters []bot.Adapter, err error) {
	page, pageErr := p.newPage(c) // first, for the others' forms stand in for it
	if page != nil {
		p.live.Link, p.web = page.Link, append(p.web, route{web.Path, page})
	}
	s, slackErr := p.newSlack(c)
	if s != nil {
		adapters, p.web = append(adapters, s), append(p.web, route{"/slack/", s.Handler()})
	}
	d, discordErr := p.newDiscord(c)
	if d != nil {
		adapters, p.web = append(adapters, d), append(p.web, route{"/discord/", d.Handler()})
	}
	if len(p.handoff.hooks) > 0 {
		adapters = append(adapters, webhook.New(p.handoff.hooks))
	}
	if err := errors.Join(pageErr, slackErr, discordErr); err != nil {
		return nil, err
	}
	return adapters, p.checkOwners(adapters)
}

// terminal is the console adapter for whoever started the program.
func terminal(std stdio, styled bool) *console.Adapter {
	o := console.Options{User: "user", Host: "localhost", Terminal: styled}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		o.Host = host
	}
	return console.New(std.in, std.out, o)
}

// logger writes JSON for machines, or text beside a chat, where only what
// somebody should look at is worth interrupting.
func logger(w io.Writer, level logLevel, chat bool) *slog.Logger {
	if chat {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: max(slog.Level(level), slog.LevelWarn)}))
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.Level(level)}))
}

// A program is what all commands that hold conversations are made of.
type program struct {
	log      *slog.Logger
	guide    *knowledge.Live
	store    *sessions.Store
	ttl      time.Duration
	keys     *credential.Redactor
	live     *bot.Live // nil where no live checks are configured
	handoff  handoff
	patience time.Duration // with the people who take over
	wait     time.Duration // for the store; 0 for what platforms allow
	registry *prometheus.Registry
	metrics  *bot.Metrics
	web      []route                 // of the adapters
	bot      atomic.Pointer[bot.Bot] // once it runs

	guideErr atomic.Pointer[error] // why the guide on disk is not the one in use
}

func newProgram(c Config, log *slog.Logger) (*program, error) {
	ttl := time.Duration(c.SessionTTL)
	live, guideErr := knowledge.NewLive(c.Guide)
	if guideErr != nil {
		guideErr = guideFault(guideErr)
	}
	store, storeErr := sessions.Open(sessions.Options{URL: c.RedisURL, TTL: 2 * ttl, Log: log})
	if storeErr != nil {
		storeErr = fmt.Errorf("REDIS_URL cannot be used: %w", storeErr)
	}
	if err := errors.Join(guideErr, storeErr); err != nil {
		return nil, &usageError{err}
	}
	p := &program{log: log, guide: live, store: store, ttl: ttl, keys: credential.New(c.KeyPatterns...), live: c.checks(), handoff: c.Handoff, patience: time.Duration(c.HandoffWait), registry: prometheus.NewRegistry()}
	p.metrics = bot.NewMetrics(p.registry)
	p.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return p, nil
}

func (p *program) close() {
	if err := p.store.Close(); err != nil {
		p.log.Warn("store did not close", "err", err)
	}
}

func (p *program) newBot(adapters []bot.Adapter) *bot.Bot {
	return bot.New(bot.Options{Guide: p.guide.Guide, Store: p.store, TTL: p.ttl, Adapters: adapters, Metrics: p.metrics, Log: p.log, Redactor: p.keys, Live: p.live, Owners: p.handoff.owners, HandoffWait: p.patience, StoreWait: p.wait})
}

// run runs the bot, the guide's watch and, if addr is not empty, the HTTP
// server, until ctx is done or the bot ends.
func (p *program) run(ctx context.Context, adapters []bot.Adapter, addr string) error {
	var listener net.Listener
	if addr != "" {
		var err error
		if listener, err = listen(ctx, addr); err != nil {
			return err
		}
		p.log.Info("listening", "addr", listener.Addr().String())
	}
	b := p.newBot(adapters)
	p.bot.Store(b)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.guide.Watch(ctx, p.reportGuide) })
	if p.live != nil && p.live.Status != nil {
		group.Go(func() error { p.live.Status.Run(ctx, p.log); return nil })
	}
	if listener != nil {
		group.Go(func() error { return serveHTTP(ctx, listener, p.handler(b)) })
	}
	group.Go(func() error {
		err := b.Run(ctx)
		return errors.Join(err, errEnded)
	})
	err := group.Wait()
	if errors.Is(err, sessions.ErrTakenOver) {
		return errors.New("this conversation goes on in another terminal; type there, or start apihelp again to take it back here")
	}
	return withoutEnded(err)
}

// errEnded stops the group when the bot has ended, for whatever reason.
var errEnded = errors.New("bot ended")

func withoutEnded(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, e := range joined.Unwrap() {
			rest = append(rest, withoutEnded(e))
		}
		return errors.Join(rest...)
	}
	if err == errEnded {
		return nil
	}
	return err
}

// reportGuide tells the log and the health how a reload went.
func (p *program) reportGuide(err error) {
	if err != nil {
		p.guideErr.Store(&err)
		p.log.Error("guide not reloaded, the old one stays in use", "err", err)
		return
	}
	p.guideErr.Store(nil)
	p.log.Info("guide reloaded", "entries", len(p.guide.Guide().Entries))
}
