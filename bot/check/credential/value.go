package credential

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// longest is how long a placeholder or a masked key is at most.
const longest = 512

// judge decides what stands where a credential is expected: a [Masked] one, a
// [Placeholder] and what sort of one, or Leaked. What is just a word is for
// the caller to tell.
func judge(value string) (kind Kind, name string) {
	value = strings.Trim(value, ",;!?\"'`")
	bare := strings.Trim(value, ".")
	switch {
	case bare == "":
		return "", ""
	case len(value) > longest:
		return Leaked, ""
	}
	if name := placeholder(bare); name != "" {
		return Placeholder, name
	}
	if masked(value) {
		return Masked, "masked key"
	}
	return Leaked, ""
}

// masks are what people and programs write for the characters that they do
// not show.
var masks = regexp.MustCompile(`\*{3,}|[•●]{2,}|…|\.{3,}|x{4,}|X{4,}|-{6,}|_{6,}`)

// shown is how many characters of a key may be readable at each end of what
// hides the rest. Services show four.
const shown = 5

// telling is how a key may begin without giving anything away: its prefix, or
// the header of a JSON Web Token.
var telling = regexp.MustCompile(`^(?:[A-Za-z]{2,6}[-_](?:[A-Za-z]{2,8}[-_])?|eyJ[A-Za-z0-9]{0,36})`)

// masked reports whether most of a key is hidden.
func masked(value string) bool {
	if !masks.MatchString(value) || strings.Trim(value, "xX") == "" {
		return false
	}
	for part := range strings.SplitSeq(masks.ReplaceAllLiteralString(value[len(telling.FindString(value)):], " "), " ") {
		if len(part) > shown {
			return false
		}
	}
	return true
}

// The names of placeholders.
const (
	unset    = "value that was never set"
	variable = "variable that was not filled in"
	stand    = "placeholder"
)

// variables are the forms in which programs name a value.
var variables = regexp.MustCompile(`^(?:\$\{[^{}]*\}?|\$\(.*|\$(?:env:|secrets\.)?[A-Z_][A-Z0-9_]*|\$(?:env:)?[a-z_]+(?:[A-Z][a-z]+)*|\$\{\{.*|\{\{.*|#\{.*|\{[A-Za-z_.]*\}|%[A-Za-z_]{2,}%|%[sv]` +
	`|(?:process\.env|import\.meta\.env|os\.environ|env|vars|secrets|config|settings)[.\[(].*|os\.getenv.*|getenv.*|System\.getenv.*|ENV\[.*)$`)

// placeholder is what sort of stand-in a value is, or nothing.
func placeholder(value string) string {
	switch low := lower(value); {
	case low == "undefined", low == "null", low == "none", low == "nil", low == "nan", low == "(null)",
		low == "<null>", low == "<nil>", strings.HasPrefix(low, "[object"),
		low == "og==": // base64 of the colon between no user and no password
		return unset
	case variables.MatchString(value):
		return variable
	case len(value) > 2 && value[0] == '<' && utf8.RuneCountInString(value) <= textBytes && !strings.Contains(value, "://"):
		return stand
	case value[0] == '[' && len(value) > 2 && value[len(value)-1] == ']' && instead(value[1:len(value)-1]):
		return stand
	case len(value) >= 3 && strings.Trim(value, "xX-") == "" && value != "---":
		return stand
	case instead(value):
		return stand
	}
	return ""
}

// instead reports whether a value is made of the words that stand where a key
// should: YOUR_API_KEY, my-token, changeme.
func instead(value string) bool {
	if strings.Contains(value, "-") && headerName.MatchString(value) {
		return false
	}
	words := strings.FieldsFunc(split(value), func(r rune) bool { return strings.ContainsRune("_-. /", r) })
	enough := false
	for _, w := range words {
		alone, ok := standIns[w]
		if !ok && (len(w) < 3 || strings.Trim(w, "x") != "") {
			return false
		}
		enough = enough || !ok || alone
	}
	return enough
}

// headerName is the name of a header rather than what stands for its value.
var headerName = regexp.MustCompile(`(?i)^(?:x-|api-|auth-|access-)[a-z-]*(?:key|token|secret)$`)

// split writes a camel-case name as words with spaces, in lower case.
func split(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if i > 0 && value[i] >= 'A' && value[i] <= 'Z' && value[i-1] >= 'a' && value[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteByte(value[i])
	}
	return lower(b.String())
}

// standIns are the words of placeholders; true marks those that make one by
// themselves.
var standIns = wordSet("changeme replaceme example sample dummy placeholder todo "+
	"key apikey token accesstoken secret password passwd pass credential credentials secretkey yourkey yourtoken yourapikey mykey mytoken mypassword yoursecret yourpassword keyhere",
	"your my own here insert replace paste enter put change the a an real actual some api access auth bearer client server private public user username app account company org webhook signing "+
		"refresh session id value me with this it to of for from in live test prod production staging sandbox demo env env_var jwt oauth sk pk string goes x")

func wordSet(telling, filling string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(filling) {
		set[w] = false
	}
	for w := range strings.FieldsSeq(telling) {
		set[w] = true
	}
	return set
}
