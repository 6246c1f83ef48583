package paste

import "strings"

// label reads a word with a colon: a header with its value, or a field with a
// status behind it. It reports whether the word was one.
func (r *reader) label(word, raw Span) bool {
	text := r.text[word.Start:word.End]
	if raw.Start < r.jsonEnd || raw.Start < r.valueEnd {
		return false
	}
	if n := strings.LastIndexByte(text, ':'); n > 0 && isStatusKey(text[:n]) && statusOf(text[n+1:]) != 0 {
		r.status(Span{word.Start + n + 1, word.End}, LogField)
		return true
	}
	if r.text[raw.End-1] != ':' || strings.IndexByte(text, '-') < 0 && !fold(text, "authorization") {
		return false
	}
	kind := headerOf(text)
	if kind == noHeader {
		return false
	}
	start := skipSpace(r.text, raw.End, r.lineEnd)
	end := start
	for end < r.lineEnd && (kind != shortHeader || strings.IndexByte(" ,;\"", r.text[end]) < 0) && r.text[end] != '\'' && (r.text[end] != '"' || byteAt(r.text, start-1) != '"') {
		end++
	}
	if start == end {
		return false
	}
	switch kind {
	case secretHeader:
		scheme := r.text[start:end]
		if !hasFold(scheme, "bearer ") && !hasFold(scheme, "basic ") && !hasFold(scheme, "token ") {
			return false
		}
		r.noise(word.Start, end)
	case quietHeader:
		r.noise(word.Start, end)
	case challengeHeader:
		r.challenge(text, Span{start, end})
	case shortHeader:
		r.value(Span{start, end}, text)
	case errorHeader:
		r.value(Span{start, end}, text)
	}
	r.valueEnd = end
	return true
}

// value adds a value that stands in the message as it is.
func (r *reader) value(s Span, field string) {
	r.values = append(r.values, Value{s, field, decode(r.text[s.Start:s.End], 0)})
}

// What a header is good for.
const (
	noHeader        = iota
	quietHeader     // says nothing about an error
	secretHeader    // a scheme and a key
	shortHeader     // its first word is the value
	errorHeader     // its line is the value
	challengeHeader // a scheme and its parameters
)

// headerOf says what a header is good for.
func headerOf(name string) int {
	var buf [32]byte
	if len(name) > len(buf) {
		return noHeader
	}
	lower := buf[:0]
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		lower = append(lower, c)
	}
	switch string(lower) {
	case "www-authenticate", "proxy-authenticate":
		return challengeHeader
	case "retry-after", "content-type", "grpc-status", "cf-mitigated", "retry-after-ms":
		return shortHeader
	case "grpc-message", "x-amzn-errortype", "x-ms-error-code", "x-cache", "x-error", "x-error-code", "x-error-message", "cf-error-type":
		return errorHeader
	case "authorization":
		return secretHeader
	case "x-request-id", "x-amzn-requestid", "x-amzn-trace-id", "x-correlation-id", "cf-ray", "set-cookie", "x-api-key", "user-agent",
		"content-length", "last-modified", "x-powered-by", "request-id", "x-runtime", "accept-encoding", "x-forwarded-for", "proxy-authorization":
		return quietHeader
	}
	if strings.Contains(name, "atelimit-") || strings.Contains(name, "ateLimit-") || strings.Contains(name, "ate-limit-") ||
		strings.Contains(name, "ate-Limit-") {
		return shortHeader
	}
	return noHeader
}

// challenge reads the value of WWW-Authenticate: a scheme, then parameters.
func (r *reader) challenge(field string, s Span) {
	end := s.Start
	for end < s.End && class[r.text[end]] != 0 {
		end++
	}
	r.value(Span{s.Start, end}, field)
	for i := end; i < s.End; {
		i = skipAny(r.text, i, s.End, " ,\t")
		name := i
		for i < s.End && class[r.text[i]] != 0 {
			i++
		}
		key := r.text[name:i]
		if i >= s.End || r.text[i] != '=' {
			i++
			continue
		}
		start := i + 1
		stop := start
		if byteAt(r.text, start) == '"' {
			start++
			stop = start
			for stop < s.End && r.text[stop] != '"' {
				stop++
			}
			i = stop + 1
		} else {
			for stop < s.End && strings.IndexByte(", ", r.text[stop]) < 0 {
				stop++
			}
			i = stop
		}
		if start < stop && key != "" {
			r.value(Span{start, stop}, key)
		}
	}
}
