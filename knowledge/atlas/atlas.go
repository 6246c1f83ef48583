// Package atlas knows the native error strings of HTTP clients, runtimes,
// gateways and API vendors, and finds them in whatever people paste: prose,
// logs, stack traces, escaped JSON.
//
// Each row of atlas.tsv ties one string to a concept, such as "net.refused",
// and says what the string means. Concepts name what is wrong, never a topic of
// a guide. All of the package is safe for concurrent use, deterministic, and
// bounded in time by the length of the text.
package atlas

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed atlas.tsv
var atlasTSV string

// A Row is one native error string. In Pattern, {n} stands for a number and *
// for a gap of up to six words.
type Row struct {
	Pattern string // as the client writes it
	Client  string // who writes it: "curl", "Go net/http", "nginx/Apache/HAProxy"
	Concept string // one of [Concepts]
	Meaning string // what it means, as a clause in plain English
	Line    int    // in atlas.tsv, from 1
}

// A Hit is a native error in a text.
type Hit struct {
	Row        *Row
	Start, End int  // bytes of the text, half open
	Exact      bool // no gap was used, and identifiers are spelt as in the row
	Strong     int  // how telling it is, 0 to 100; see the levels below
	Wrapper    bool // it only says that something failed; another hit is the cause
}

// How telling a hit is. The word classes come from words.tsv.
const (
	weak     = 35  // one or two ordinary words, which people say about anything
	plain    = 50  // three ordinary words, one of them a filler, or so
	mixed    = 60  // an ordinary word and a technical one
	jargon   = 70  // two technical words, or three that carry meaning
	decisive = 100 // an identifier, or a sentence
)

// Rows returns every row in the order of atlas.tsv.
func Rows() []Row { return slices.Clone(rows()) }

var rows = sync.OnceValue(func() []Row {
	out := make([]Row, 0, strings.Count(atlasTSV, "\n"))
	line := 0
	for text := range strings.Lines(atlasTSV) {
		line++
		if f := strings.Split(strings.TrimRight(text, "\r\n"), "\t"); line > 1 && len(f) == 4 {
			out = append(out, Row{Pattern: f[0], Client: f[1], Concept: f[2], Meaning: f[3], Line: line})
		}
	}
	return out
})

// Concepts returns the names that a row's concept can have, sorted. "http.any"
// is an HTTP status that the text around the hit names.
func Concepts() []string { return slices.Clone(concepts[:]) }

var concepts = [...]string{
	"account", "auth.environment", "auth.expired", "auth.key", "auth.missing", "authz.denied", "billing", "browser.cors",
	"http.400", "http.401", "http.403", "http.404", "http.429", "http.500", "http.502", "http.503", "http.504", "http.any",
	"net.blocked", "net.dns", "net.proxy", "net.refused", "net.reset", "net.timeout",
	"perf.slow", "perf.usage", "rate.limit", "rate.quota", "req.invalid", "req.notfound", "srv.down", "srv.error",
	"tls.expired", "tls.hostname", "tls.untrusted", "tls.version", "webhook",
}
