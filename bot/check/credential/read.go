package credential

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Expected is what is known of the credentials of one environment. The zero
// value is nothing.
type Expected struct {
	Pattern  *regexp.Regexp // what they look like; nil if not told
	Audience string         // that tokens must have; empty for any
	Now      time.Time      // by which times are judged; zero for not at all
}

// A Fault is one thing that is wrong with a credential.
type Fault struct {
	Kind string // one of the kinds below

	// Detail is a line for people, without its full stop. It shows at most
	// the first four and the last four characters of the credential, and
	// none of one that has less than 16.
	Detail string

	// Fatal means that no request with the credential can work.
	Fatal bool

	// Cause is "auth.key", "auth.expired", "auth.missing" or
	// "auth.environment".
	Cause string

	// Hint is what is wrong in the words that the step of a guide would use
	// which mends it.
	Hint string
}

// The kinds of a [Fault].
const (
	Empty       = "empty"       // nothing there
	Unset       = "unset"       // undefined, null: never set
	Variable    = "variable"    // $TOKEN: not filled in
	StandIn     = "placeholder" // YOUR_API_KEY
	Space       = "space"       // spaces, tabs or line ends
	Quotes      = "quotes"      // quotation marks around it
	Scheme      = "scheme"      // "Bearer " inside it
	HeaderName  = "header"      // "X-Api-Key: " inside it
	Hidden      = "masked"      // sk_live_****1234
	Truncated   = "truncated"   // not all of it
	Invisible   = "invisible"   // characters that nobody sees
	LookAlike   = "lookalike"   // letters of another alphabet
	Encoded     = "encoded"     // URL-encoded or base64
	Environment = "environment" // of another environment
	Malformed   = "malformed"   // no token that can be read
	Expired     = "expired"
	Early       = "early"     // not valid yet, or issued in the future
	Audience    = "audience"  // for somebody else
	Algorithm   = "algorithm" // not signed
)

// The words of the steps that mend a fault.
const (
	hintCopied = "copied extra spaces"
	hintHeader = "authorization header sent"
	hintPlace  = "environment staging production"
	hintClock  = "clock accurate"
	hintExpiry = "refresh token expired"
	hintNew    = "regenerate the key"
)

// Trim returns key without the white space around it, which no credential has
// and every form of copying adds.
func Trim(key string) string { return strings.TrimSpace(key) }

// Read says what is wrong with a credential as far as that shows without a
// network. What is wrapped around it, such as spaces, quotes and "Bearer ", is
// told first, and then what is wrong with the rest. No fault is no proof that
// the credential works.
func Read(key string, e Expected) []Fault {
	r := reader{e: e}
	core := r.unwrap(key)
	switch {
	case strings.TrimSpace(key) == "":
		return []Fault{{Empty, "there is no key: it is empty", true, "auth.missing", hintHeader}}
	case r.standIn(core), r.partial(core):
	default:
		if core = r.characters(core); core != "" {
			r.shape(core)
			r.token(core)
		}
	}
	return r.faults
}

// A reader gathers the faults of one credential.
type reader struct {
	e      Expected
	faults []Fault
}

func (r *reader) add(f Fault) { r.faults = append(r.faults, f) }

// standIn tells what is no credential but stands for one.
func (r *reader) standIn(core string) bool {
	if core == "" {
		r.add(Fault{Unset, "there is nothing but what belongs around a key", true, "auth.missing", hintHeader})
		return true
	}
	switch placeholder(core) {
	case unset:
		r.add(Fault{Unset, "it says undefined, null or the like: the program sends a value that was never set", true, "auth.missing", hintHeader})
	case variable:
		r.add(Fault{Variable, "it is the name of a variable: the value was not filled in", true, "auth.missing", hintHeader})
	case stand:
		r.add(Fault{StandIn, "it is a placeholder: the real key has to be put in its place", true, "auth.missing", hintHeader})
	default:
		return false
	}
	return true
}

// partial tells what is only a part of a credential.
func (r *reader) partial(core string) bool {
	switch {
	case strings.HasSuffix(core, "...") || strings.HasSuffix(core, "…"):
		r.add(Fault{Truncated, "it ends in dots: it was copied from where it is shown shortened", true, "auth.key", hintCopied})
	case masked(core), strings.Contains(core, "***"), strings.Contains(core, "•"):
		r.add(Fault{Hidden, "most of it is hidden behind stars or dots: it was copied from where it is shown masked", true, "auth.key", hintCopied})
	default:
		return false
	}
	return true
}

// Describe is how a credential is shown: its first and last four characters
// and its length. Of one shorter than 16 characters nothing is shown.
func Describe(key string) string {
	n := utf8.RuneCountInString(key)
	if n < 16 {
		return "a key of " + count(n, "character")
	}
	runes := []rune(key)
	for i, r := range runes {
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) || invisible(r) {
			runes[i] = '?'
		}
	}
	return string(runes[:4]) + "…" + string(runes[n-4:]) + " (" + count(n, "character") + ")"
}
