package credential

import (
	"regexp"
	"strings"
)

// The headers that carry credentials: as text, in JSON, in lists and in HAR.
var (
	headerSign = regexp.MustCompile(`^["'` + "`" + `\])]{0,3}(?:\s{0,3}(?:=>|->|[:=])\s{0,3}|["']\s{0,9},\s{0,9}["']value["']\s{0,3}:\s{0,3}|\s?,\s{0,9}["'` + "`" + `])["'` + "`" + `(\[]{0,3}`)
	cookies    = regexp.MustCompile(`^[^\s=;"',]{1,64}=[^\n"']+`)
	params     = regexp.MustCompile(`\b(?:response|c?nonce|opaque|mac|signature|credential|oauth_[a-z_]+|token|hash|id)=["']?([^"',\s]+)`)
)

// signBytes is how far the sign between a name and its value is looked for.
const signBytes = 96

// schemeNames are the words that say how a header's credential is to be read.
var schemeNames = wordSet("bearer basic token digest apikey api-key negotiate ntlm hmac hawk oauth key jwt sso splunk genie-key aws4-hmac-sha256 signature", "")

// plainSchemes are those whose credential is one word.
var plainSchemes = wordSet("bearer basic apikey api-key jwt sso negotiate ntlm", "")

// headers finds the credentials in Authorization and cookie headers.
func (s *scan) headers() {
	low := s.view.lower
	for _, end := range occurrences(low, "authorization", "authorisation") {
		if m := headerSign.FindStringIndex(near(low, end)); m != nil {
			s.authorized(end + m[1])
		}
	}
	done := 0
	for _, end := range occurrences(low, "cookie") {
		if end < done {
			continue // in the value of another
		}
		if m := headerSign.FindStringIndex(near(low, end)); m != nil {
			if c := cookies.FindStringIndex(line(low, end+m[1])); c != nil {
				done = end + m[1] + c[1]
				s.cookie(end+m[1], done)
			}
		}
	}
	for start, end := range occurrences(low, "bearer", "basic", "apikey", "token", "jwt", "digest", "negotiate", "ntlm") {
		to := end + 8
		if to = min(len(low), to); to > end {
			to -= len(strings.TrimLeft(low[end:to], " :+\"'"))
		}
		if to > end && to < len(low) && (start == 0 || !alnum(low[start-1])) {
			s.schemed(start, to)
		}
	}
}

// near is the little that follows on a place in a text.
func near(low string, i int) string { return low[i:min(len(low), i+signBytes)] }

// paramBytes is more than the parameters of an Authorization header have.
const paramBytes = 1 << 10

// authorized reads the value of an Authorization header, which begins at i.
func (s *scan) authorized(i int) {
	text, named := s.view.text, ""
	for {
		end := valueEnd(text, i, " \t\n\"'`,;)]}<>|")
		word := lower(strings.TrimRight(text[i:end], ":"))
		if _, ok := schemeNames[word]; !ok {
			break
		}
		named = word
		i = end + len(text[end:]) - len(strings.TrimLeft(text[end:], " \t"))
	}
	rest := line(text[:min(len(text), i+paramBytes)], i)
	found := false
	if _, plain := plainSchemes[named]; plain {
		rest = ""
	}
	for _, m := range params.FindAllStringSubmatchIndex(lower(rest), -1) {
		s.value(i+m[2], i+m[3], sure, "Authorization header")
		found = true
	}
	if found {
		return
	}
	end := s.valueFrom(i)
	how := likely
	if named != "" {
		how = sure
	}
	if n := strings.IndexByte(text[i:end], '='); n > 0 && challenge(lower(text[i:i+n])) {
		return
	}
	s.value(i, end, how, "Authorization header")
}

// challenge reports whether a parameter is one of those with which servers
// say what they want.
func challenge(name string) bool {
	return name == "realm" || name == "error" || name == "scope" || name == "charset" || name == "error_description"
}

// schemed reads what follows "Bearer" and its like outside a header.
func (s *scan) schemed(start, i int) {
	text := s.view.text
	end := s.valueFrom(i)
	word := text[i:end]
	if n := strings.IndexByte(word, '='); n > 0 && challenge(lower(word[:n])) {
		return
	}
	kind, name := judge(word)
	bearer := strings.HasPrefix(s.view.lower[start:], "bearer")
	switch {
	case kind == Placeholder && bearer && (name == unset || name == variable || name == stand && strings.ContainsAny(word, "<_-{xX")):
		s.add(Finding{Placeholder, name, text[start:end]})
	case kind == Masked && bearer:
		s.add(Finding{Masked, "masked token", word})
	case kind == Leaked && (len(word) >= 8 && drawn(word) || bearer && len(word) >= anyRest && mixed(word)):
		if name = "token"; bearer {
			name = "Authorization header"
		}
		s.leak(i, wrapped(text, i, end), name)
	}
}

// cookie takes a header's cookies out if one of them holds something.
func (s *scan) cookie(start, end int) {
	value := s.view.text[start:end]
	_, first, _ := strings.Cut(value, "=")
	first, _, _ = strings.Cut(first, ";")
	switch kind, name := judge(first); kind {
	case Placeholder:
		s.add(Finding{Placeholder, name, first})
	case Leaked:
		s.leak(start, end, "cookie")
	}
}
