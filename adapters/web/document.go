package web

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"strings"
)

//go:embed page.css
var styleSheet string

//go:embed page.js
var script string

// contentPolicy is what the page may do: use its own style and script, and send
// its form to where it came from.
func contentPolicy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(styleSheet) + "; script-src " + hash(script) +
		"; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
}

// markup is HTML under construction. Only put writes what is not constant.
type markup struct{ strings.Builder }

// put adds format, which is HTML, with values escaped.
func (m *markup) put(format string, values ...string) {
	escaped := make([]any, len(values))
	for i, v := range values {
		escaped[i] = html.EscapeString(v)
	}
	fmt.Fprintf(m, format, escaped...)
}

// head begins a page.
func (m *markup) head(title string) {
	m.put(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>`, title)
	m.WriteString(styleSheet)
	m.put("</style>\n</head>\n<body>\n<main>\n")
}

func (m *markup) foot() { m.put("</main>\n</body>\n</html>\n") }

// writeForm answers with the form, above it what was wrong with the last one.
func (p *Page) writeForm(w http.ResponseWriter, status int, wrong string) {
	var m markup
	m.head("Check your key")
	m.put("<h1>Check your key</h1>\n<form method=\"post\" autocomplete=\"off\">\n")
	if wrong != "" {
		m.put("<p class=\"fail\" role=\"alert\">%s</p>\n", wrong)
	}
	m.put(`<p id="about">The key is sent to the API once for each environment and forgotten when the check ends: it is not stored, not logged and shown to nobody. The result, with no more of the key than its first and last four characters, goes back to your conversation.</p>
<label for="key">Your key</label>
<input id="key" name="%s" type="password" required autofocus autocomplete="off" autocapitalize="off" spellcheck="false" data-1p-ignore data-lpignore="true" data-bwignore aria-describedby="about">
`, keyField)
	if len(p.Targets) > 1 {
		m.put("<fieldset>\n<legend>Where to check it</legend>\n")
		for _, t := range p.Targets {
			m.put("<label><input type=\"checkbox\" name=\"%s\" value=\"%s\" checked> %s</label>\n", targetField, t, t)
		}
		m.put("</fieldset>\n")
	}
	m.put(`<button>Check the key</button>
</form>
<div id="result" aria-live="polite"><ul id="rows"></ul><div id="over"></div></div>
<script>`)
	m.WriteString(script)
	m.put("</script>\n")
	m.foot()
	begin(w, status)
	push(w, m.String())
}

// writeNotice answers with a page that says why nothing was checked.
func writeNotice(w http.ResponseWriter, n notice) {
	var m markup
	m.head(n.Title)
	m.put("<h1>%s</h1>\n<p>%s</p>\n", n.Title, n.Text)
	m.foot()
	begin(w, n.Status)
	push(w, m.String())
}

func begin(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
}

// A document shows a run as a page that grows, for browsers without JavaScript.
type document struct {
	w     http.ResponseWriter
	begun bool
}

func (d *document) row(r row) {
	var m markup
	if !d.begun {
		d.begun = true
		d.w.Header().Set("X-Accel-Buffering", "no")
		begin(d.w, http.StatusOK)
		m.head("Check your key")
		m.put("<h1>Check your key</h1>\n<ul id=\"rows\" aria-live=\"polite\">\n")
	}
	m.put("<li class=\"%s\"><b>%s</b> %s <i>%s</i></li>\n", r.Status, strings.TrimSpace(r.Target+" "+r.Check), r.Detail, r.Status)
	push(d.w, m.String())
}

func (d *document) over(o outcome) {
	var m markup
	if d.begun {
		m.put("</ul>\n")
	} else {
		begin(d.w, o.status)
		m.head(o.Title)
	}
	m.put("<h2>%s</h2>\n", o.Title)
	for _, v := range o.Verdicts {
		class := "fail"
		if v.OK {
			class = "ok"
		}
		m.put("<p class=\"%s\">%s</p>\n", class, v.Text)
		for _, a := range v.Advice {
			m.put("<p>%s</p>\n", a)
		}
	}
	if o.Passport != "" {
		m.put("<p>%s</p>\n", o.Passport)
	}
	m.put("<p>%s</p>\n", o.Text)
	m.foot()
	push(d.w, m.String())
}
