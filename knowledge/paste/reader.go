package paste

import "strings"

// A reader goes through a message once, line by line and word by word. What
// spans lines is kept here.
type reader struct {
	text     string
	statuses []Status
	values   []Value
	noises   []Span
	client   string
	trace    trace

	jsonEnd  int // before it, JSON has been read
	valueEnd int // before it, a header or a pair has been read
	lineEnd  int

	last, beforeLast Span // the words before this one in the line
	curl             bool // the line is one of curl -v
	link             bool // the label of a link of Slack is open
	gin              bool // the line is one of Gin's log
	rpc              bool // a gRPC error has been announced
	props            bool // Node has opened the properties of an error
}

// noise marks what has no meaning. Marks come in order; what is marked already
// stays as it is.
func (r *reader) noise(start, end int) {
	if n := len(r.noises); n > 0 {
		start = max(start, r.noises[n-1].End)
		if start == r.noises[n-1].End && start < end {
			r.noises[n-1].End = end
			return
		}
	}
	if start < end {
		r.noises = append(r.noises, Span{start, end})
	}
}

func (r *reader) status(s Span, where string) {
	if code := statusOf(r.text[s.Start:s.End]); code != 0 {
		r.statuses = append(r.statuses, Status{s, code, where})
	}
}

// from says which runtime wrote the text. The first that is certain stays.
func (r *reader) from(client string) {
	if r.client == "" && client != "" {
		r.client = client
	}
}

func (r *reader) line(start, end int) {
	r.lineEnd, r.curl, r.gin, r.link = end, false, false, false
	r.last, r.beforeLast = Span{}, Span{}
	i, indent := r.prefix(start, end)
	if i >= end {
		return
	}
	if r.frame(i, end, indent) {
		r.noise(i, end)
		return
	}
	r.note(i, end)
	if r.props {
		r.property(i, end)
	}
	r.words(i, end)
}

// property reads a line of the properties that Node prints after the frames
// of an error: code: 'ECONNREFUSED',
func (r *reader) property(i, end int) {
	k := i
	for k < end && class[r.text[k]]&(letter|other) != 0 {
		k++
	}
	if i >= r.jsonEnd && k < end && r.text[k] == ':' && fieldOf(r.text[i:k]) != noField {
		r.jsonEnd = r.object(i, end, true)
	}
}

// words reads a line from i.
func (r *reader) words(i, end int) {
	text := r.text[:end]
	for i < len(text) {
		c := text[i]
		if c == ' ' {
			i++
			continue
		}
		if class[c] == 0 || isMark(text, i) {
			i = r.mark(i, end)
			continue
		}
		var kinds uint8
		start := i
		for i < len(text) {
			kind := class[text[i]]
			if kind == 0 || kind == other && isMark(text, i) {
				break
			}
			kinds |= kind
			i++
		}
		i = r.word(start, i, kinds)
	}
}

// isMark reports whether a smart quote, a dash or an ellipsis is at i: these
// belong to no word.
func isMark(s string, i int) bool { return s[i] == 0xE2 && byteAt(s, i+1) == 0x80 }

// word reads the word from i to end and returns where to go on.
func (r *reader) word(i, end int, kinds uint8) int {
	s := Span{i, end}
	next := end
	if kinds != letter {
		s, next = r.mixed(s, kinds)
	}
	if next < len(r.text)-1 && (r.text[next] == '=' || r.text[next+1] == '=') && i >= r.jsonEnd && i >= r.valueEnd {
		r.pair(s, next)
	}
	if !s.Empty() {
		r.plain(s)
	}
	r.beforeLast, r.last = r.last, s
	return next
}

// plain looks at a word for what announces a cause or a status of gRPC.
func (r *reader) plain(s Span) {
	switch c := r.text[s.Start]; {
	case c >= 'A' && c <= 'Z':
		r.grpcStatus(s)
	case c != 'r' && c != 'c' && c != 'd' && c != 'n':
		return // none of the words below starts so
	}
	switch s.End - s.Start {
	case 3:
		if strings.HasPrefix(r.text[s.Start:], "rpc error: ") {
			r.rpc = true
			r.from("Go")
		}
	case 4:
		r.curlError(s)
		if strings.HasPrefix(r.text[s.Start:], "dial tcp ") || strings.HasPrefix(r.text[s.Start:], "dial udp ") {
			r.goChain(s)
		}
	case 6:
		if hasFold(r.text[s.Start:], "caused by") {
			r.inner(skipAny(r.text, s.Start+len("caused by"), r.lineEnd, ": "))
		} else if rest := "nested exception is "; strings.HasPrefix(r.text[s.Start:], rest) {
			r.inner(s.Start + len(rest))
		}
	case 7:
		if strings.HasPrefix(r.text[s.Start:], "context deadline exceeded") {
			r.goChain(s)
		}
	case 17:
		r.underlying(s)
	}
}

// skipAny is the first place from i that holds none of the bytes.
func skipAny(s string, i, end int, bytes string) int {
	for i < end && strings.IndexByte(bytes, s[i]) >= 0 {
		i++
	}
	return i
}

// curlError reads what curl says of a failure: curl: (7) Failed to connect.
func (r *reader) curlError(s Span) {
	if !strings.HasPrefix(r.text[s.Start:], "curl: (") && !strings.HasPrefix(r.text[s.Start:], "cURL error ") {
		return
	}
	start := s.Start + len("curl: (")
	if r.text[s.Start+1] == 'U' {
		start = s.Start + len("cURL error ")
	} else {
		r.from("curl")
	}
	if end := digits(r.text, start); end > start && end-start <= 3 {
		r.values = append(r.values, Value{Span{start, end}, "curl", r.text[start:end]})
	}
}
