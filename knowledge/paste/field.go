package paste

// What a field of a JSON object or of a log line is good for.
type fieldKind uint8

const (
	noField     fieldKind = iota
	statusField           // an HTTP status, or the name of one
	codeField             // a code: a number may be an HTTP status
	textField             // a name or a message
	causeField            // what is below is the cause of what is above
	levelField            // how bad it is: no meaning of its own
	idField               // who, where and when: no meaning of its own
)

// fieldOf says what a field is good for. Case, dashes and underscores do not
// matter.
func fieldOf(name string) fieldKind {
	var buf [24]byte
	lower := buf[:0]
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c == '-' || c == '.' || c == '$':
			continue
		case len(lower) == len(buf):
			return noField
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		}
		lower = append(lower, c)
	}
	switch string(lower) {
	case "status", "statuscode", "httpstatus", "httpstatuscode", "httpcode", "responsecode", "responsestatus", "upstreamstatus":
		return statusField
	case "code", "errorcode", "errcode", "errno", "resultcode", "subcode", "errorsubcode":
		return codeField
	case "error", "errors", "err", "errorname", "errortype", "type", "reason", "title", "message", "msg", "detail", "details", "errormessage", "errormsg", "errmsg",
		"errordescription", "description", "exception", "fault", "faultstring", "faultcode", "name", "developermessage", "usermessage", "desc":
		return textField
	case "cause", "innererror", "innerexception", "rootcause", "causedby":
		return causeField
	case "level", "lvl", "severity", "loglevel":
		return levelField
	case "requestid", "traceid", "spanid", "correlationid", "user", "userid", "username", "account", "accountid", "host", "hostname", "ip", "path", "uri", "url", "time", "ts",
		"timestamp", "duration", "latency", "elapsed", "pid", "instance", "pod", "node", "remoteaddr", "clientip", "session", "sessionid", "fwd", "dyno", "bytes", "caller":
		return idField
	}
	return noField
}

// registered reports whether a status below 400 is one of RFC 9110 and its
// companions; other numbers there are likelier a vendor's codes.
func registered(code int) bool {
	return code >= 100 && code <= 103 || code >= 200 && code <= 208 || code == 226 || code >= 300 && code <= 308
}
