package credential

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unwrap takes off what stands around a credential, and notes each sort once.
func (r *reader) unwrap(key string) string {
	noted := map[string]bool{}
	note := func(f Fault) {
		if !noted[f.Kind] {
			r.add(f)
		}
		noted[f.Kind] = true
	}
	schemes := 0
	for {
		before := key
		if key = strings.TrimSpace(key); key != before {
			note(spaces(before))
		}
		if rest, ok := unquoted(key); ok {
			key = rest
			note(Fault{Quotes, "quotation marks are around it", true, "auth.key", hintCopied})
		}
		if name, rest := headed(key); name != "" {
			key = strings.TrimLeft(rest, " ")
			note(Fault{HeaderName, "the header's name " + name + " is part of it", true, "auth.key", hintHeader})
		}
		if rest, ok := cutScheme(key); ok {
			key = rest
			schemes++
		}
		if key == before {
			break
		}
	}
	if schemes > 0 && key != "" {
		r.add(Fault{Scheme, "it begins with Bearer or the like" + twice(schemes) + ": programs that add the word themselves send it once too often", schemes > 1, "auth.key", hintHeader})
	}
	return key
}

func twice(n int) string {
	if n > 1 {
		return ", " + strconv.Itoa(n) + " times"
	}
	return ""
}

// spaces names the white space around a credential.
func spaces(key string) Fault {
	left := len(key) - len(strings.TrimLeftFunc(key, unicode.IsSpace))
	right := len(key) - len(strings.TrimRightFunc(key, unicode.IsSpace))
	var where []string
	if left > 0 {
		where = append(where, spaceName(key[:left])+" before it")
	}
	if right > 0 {
		where = append(where, spaceName(key[len(key)-right:])+" behind it")
	}
	return Fault{Space, "there is " + strings.Join(where, " and "), false, "auth.key", hintCopied}
}

// spaceName is what white space is for people.
func spaceName(s string) string {
	switch {
	case strings.ContainsAny(s, "\n\r"):
		return "a line end"
	case strings.Contains(s, "\t"):
		return "a tab"
	case strings.Trim(s, " ") == "" && len(s) > 1:
		return count(len(s), "space")
	case strings.Trim(s, " ") == "":
		return "a space"
	}
	r, _ := utf8.DecodeRuneInString(strings.Trim(s, " "))
	return "a " + runeName(r)
}

// quotes are the marks that may stand at the beginning of a credential.
const quotes = "\"'`“”„‟‘’‚«»″′"

func unquoted(key string) (string, bool) {
	core := strings.Trim(key, quotes)
	return core, core != key
}

// headerNames are the headers whose names are told; of another only that there
// is one, for it may be a part of the key.
var headerNames = []string{"Authorization", "Proxy-Authorization", "X-Api-Key", "X-Api-Token", "X-Auth-Token", "X-Access-Token", "Api-Key", "ApiKey", "Api_Key", "Access-Token", "Token", "Key"}

// headed splits the name of a header, or of a variable, off a credential.
func headed(key string) (name, rest string) {
	n := strings.IndexAny(key, ":=")
	if n < 0 || n+1 == len(key) && key[n] == '=' {
		return "", key
	}
	word := strings.TrimRight(key[:n], quotes+" ")
	for _, h := range headerNames {
		if strings.EqualFold(h, word) {
			return h, key[n+1:]
		}
	}
	return "", key
}

// cutScheme splits "Bearer " and its like off a credential.
func cutScheme(key string) (string, bool) {
	word, rest, _ := strings.Cut(key, " ")
	switch strings.TrimRight(strings.ToLower(word), ":") {
	case "bearer", "basic", "token", "apikey", "api-key":
		return rest, true
	}
	return key, false
}

// count writes a number of things.
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
