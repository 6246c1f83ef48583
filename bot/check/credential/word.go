package credential

import (
	"regexp"
	"strings"
)

// value decides about what stands where a credential is expected.
func (s *scan) value(start, end int, how certainty, name string) {
	if s.taken(start, end) {
		return
	}
	word := s.view.text[start:end]
	kind, sort := judge(word)
	switch {
	case kind == "", strings.HasPrefix(word, Redacted[:len(Redacted)-1]):
	case kind == Masked:
		if how > spoken || len(word) > 4 {
			s.add(Finding{Masked, "masked " + name, word})
		}
	case kind == Placeholder:
		// "the key is null" and "key: none" say what is wrong in words.
		if _, prose := proseWords[lower(word)]; sort != stand || how > loose || !prose && how > spoken || strings.ContainsAny(word, "_<[-") {
			s.add(Finding{Placeholder, sort, word})
		}
	case secret(word, how, name):
		s.leak(start, wrapped(s.view.text, start, end), name)
	}
}

// secret reports whether a word is a credential, which one is as likely there
// as how says.
func secret(word string, how certainty, name string) bool {
	word = strings.Trim(word, ".,;:!?()[]{}\"'`")
	_, prose := proseWords[lower(word)]
	password := strings.HasPrefix(name, "password")
	switch {
	case prose, len(word) < 3:
		return false
	case how == spoken:
		return len(word) >= anyRest && mixed(word) && !readable(word) && (drawn(word) || password)
	case numeric(word):
		return password && how > loose || len(word) >= 8
	case how == loose && !password:
		return mixed(word) && !readable(word)
	case how == loose:
		return mixed(word)
	case how == likely && !password && readable(word):
		return false
	case letters(word) && !password:
		return len(word) >= 8 || how == sure && len(word) >= anyRest
	}
	return true
}

// mixed reports whether a word has both letters and digits or signs.
func mixed(word string) bool {
	word = strings.TrimRight(word, ".,;:!?)")
	hasLetter, other := false, false
	for i := range len(word) {
		switch c := word[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80:
			hasLetter = true
		case strings.IndexByte("-_/.'’", c) < 0:
			other = true
		}
	}
	return hasLetter && other
}

func letters(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x80 }) < 0
}

// numeric reports whether a word is a number, perhaps with its unit.
func numeric(word string) bool {
	rest := strings.TrimLeft(word, "0123456789.,:+-/%")
	return len(rest) < len(word) && len(rest) <= 2
}

// readable reports whether a word is the name of something: an address, a
// path, a version, a code or a call.
func readable(word string) bool {
	low := lower(word)
	return strings.Contains(low, "://") || strings.Contains(low, "()") || filePath(word) || file.MatchString(low) || strings.HasPrefix(low, "http/") ||
		strings.HasPrefix(low, "@") || strings.HasPrefix(low, "#") || headerName.MatchString(word) || strings.HasPrefix(low, "(") ||
		constant(word)
}

// filePath reports whether a word is a path of words. Base64 may begin with a
// slash too.
func filePath(word string) bool {
	if !strings.HasPrefix(word, "/") || strings.ContainsAny(word, "+=") {
		return false
	}
	for part := range strings.SplitSeq(word, "/") {
		if drawn(part) {
			return false
		}
	}
	return true
}

// file is the name of a file, a line included.
var file = regexp.MustCompile(`[a-z]\.(?:md|[jt]sx?|py|go|rb|java|json|ya?ml|txt|log|html?|php|cs|rs|pem|crt|conf|toml|env)(?::\d+)*$`)

// constant reports whether a word is a name such as CONN_TIMEOUT_2.
func constant(word string) bool {
	return lower(word) != word && strings.ToUpper(word) == word && strings.Contains(word, "_")
}

// proseWords are what people write after the name of a credential and mean as
// a word.
var proseWords = wordSet("", `true false yes no not ok okay valid invalid expired missing required correct incorrect wrong revoked rejected rotated
empty unset blank string str value name header query body param parameter bearer basic optional unknown error failed failure passed denied deleted disabled enabled active
inactive changed unchanged set unbound unauthorized forbidden accepted refused used unused same include omit same-origin different old new live test production staging sandbox
it is in on at the and or but see how what when where why which does do did can could should would will was were we you they i he she a an this that
auto automatic manual session cookie oauth oauth2 jwt saml sso api user admin none n/a here there gone type number integer int boolean object array
encrypted hashed plain reset forgotten works working fails broken public private only still just always never also password username key token secret`)
