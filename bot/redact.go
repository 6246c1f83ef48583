package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// A Finding is a credential, or what stands for one, that a message contained.
type Finding struct{ Kind, Name, Text string }

// The kinds of a [Finding].
const (
	leaked = "leaked"
	stands = "placeholder"
)

// redacted stands in a text for what was taken out of it.
const redacted = "[redacted]"

// secrets are the forms in which people paste credentials. In each, the first
// group stays and the second is the secret.
var secrets = []*regexp.Regexp{
	// A private key; one that the message cuts off has no end line.
	regexp.MustCompile(`()(-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|$))`),
	// A JSON Web Token, two or three parts of base64url.
	regexp.MustCompile(`()(\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?)`),
	// An Authorization or cookie header, or the part of one that curl takes.
	regexp.MustCompile(`(?i)(\b(?:authorization|proxy-authorization|cookie|set-cookie)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest|apikey)\s+)?)([^\s"',][^\r\n"']*)`),
	regexp.MustCompile(`(?i)(\b(?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]{8,})`),
	// The user and password in a URL, up to the last @ before its path.
	regexp.MustCompile(`(\b[a-zA-Z][a-zA-Z0-9+.-]*://)([^\s/?#]+)@`),
	// A webhook address, whose path is the secret.
	regexp.MustCompile(`(hooks\.slack\.com/\w+/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)(\S+)`),
	// Keys that say by their prefix what they are.
	regexp.MustCompile(`(?i)()(\b(?:[sprw]k[-_](?:live|test|proj|ant|prod|staging|sandbox)?[-_]?|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|xwfp-|AKIA|ASIA|AIza|ya29\.|SG\.|npm_|hf_|dop_v1_|shp[a-z]{2}_|key-|whsec_|sq0[a-z]{3}-|EAAC|pypi-|lin_api_|tok_)[A-Za-z0-9._/+-]{8,}=*)`),
	// A value that is assigned to what is called a key, a token or a password.
	regexp.MustCompile(`(?i)(\b[\w-]*(?:key|token|secret|passw(?:or)?d|passwd|passphrase|pass|pwd|credentials?|signature)(?:[-_ ]?id)?\\?["']?\s*(?:=>|->|=|:)\s*\\?["'])([^"'\\\r\n]+)`),
	regexp.MustCompile(`(?i)(\b[\w-]*(?:key|token|secret|passw(?:or)?d|passwd|passphrase|pass|pwd|credentials?|signature)(?:[-_ ]?id)?\\?["']?\s*(?:=>|->|=|:)\s*)([^\s"',;&]{3,})`),
	// The user and password of curl.
	regexp.MustCompile(`((?:\s-u|--user)[\s=]*["']?[^\s:"']+:)([^\s"']+)`),
}

// spoken is a value that follows what it is called without a sign between:
// "my key is …". Most such words are no secrets, so they must look like one.
var spoken = regexp.MustCompile(`(?i)(\b[\w-]*(?:key|apikey|token|secret|passw(?:or)?d|passphrase|pwd|x-[\w-]+)\s+(?:is\s+|was\s+)?["']?)([A-Za-z0-9._~+/=!@#$%^&*-]{6,})`)

// opaqueRun is a long run of the letters that keys are made of.
var opaqueRun = regexp.MustCompile(`[A-Za-z0-9_+/=-]{20,}`)

// Redact takes credentials out of a text. It errs on the side of taking out
// too much. Placeholders such as YOUR_API_KEY, undefined or $TOKEN stay, for
// they are often the cause of the trouble.
func Redact(text string) string {
	for _, re := range secrets {
		text = replaceSecret(re, text, placeholder)
	}
	text = replaceSecret(spoken, text, func(s string) bool { return placeholder(s) || !mixed(s) })
	return opaqueRun.ReplaceAllStringFunc(text, func(run string) string {
		if looksRandom(run) {
			return redacted
		}
		return run
	})
}

// replaceSecret takes out what a pattern finds, unless harmless says so.
func replaceSecret(re *regexp.Regexp, text string, harmless func(string) bool) string {
	var b strings.Builder
	end := 0
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[4], m[5]
		if secret := text[from:to]; harmless(secret) || strings.HasPrefix(secret, redacted) {
			continue
		}
		b.WriteString(text[end:from])
		b.WriteString(redacted)
		end = to
	}
	b.WriteString(text[end:])
	return b.String()
}

// placeholders are what stands where a credential should be.
var placeholders = regexp.MustCompile(`(?i)^(?:undefined|null|none|nil|nan|empty|missing|invalid|expired|revoked|rejected|wrong|required|correct(?:ly)?|true|false|not|` +
	`(?:your|my)[-_ ]?(?:own[-_ ]?)?(?:secret[-_ ]?)?(?:api|access|auth|bearer)?[-_ ]?(?:key|token|secret|password|pass)?(?:[-_ ]?here)?|<[^<>]*>?|\$\{?[A-Z_]+\}?|\$\(.*|\{\{?[^{}]*\}?\}?|` +
	`%[a-z_]+%|[x*•.…-]+|\[object.*|process\.env.*|os\.(?:environ|getenv).*)[.,;:!?)]*$`)

// placeholder reports whether a value stands for a secret without being one.
func placeholder(s string) bool { return placeholders.MatchString(s) }

// mixed reports whether a word contains digits or signs besides letters.
func mixed(s string) bool {
	s = strings.TrimRight(s, ".,;:!?")
	letters := strings.IndexFunc(s, unicode.IsLetter) >= 0
	return letters && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '_' && r != '/' && r != '.' }) >= 0
}

// looksRandom reports whether a run of letters was drawn rather than written:
// keys mix digits or capitals into their letters where words do not.
func looksRandom(run string) bool {
	digits, letters, changes := 0, 0, 0
	last := kindOf(rune(run[0]))
	for _, r := range run {
		kind := kindOf(r)
		switch kind {
		case 'd':
			digits++
		case 'l', 'u':
			letters++
		}
		if kind != last && !(last == 'u' && kind == 'l') { // a capital begins a word
			changes++
		}
		last = kind
	}
	return letters > 0 && (digits*8 >= len(run) && changes >= 5 || digits > 0 && changes*4 >= len(run))
}

// kindOf tells digits, lower case, upper case and signs apart.
func kindOf(r rune) byte {
	switch {
	case unicode.IsDigit(r):
		return 'd'
	case unicode.IsUpper(r):
		return 'u'
	case unicode.IsLetter(r):
		return 'l'
	}
	return 's'
}
