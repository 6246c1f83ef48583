package knowledge

import (
	"cmp"
	"slices"
	"strings"
)

// A concept is a kind of trouble that people have with any API. The error
// atlas and the model of how people talk know concepts; which entry of a guide
// helps with one is found out when the guide is read.
type concept struct {
	id       string
	name     string // completes "this guide has no topic on …"
	anchors  string // words of headings and texts that are about it
	statuses string // HTTP statuses that say it
	sayings  string // set phrases of people who have it, with commas between
}

// concepts are in families: net.dns and net.proxy are both of net. A concept
// that no entry is about is covered by the entry of its family, if one is.
var concepts = []concept{
	{"net.timeout", "requests that get no answer", "connection timeout network connectivity unreachable hang", "408 504", ""},
	{"net.refused", "refused connections", "connection network refused connectivity connect", "", ""},
	{"net.reset", "connections that are cut", "connection network reset connectivity closed dropped", "", "drops our connection, drops the connection, drops my connection, connection drops, drop our connections"},
	{"net.dns", "host names that cannot be resolved", "dns network connection host hostname resolve", "", ""},
	{"net.blocked", "blocked connections", "firewall network connection port vpn connectivity", "", ""},
	{"net.proxy", "proxies", "proxy network connection", "407", ""},
	{"tls.untrusted", "certificates that are not trusted", "ssl tls certificate https x509", "", "certificate problem, certificate error, error of certificate, error with certificate, error with the certificate, problem with certificate, problem with the certificate, certificate issue, certificate trouble"},
	{"tls.expired", "certificates that have expired", "ssl tls certificate https x509", "", ""},
	{"tls.hostname", "certificates for another name", "ssl tls certificate https x509", "", ""},
	{"tls.version", "TLS versions and handshakes", "tls ssl handshake certificate https", "", ""},
	{"auth.key", "API keys", "key credential secret authentication unauthorized", "", ""},
	{"auth.environment", "keys of another environment", "key credential environment secret authentication", "", ""},
	{"auth.missing", "requests without credentials", "key credential header secret authentication", "", ""},
	{"auth.expired", "tokens that expire", "token expiration session refresh login renew", "", "after exactly one day, after exactly a day, after exactly 24 hours, every 24 hours"},
	{"authz.denied", "permissions", "permission forbidden scope role denied", "403", ""},
	{"req.invalid", "requests that are not valid", "malformed validation field format body parameter", "400 422 413 415", ""},
	{"req.notfound", "addresses that are not found", "found endpoint path route url", "404 405 410", ""},
	{"rate.limit", "rate limits", "rate limit throttling quota many requests", "429",
		"hit your limit, hit the limit, hit your limits, hit our limit, hitting your limit, hitting the limit, running into your limit, running into your rate limits, run into your rate limit, hitting rate limits, hit the rate limit, run into your limit, over the limit, under the limit, " +
			"usage limit, at the limit, of the limit, your limit again, limit again"},
	{"rate.quota", "quotas", "quota limit rate throttling allowance plan", "429", ""},
	{"perf.slow", "slow answers", "slow latency performance response call speed", "", "laggy, super laggy, make your api faster, make the api faster, make it faster, slow as hell, slow today, super slow, takes minutes, take minutes"},
	{"perf.usage", "making requests faster", "performance slow caching pagination latency response call compression speed", "", ""},
	{"srv.error", "errors of the service itself", "internal crash bug", "500", ""},
	{"srv.down", "outages", "unavailable outage maintenance downtime down", "503 502", ""},
	{"browser.cors", "browsers that block requests", "cors browser origin preflight", "", ""},
	{"webhook", "webhooks", "webhook webhooks callback callbacks", "", ""},
	{"billing", "billing", "billing invoice payment refund", "", ""},
	{"account", "accounts", "account password invite dashboard", "", ""},
}

// statusPrefix begins the concept of an HTTP status: http.404.
const statusPrefix = "http."

// binding is which entry helps with a concept, by the entry's position; -1 if
// none does.
type binding map[string]int

// has reports whether an entry helps with some concept.
func (b binding) has(entry int) bool {
	for _, e := range b {
		if e == entry {
			return true
		}
	}
	return false
}

// family returns the part of a concept's ID that its relatives share.
func family(id string) string {
	head, _, _ := strings.Cut(id, ".")
	return head
}

// bindConcepts finds the entry for every concept.
func bindConcepts(x *index) binding {
	b := binding{}
	subjects := make([]subject, len(x.entries))
	for i, e := range x.entries {
		subjects[i] = subjectOf(e)
	}
	best := map[string]int{} // points of the best in a family
	lead := map[string]int{} // and its entry
	for _, c := range concepts {
		entry, points := x.bestFor(c, subjects)
		b[c.id] = entry
		if f := family(c.id); entry >= 0 && points > best[f] {
			best[f], lead[f] = points, entry
		}
	}
	for _, c := range concepts {
		if entry, ok := lead[family(c.id)]; ok && b[c.id] < 0 {
			b[c.id] = entry
		}
	}
	for _, c := range concepts {
		for saying := range strings.SplitSeq(c.sayings, ", ") {
			if entry := b[c.id]; entry >= 0 && saying != "" {
				x.addPhrase(entry, KindSymptom, saying, pointsSymptom)
			}
		}
	}
	return b
}

// Where an anchor or a status stands decides how much it tells.
const (
	bindTitle  = 12
	bindBody   = 4
	bindStatus = 20
	bindProse  = 12 // a status in running text
	bindLeast  = 13 // more than one word of a title
)

// bestFor returns the entry that is most about a concept, and how much.
func (x *index) bestFor(c concept, subjects []subject) (entry, points int) {
	statuses := strings.Fields(c.statuses)
	anchors := stems(c.anchors)
	entry = -1
	for i, e := range x.entries {
		p := subjects[i].about(anchors)
		if e.Kind == Code {
			p /= 2 // a topic that is about it says more
			if slices.Contains(statuses, e.ID) {
				p += bindStatus - slices.Index(statuses, e.ID)
			}
		} else {
			p += bindStatus * count(e.Related, func(code *Entry) bool { return slices.Contains(statuses, code.ID) })
			p += bindProse * count(statuses, func(status string) bool { return slices.Contains(x.prose[status], i) })
		}
		if p >= bindLeast && p > points {
			entry, points = i, p
		}
	}
	return entry, points
}

// A subject is the stems of an entry's names and of its texts.
type subject struct{ names, texts map[string]bool }

func subjectOf(e *Entry) subject {
	s := subject{map[string]bool{}, map[string]bool{}}
	add := func(to map[string]bool, text string) {
		for _, stem := range stems(text) {
			to[stem] = true
		}
	}
	add(s.names, e.Title)
	for _, name := range slices.Concat(e.Aliases, e.Symptoms) {
		add(s.names, name)
	}
	if e.Kind == Code {
		add(s.names, strings.Join(spellOut(codeParts(e.ID)), " "))
		add(s.texts, e.Meaning.String()+" "+e.Solution.String())
	}
	for _, p := range e.Body {
		for _, item := range p.Items {
			add(s.texts, item.String())
		}
	}
	return s
}

// about counts the anchors that an entry's names and texts contain. Each is
// the more telling the earlier it is in its list.
func (s subject) about(anchors []string) int {
	points := 0
	for i, a := range anchors {
		weight := max(2, 4-i/3)
		if s.names[a] {
			points += bindTitle * weight / 4
		}
		if s.texts[a] {
			points += bindBody * weight / 4
		}
	}
	return points
}

func count[T any](items []T, ok func(T) bool) int {
	n := 0
	for _, item := range items {
		if ok(item) {
			n++
		}
	}
	return n
}

// entryFor returns the position of the entry that helps with a concept or an
// HTTP status, or -1.
func (x *index) entryFor(id string) int {
	if status, ok := strings.CutPrefix(id, statusPrefix); ok {
		if entry, ok := x.numbers[status]; ok {
			return entry
		}
		for _, c := range concepts {
			if slices.Contains(strings.Fields(c.statuses), status) {
				return x.bound[c.id]
			}
		}
		return -1
	}
	entry, ok := x.bound[id]
	if !ok {
		return -1
	}
	return entry
}

// conceptName names a concept for people.
func conceptName(id string) string {
	i := slices.IndexFunc(concepts, func(c concept) bool { return c.id == id })
	if i < 0 {
		return cmp.Or(strings.TrimPrefix(id, statusPrefix), id)
	}
	return concepts[i].name
}

// A Binding says which entry of a guide helps with a kind of trouble.
type Binding struct {
	Concept string // such as net.timeout
	Name    string // completes "no topic on …"
	Entry   *Entry // nil if none does
}

// Bindings returns the binding of every kind of trouble that is known.
func (g *Guide) Bindings() []Binding {
	out := make([]Binding, len(concepts))
	for i, c := range concepts {
		out[i] = Binding{Concept: c.id, Name: c.name}
		if entry := g.index.entryFor(c.id); entry >= 0 {
			out[i].Entry = g.Entries[entry]
		}
	}
	return out
}
