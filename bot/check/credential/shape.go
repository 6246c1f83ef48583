package credential

import (
	"encoding/base64"
	"regexp"
	"regexp/syntax"
	"strings"
)

// shape compares a credential with what those of the environment look like.
func (r *reader) shape(core string) {
	if plain, ok := r.hidden(core); ok && plain != core {
		r.add(Fault{Encoded, "it is the base64 of a key: send the key as it was issued", true, "auth.key", hintCopied})
		return
	}
	p := r.e.Pattern
	if p == nil || p.MatchString(core) {
		return
	}
	want, is := place(literal(p)), place(core)
	begins := strings.HasPrefix(core, literal(p))
	switch least := atLeast(p); {
	case want != is && is != "" && want != "":
		r.add(Fault{Environment, "it is a " + is + " key where a " + want + " key is wanted", true, "auth.environment", hintPlace})
	case begins && len(core) < least:
		r.add(Fault{Truncated, "it has " + count(len(core), "character") + " where keys of this environment have at least " + count(least, "character"), true, "auth.key", hintCopied})
	case !begins && is != "":
		r.add(Fault{Environment, "it is a " + is + " key, which does not belong to this environment", true, "auth.environment", hintPlace})
	case !begins:
		r.add(Fault{Environment, "it does not begin as keys of this environment do", true, "auth.environment", hintPlace})
	default:
		r.add(Fault{Malformed, "it begins as keys of this environment do but goes on otherwise", true, "auth.key", hintCopied})
	}
}

// hidden decodes a credential that is the base64 of one.
func (r *reader) hidden(core string) (string, bool) {
	if p := r.e.Pattern; p != nil && p.MatchString(core) || len(core) < 16 {
		return "", false
	}
	bare := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(core, "="))
	b, err := base64.RawStdEncoding.DecodeString(bare)
	if err != nil {
		return "", false
	}
	plain := strings.TrimSpace(string(b))
	if r.e.Pattern != nil && len(literal(r.e.Pattern)) > 2 && r.e.Pattern.MatchString(plain) {
		return plain, true
	}
	for _, c := range b {
		if c >= 0x7f || c < ' ' && c != '\n' {
			return "", false
		}
	}
	s := scan{view: seen(plain)}
	p, ok := s.prefixAt(0)
	return plain, ok && len(plain) > len(p.text)+anyRest
}

// places are the words in a key that say of which environment it is.
var places = regexp.MustCompile(`(?i)(?:^|[-_.])(live|test|prod|production|staging|stage|sandbox|dev|demo)(?:$|[-_.])`)

// place is the environment that the beginning of a key names, or nothing.
func place(key string) string {
	m := places.FindStringSubmatch(key[:min(len(key), 20)])
	if m == nil {
		return ""
	}
	switch word := strings.ToLower(m[1]); word {
	case "prod", "production":
		return "production"
	case "stage", "staging":
		return "staging"
	default:
		return word
	}
}

// literal is how every match of a pattern begins.
func literal(p *regexp.Regexp) string {
	tree, err := syntax.Parse(p.String(), syntax.Perl)
	if err != nil {
		return ""
	}
	subs := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpConcat {
		subs = tree.Sub
	}
	for _, sub := range subs {
		switch {
		case sub.Op == syntax.OpBeginText || sub.Op == syntax.OpBeginLine || sub.Op == syntax.OpWordBoundary:
		case sub.Op == syntax.OpLiteral && sub.Flags&syntax.FoldCase == 0:
			return string(sub.Rune)
		default:
			return ""
		}
	}
	return ""
}

// atLeast is how many characters a match of a pattern has at least.
func atLeast(p *regexp.Regexp) int {
	tree, err := syntax.Parse(p.String(), syntax.Perl)
	if err != nil {
		return 0
	}
	return least(tree)
}

func least(t *syntax.Regexp) int {
	n := 0
	switch t.Op {
	case syntax.OpLiteral:
		return len(t.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return least(t.Sub[0])
	case syntax.OpRepeat:
		return t.Min * least(t.Sub[0])
	case syntax.OpConcat:
		for _, sub := range t.Sub {
			n += least(sub)
		}
	case syntax.OpAlternate:
		n = least(t.Sub[0])
		for _, sub := range t.Sub[1:] {
			n = min(n, least(sub))
		}
	}
	return n
}
