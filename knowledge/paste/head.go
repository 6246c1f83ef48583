package paste

import "strings"

// number reads three digits as a status if what stands around them proves it.
func (r *reader) number(s Span) {
	if statusOf(r.text[s.Start:s.End]) == 0 || s.Start < r.jsonEnd {
		return
	}
	if where := r.proof(s); where != "" {
		r.status(s, where)
	}
}

// proof names the structure that makes the digits at s a status, or "".
func (r *reader) proof(s Span) string {
	if r.last.Empty() {
		return r.reason(s)
	}
	last, before := r.text[r.last.Start:r.last.End], r.text[r.beforeLast.Start:r.beforeLast.End]
	gap := r.text[r.last.End:s.Start]
	next := byteAt(r.text, s.End)
	switch {
	case strings.HasPrefix(last, "HTTP/") && strings.Contains(gap, `"`):
		return LogField
	case strings.HasPrefix(last, "HTTP/") && strings.TrimLeft(gap, " ") == "" && r.curl:
		return CurlVerbose
	case strings.HasPrefix(last, "HTTP/") && strings.TrimLeft(gap, " ") == "":
		return StatusLine
	case r.gin && strings.HasSuffix(gap, "| ") && next == ' ', isMethod(before) && gap == " ":
		return LogField
	case strings.Trim(gap, " :=#\"'([") != "" || class[next]&(letter|digit|dash) != 0:
		return r.reason(s)
	case isStatusKey(last) && strings.ContainsAny(gap, ":="):
		if r.lineStart() && fold(last, "status") {
			return Header
		}
		return LogField
	case fold(last, "http"), fold(last, "status"), isStatusKey(last),
		fold(last, "code") && (fold(before, "status") || fold(before, "response") || fold(before, "http")),
		fold(last, "error") && (fold(before, "http") || fold(before, "returned")),
		fold(last, "of") && fold(before, "status"),
		fold(last, "success") && gap == ": ":
		return TrailingWords
	}
	return r.reason(s)
}

// lineStart reports whether the last word is the first of its line.
func (r *reader) lineStart() bool { return r.beforeLast.Empty() }

// isStatusKey reports whether a word names the field of an HTTP status.
func isStatusKey(s string) bool { return len(s) >= 6 && fieldOf(s) == statusField }

func isMethod(s string) bool {
	switch s {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// reason says whether the reason phrase of the status at s follows it.
// The phrases are those of RFC 9110 and what requests and nginx write.
func (r *reader) reason(s Span) string {
	rest := r.text[s.End:r.lineEnd]
	rest = strings.TrimLeft(rest[:min(len(rest), 4)], " :(-") + rest[min(len(rest), 4):]
	for _, p := range reasons(statusOf(r.text[s.Start:s.End])) {
		if p != "" && hasFold(rest, p) && class[byteAt(rest, len(p))]&(letter|digit|dash) == 0 {
			return TrailingWords
		}
	}
	return ""
}

// reasons are the ways to write the reason of a status, in lower case.
func reasons(code int) [4]string {
	general := "client error"
	if code >= 500 {
		general = "server error"
	}
	switch code {
	case 400:
		return [4]string{"bad request", general}
	case 401:
		return [4]string{"unauthorized", "unauthorised", general, "authorization required"}
	case 402:
		return [4]string{"payment required", general}
	case 403:
		return [4]string{"forbidden", general}
	case 404:
		return [4]string{"not found", general}
	case 405:
		return [4]string{"method not allowed", "not allowed", general}
	case 406:
		return [4]string{"not acceptable", general}
	case 407:
		return [4]string{"proxy authentication required", general}
	case 408:
		return [4]string{"request timeout", "request time-out", general}
	case 409:
		return [4]string{"conflict", general}
	case 410:
		return [4]string{"gone", general}
	case 411:
		return [4]string{"length required", general}
	case 412:
		return [4]string{"precondition failed", general}
	case 413:
		return [4]string{"payload too large", "request entity too large", "content too large", general}
	case 414:
		return [4]string{"uri too long", "request-uri too large", "request-uri too long", general}
	case 415:
		return [4]string{"unsupported media type", general}
	case 422:
		return [4]string{"unprocessable entity", "unprocessable content", general}
	case 425:
		return [4]string{"too early", general}
	case 426:
		return [4]string{"upgrade required", general}
	case 428:
		return [4]string{"precondition required", general}
	case 429:
		return [4]string{"too many requests", general}
	case 431:
		return [4]string{"request header fields too large", general}
	case 451:
		return [4]string{"unavailable for legal reasons", general}
	case 500:
		return [4]string{"internal server error", "internal error", general}
	case 501:
		return [4]string{"not implemented", general}
	case 502:
		return [4]string{"bad gateway", general}
	case 503:
		return [4]string{"service unavailable", "service temporarily unavailable", general}
	case 504:
		return [4]string{"gateway timeout", "gateway time-out", general}
	case 505:
		return [4]string{"http version not supported", general}
	case 511:
		return [4]string{"network authentication required", general}
	case 301, 308:
		return [4]string{"moved permanently", "permanent redirect"}
	case 302, 307:
		return [4]string{"found", "temporary redirect", "moved temporarily"}
	case 304:
		return [4]string{"not modified"}
	}
	return [4]string{general}
}
