package credential

import (
	"regexp"
	"strings"
)

// begins are the first lines of blocks: of PEM and its like, and of the
// private part of a PuTTY key.
var (
	begins   = regexp.MustCompile(`-----begin[ a-z0-9_-]*?-----`)
	puttyKey = regexp.MustCompile(`private-(?:lines|mac): *`)
)

// blocks finds private keys, whole or cut off, and remembers where
// certificates and public keys are, which may be read.
func (s *scan) blocks() {
	if strings.Contains(s.view.lower, "private-") && strings.Contains(s.view.lower, "ppk") || strings.Contains(s.view.lower, "private-lines:") {
		for _, m := range puttyKey.FindAllStringIndex(s.view.lower, -1) {
			s.leak(m[1], base64Lines(s.view.text, m[1]), "private key")
		}
	}
	if !strings.Contains(s.view.lower, "-----") {
		return
	}
	end := 0
	for _, m := range begins.FindAllStringIndex(s.view.lower, -1) {
		if m[0] < end {
			continue
		}
		end = s.block(m[0], m[1])
	}
	s.cutBlock()
}

// block reads the block whose first line is given and returns its end.
func (s *scan) block(start, first int) int {
	low := s.view.lower
	end := base64Lines(s.view.text, first)
	if n := strings.Index(low[first:], "-----end"); n >= 0 && !strings.Contains(low[first:first+n], "-----begin") {
		end = lineEnd(low, first+n)
		if m := strings.Index(low[first+n+8:end], "-----"); m >= 0 {
			end = first + n + 8 + m + 5
		}
	}
	if strings.Contains(low[start:first], "private") {
		s.leak(start, end, "private key")
	} else {
		s.open = append(s.open, span{start, end})
	}
	return end
}

// cutBlock finds a private key of which only the end is there.
func (s *scan) cutBlock() {
	low := s.view.lower
	n := strings.Index(low, "-----end")
	if n < 0 || strings.Contains(low[:n], "-----begin") || !strings.Contains(low[n:lineEnd(low, n)], "private") {
		return
	}
	start := n
	for start > 0 {
		from := strings.LastIndexByte(low[:start-1], '\n') + 1
		if !base64Line(s.view.text[from : start-1]) {
			break
		}
		start = from
	}
	s.leak(start, lineEnd(low, n), "private key")
}

func lineEnd(text string, from int) int {
	if n := strings.IndexByte(text[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(text)
}

// base64Lines is where the lines of a key end that begin at from, headers and
// empty lines among them.
func base64Lines(text string, from int) int {
	end, i := from, from
	for i <= len(text) {
		to := lineEnd(text, i)
		line := text[i:to]
		switch {
		case base64Line(line):
			end = to
		case strings.TrimSpace(line) != "" && !blockHeader.MatchString(line):
			return end
		}
		i = to + 1
	}
	return end
}

// blockHeader is a line such as "Proc-Type: 4,ENCRYPTED".
var blockHeader = regexp.MustCompile(`^[> ]*(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):`)

// written is a line of one word.
var written = regexp.MustCompile(`^[A-Z]?[a-z]+$`)

// base64Line reports whether a line is all base64, quote signs apart.
func base64Line(line string) bool {
	line = strings.Trim(line, "> \t\"',+\\`")
	for i := range len(line) {
		if c := line[i]; !alnum(c) && c != '+' && c != '/' && c != '=' && c != '-' && c != '_' && c != '\\' {
			return false
		}
	}
	// Prose of one word is no line of a key, the last line of one may be short.
	return len(line) >= 32 || len(line) > 0 && (drawn(line) || strings.HasSuffix(line, "=") || !written.MatchString(line))
}
