package credential

import (
	"regexp"
	"strings"
)

// How sure it is that a credential stands at a place. It decides what is made
// of plain words.
type certainty int

const (
	spoken certainty = iota // "my key is …": must look drawn
	loose                   // "key: …": words are prose
	likely                  // "key=…": most words are none
	sure                    // quoted, or a password: anything
)

// names are what credentials are called.
var names = []string{"key", "token", "secret", "password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "contraseña", "clave", "senha", "mot de passe", "credential", "signature", "pwd", "passwrd"}

// shortNames are called so too, but only as words of their own.
var shortNames = []string{"pass", "pat", "jwt", "auth", "session", "sessionid", "session_id", "session-id", "sid", "sig", "otp", "pin", "sas", "hmac", "pw"}

// The two ways in which a name is followed by its value.
var (
	assigned = regexp.MustCompile(`^s?(?:[-_ ]?(?:id|value|data|base64|b64|here|old|new|prod|live|test|dev|staging|production|[0-9]{1,2}))?["'` + "`" + `\])}>*_]{0,3}` +
		`(?:\s{1,3}(?:is|was|ist|es))?(?:\s{0,3}(?:=>|->|:=|={1,3}|:)[ \t]{0,3}|["']\s{0,9},\s{0,9}["']value["']\s{0,3}[:=]\s{0,3})\n?[ \t]{0,8}["'` + "`" + `(]{0,3}`)
	said   = regexp.MustCompile(`^s?["'` + "`" + `]?,?\s{1,3}(?:(?:here|that|for it)\s+)?(?:(?:is|was|ist|es|est|are|-|—)\s+)?(?:(?:now|still|just)\s+)?["'` + "`" + `*]{0,3}`)
	custom = regexp.MustCompile(`\bx-[a-z-]{4,30} ["']?`)
)

// openNames are the words before "key" and "token" that make them no secret;
// the last of them end in a word of its own, such as monkey.
var openNames = wordSet("", `idempotency primary foreign partition cache public publishable routing sort host hot unique object map unexpected next page continuation
cancellation sync arrow enter shift escape function composite surrogate natural dict json column translation message registry dedup deduplication boarding
mon tur don hoc joc whis`)

// openName reports whether the name that begins at start is that of no secret.
func (s *scan) openName(start int) bool {
	left := strings.TrimRight(s.view.lower[max(0, start-20):start], "-_ .\"'(")
	word := left[strings.LastIndexFunc(left, func(r rune) bool { return r < 'a' || r > 'z' })+1:]
	_, ok := openNames[word]
	return ok
}

// assigned finds values that are given to what is called a credential.
func (s *scan) assigned() {
	low := s.view.lower
	for start, end := range occurrences(low, names...) {
		if !s.openName(start) {
			s.named(start, end)
		}
		s.stoodIn(start, end)
	}
	for start, end := range occurrences(low, shortNames...) {
		if start == 0 || !alnum(low[start-1]) {
			s.assignment(start, end)
		}
	}
	if strings.Contains(low, "x-") {
		for _, m := range custom.FindAllStringIndex(low, -1) {
			s.value(m[1], s.valueFrom(m[1]), spoken, "key")
		}
	}
}

// named reads what follows a name of a credential.
func (s *scan) named(start, end int) {
	low := s.view.lower
	if s.assignment(start, end) {
		return
	}
	if m := said.FindStringIndex(near(low, end)); m != nil {
		s.value(end+m[1], s.valueFrom(end+m[1]), spoken, nameOf(low[start:end]))
	}
}

// assignment judges the value that is assigned to the name that the span is,
// if one is.
func (s *scan) assignment(start, end int) bool {
	m := assigned.FindStringIndex(near(s.view.lower, end))
	if m == nil {
		return false
	}
	i := end + m[1]
	if strings.HasPrefix(s.view.lower[i:], ":") { // JWT::ExpiredSignature
		return true
	}
	sign, name := s.view.lower[start:i], nameOf(s.view.lower[start:end])
	how := loose
	switch tail := sign[strings.LastIndexAny(sign, ":=>")+1:]; {
	case strings.ContainsAny(tail, "\"'`"):
		how = sure
	case strings.HasSuffix(sign, "="), strings.HasSuffix(sign, ":"):
		how = likely
	}
	if name == "password" && how == likely {
		how = sure
	}
	s.value(i, s.valueFrom(i), how, name)
	return true
}

// nameOf is what a credential is for people.
func nameOf(written string) string {
	switch {
	case strings.Contains(written, "pass"), strings.Contains(written, "pwd"), strings.Contains(written, "kennwort"), strings.Contains(written, "contra"),
		strings.Contains(written, "senha"), strings.Contains(written, "clave"), strings.Contains(written, "pin"), strings.Contains(written, "otp"), strings.Contains(written, "_pw"):
		return "password"
	case strings.Contains(written, "sig"), strings.Contains(written, "hmac"), strings.Contains(written, "sas"):
		return "signature"
	case strings.Contains(written, "secret"):
		return "secret"
	case strings.Contains(written, "key"):
		return "key"
	case strings.Contains(written, "session"), strings.Contains(written, "sid"):
		return "session"
	}
	return "token"
}
