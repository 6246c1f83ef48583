package limits

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

// typed is an object whose type, a number, says which rule it follows.
func typed(what string, types map[string]rule) rule {
	return func(c *checker, at string, v any) {
		name := number(v, "type")
		if r, ok := types[name]; ok {
			r(c, at, v)
		} else {
			c.fault(at, "%s of type %q, want one of %s", what, name, strings.Join(sorted(types), " "))
		}
	}
}

// member returns the value at a key of an object, or nil.
func member(v any, key string) any {
	o, _ := v.(map[string]any)
	return o[key]
}

// number returns the number at a key of an object as text, or nothing.
func number(v any, key string) string {
	n, _ := member(v, key).(json.Number)
	return n.String()
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

// different wants no value twice at a key of the objects of an array.
func different(key string) rule {
	return func(c *checker, at string, v any) {
		a, _ := v.([]any)
		seen := map[string]bool{}
		for i, v := range a {
			name, ok := member(v, key).(string)
			if ok && seen[name] {
				c.fault(fmt.Sprintf("%s/%d/%s", at, i, key), "%q is used twice", name)
			}
			seen[name] = true
		}
	}
}

// optional is a value or null.
func optional(r rule) rule {
	return func(c *checker, at string, v any) {
		if v != nil {
			r(c, at, v)
		}
	}
}

// choiceOf is one of some whole numbers.
func choiceOf(numbers ...string) rule {
	return func(c *checker, at string, v any) {
		if n, ok := v.(json.Number); !ok || !slices.Contains(numbers, n.String()) {
			c.fault(at, "got %v, want one of %s", v, strings.Join(numbers, " "))
		}
	}
}

// boolean is true or false.
func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fault(at, "got %s, want true or false", kind(v))
	}
}

// exactly is one value and no other, with the reason why.
func exactly(want any, why string) rule {
	return func(c *checker, at string, v any) {
		if v != want {
			c.fault(at, "got %v: %s", v, why)
		}
	}
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

// ascending wants no least value above the most.
func ascending(least, most string) rule {
	return func(c *checker, at string, v any) {
		low, err1 := strconv.ParseFloat(number(v, least), 64)
		high, err2 := strconv.ParseFloat(number(v, most), 64)
		if err1 == nil && err2 == nil && low > high {
			c.fault(at, "%s is above %s", least, most)
		}
	}
}

// address is a URL of at most some characters that a client opens.
func address(most int) rule {
	return func(c *checker, at string, v any) {
		str(1, most)(c, at, v)
		s, _ := v.(string)
		u, err := url.Parse(s)
		web := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
		if !web || strings.ContainsAny(s, " <>\n") {
			c.fault(at, "no http or https URL")
		}
	}
}

// every follows all the rules.
func every(rules ...rule) rule {
	return func(c *checker, at string, v any) {
		for _, r := range rules {
			r(c, at, v)
		}
	}
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
