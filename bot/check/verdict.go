package check

import (
	"fmt"
	"slices"
	"strings"
)

// verdict sums a report up.
func verdict(r Report, p *Probe) string {
	if row, broke := r.Broke(); broke {
		return fmt.Sprintf("%s: %s", r.Target, row.Detail)
	}
	if r.Code == 0 {
		return r.Target + ": not checked to the end"
	}
	works := "works"
	if !expected(p.Target, r.Code) {
		works = "answers"
	}
	text := fmt.Sprintf("%s: %s, %d in %s", r.Target, works, r.Code, millis(p.spent.sum()))
	switch {
	case p.keyless():
		text += ", " + noKey
	case r.Row(Auth).Status == Skip:
		text += ", the key was not judged"
	}
	for _, row := range r.Rows {
		if row.Status == Warn && row.Check == HTTP {
			return fmt.Sprintf("%s: %s, %s", r.Target, works, row.Detail)
		}
		if row.Status == Warn {
			return text + "; " + row.Detail
		}
	}
	return text
}

// Passport says in which environments a key is known: "works in staging,
// unknown in production: you are calling production with a staging key". It is
// empty where there is nothing to say: for one target, without a key, or where
// no key was judged.
func Passport(reports []Report) string {
	groups := map[standing][]string{}
	for _, r := range reports {
		groups[standingIn(r)] = append(groups[standingIn(r)], r.Target)
	}
	if len(reports) < 2 || len(groups[unjudged]) == len(reports) {
		return ""
	}
	var parts []string
	for _, s := range []standing{good, expired, denied, unknown} {
		if targets := groups[s]; len(targets) > 0 {
			parts = append(parts, string(s)+" in "+enumerate(targets))
		}
	}
	text := strings.Join(parts, ", ")
	switch home := slices.Concat(groups[good], groups[expired], groups[denied]); {
	case len(groups[unknown]) == 0:
	case len(home) > 0:
		text += fmt.Sprintf(": you are calling %s with a %s key", enumerate(groups[unknown]), enumerate(home))
	case len(groups[unjudged]) == 0:
		text += ": no environment knows this key"
	}
	return text
}

// A standing is what an environment thinks of a key.
type standing string

const (
	good     standing = "works"
	expired  standing = "expired"
	denied   standing = "without permission"
	unknown  standing = "unknown"
	unjudged standing = ""
)

func standingIn(r Report) standing {
	auth, key := r.Row(Auth), r.Row(Credential)
	switch {
	case auth.Status == OK:
		return good
	case key.Status == Fail && key.Cause == "auth.environment":
		return unknown
	case auth.Status != Fail:
		return unjudged
	}
	switch auth.Cause {
	case "auth.expired":
		return expired
	case "authz.denied", "http.403":
		return denied
	case "auth.key", "auth.environment", "http.401":
		return unknown
	default:
		return unjudged
	}
}

// Again tells, after a target has been checked again, whether what had failed
// at a check works: "200 at 14:03 UTC: fixed". Proof is a row that could have
// failed: without a key, nothing tells that a key works.
func Again(broke string, r Report) (text string, fixed bool) {
	at := r.At.UTC().Format("15:04 UTC")
	row := r.Row(broke)
	judged := row.Status == OK || row.Status == Warn || row.Status == Skip && broke == Limits
	if r.OK && r.Code != 0 && judged {
		return fmt.Sprintf("%d at %s: fixed", r.Code, at), true
	}
	if row, still := r.Broke(); still {
		return fmt.Sprintf("still broken at %s: %s", at, row.Detail), false
	}
	return fmt.Sprintf("not proven at %s: %s was not tested", at, broke), false
}
