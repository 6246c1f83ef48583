package paste

import "strings"

// Limits on what a hostile text can make us keep. Real bodies stay far below:
// deeper objects are read, but as if their fields stood in the deepest one.
const (
	maxDepth  = 32 // open objects and arrays
	maxNested = 3  // JSON inside a string of JSON, as often
	maxJunk   = 8  // words that cannot be JSON, until the object is given up
)

// A scanner reads one JSON object, tolerantly: quotes of any kind, bare keys,
// = for a colon, missing commas and brackets. Each byte is read once.
type scanner struct {
	r      *reader
	end    int
	level  int // how often quotes are escaped
	nested int
	stack  [maxDepth]open
	depth  int
	over   int // open brackets beyond the stack
	junk   int
	line   bool // stop at a newline: the braces are missing
}

// open is an object or an array that is not closed.
type open struct {
	array   bool
	parent  string // the field it stands in, if that is about errors
	key     string
	kind    fieldKind
	speaks  bool   // it has a field that HTTP errors have
	pending Status // a code that is a status if it speaks
}

// object reads the object at i, or, if line is set, the fields at i up to the
// newline. It returns where to go on.
func (r *reader) object(i, end int, line bool) int {
	s := scanner{r: r, end: end, line: line, level: escapes(r.text[:end], i)}
	if line {
		s.depth = 1
	}
	return s.scan(i)
}

// escapes says how often the first quote from i is escaped.
func escapes(s string, i int) int {
	for i < len(s) && (strings.IndexByte(" \t\r\n{[>", s[i]) >= 0 || s[i] == '\\' && strings.IndexByte("nrt", byteAt(s, i+1)) >= 0) {
		if s[i] == '\\' {
			i++
		}
		i++
	}
	n := backslashes(s, i)
	if byteAt(s, i+n) != '"' {
		return 0
	}
	return levelOf(n)
}

// backslashes counts those at i.
func backslashes(s string, i int) int {
	n := 0
	for i+n < len(s) && s[i+n] == '\\' {
		n++
	}
	return n
}

// levelOf says how often a quote behind n backslashes is escaped.
func levelOf(n int) int {
	level := 0
	for ; n > 0 && level < 8; n /= 2 {
		level++
	}
	return level
}

func (s *scanner) scan(i int) int {
	text := s.r.text
	for i < s.end && s.junk <= maxJunk {
		switch c := text[i]; c {
		case '\n':
			if s.line {
				s.settle()
				return i
			}
			i++
		case ' ', '\t', '\r':
			i++
		case '>', '&':
			i = s.quoteSign(i)
		case '{', '[':
			s.push(c == '[')
			i++
		case '}', ']':
			i++
			if s.pop() {
				return i
			}
		case ',', ';':
			s.setKey("")
			i++
		case ':', '=':
			i++
		case '"', '\'', 0xE2:
			if c == '"' && s.level > 0 {
				s.settleAll()
				return i // the string around has ended
			}
			i = s.quoted(i, 0)
		case '\\':
			i = s.escaped(i)
		default:
			i = s.atom(i)
		}
	}
	s.settleAll()
	return i
}

// quoteSign steps over the sign of a quoted line.
func (s *scanner) quoteSign(i int) int {
	text := s.r.text[:s.end]
	if c := byteAt(text, i-1); c == '\n' && text[i] == '>' {
		return i + 1
	} else if c == '\n' && strings.HasPrefix(text[i:], "&gt;") {
		return i + len("&gt;")
	}
	return s.atom(i)
}

// escaped reads a quote or white space behind backslashes.
func (s *scanner) escaped(i int) int {
	n := backslashes(s.r.text[:s.end], i)
	switch byteAt(s.r.text[:s.end], i+n) {
	case '"':
		level := levelOf(n)
		if level < s.level && s.nested > 0 {
			s.junk = maxJunk + 1
			return i
		}
		return s.quoted(i+n, level)
	case 'n', 'r', 't':
		return i + n + 1
	}
	s.junk++
	return i + n
}

// quoted reads the string whose opening quote is at i: a key or a value.
func (s *scanner) quoted(i, level int) int {
	text := s.r.text[:s.end]
	if text[i] == 0xE2 && (byteAt(text, i+1) != 0x80 || byteAt(text, i+2) < 0x98 || byteAt(text, i+2) > 0x9F) {
		return s.atom(i)
	}
	v, next := readString(text, i, level)
	top := s.top()
	if top == nil {
		return next
	}
	if !top.array {
		k := skipSpace(text, next, s.end)
		if c := byteAt(text, k); c == ':' || c == '=' && top.key == "" {
			s.setKey(text[v.Start:v.End])
			return k + 1
		}
	}
	if s.nested < maxNested && startsObject(text, skipList(text, v.Start)) && v.End > v.Start {
		inner := scanner{r: s.r, end: v.End, nested: s.nested + 1, level: escapes(text[:v.End], v.Start)}
		inner.push(false)
		inner.stack[0].parent, inner.stack[0].key, inner.stack[0].kind = top.parent, top.key, top.kind
		inner.scan(v.Start)
	} else {
		s.emit(v, level+1)
	}
	return next
}

// skipList steps over an opening bracket.
func skipList(s string, i int) int {
	if byteAt(s, i) == '[' {
		return i + 1
	}
	return i
}

// atom reads what has no quotes: a bare key, a number, a word.
func (s *scanner) atom(i int) int {
	text := s.r.text[:s.end]
	k := i
	for k < s.end && (class[text[k]]&^(colon|at|slash) != 0) {
		k++
	}
	top := s.top()
	if k > i && top != nil && !top.array && top.key == "" {
		if c := byteAt(text, skipSpace(text, k, s.end)); c == ':' || c == '=' {
			s.setKey(text[i:k])
			return skipSpace(text, k, s.end) + 1
		}
	}
	if top == nil || top.key == "" && !top.array {
		s.junk++
		return max(k, i+1)
	}
	if c := byteAt(text, k); k-i == 1 && (c == '"' || c == '\'') {
		return k // u'…' and b'…' of Python
	}
	for k < s.end && strings.IndexByte(",}]\n\"'{\\", text[k]) < 0 {
		k++
	}
	v := Span{i, trimRight(text, i, k)}
	if n := digits(text, i); n > i && n < v.End && text[n] == ' ' && (top.kind == statusField || top.kind == codeField) {
		v.End = n
	}
	s.emit(v, 0)
	return max(k, i+1)
}

func (s *scanner) top() *open {
	if s.depth == 0 {
		return nil
	}
	return &s.stack[s.depth-1]
}

func (s *scanner) setKey(key string) {
	if top := s.top(); top != nil && !top.array {
		top.key, top.kind = key, noField
		if key != "" {
			top.kind = fieldOf(key)
		}
	}
}

// push opens an object or an array in the current field.
func (s *scanner) push(array bool) {
	if s.depth == maxDepth {
		s.over++
		return
	}
	o := open{array: array}
	if top := s.top(); top != nil {
		o.parent = top.parent
		if top.kind == textField || top.kind == causeField || top.array && top.kind != noField {
			o.parent, o.kind = top.key, noField
			if array {
				o.key, o.kind = top.key, top.kind
			} else if top.array {
				o.parent = top.parent
			}
		}
		if array && top.kind != noField {
			o.parent = listOf(top.key)
		}
		o.speaks = o.parent != ""
	}
	s.stack[s.depth] = o
	s.depth++
}

// listOf names the elements of a list.
func listOf(field string) string {
	if field == "errors" {
		return "errors[]" // the usual one needs no memory
	}
	return field + "[]"
}

// pop closes what was opened last and reports whether that was all.
func (s *scanner) pop() bool {
	if s.over > 0 {
		s.over--
		return false
	}
	s.settle()
	if s.depth > 0 {
		s.depth--
	}
	s.setKey("")
	return s.depth == 0
}

// settle decides on a code that is a status only in an object that speaks of
// an error.
func (s *scanner) settle() {
	top := s.top()
	if top == nil || top.pending.Code == 0 {
		return
	}
	if top.speaks {
		s.r.statuses = append(s.r.statuses, top.pending)
	} else {
		s.r.values = append(s.r.values, Value{top.pending.Span, "code", s.r.text[top.pending.Start:top.pending.End]})
	}
	top.pending = Status{}
}

func (s *scanner) settleAll() {
	for ; s.depth > 0; s.depth-- {
		s.settle()
	}
}

// emit reports the value of the current field; it is escaped so many times.
func (s *scanner) emit(v Span, escaped int) {
	top := s.top()
	if top == nil || top.key == "" && !top.array {
		return
	}
	s.judge(v, escaped, top)
	if !top.array {
		top.key, top.kind = "", noField
	}
}

// judge reports the value if its field is about errors.
func (s *scanner) judge(v Span, escaped int, top *open) {
	if top.kind == noField || top.kind == levelField || top.kind == idField || v.Empty() {
		return
	}
	raw := s.r.text[v.Start:v.End]
	if escaped == 0 && (raw == "null" || raw == "true" || raw == "false" || raw == "None" || raw == "True" || raw == "False" || raw == "undefined") {
		return
	}
	code := statusOf(raw)
	speaks := top.speaks
	if top.kind == textField || top.kind == statusField {
		top.speaks = true
	}
	switch {
	case top.kind == statusField && code != 0, code >= 400 && top.kind != causeField:
		s.r.status(v, JSONStatus)
		return
	case top.kind == statusField && len(raw) > 4 && raw[3] == ' ' && statusOf(raw[:3]) != 0:
		s.r.status(Span{v.Start, v.Start + 3}, JSONStatus)
	case top.kind == codeField && registered(code):
		top.pending = Status{v, code, JSONStatus}
		top.speaks = speaks
		return
	}
	s.value(v, top, escaped)
}

func (s *scanner) value(v Span, top *open, escaped int) {
	field := top.key
	if top.array {
		field = top.parent
	} else if top.parent != "" {
		field = top.parent + "." + top.key
	}
	if top.kind == causeField {
		s.r.trace.json = v
	}
	s.r.values = append(s.r.values, Value{v, field, decode(s.r.text[v.Start:v.End], escaped)})
}
