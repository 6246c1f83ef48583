package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// redacted stands in a text for what was taken out of it.
const redacted = "[redacted]"

// secrets are the forms in which people paste credentials. In each, the first
// group stays and the last one is the secret.
var secrets = []*regexp.Regexp{
	// A private key; one that the message cuts off has no end line.
	regexp.MustCompile(`()(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))`),
	// A JSON Web Token, two or three parts of base64url.
	regexp.MustCompile(`()(\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?)`),
	// An Authorization or cookie header, or the part of one that curl takes.
	regexp.MustCompile(`(?i)(\b(?:authorization|proxy-authorization|cookie|set-cookie)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest|apikey)\s+)?)([^\s"',][^\r\n"']*)`),
	regexp.MustCompile(`(?i)(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]{8,})`),
	// The password in a URL, such as postgres://user:password@host.
	regexp.MustCompile(`(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)([^\s/@]+)(?:@)`),
	// Keys that say by their prefix what they are.
	regexp.MustCompile(`()(\b(?:[sprw]k[-_](?:live|test|proj|ant|prod|staging|sandbox)?[-_]?|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|xwfp-|AKIA|ASIA|AIza|ya29\.|SG\.|npm_|hf_|dop_v1_|shp[a-z]{2}_|key-|whsec_|sq0[a-z]{3}-|EAAC|pypi-|lin_api_|tok_)[A-Za-z0-9._/+-]{8,}=*)`),
	// A value that is called a key, a token or a password.
	regexp.MustCompile(`(?i)((?:api[-_ ]?key|apikey|access[-_ ]?key(?:[-_ ]?id)?|secret(?:[-_ ]?key)?|client[-_ ]?secret|(?:access|refresh|auth|id|bearer)[-_ ]?token|\btoken|passw(?:or)?d|passwd|\bpwd|passphrase|private[-_ ]?key|signature|credential)["']?\s*(?:=|:|=>|\bis\b:?)\s*["']?)([^\s"',;&<>]{6,})`),
	// The user and password of curl.
	regexp.MustCompile(`((?:\s-u|--user)[\s=]+["']?[^\s:"']+:)([^\s"']+)`),
}

// opaqueRun is a long run of the letters that keys are made of.
var opaqueRun = regexp.MustCompile(`[A-Za-z0-9_+/=-]{20,}`)

// Redact takes credentials out of a text. It errs on the side of taking out
// too much: what it mistakes for a key has no meaning for the matcher either.
// Placeholders such as YOUR_API_KEY, undefined or $TOKEN stay, for they are
// often the cause of the trouble.
func Redact(text string) string {
	for _, re := range secrets {
		text = replaceSecret(re, text)
	}
	return opaqueRun.ReplaceAllStringFunc(text, func(run string) string {
		if !looksRandom(run) {
			return run
		}
		return redacted
	})
}

func replaceSecret(re *regexp.Regexp, text string) string {
	var b strings.Builder
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[4], m[5]
		if secret := text[from:to]; placeholder(secret) || strings.HasPrefix(secret, redacted) {
			continue
		}
		b.WriteString(text[end:from])
		b.WriteString(redacted)
		end = to
	}
	if end == 0 {
		return text
	}
	b.WriteString(text[end:])
	return b.String()
}

var placeholders = regexp.MustCompile(`(?i)^(?:undefined|null|none|nil|nan|empty|missing|invalid|expired|wrong|required|correct\w*|true|false|not|your.*|my[-_].*|<.*|\$.*|\{\{?.*|%[a-z_]+%|[x*•.…-]+|\[object.*|process\.env.*|os\.(?:environ|getenv).*)$`)

// placeholder reports whether a value stands for a secret without being one.
func placeholder(s string) bool { return placeholders.MatchString(s) }

// looksRandom reports whether a run of letters was drawn rather than written:
// keys mix digits into their letters, identifiers of programs rarely do.
func looksRandom(run string) bool {
	digits, letters, changes := 0, 0, 0
	wasDigit := false
	for i, r := range run {
		isDigit := unicode.IsDigit(r)
		if isDigit {
			digits++
		} else if unicode.IsLetter(r) {
			letters++
		}
		if i > 0 && isDigit != wasDigit {
			changes++
		}
		wasDigit = isDigit
	}
	return letters > 0 && digits*8 >= len(run) && changes >= 5
}
