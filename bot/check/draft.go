package check

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
)

// A draft is a target that is being read, with all that is wrong with it.
type draft struct {
	about  string // the target in messages
	target Target
	faults []error
}

// fault notes what is wrong, and how to mend it.
func (d *draft) fault(wrong bool, format string, args ...any) {
	if wrong {
		d.faults = append(d.faults, fmt.Errorf("check: %s: %w", d.about, fmt.Errorf(format, args...)))
	}
}

// read reads a target's object and checks it.
func (d *draft) read(object []byte) {
	all, err := members(object)
	if err != nil {
		d.fault(true, "%w", err)
		return
	}
	d.name(all)
	d.target.Method, d.target.Expect = "GET", []int{200}
	seen := make(map[string]bool, len(all))
	for _, m := range all {
		d.fault(seen[m.name], "%q is there twice; remove one", m.name)
		seen[m.name] = true
		d.set(m)
	}
	d.check()
}

// name finds the name first, so that every other fault can tell it.
func (d *draft) name(all []member) {
	for _, m := range all {
		if m.name == "name" {
			d.decode(m, &d.target.Name, "text")
		}
	}
	name := d.target.Name
	d.fault(name == "", `has no name; add "name": "production"`)
	if name == "" {
		return
	}
	d.about = fmt.Sprintf("target %q", name)
	d.fault(!targetName.MatchString(name), "a name has at most 64 letters, digits, dots, hyphens and underscores, and begins with a letter or digit")
}

// set reads one member. It is here, and not in the tags of a struct, since a
// decoder stops at its first fault and quotes values.
func (d *draft) set(m member) {
	t := &d.target
	switch m.name {
	case "name":
	case "url":
		d.decode(m, &t.URL, "text")
	case "method":
		d.decode(m, &t.Method, "text")
	case "header":
		d.header(m)
	case "expect":
		d.decode(m, &t.Expect, "a list of whole numbers such as [200]")
	case "key_pattern":
		d.pattern(m)
	case "ca_file":
		d.decode(m, &t.CAFile, "text")
	case "allow_private":
		d.decode(m, &t.AllowPrivate, "true or false")
	case "audience":
		d.decode(m, &t.Audience, "text")
	default:
		d.fault(true, "%q is unknown; a target has name, url, method, header, expect, key_pattern, ca_file, allow_private and audience", m.name)
	}
}

func (d *draft) decode(m member, into any, what string) {
	d.fault(json.Unmarshal(m.value, into) != nil, "%q must be %s", m.name, what)
}

func (d *draft) pattern(m member) {
	var text string
	d.decode(m, &text, "text")
	if text == "" {
		return
	}
	pattern, err := regexp.Compile(text)
	if err != nil {
		d.fault(true, `"key_pattern": %w; write it like "^sk_live_"`, err)
		return
	}
	d.target.KeyPattern = pattern
}

// check looks at what is there now that all is read.
func (d *draft) check() {
	t := &d.target
	d.fault(t.Method != "GET" && t.Method != "HEAD", `"method" must be "GET" or "HEAD": a check changes nothing`)
	if len(t.Expect) == 0 {
		t.Expect = []int{200}
	}
	for _, status := range t.Expect {
		d.fault(status < 100 || status > 599, `"expect": %d is no status; they go from 100 to 599`, status)
	}
	d.url()
	if _, err := certPool(t.CAFile); err != nil {
		d.fault(true, "%w", err)
	}
	d.fault(!t.wantsKey() && (t.KeyPattern != nil || t.Audience != ""),
		`"key_pattern" or "audience" tells of a key, but no header has {key}; add "header": {"Authorization": "Bearer {key}"}`)
}

func (d *draft) url() {
	text := d.target.URL
	if text == "" {
		d.fault(true, `has no url; add "url": "https://api.example.com/v1/me"`)
		return
	}
	decoded, err := url.PathUnescape(text)
	if err != nil {
		decoded = text
	}
	d.fault(anyMark.MatchString(text) || anyMark.MatchString(decoded),
		`"url" has {key}, but a key never stands in a URL, which servers and proxies log; put it in "header"`)
	_, faults := parseEndpoint(text, d.target.AllowPrivate)
	for _, err := range faults {
		d.fault(true, "%w", err)
	}
}
