// Package web is the private page on which a user has a key checked.
//
//	chat ─▶ Link ─▶ GET /check/{token} ─▶ POST, with the key ─▶ bot.Check ─▶ rows
//	chat ◀──────────────────────── bot.Report ◀───────────────────┘
//
// The key travels once, in the body of the one POST, and becomes a secret that
// cannot be printed or kept before anything else is done with it. What a link
// stands for is kept on a shelf in Redis under the hash of its token, so any
// replica serves it. The page works without JavaScript; with it, rows come as
// server-sent events in the answer to that same POST. Start reading at [Page].
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"apihelp/bot"
)

// Name is the owner of the page's [Shelf].
const Name = "web"

// Path is where a [Page] is to be mounted.
const Path = "/check/"

// Options are what a [Page] is made of. All fields are required but Advice.
type Options struct {
	// PublicURL is where people reach the server: https, since keys travel
	// there, or http on the machine itself. It may have a path, which a proxy
	// takes away.
	PublicURL string

	Shelf   Shelf
	Targets []string // names of what a key can be checked against
	Log     *slog.Logger

	// Check runs the checks, as [bot.Bot.Check] does.
	Check func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error)

	// Report takes the outcome back to where the link was asked for: m has
	// that conversation, the asker and their language. See [bot.Bot.Report].
	Report func(ctx context.Context, m bot.Message, c bot.Checked) error

	// Advice is what the guide says about a finding in one line, or nothing.
	Advice func(f bot.Finding) string
}

// A Page hands out links and is the page behind them. It is safe for
// concurrent use.
type Page struct {
	Options
	origin *http.CrossOriginProtection
	secure bool
	policy string // of its content
	misses *misses
}

// New returns a page. Its error says what is wrong with the public URL.
func New(o Options) (*Page, error) {
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("web: the public URL must be an address such as https://help.example.com")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())) {
		return nil, errors.New("web: the public URL must begin with https, because keys are sent there")
	}
	o.PublicURL = strings.TrimRight(o.PublicURL, "/")
	p := &Page{Options: o, origin: http.NewCrossOriginProtection(), secure: u.Scheme == "https", policy: contentPolicy(), misses: newMisses()}
	// A proxy may pass another Host on than the one that browsers use.
	if err := p.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return nil, fmt.Errorf("web: the public URL: %w", err)
	}
	return p, nil
}

// local reports whether what is sent to a host stays on the machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ServeHTTP serves the form to GET and HEAD, however often, since chat clients
// preview links, and takes the key by POST, once.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.protect(w.Header())
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		p.refuse(w, r, wrongMethod)
		return
	}
	name, b, err := p.find(r)
	switch {
	case err != nil:
		p.refuse(w, r, err)
	case r.Method == http.MethodPost:
		p.receive(w, r, name, b)
	default:
		p.writeForm(w, http.StatusOK, "")
	}
}

// find returns what the link of a request stands for, and the name under which
// that is kept. Links that do not work count against where they come from.
func (p *Page) find(r *http.Request) (name string, b bound, err error) {
	from := client(r)
	if p.misses.full(from) {
		return "", bound{}, manyMisses
	}
	token, mounted := strings.CutPrefix(r.URL.Path, Path)
	name, ok := shelfName(token)
	if err = unknownLink; ok && mounted {
		b, err = p.look(r.Context(), name)
	}
	if errors.Is(err, unknownLink) {
		p.misses.add(from)
	}
	return name, b, err
}

// protect sets what keeps the page to itself: nobody stores, frames, sniffs or
// refers to it, and it loads and runs nothing but its own few lines.
func (p *Page) protect(h http.Header) {
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	if p.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// receive takes the key, uses the link up and runs the checks.
func (p *Page) receive(w http.ResponseWriter, r *http.Request, name string, b bound) {
	if p.origin.Check(r) != nil {
		p.refuse(w, r, crossSite)
		return
	}
	q, err := p.readForm(w, r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	defer q.Key.Clear()
	if err := p.use(r.Context(), name); err != nil {
		p.refuse(w, r, err)
		return
	}
	q.By, q.In = b.From, b.In
	p.run(w, r, b, q)
}
