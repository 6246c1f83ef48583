package credential

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
)

// claims are what a JSON Web Token says of itself that can be wrong.
type claims struct {
	Alg string          `json:"alg"`
	Exp *float64        `json:"exp"`
	Nbf *float64        `json:"nbf"`
	Iat *float64        `json:"iat"`
	Iss string          `json:"iss"`
	Aud json.RawMessage `json:"aud"` // a string or a list of them
}

// skew is how far two clocks may differ without anybody noticing.
const skew = time.Minute

// token reads a JSON Web Token. Its signature is for the API to judge.
func (r *reader) token(core string) {
	if !strings.HasPrefix(core, "eyJ") {
		return
	}
	parts := strings.Split(core, ".")
	if len(parts) == 5 {
		return // encrypted: only the API can read it
	}
	if len(parts) != 3 {
		r.add(Fault{Malformed, "it is a JSON Web Token of " + count(len(parts), "part") + " instead of 3: some of it is missing or too much", true, "auth.key", hintCopied})
		return
	}
	var c claims
	for i, name := range []string{"header", "content"} {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[i], "="))
		if err == nil {
			err = json.Unmarshal(b, &c)
		}
		if err != nil {
			r.add(Fault{Malformed, "the " + name + " of the JSON Web Token cannot be decoded: it was damaged on the way", true, "auth.key", hintCopied})
			return
		}
	}
	switch {
	case strings.EqualFold(c.Alg, "none"):
		r.add(Fault{Algorithm, "the JSON Web Token is not signed: its alg is none", true, "auth.key", hintNew})
	case parts[2] == "":
		r.add(Fault{Truncated, "the JSON Web Token has no signature: its end is missing", true, "auth.key", hintCopied})
	}
	r.times(c)
	r.audience(c)
}

// times compares the times of a token with now.
func (r *reader) times(c claims) {
	if r.e.Now.IsZero() {
		return
	}
	if late := since(r.e.Now, c.Exp); late >= 0 && c.Exp != nil {
		r.add(Fault{Expired, "the token expired " + lasting(late) + " ago", true, "auth.expired", hintExpiry})
	}
	if early := -since(r.e.Now, c.Nbf); early > 0 && c.Nbf != nil {
		r.add(Fault{Early, "the token is not valid for another " + lasting(early) + ": check this machine's clock", true, "auth.expired", hintClock})
	} else if early := -since(r.e.Now, c.Iat); early > skew && c.Iat != nil {
		r.add(Fault{Early, "the token was issued " + lasting(early) + " in the future: check this machine's clock", false, "auth.expired", hintClock})
	}
}

// since is how long ago a time in seconds of Unix is.
func since(now time.Time, seconds *float64) time.Duration {
	if seconds == nil {
		return 0
	}
	gap := float64(now.UnixMilli())/1000 - *seconds
	return time.Duration(math.Max(-1e9, math.Min(1e9, gap))) * time.Second
}

// lasting writes a duration as people say it: "3 h 12 min".
func lasting(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		h := int(d.Hours())
		if m := int(d.Minutes()) - h*60; m > 0 {
			return fmt.Sprintf("%d h %d min", h, m)
		}
		return fmt.Sprintf("%d h", h)
	}
	return count(int(d.Hours())/24, "day")
}

// audience compares for whom a token is with who is asked.
func (r *reader) audience(c claims) {
	if r.e.Audience == "" {
		return
	}
	var all []string
	var one string
	if json.Unmarshal(c.Aud, &one) == nil {
		all = []string{one}
	} else if json.Unmarshal(c.Aud, &all) != nil || len(all) == 0 {
		r.add(Fault{Audience, fmt.Sprintf("the token names no audience where %q is wanted", r.e.Audience), true, "auth.environment", hintPlace})
		return
	}
	for _, a := range all {
		if a == r.e.Audience {
			return
		}
	}
	detail := fmt.Sprintf("the token is for %q, not for %q", claim(all[0]), r.e.Audience)
	if c.Iss != "" {
		detail += fmt.Sprintf(" (issued by %q)", claim(c.Iss))
	}
	r.add(Fault{Audience, detail, true, "auth.environment", hintPlace})
}

// claim is a claim as it is shown: short and printable. What looks like a
// credential is not shown.
func claim(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
	if len(text) > textBytes {
		text = clip(text, textBytes) + "…"
	}
	clean, _ := New().Redact(text)
	return clean
}
