package knowledge

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// link adds the text of a link, and its address if everybody can follow it.
func (w *walker) link(b *spans, n *ast.Link, like Span) {
	w.use(n.Reference)
	if like.URL == "" {
		like.URL = w.address(string(util.URLEscape(n.Destination, true)), w.lineOf(n))
	}
	var inner spans
	w.inline(&inner, n, like)
	if strings.TrimSpace(inner.r.String()) == "" {
		inner.add(like, 0, like.URL)
	}
	for _, s := range inner.r {
		b.append(s)
	}
}

// autoLink adds an address that stands in the text as it is.
func (w *walker) autoLink(b *spans, n *ast.AutoLink, like Span) {
	address := string(n.URL(w.src))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	if like.URL == "" {
		like.URL = w.address(address, w.lineOf(n))
	}
	b.add(like, 0, string(n.Label(w.src)))
}

// address returns a link's address, or "" for one that leads nowhere from a
// chat, which is a fault unless it is a heading of this file.
func (w *walker) address(address string, line int) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		w.warn(line, "the address %q cannot be read; correct it", abridge(address))
	case strings.HasPrefix(address, "#") && len(address) > 1:
		w.anchors = append(w.anchors, anchor{slug: u.Fragment, line: line})
	case u.Scheme == "mailto" && u.Opaque != "", (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return u.Scheme + address[len(u.Scheme):] // in lower case
	case u.Scheme == "":
		w.warn(line, "nobody can follow the relative link %q from a chat; write the whole address, https://…", abridge(address))
	default:
		w.warn(line, "the link %q is not shown, only http, https and mailto are; write such an address", abridge(address))
	}
	return ""
}

// use remembers that a link takes its address from a definition.
func (w *walker) use(ref *ast.ReferenceLink) {
	if ref != nil {
		w.used[util.ToLinkReference(ref.Value)] = true
	}
}

// checkLinks finds links to headings that do not exist, and lines that look
// like text to their author and like the address of a link to Markdown.
func (w *walker) checkLinks() {
	for _, a := range w.anchors {
		if !w.slugs.has(strings.ToLower(a.slug)) {
			w.warn(a.line, "no heading of this file has the address #%s; correct the link", a.slug)
		}
	}
	for _, n := range w.definitions {
		if !w.used[util.ToLinkReference(n.Label)] {
			w.warn(w.lineOf(n), "Markdown takes this line for the address of a link [%s] that no text uses; delete it, or write \\[ if it is text", n.Label)
		}
	}
}
