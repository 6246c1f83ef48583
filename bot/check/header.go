package check

import (
	"encoding/json"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
)

// keyMark stands for the key in the value of a header.
const keyMark = "{key}"

// anyMark is what somebody may write who means keyMark.
var anyMark = regexp.MustCompile(`(?i)[$%]?\{+\s*(?:api[_-]?)?key\s*\}+`)

// header reads the member of that name.
func (d *draft) header(m member) {
	fields, err := members(m.value)
	if err != nil {
		d.fault(true, `"header" %w of names and values`, err)
		return
	}
	d.target.Header = make(map[string]string, len(fields))
	for _, f := range fields {
		var value string
		if json.Unmarshal(f.value, &value) != nil {
			d.fault(true, "the value of header %q must be text", f.name)
			continue
		}
		name := textproto.CanonicalMIMEHeaderKey(f.name)
		_, twice := d.target.Header[name]
		d.fault(twice, "header %q is there twice; remove one", name)
		d.target.Header[name] = value
		d.field(name, value)
	}
}

// field checks one header field: RFC 9110 sections 5.1 and 5.5.
func (d *draft) field(name, value string) {
	d.fault(!isToken(name), "%q is no name of a header; write it like X-Api-Key", name)
	d.fault(isConnectionHeader(name), "header %q is the connection's own; remove it", name)
	d.fault(strings.TrimSpace(value) == "", "header %q has no value; write one or remove it", name)
	d.fault(strings.TrimSpace(value) != value, "the value of header %q begins or ends in a space; remove it", name)
	plain := !strings.ContainsFunc(value, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') })
	d.fault(!plain, "the value of header %q has a line break, a control character or one outside of ASCII; remove it", name)
	for _, mark := range anyMark.FindAllString(value, -1) {
		d.fault(mark != keyMark, "the value of header %q has something like {key} that is none; write %s exactly", name, keyMark)
	}
}

// wantsKey reports whether a request to t carries a key.
func (t Target) wantsKey() bool {
	for _, value := range t.Header {
		if strings.Contains(value, keyMark) {
			return true
		}
	}
	return false
}

// isToken reports whether name is a token of RFC 9110 section 5.6.2.
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}

// isConnectionHeader reports whether net/http sets the field itself, or it
// would change what the answer means.
func isConnectionHeader(name string) bool {
	return strings.HasPrefix(name, "Proxy-") || slices.Contains([]string{
		"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}, name)
}
