package check

import (
	"regexp"
	"strings"
	"unicode"
)

// A refusalKind is a way in which APIs refuse a key.
type refusalKind struct {
	status      int    // only with this one; 0 for any
	any, not    string // phrases between bars: one of them, and none
	cause, hint string
	detail      string
}

// refusalKinds are looked through in order: the more particular first. The
// phrases are those of RFC 6750 (section 3.1), RFC 9457 bodies, and of the
// bodies of Stripe, GitHub, GitLab, Google, AWS, OpenAI, Twilio and Auth0; they
// are compared with refusalText.
var refusalKinds = []refusalKind{
	{
		any:   "rate limit|ratelimit|too many requests|quota exceeded|exceeded your quota",
		cause: "rate.limit", hint: "rate limits plan dashboard",
		detail: "the limit of requests is used up",
	},
	{
		any:   "missing subscription key|did not provide|not provided|no api key|no token|missing api key|missing authentication|missing authorization|missing credentials|missing access token|missing bearer|api key is missing|token is missing|api key required|api key is required|header is missing|no auth",
		cause: "auth.missing", hint: "API key header correctly",
		detail: "the API sees no key: it wants it in another header or form",
	},
	{
		any:   "test mode|testmode|live mode|livemode|sandbox|wrong environment|different environment|another environment|this environment|test key|live key|staging key|production key|key for staging|key for production|environment mismatch",
		cause: "auth.environment", hint: "correct environment staging production",
		detail: "the key belongs to another environment",
	},
	{
		any:   "expired|expiredtoken|token expiration",
		not:   "or expired|expired or|expired revoked|not expired",
		cause: "auth.expired", hint: "automatic token refresh before expiration",
		detail: "the token has expired",
	},
	{
		any:   "revoked|deactivated|disabled|suspended|been deleted",
		not:   "or revoked|revoked or|revoked malformed|or it is disabled",
		cause: "auth.key", hint: "key revoked dashboard",
		detail: "the key is revoked or disabled",
	},
	{
		any:   "invalid api key|invalid key|invalid subscription key|its signature is wrong|signature is invalid|api key not valid|api key is invalid|key is not valid|incorrect api key|unknown api key|unknown key|unrecognized key|bad api key|invalid token|token is invalid|token invalid|malformed token|invalid access token|invalid credentials|bad credentials|invalid authentication|invalidapikey|invalidtoken|invalid signature|could not authenticate|api key not found|no such api key|not a valid|invalid or expired|expired or invalid|expired revoked",
		cause: "auth.key", hint: "API key correctly copied extra spaces",
		detail: "the API does not know the key",
	},
	{
		any:   "insufficient scope|insufficient permission|missing scope|required scope|does not have permission|does not have access|permission denied|access denied|not permitted|lacks permission|not allowed|not authorized to|unauthorized ip|allowlist|whitelist|accessdenied|insufficient role",
		cause: "authz.denied", hint: "permissions for this resource",
		detail: "the key is good, but has no permission for this",
	},
	{
		status: 403, any: "permission|scope|role",
		cause: "authz.denied", hint: "permissions for this resource",
		detail: "the key is good, but has no permission for this",
	},
}

// maxRefusal is how much of a body is read for phrases: refusals are short.
const maxRefusal = 4 << 10

// realm is a name in WWW-Authenticate, which says nothing of the key.
var realm = regexp.MustCompile(`(?i)realm="[^"]*"`)

// refusalText is what an answer says about the key, for comparing: its body
// and its WWW-Authenticate in lower case, every run of what is no letter or
// digit one space, with the words of camelCase apart.
func refusalText(a *answer) string {
	body := a.body[:min(len(a.body), maxRefusal)]
	raw := realm.ReplaceAllString(strings.Join(a.header.Values("WWW-Authenticate"), " "), " ") + " " + string(body)
	var b strings.Builder
	b.WriteByte(' ')
	before := ' '
	for _, r := range raw {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		hump := unicode.IsUpper(r) && unicode.IsLower(before)
		if (!word || hump) && before != ' ' {
			b.WriteByte(' ')
			before = ' '
		}
		if word {
			b.WriteRune(unicode.ToLower(r))
			before = r
		}
	}
	b.WriteByte(' ')
	return b.String()
}

// matches reports whether said, which is a refusalText, is of this kind.
func (k *refusalKind) matches(said string) bool {
	return hasAny(said, k.any) && !(k.not != "" && hasAny(said, k.not))
}

// hasAny reports whether text contains one of the phrases between bars, from
// the beginning of a word on.
func hasAny(text, phrases string) bool {
	for phrase := range strings.SplitSeq(phrases, "|") {
		if strings.Contains(text, " "+phrase) {
			return true
		}
	}
	return false
}
