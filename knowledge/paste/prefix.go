package paste

import "strings"

// prefix marks what stands before the content of a line: quote signs, colours,
// code fences, times, levels and names of threads. It returns where the
// content starts and how far it is indented.
func (r *reader) prefix(i, end int) (content, indent int) {
	i, margin := r.margin(i, end)
	if r.fence(i, end) {
		return end, 0
	}
	start := i
	if t := stamp(r.text[:end], i); t > i {
		r.noise(i, t)
		i = r.logWords(t, end)
		return i, 0
	}
	if strings.IndexByte("[<", r.text[min(i, len(r.text)-1)]) >= 0 {
		if t := level(r.text[:end], i); t > i {
			r.noise(i, t)
			i = r.logWords(t, end)
		}
	}
	return i, start - margin
}

// margin skips quote signs, the marks of curl -v and colours. It returns where
// the content starts and where its indentation does.
func (r *reader) margin(i, end int) (content, margin int) {
	margin = i
	for i < end {
		k := i
		switch c := r.text[i]; {
		case c == ' ' || c == '\t':
			i++
			continue
		case c == '\x1b':
			k = colour(r.text[:end], i)
		case c == '>' && (i+1 == end || r.text[i+1] == ' ' || r.text[i+1] == '>'):
			k = i + 1
		case (c == '<' || c == '*') && byteAt(r.text[:end], i+1) == ' ':
			k, r.curl = i+1, c == '<'
		case strings.HasPrefix(r.text[i:end], "&gt;"):
			k = i + len("&gt;")
		}
		if k == i {
			break
		}
		r.noise(i, k)
		i = k
		if byteAt(r.text[:end], i) == ' ' {
			i++
		}
		margin = i
	}
	return i, min(margin, i)
}

// fence marks a line that opens or closes a block of code.
func (r *reader) fence(i, end int) bool {
	if !strings.HasPrefix(r.text[i:end], "```") {
		return false
	}
	for k := i + 3; k < end; k++ {
		if class[r.text[k]] != letter {
			return false
		}
	}
	r.noise(i, end)
	return true
}

// logWords marks what a log puts between the time and the message.
func (r *reader) logWords(i, end int) int {
	for {
		i = skipAny(r.text, i, end, " \t-|")
		k := level(r.text[:end], i)
		if k == i {
			k = thread(r.text[:end], i)
		}
		if k == i {
			k = stamp(r.text[:end], i)
		}
		if k == i {
			return i
		}
		r.noise(i, k)
		i = k
	}
}

// level is where the level of a log line at i ends, or i.
func level(s string, i int) int {
	start := i
	open := byteAt(s, i) == '[' || byteAt(s, i) == '<'
	if open {
		i++
	}
	k := i
	for k < len(s) && class[s[k]] == letter && k-i < 10 {
		k++
	}
	switch strings.ToUpper(s[i:k]) {
	case "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "FATAL", "TRACE", "ERR", "CRITICAL", "SEVERE", "NOTICE", "PANIC", "EMERG", "ALERT":
	default:
		return start
	}
	// A level that is no bracketed word is one only in capitals: "error" in
	// lower case may start the message.
	switch {
	case open && (byteAt(s, k) == ']' || byteAt(s, k) == '>'):
		return k + 1
	case open || s[i:k] != strings.ToUpper(s[i:k]):
		return start
	case k == len(s) || s[k] == ' ' || s[k] == '\t':
		return k
	}
	return start
}

// thread is where the bracketed name of a thread or a process at i ends, or i.
// What may be the name of an error is none.
func thread(s string, i int) int {
	if byteAt(s, i) != '[' {
		return i
	}
	var marks uint8
	lower := false
	for k := i + 1; k < len(s) && k-i < 64; k++ {
		c := s[k]
		if c == ']' {
			name := s[i+1 : k]
			if name == "main" || len(name) <= 2 || marks&(digit|dash|dot|slash) != 0 && (lower || marks&letter == 0) {
				return k + 1
			}
			return i
		}
		if class[c] == 0 && c != ',' {
			return i
		}
		marks |= class[c]
		lower = lower || c >= 'a' && c <= 'z'
	}
	return i
}

// colour is where the ANSI sequence at i ends.
func colour(s string, i int) int {
	k := i + 1
	if byteAt(s, k) != '[' {
		return k
	}
	for k++; k < len(s) && k-i < 24; k++ {
		if s[k] >= 0x40 && s[k] <= 0x7e {
			return k + 1
		}
	}
	return k
}

// stamp is where the time at i ends, or i. Brackets around it belong to it.
func stamp(s string, i int) int {
	start := i
	open := byteAt(s, i) == '['
	if open {
		i++
	}
	end := clock(s, i)
	if d := date(s, i); d > i {
		end = d
		if c := byteAt(s, d); c == 'T' || c == ' ' || c == ':' || c == 't' {
			if t := clock(s, d+1); t > d+1 {
				end = t
			}
		}
	}
	switch {
	case end == i:
		return start
	case open && byteAt(s, end) == ']':
		return end + 1
	case open:
		return start
	case end < len(s) && class[s[end]]&(letter|digit) != 0:
		return start
	}
	return end
}

// date is where the date at i ends, or i.
func date(s string, i int) int {
	for _, p := range [...]string{"dddd-dd-dd", "dddd/dd/dd", "dd/aaa/dddd", "dd-aaa-dddd"} {
		if k := shape(s, i, p); k > 0 {
			return k
		}
	}
	if byteAt(s, i) >= 'A' && strings.Contains("JanFebMarAprMayJunJulAugSepOctNovDec", s[i:min(i+3, len(s))]) {
		for _, p := range [...]string{"aaa dd dd:", "aaa  d dd:", "aaa d dd:"} {
			if k := shape(s, i, p); k > 0 {
				return k - 4
			}
		}
	}
	return i
}

// clock is where the time of day at i ends, zone included, or i.
func clock(s string, i int) int {
	k := shape(s, i, "dd:dd:dd")
	if k < 0 {
		k = shape(s, i, "dd:dd")
		if k < 0 || byteAt(s, i-1) != 'T' && !strings.HasPrefix(s[k:], " AM") && !strings.HasPrefix(s[k:], " PM") {
			return i
		}
	}
	if c := byteAt(s, k); (c == '.' || c == ',') && isDigit(byteAt(s, k+1)) {
		k = digits(s, k+1)
	}
	rest := s[k:]
	switch {
	case strings.HasPrefix(rest, "Z"):
		return k + 1
	case strings.HasPrefix(rest, " AM"), strings.HasPrefix(rest, " PM"), strings.HasPrefix(rest, "UTC"):
		return k + 3
	case strings.HasPrefix(rest, " UTC"), strings.HasPrefix(rest, " GMT"):
		return k + 4
	}
	zone := k
	if byteAt(s, zone) == ' ' {
		zone++
	}
	if c := byteAt(s, zone); c == '+' || c == '-' {
		for _, p := range [...]string{"dd:dd", "dddd"} {
			if z := shape(s, zone+1, p); z > 0 {
				return z
			}
		}
	}
	return k
}
