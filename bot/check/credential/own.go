package credential

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// shortestOwn is how long a prefix must be that makes a word a credential.
const shortestOwn = 3

// ParseOwn reads a list of the forms that the company's own keys have, as an
// environment variable holds it: separated by commas or spaces, each either a
// prefix such as "acme_live_", or a regular expression between slashes. All
// faults are reported at once; each says what to do. An empty list is none.
func ParseOwn(list string) ([]*regexp.Regexp, error) {
	var own []*regexp.Regexp
	var faults []error
	for item := ""; ; {
		if item, list = nextOwn(list); item == "" {
			return own, errors.Join(faults...)
		}
		re, err := parseOwn(item)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		own = append(own, re)
	}
}

// nextOwn splits the first item off a list. A slash ends an expression only
// before a separator, so that the expression may contain all three.
func nextOwn(list string) (item, rest string) {
	list = strings.TrimLeft(list, ", \t\r\n")
	end := strings.IndexAny(list, ", \t\r\n")
	if strings.HasPrefix(list, "/") {
		end = -1
		for i := 1; i < len(list); i++ {
			if list[i] == '/' && (i+1 == len(list) || strings.IndexByte(", \t\r\n", list[i+1]) >= 0) {
				end = i + 1
				break
			}
		}
	}
	if end < 0 {
		return list, ""
	}
	return list[:end], list[end:]
}

func parseOwn(item string) (*regexp.Regexp, error) {
	if !strings.HasPrefix(item, "/") {
		if len(item) < shortestOwn {
			return nil, fmt.Errorf("credential: own prefix %q: too short, give at least %d characters such as acme_live_", item, shortestOwn)
		}
		return regexp.Compile(`(?:\b|_)` + regexp.QuoteMeta(item) + `[A-Za-z0-9_.~+/=-]{6,}`)
	}
	if len(item) < 3 || !strings.HasSuffix(item, "/") {
		return nil, fmt.Errorf("credential: own pattern %q: end the regular expression with a slash, such as /acme_[a-z0-9]{32}/", item)
	}
	re, err := regexp.Compile(item[1 : len(item)-1])
	if err != nil {
		return nil, fmt.Errorf("credential: own pattern %q: correct the regular expression: %w", item, err)
	}
	if re.MatchString("") {
		return nil, fmt.Errorf("credential: own pattern %q: it matches nothing at all, demand some characters", item)
	}
	return re, nil
}
