package paste

import "strings"

// trace is what has been seen of a stack trace or a chain of exceptions. Each
// runtime has its own order: Java, .NET, Node.js and Ruby print the innermost
// cause last, Python and PHP first, Go at the end of the line.
type trace struct {
	marked Span // the last line behind "Caused by:", "--->" and the like
	python Span // the exception of the first block of a chain
	head   Span // the line above the first frames
	chain  Span // a wrapped error of Go
	json   Span // the field cause of a JSON body

	shown      Span // the last line that looks like an exception, since the last frame
	prev       Span // the last line that is no frame
	traceback  bool // between Python's "Traceback" and the exception
	chained    bool // Python has said that the next block is an outer one
	file       bool // the line before was a File line of Python
	goroutine  bool // inside a dump of Go
	numbered   bool // inside Rust's "Caused by:"
	suppressed int  // the indentation of Java's "Suppressed:" plus one, or 0
	indent     int  // the indentation of this line
}

// cause is the innermost cause, or an empty span.
func (r *reader) cause() Span {
	t := &r.trace
	for _, s := range [...]Span{t.marked, t.python, t.head, t.chain} {
		if !s.Empty() {
			return r.narrow(s)
		}
	}
	return t.json
}

// narrow cuts a line down to the innermost cause that the line itself names.
func (r *reader) narrow(s Span) Span {
	s.Start += len(r.text[s.Start:s.End]) - len(strings.TrimPrefix(strings.TrimPrefix(r.text[s.Start:s.End], "PHP Fatal error:  "), "Uncaught "))
	for _, mark := range [...]string{"(Caused by ", "Caused by: ", " ---> ", "nested exception is "} {
		if n := strings.LastIndex(r.text[s.Start:s.End], mark); n >= 0 {
			s.Start += n + len(mark)
			if mark[0] == '(' && r.text[s.End-1] == ')' {
				s.End--
			}
		}
	}
	if r.client == "Go" {
		s.Start = lastPart(r.text, s)
	}
	return s
}

// lastPart is where the last part of a wrapped error of Go starts. The names of
// packages belong to the part behind them.
func lastPart(text string, s Span) int {
	start := s.Start
	for i := s.Start; i+2 < s.End; i++ {
		if text[i] != ':' || text[i+1] != ' ' {
			continue
		}
		switch text[start:i] {
		case "x509", "tls", "http2", "panic":
		default:
			start = i + 2
		}
	}
	return start
}

// inner marks the rest of the line from i as the innermost cause so far.
func (r *reader) inner(i int) {
	i = skipSpace(r.text, i, r.lineEnd)
	t := &r.trace
	if t.suppressed > 0 && t.indent+1 >= t.suppressed || i >= r.lineEnd {
		return
	}
	t.marked = Span{i, r.lineEnd}
	if strings.HasPrefix(r.text[i:], "java.") || strings.HasPrefix(r.text[i:], "javax.") || strings.HasPrefix(r.text[i:], "kotlin") {
		r.from("Java")
	}
}

// goChain marks the line of s as a wrapped error of Go.
func (r *reader) goChain(s Span) {
	r.from("Go")
	if r.client == "Go" {
		r.trace.chain = Span{s.Start, skipBack(r.text, s.Start, r.lineEnd)}
	}
}

// skipBack drops the quotes and brackets that close at end.
func skipBack(s string, start, end int) int {
	for end > start && strings.IndexByte("\"'`)}] ", s[end-1]) >= 0 && !strings.HasSuffix(s[start:end], " headers)") {
		end--
	}
	return end
}

// underlying reads the error inside an NSError of Swift.
func (r *reader) underlying(s Span) {
	const mark = "{Error Domain="
	if r.text[s.Start:s.End] != "NSUnderlyingError" {
		return
	}
	r.from("Swift")
	n := strings.Index(r.text[s.End:min(s.End+40, r.lineEnd)], mark)
	if n < 0 {
		return
	}
	start := s.End + n + 1
	end := r.lineEnd
	if n := strings.Index(r.text[start:min(end, start+240)], " UserInfo="); n >= 0 {
		end = start + n
	}
	r.trace.marked = Span{start, end}
}

// note looks at a line that is no frame for what it says about the trace.
func (r *reader) note(i, end int) {
	t := &r.trace
	line := r.text[i:end]
	switch line[0] {
	case 'T':
		if strings.HasPrefix(line, "Traceback (most recent call last)") {
			t.traceback = true
			r.from("Python")
		} else if t.python.End > 0 && strings.HasPrefix(line, "The above exception was the direct cause") {
			t.chained = true
		}
	case 'D':
		t.chained = t.chained || strings.HasPrefix(line, "During handling of the above exception")
	case 'C':
		t.numbered = line == "Caused by:"
	case 'S':
		if strings.HasPrefix(line, "Suppressed: ") {
			t.suppressed = t.indent + 1
		}
	case 'E':
		if strings.HasPrefix(line, "Error Domain=") {
			r.from("Swift")
		}
	case 'p':
		if strings.HasPrefix(line, "panic: ") && t.head.Empty() {
			t.head = Span{i + len("panic: "), end}
			r.from("Go")
		}
	case 'P':
		if strings.HasPrefix(line, "PHP Fatal error: ") {
			r.from("PHP")
		}
	}
	r.from(clientOf(line))
	if t.numbered && line != "Caused by:" {
		r.rustCause(i, end)
	}
	r.ruby(i, end)
	t.prev = Span{i, end}
	if exceptionLike(line) {
		t.shown = t.prev
	}
}

// clientOf is the runtime whose packages a line starts with, or "".
func clientOf(line string) string {
	switch line[0] {
	case 'i', 'j', 'o':
		for _, p := range [...]string{"io.grpc.", "java.", "javax.", "okhttp3.", "org.springframework.", "org.apache.http"} {
			if strings.HasPrefix(line, p) {
				return "Java"
			}
		}
	case 'r', 'u', 'h':
		for _, p := range [...]string{"requests.exceptions.", "urllib3.exceptions.", "urllib.error.", "httpx."} {
			if strings.HasPrefix(line, p) && exceptionLike(line) {
				return "Python"
			}
		}
	case 'S':
		if strings.HasPrefix(line, "System.") && exceptionLike(line) {
			return ".NET"
		}
	}
	return ""
}

// rustCause reads a line below "Caused by:", numbered or not.
func (r *reader) rustCause(i, end int) {
	t := &r.trace
	if t.indent == 0 {
		t.numbered = false
		return
	}
	r.from("Rust")
	if n := digits(r.text, i); n > i && byteAt(r.text, n) == ':' {
		i = skipSpace(r.text, n+1, end)
	}
	if i < end {
		t.marked = Span{i, end}
	}
}

// ruby reads the first line of an exception of Ruby: path.rb:12:in `method':
// message (Class).
func (r *reader) ruby(i, end int) {
	line := r.text[i:end]
	if line[len(line)-1] != ')' {
		return
	}
	n := strings.Index(line, ".rb:")
	if n < 0 || !strings.Contains(line[n:], ":in ") {
		return
	}
	if m := strings.Index(line[n:], "': "); m >= 0 {
		r.trace.marked = Span{i + n + m + 3, end}
		r.from("Ruby")
	}
}

// exceptionLike reports whether a line starts with the name of an exception.
func exceptionLike(line string) bool {
	line = strings.TrimPrefix(line, "Uncaught ")
	line = strings.TrimPrefix(line, "PHP Fatal error:  Uncaught ")
	if strings.HasPrefix(line, `Exception in thread "`) || strings.HasPrefix(line, "Unhandled exception") {
		return true
	}
	k, upper := 0, false
	for k < len(line) && (class[line[k]]&(letter|digit|dot|other) != 0 || line[k] == '\\') {
		upper = upper || line[k] >= 'A' && line[k] <= 'Z'
		k++
	}
	if !upper || k < 5 || k < len(line) && line[k] != ':' && line[k] != ' ' && line[k] != '(' {
		return false
	}
	name := line[:k]
	for _, end := range [...]string{"Error", "Exception", "Failure", "Failed", "Timeout"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return k < len(line) && line[k] == ':' && strings.IndexByte(name, '.') > 0
}
