package paste

import "strings"

// pair reads key=value of a log line whose key is s. Spaces around the sign
// are read only where gRPC writes them, as other texts with them are programs.
func (r *reader) pair(s Span, i int) {
	eq := i
	if byteAt(r.text, i) == ' ' {
		eq++
	}
	if byteAt(r.text[:r.lineEnd], eq) != '=' || byteAt(r.text, eq+1) == '=' {
		return
	}
	key := r.text[s.Start:s.End]
	kind := fieldOf(key)
	spaced := eq > i
	start := skipSpace(r.text, eq+1, r.lineEnd)
	if kind == noField || spaced && !r.grpcPair(key, start) || !spaced && start > eq+1 {
		return
	}
	value, end := r.pairValue(start, spaced && (key == "desc" || key == "details"))
	switch {
	case value.Empty():
		return
	case kind == levelField:
		r.noise(s.Start, end)
	case kind == idField:
		r.noise(s.Start, end)
	case kind == statusField && statusOf(r.text[value.Start:value.End]) != 0:
		r.status(value, LogField)
	case kind == codeField && statusOf(r.text[value.Start:value.End]) >= 400:
		r.status(value, LogField)
	case startsObject(r.text, value.Start):
		return // its fields are read one by one
	default:
		text := decode(r.text[value.Start:value.End], 1)
		text = strings.TrimPrefix(text, "StatusCode.")
		r.values = append(r.values, Value{value, key, text})
	}
	r.valueEnd = end
}

// grpcPair reports whether a key with spaces around the sign is of gRPC.
func (r *reader) grpcPair(key string, start int) bool {
	if key == "status" && strings.HasPrefix(r.text[start:], "StatusCode.") {
		r.rpc = true
		return true
	}
	return r.rpc && (key == "code" || key == "desc" || key == "details")
}

// pairValue is the value that starts at i, without its quotes, and where to go
// on. A long value goes to the end of the line.
func (r *reader) pairValue(i int, long bool) (value Span, next int) {
	if c := byteAt(r.text[:r.lineEnd], i); c == '"' || c == '\'' {
		return readString(r.text[:r.lineEnd], i, 0)
	}
	end := i
	for end < r.lineEnd && (long || strings.IndexByte(" \t,;&)]}|\"", r.text[end]) < 0) {
		end++
	}
	return Span{i, end}, end
}

// grpcName reports whether s is the name of a gRPC status other than OK.
func grpcName(s string) bool {
	switch s {
	case "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
		"FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED":
		return true
	}
	return false
}

// grpcStatus reads the status of gRPC as Node, Java and Python print it:
// 14 UNAVAILABLE: text, StatusRuntimeException: UNAVAILABLE: text,
// StatusCode.UNAVAILABLE.
func (r *reader) grpcStatus(s Span) {
	text := r.text[s.Start:s.End]
	if rest, ok := strings.CutPrefix(text, "StatusCode."); ok {
		if grpcName(rest) && s.Start >= r.valueEnd && s.Start >= r.jsonEnd {
			r.value(Span{s.Start + len("StatusCode."), s.End}, "code")
		}
		return
	}
	if byteAt(r.text, s.End) != ':' || s.Start < r.jsonEnd || !grpcName(text) {
		return
	}
	last := r.text[r.last.Start:r.last.End]
	if len(last) > 0 && len(last) <= 2 && isDigit(last[0]) || strings.HasSuffix(last, "StatusRuntimeException") || strings.HasSuffix(last, "StatusException") {
		r.value(s, "code")
	}
}
