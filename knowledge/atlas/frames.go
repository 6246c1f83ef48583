package atlas

import "strings"

// skipFrames returns the position behind the stack frames at i, which begins
// a line. Frames say where, never what; a long trace is nearly all frames.
func (f *folder) skipFrames(i int) int {
	for i < len(f.text) {
		line, next := firstLine(f.text[i:])
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		if strings.HasPrefix(line[indent:], `\t`) {
			indent += 2
		}
		body := line[indent:]
		if !isFrame(body) {
			return i
		}
		f.edge |= hard | blank | wall
		i += next
		if strings.HasPrefix(body, `File`) { // Python prints the line of code below
			if code, after := firstLine(f.text[i:]); strings.HasPrefix(code, "    ") {
				i += after
			}
		}
	}
	return i
}

// firstLine returns the first line of s, which ends at a line break or at the
// \n that stands for one in an escaped string, and where the next begins.
func firstLine(s string) (line string, next int) {
	for i := range len(s) {
		switch {
		case s[i] == '\n':
			return s[:i], i + 1
		case s[i] == 'n' && i > 0 && s[i-1] == '\\':
			return s[:i-1], i + 1
		}
	}
	return s, len(s)
}

// isFrame reports whether a line, without its indent, is a frame of a stack
// trace of Java, .NET, Node, Rust, Python, Go, Ruby or PHP.
func isFrame(line string) bool {
	if len(line) < 4 {
		return false
	}
	switch line[0] {
	case 'a':
		rest, ok := strings.CutPrefix(line, "at ")
		return ok && (located(rest) || called(rest))
	case 'F':
		return (strings.HasPrefix(line, `File "`) || strings.HasPrefix(line, `File \`)) && strings.Contains(line, ", line ")
	case 'g':
		return strings.HasPrefix(line, "goroutine ") || strings.HasPrefix(line, "golang.org/") && strings.Contains(line, "(0x")
	case 'f':
		return strings.HasPrefix(line, "from ") && strings.Contains(line, ".rb:") && strings.Contains(line, ":in ")
	case '/':
		return strings.Contains(line, ".go:") && strings.Contains(line, " +0x")
	case '#':
		return class[line[1]] == digit && strings.Contains(line, ".php(")
	case '.':
		return strings.HasPrefix(line, "... ") && strings.Contains(line, " more")
	default:
		return false
	}
}

// located reports whether a frame without its "at " is a source position
// only, "node:net:1555:16": no blank, a number last.
func located(s string) bool {
	s = strings.TrimRight(s, " \r,")
	return s != "" && class[s[len(s)-1]] == digit && strings.Contains(s, ":") && !strings.Contains(s, " ")
}

// called reports whether a frame without its "at " calls something: its
// parenthesis follows a name, or holds a source position.
func called(s string) bool {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return false
	}
	closed := strings.IndexByte(s[open:], ')')
	if closed < 0 {
		return false
	}
	name, inside := s[:open], s[open:open+closed]
	return strings.Contains(inside, ":") && class[s[open+closed-1]] == digit || // Java, Node
		strings.Contains(name, ".") && !strings.Contains(name, " ") // .NET, Java's (Native Method)
}
