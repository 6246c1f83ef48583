package blockkit

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// object is an object that has the required members, separated by spaces, and
// no others than those of known.
func object(required string, known fields) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fault(at, "got %s, want an object", kind(v))
			return
		}
		for _, key := range strings.Fields(required) {
			if _, ok := o[key]; !ok {
				c.fault(at, "%q is missing", key)
			}
		}
		for _, key := range sorted(o) {
			if r, ok := known[key]; ok {
				r(c, at+"/"+pointer.Replace(key), o[key])
			} else {
				c.fault(at, "unknown key %q", key)
			}
		}
	}
}

// pointer escapes a key for a JSON pointer (RFC 6901).
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// union is an object whose type says which rule it follows.
func union(what string, types map[string]rule) rule {
	return func(c *checker, at string, v any) {
		name := member(v, "type")
		if r, ok := types[name]; ok {
			r(c, at, v)
		} else {
			c.fault(at, "%s of type %q is none that is sent, want one of %s", what, name, strings.Join(sorted(types), " "))
		}
	}
}

// only is a part of a union's types.
func only(types map[string]rule, names string) map[string]rule {
	part := map[string]rule{}
	for _, name := range strings.Fields(names) {
		part[name] = types[name]
	}
	return part
}

// member returns the string at a key of an object, or nothing.
func member(v any, key string) string {
	o, _ := v.(map[string]any)
	s, _ := o[key].(string)
	return s
}

// list is an array of at least least and at most most values.
func list(least, most int, item rule) rule {
	return func(c *checker, at string, v any) {
		a, ok := v.([]any)
		switch {
		case !ok:
			c.fault(at, "got %s, want an array", kind(v))
		case len(a) < least || len(a) > most:
			c.fault(at, "%d items, want %d to %d", len(a), least, most)
		}
		for i, v := range a {
			item(c, at+"/"+strconv.Itoa(i), v)
		}
	}
}

// str is a string of at least least and at most most characters.
func str(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fault(at, "got %s, want a string", kind(v))
			return
		}
		c.length(at, length(s), least, most)
	}
}

func (c *checker) length(at string, n, least, most int) {
	if n < least || n > most {
		c.fault(at, "%d characters after escaping, want %d to %d", n, least, most)
	}
}

// enum is one of some strings.
func enum(names string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(strings.Fields(names), s) {
			c.fault(at, "got %v, want one of %s", v, names)
		}
	}
}

// boolean is true or false, also as a form says it.
func boolean(c *checker, at string, v any) {
	if _, ok := truth(v); !ok {
		c.fault(at, "got %s, want true or false", kind(v))
	}
}

func truth(v any) (is, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		is, err := strconv.ParseBool(v)
		return is, err == nil
	}
	return false, false
}

// integer is a whole number from least to most.
func integer(least, most int64) rule {
	return func(c *checker, at string, v any) {
		n, _ := v.(json.Number)
		if i, err := n.Int64(); err != nil || i < least || i > most {
			c.fault(at, "got %v, want a whole number from %d to %d", v, least, most)
		}
	}
}

// address is a URL of at most 3,000 characters with a scheme that a client
// opens and nothing else.
func address(c *checker, at string, v any) {
	str(1, 3000)(c, at, v)
	s, _ := v.(string)
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " <>|") {
		c.fault(at, "no URL")
	} else if web := u.Scheme == "https" || u.Scheme == "http"; !(web && u.Host != "") && u.Scheme != "mailto" {
		c.fault(at, "no http, https or mailto URL")
	}
}

// anything needs no check.
func anything(*checker, string, any) {}

// every follows all the rules.
func every(rules ...rule) rule {
	return func(c *checker, at string, v any) {
		for _, r := range rules {
			r(c, at, v)
		}
	}
}

// oneOf wants exactly one of some members.
func oneOf(keys ...string) rule {
	return func(c *checker, at string, v any) {
		if o, ok := v.(map[string]any); ok && count(o, keys) != 1 {
			c.fault(at, "want exactly one of %s", strings.Join(keys, " "))
		}
	}
}

// someOf wants at least one of some members.
func someOf(keys ...string) rule {
	return func(c *checker, at string, v any) {
		if o, ok := v.(map[string]any); ok && count(o, keys) == 0 {
			c.fault(at, "want at least one of %s", strings.Join(keys, " "))
		}
	}
}

func count(o map[string]any, keys []string) int {
	n := 0
	for _, key := range keys {
		if _, ok := o[key]; ok {
			n++
		}
	}
	return n
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	}
	return fmt.Sprintf("%v", v)
}
