package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// statusEvery is how old an answer of the status page may be before it is
	// asked again. Statuspage itself lets caches keep a summary for some
	// seconds, and people update an incident every few minutes.
	statusEvery = time.Minute

	// statusStale is when an answer tells nothing any more: a fixed incident
	// that is still reported sends everybody the wrong way.
	statusStale = 10 * time.Minute
)

// An Incident is what the status page says is going on.
type Incident struct {
	Name   string    // the page's own words, one line of at most 200 characters
	Impact string    // critical, major, minor, maintenance or none
	Status string    // such as investigating, identified, monitoring, in_progress; may be empty
	Since  time.Time // when it began, in UTC; zero if the page doesn't tell
	URL    string    // where people follow it, http or https; may be empty
}

// A StatusPage is the Statuspage-compatible page of the API. Its methods are
// safe for concurrent use.
type StatusPage struct {
	url    string
	client *http.Client
	turn   chan struct{} // holds one value while somebody asks the page
	known  atomic.Pointer[pageState]
}

// A pageState is what the page said last, and how the last attempt went. It
// never changes.
type pageState struct {
	incident  Incident
	ongoing   bool
	at        time.Time // when the page said so; zero for never
	validator validator // what makes the next request conditional

	tried time.Time
	err   error // of the last attempt
}

// ParseStatusPage reads the setting of the status page: the URL of its
// summary.json, or a JSON object:
//
//	{"url": "https://status.example.com/api/v2/summary.json",
//	 "ca_file": "", "allow_private": false}
//
// The error joins all faults, each with what to do. Nothing is connected to.
func ParseStatusPage(setting string) (*StatusPage, error) {
	setting = strings.TrimSpace(setting)
	d := draft{about: "the status page"}
	if strings.HasPrefix(setting, "{") {
		d.readPage([]byte(setting))
	} else {
		d.target.URL = setting
	}
	u, faults := parseEndpoint(d.target.URL, d.target.AllowPrivate)
	for _, err := range faults {
		d.fault(true, "%w", err)
	}
	pool, err := certPool(d.target.CAFile)
	if err != nil {
		d.fault(true, "%w", err)
	}
	if err := errors.Join(d.faults...); err != nil {
		return nil, err
	}
	p := &StatusPage{url: u.String(), client: statusClient(guardFor(d.target), pool), turn: make(chan struct{}, 1)}
	p.known.Store(&pageState{})
	return p, nil
}

// readPage reads the setting that is an object.
func (d *draft) readPage(object []byte) {
	if !json.Valid(object) {
		d.fault(true, "%w", notJSON(object, json.Unmarshal(object, new(json.RawMessage))))
		return
	}
	all, err := members(object)
	if err != nil {
		d.fault(true, "%w", err)
		return
	}
	seen := make(map[string]bool, len(all))
	for _, m := range all {
		d.fault(seen[m.name], "%q is there twice; remove one", m.name)
		seen[m.name] = true
		switch m.name {
		case "url", "ca_file", "allow_private":
			d.set(m)
		default:
			d.fault(true, "%q is unknown; a status page has url, ca_file and allow_private", m.name)
		}
	}
}

// Current returns what is going on as far as is known, from memory: it never
// waits and never fails. ok is false if nothing is going on, or if the page
// has not been heard for ten minutes.
func (p *StatusPage) Current() (incident Incident, ok bool) {
	s := p.known.Load()
	if !s.ongoing || time.Since(s.at) > statusStale {
		return Incident{}, false
	}
	return s.incident, true
}

// Incident asks the page, unless it has been asked within the last minute, and
// returns what is going on. With an error it still returns what [StatusPage.Current]
// would. It takes five seconds at most, and ends early with ctx.
func (p *StatusPage) Incident(ctx context.Context) (incident Incident, ok bool, err error) {
	err = p.refresh(ctx, statusEvery)
	incident, ok = p.Current()
	return incident, ok, err
}

// Run keeps what Current knows fresh until ctx is done. It logs when the page
// begins to fail and when it is heard again, not each attempt between.
func (p *StatusPage) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(statusEvery)
	defer tick.Stop()
	failing := false
	for {
		// Half, since a request takes time, and a tick may come early for it.
		err := p.refresh(ctx, statusEvery/2)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			log.Warn("the status page cannot be read", "err", err)
		case err == nil && failing:
			log.Info("the status page can be read again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// refresh asks the page, unless it has been asked within the time of after.
// One asks, the others wait for it.
func (p *StatusPage) refresh(ctx context.Context, after time.Duration) error {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return fmt.Errorf("check: status page: %w", ctx.Err())
	}
	s := p.known.Load()
	if !s.tried.IsZero() && time.Since(s.tried) < after {
		return s.err
	}
	next, err := p.ask(ctx, *s)
	if ctx.Err() != nil {
		return err // the asker's impatience says nothing about the page
	}
	next.tried, next.err = time.Now(), err
	p.known.Store(&next)
	return err
}
