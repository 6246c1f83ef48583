package paste

import "strings"

// mixed looks at a word that is more than letters. It marks what is noise,
// reads statuses and headers, and returns the word without the punctuation
// around it and where to go on.
func (r *reader) mixed(s Span, kinds uint8) (word Span, next int) {
	if kinds&(colon|slash) == colon|slash {
		if n := strings.Index(r.text[s.Start:s.End], "://"); n > 0 {
			return r.url(s.Start)
		}
	}
	word = trimWord(r.text, s)
	text := r.text[word.Start:word.End]
	if kinds&digit != 0 && len(text) == 3 {
		r.number(word)
	}
	if kinds&colon != 0 && r.label(word, s) {
		return word, s.End
	}
	if end := r.noiseWord(text, word, kinds); end > word.Start {
		r.noise(word.Start, end)
		return word, max(end, s.End)
	}
	return word, s.End
}

// trimWord drops punctuation around a word, but not what makes it a path, a
// handle or an address.
func trimWord(text string, s Span) Span {
	for s.End > s.Start && class[text[s.End-1]]&(dot|colon|dash|slash|at) != 0 {
		s.End--
	}
	for s.Start < s.End && class[text[s.Start]]&(colon|dash) != 0 && (text[s.Start] != ':' || byteAt(text, s.Start+1) != ':') {
		s.Start++
	}
	return s
}

// noiseWord is where the noise that a word is ends, or its start if it is none.
func (r *reader) noiseWord(text string, s Span, kinds uint8) int {
	switch {
	case len(text) == 0, len(text) == 3 && statusOf(text) != 0:
		return s.Start
	case kinds&digit != 0 && isDigit(text[0]) && kinds&(dash|colon|slash) != 0 && stamp(r.text[:r.lineEnd], s.Start) > s.Start:
		return stamp(r.text[:r.lineEnd], s.Start)
	case kinds&at != 0 && isAddress(text):
	case kinds&digit != 0 && (isDuration(text) || isNumberLike(text)):
	case kinds&(digit|colon) != 0 && isIP(text):
	case kinds&digit != 0 && isID(text):
	case kinds&slash != 0 && isPath(text):
	case kinds&dot != 0 && (isHost(text) || isFile(text)), kinds&colon != 0 && isHost(text):
	default:
		return s.Start
	}
	return s.End
}

// url marks the address at start. What an address says of an error in its
// query is read.
func (r *reader) url(start int) (word Span, next int) {
	end := start
	for end < r.lineEnd && strings.IndexByte(" \t\"'<>`|\\{}", r.text[end]) < 0 {
		end++
	}
	for end > start && strings.IndexByte(".,;:!?)]*_~", r.text[end-1]) >= 0 {
		end--
	}
	r.noise(start, end)
	for i := start; i < end; {
		n := strings.IndexAny(r.text[i:end], "?&#")
		if n < 0 {
			break
		}
		i += n + 1
		rest := r.text[i:end]
		if eq := strings.IndexByte(rest[:min(len(rest), 24)], '='); eq > 0 && strings.HasPrefix(rest, "error") && fieldOf(rest[:eq]) != noField {
			stop := i + eq + 1
			for stop < end && r.text[stop] != '&' && r.text[stop] != '#' {
				stop++
			}
			value := Span{i + eq + 1, stop}
			r.values = append(r.values, Value{value, rest[:eq], unescapeQuery(r.text[value.Start:value.End])})
		}
	}
	return Span{start, end}, max(end, start+1)
}

// isAddress reports whether s is an e-mail address or a handle.
func isAddress(s string) bool {
	n := strings.IndexByte(s, '@')
	return n == 0 && len(s) > 1 && class[s[1]]&(letter|digit|other) != 0 || n > 0 && strings.IndexByte(s[n:], '.') > 1
}

// isDuration reports whether s is a time span or a size: 30s, 1m30s, 1500ms,
// 2.5s. 503s is none: people write several answers of one status like that.
func isDuration(s string) bool {
	if !isDigit(s[0]) || len(s) == 4 && s[3] == 's' && statusOf(s[:3]) >= 400 {
		return false
	}
	units := 0
	for i := 0; i < len(s); units++ {
		k := digits(s, i)
		if k > i && byteAt(s, k) == '.' {
			k = digits(s, k+1)
		}
		if k == i {
			return false
		}
		i = k
		for k < len(s) && !isDigit(s[k]) {
			k++
		}
		switch s[i:k] {
		case "s", "ms", "m", "h", "us", "µs", "μs", "ns", "min", "sec", "d", "KB", "MB", "GB", "kb", "kB", "B":
		default:
			return false
		}
		i = k
	}
	return units > 0
}

// isNumberLike reports whether s is a long number, a hexadecimal one or a
// UUID.
func isNumberLike(s string) bool {
	if strings.HasPrefix(s, "0x") {
		hex, _ := allHex(s[2:], "")
		return hex
	}
	if len(s) >= 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		hex, _ := allHex(s, "-")
		return hex
	}
	if s[0] == '#' {
		return len(s) > 1 && digits(s, 1) == len(s)
	}
	if len(s) < 8 {
		return false
	}
	hex, decimal := allHex(s, "")
	return hex && decimal
}

// isIP reports whether s is an address of IP version 4 or 6, a port or a
// prefix length included.
func isIP(s string) bool {
	if isDigit(s[0]) && strings.IndexByte(s, '.') > 0 {
		i := 0
		for k := range 4 {
			n := digits(s, i)
			if n == i || n-i > 3 || k < 3 && byteAt(s, n) != '.' {
				return false
			}
			i = n + 1
		}
		i--
		return i == len(s) || (s[i] == ':' || s[i] == '/') && digits(s, i+1) == len(s)
	}
	hex, _ := allHex(s, ":.")
	return hex && (strings.Count(s, ":") >= 3 || strings.Contains(s, "::") && len(s) > 2)
}

// isID reports whether s is a name that a machine made: req_8f3k2m, a JWT or
// a random string. A name of an error is made of words.
func isID(s string) bool {
	var upper, lower, number int
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			number++
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		}
	}
	switch n := strings.IndexByte(s, '_'); {
	case strings.HasPrefix(s, "eyJ") && len(s) > 20:
		return true
	case n >= 2 && n <= 8 && len(s)-n > 6 && number > 0 && lower > 0 && s[0] >= 'a' && !hasFold(s, "err"):
		_, decimal := allHex(s[n+1:], "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_-")
		return decimal && (number >= 2 || upper > 0)
	}
	return len(s) >= 20 && number >= 3 && upper > 0 && lower > 0 && !strings.Contains(s, ".")
}

// isPath reports whether s is a path of files or of an API. Media types and
// words joined by a slash are none.
func isPath(s string) bool {
	if s[0] == '/' || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../") {
		return len(s) > 2 && class[s[1]]&(letter|other|digit|dot) != 0
	}
	if len(s) > 3 && s[1] == ':' && s[2] == '/' {
		return true
	}
	first := s[:strings.IndexByte(s, '/')+1]
	if len(first) > 1 && isHost(first[:len(first)-1]) {
		return true
	}
	last := s[strings.LastIndexByte(s, '/')+1:]
	return isFile(last)
}

// isFile reports whether s is the name of a source file, a line included.
func isFile(s string) bool {
	name := s
	if n := strings.IndexByte(s, ':'); n > 0 {
		if class[byteAt(s, n+1)] != digit {
			return false
		}
		name = s[:n]
	}
	n := strings.LastIndexByte(name, '.')
	if n < 1 {
		return false
	}
	switch name[n+1:] {
	case "go", "py", "rb", "js", "ts", "mjs", "cjs", "tsx", "jsx", "java", "kt", "scala", "php", "cs", "rs", "c", "cc", "cpp", "h",
		"swift", "ex", "exs", "log", "yml", "yaml", "toml", "conf", "json", "xml", "pem", "crt", "cer", "key", "txt", "env", "html", "so", "dll", "jar":
		return true
	}
	return false
}

// isHost reports whether s is the name of a host, a port included. Names of
// packages and methods are none, though they look alike.
func isHost(s string) bool {
	name, port := s, false
	if n := strings.IndexByte(s, ':'); n > 0 {
		if digits(s, n+1) != len(s) || n+1 == len(s) {
			return false
		}
		name, port = s[:n], true
	}
	n := strings.LastIndexByte(name, '.')
	for i := range len(name) {
		if c := name[i]; c >= 'A' && c <= 'Z' || class[c]&(letter|digit|dot|dash) == 0 {
			return false
		}
	}
	if name == "localhost" {
		return true
	}
	if n < 1 {
		return false
	}
	switch name {
	case "asp.net", "java.net", "socket.io", "vb.net":
		return false
	}
	if port {
		return class[byteAt(name, n+1)] == letter && !isFile(name)
	}
	switch name[n+1:] {
	case "com", "org", "net", "io", "dev", "app", "co", "uk", "de", "fr", "eu", "cloud", "ai", "internal", "local", "test", "example", "invalid", "biz", "us", "ru", "cn", "jp", "nl", "ch", "at", "es", "it", "br", "in", "gov", "edu", "localdomain", "lan", "corp":
		return n > 1
	}
	return false
}
