package paste

import "strings"

// frame reports whether the line is part of a stack trace that has no meaning
// of its own, and remembers the line above the first one. A line that ends
// Python's frames is the exception.
func (r *reader) frame(i, end, indent int) bool {
	t := &r.trace
	t.indent = indent
	line := r.text[i:end]
	client, ok := r.frameOf(line, i)
	file := t.file
	t.file = ok && client == "Python"
	switch {
	case ok:
		t.framed(line[0] != '^' && line[0] != '~', client == "Java" || client == "Node.js" || client == ".NET" || client == "" || client == "PHP" || client == "Rust" || client == "Ruby")
		if client != "" {
			r.from(client)
		}
		return true
	case !t.traceback || strings.HasPrefix(line, "Traceback "):
		return false
	case file && indent > 0, indent > 0 && !exceptionLike(line), file && !exceptionLike(line):
		return true
	}
	t.traceback = false
	if !t.chained || t.python.Empty() {
		t.python = Span{i, end}
	}
	t.chained = false
	return false
}

// framed notes that a frame follows the lines so far.
func (t *trace) framed(frame, headAbove bool) {
	if !frame {
		return // it points at a place in the line above
	}
	if headAbove && t.head.Empty() {
		t.head = t.shown
		if t.head.Empty() {
			t.head = t.prev
		}
	}
	t.shown, t.prev = Span{}, Span{}
}

// frameOf says whether a line is a frame and, if certain, of which runtime.
func (r *reader) frameOf(line string, i int) (client string, ok bool) {
	switch line[0] {
	case 'a':
		if strings.HasPrefix(line, "at ") {
			return r.atFrame(line, line[3:])
		}
	case '.':
		return "", strings.HasPrefix(line, "... ") && isDigit(byteAt(line, 4))
	case '-':
		if strings.HasPrefix(line, "--- End of ") {
			return ".NET", true
		}
	case 'F':
		if strings.HasPrefix(line, `File "`) && strings.Contains(line, `, line `) {
			return "Python", true
		}
	case '[':
		return "", strings.HasPrefix(line, "[signal SIG")
	case 'f':
		if strings.HasPrefix(line, "from ") && strings.Contains(line, ".rb:") {
			return "Ruby", true
		}
	case '#':
		return phpFrame(line)
	case '~', '^':
		return "", strings.Trim(line, "~^ ") == ""
	case 's':
		return "", line == "stack backtrace:"
	case 't':
		return "", strings.HasPrefix(line, "thrown in ") && strings.Contains(line, " on line ")
	case 'S':
		return "", line == "Stack trace:"
	case 'n':
		return "", strings.HasPrefix(line, "note: run with `RUST_BACKTRACE")
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		k := digits(line, 0)
		return "Rust", k < 4 && strings.HasPrefix(line[k:], ": ") && strings.Contains(line, "::") && strings.IndexByte(line[k+2:], ' ') < 0
	}
	if n := strings.Index(line, ".rb:"); n > 0 && strings.Contains(line[n:], ":in ") && !strings.Contains(line[n:], "': ") {
		return "Ruby", strings.IndexByte(line[:n], ' ') < 0
	}
	return "Go", r.goFrame(line, i)
}

// phpFrame reads #0 /path.php(12): call() and #1 {main}.
func phpFrame(line string) (client string, ok bool) {
	k := digits(line, 1)
	if k == 1 || byteAt(line, k) != ' ' {
		return "", false
	}
	rest := line[k+1:]
	if rest == "{main}" || strings.Contains(rest, ".php(") || strings.HasPrefix(rest, "[internal function]") {
		return "PHP", true
	}
	return "", false
}

// atFrame reads a frame of Java, .NET or JavaScript behind its "at".
func (r *reader) atFrame(line, rest string) (client string, ok bool) {
	if strings.HasSuffix(rest, " {") {
		r.props, rest = true, rest[:len(rest)-2]
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "async "), "new ")
	rest = strings.TrimSuffix(rest, ",")
	open := strings.IndexByte(rest, '(')
	last := byteAt(rest, len(rest)-1)
	if open > 0 && last == ')' && rest[open-1] != ' ' && strings.IndexByte(rest[:open], '.') > 0 && strings.IndexByte(rest[:open], ' ') < 0 {
		inside := rest[open+1 : len(rest)-1]
		if strings.Contains(inside, ".java") || strings.Contains(inside, ".kt") || inside == "Native Method" || inside == "Unknown Source" {
			return "Java", true
		}
		return "", true
	}
	if n := strings.LastIndex(rest, ":line "); n > 0 && digits(rest, n+6) == len(rest) {
		return ".NET", true
	}
	if strings.HasSuffix(rest, "(<anonymous>)") || rest == "<anonymous>" || strings.HasSuffix(rest, "(native)") {
		return "Node.js", true
	}
	place := strings.TrimSuffix(rest, ")")
	k := len(place)
	for k > 0 && isDigit(place[k-1]) {
		k--
	}
	if k == len(place) || k == 0 || place[k-1] != ':' {
		return "", open > 0 && last == ')' && strings.Contains(rest, "~[") // Logback's jar names
	}
	if strings.Contains(place, "/rustc/") || strings.Contains(place, ".rs:") {
		return "Rust", true
	}
	return "Node.js", strings.ContainsAny(place, "/\\") || strings.Contains(place, "node:") || strings.Contains(place, ".js:")
}

// goFrame reads a line of a dump of Go: goroutine 1 [running]:, a call, or the
// place of one.
func (r *reader) goFrame(line string, i int) bool {
	t := &r.trace
	switch {
	case strings.HasPrefix(line, "goroutine ") && isDigit(byteAt(line, 10)) && strings.HasSuffix(line, "]:"):
		t.goroutine = true
		return true
	case !t.goroutine:
		return false
	case strings.HasPrefix(line, "created by "), strings.HasPrefix(line, "exit status "):
		return true
	case strings.Contains(line, ".go:"):
		return strings.IndexByte("/.", line[0]) >= 0 || byteAt(r.text, i-1) == '\t'
	}
	return line[len(line)-1] == ')' && strings.IndexByte(line, '.') > 0 && strings.IndexByte(line, '(') > 0 && !strings.Contains(line, ": ")
}
