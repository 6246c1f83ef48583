package credential

import "strings"

// drawn reports whether a word was drawn rather than written: keys mix digits
// or capitals into their letters where words do not.
func drawn(word string) bool {
	word = strings.Trim(word, ".,:;!?-_=/")
	m := mixOf(word)
	letters := m.lowers + m.uppers
	switch {
	case letters == 0 || len(word) < anyRest:
		return false
	case m.digits == 0: // camelCase and CONSTANTS are written
		return m.lowers > 0 && m.uppers > 0 && m.turns*5 >= letters && letters >= 8
	}
	return m.turns >= 2 || m.digits*3 >= letters || m.turns == 1 && m.digits >= 2 && len(word) >= 8
}

// awsSecret is the length of the secrets of AWS, which come without a prefix
// and may look like a path.
const awsSecret = 40

// random reports whether a long run was drawn, which nothing else says of it.
// That wants more than drawn: Http2ClientHandler is written. A path or a name
// of several words is drawn only if most of its length is.
func random(run string) bool {
	if m := mixOf(run); len(run) == awsSecret && m.digits > 0 && m.humps > 1 && m.turns*5 >= awsSecret {
		return true
	}
	separators := "/-_="
	if strings.Contains(run, "+") { // base64 rather than a path
		separators = "="
	}
	length := 0
	for part := range strings.FieldsFuncSeq(run, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if len(part) >= 4 && drawn(part) && mixOf(part).irregular() {
			length += len(part)
		}
	}
	return length*3 >= len(run)*2 || length >= shortest
}

// A mix is how many characters of each sort a word has, and how often one
// sort follows on another. A capital that begins a word is no turn; one within
// a word is a hump besides.
type mix struct{ digits, lowers, uppers, turns, humps int }

// irregular reports whether the sorts change more often than between the
// words of a name.
func (m mix) irregular() bool {
	n := m.digits + m.lowers + m.uppers
	switch {
	case (2*m.turns-m.humps)*3 >= n, m.digits*4 >= n && m.turns >= 2:
		return true
	}
	return m.humps == 0 && m.turns >= 3 && m.turns*8 >= n // one case alone
}

func mixOf(word string) (m mix) {
	last := byte(0)
	for i := range len(word) {
		kind := kindOf(word[i])
		switch kind {
		case 'd':
			m.digits++
		case 'l':
			m.lowers++
		case 'u':
			m.uppers++
		}
		if i > 0 && kind != last && kind != 's' && last != 's' && !(last == 'u' && kind == 'l') {
			m.turns++
			if last == 'l' && kind == 'u' {
				m.humps++
			}
		}
		last = kind
	}
	return m
}

// kindOf tells digits, lower case, upper case and signs apart.
func kindOf(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return 'd'
	case c >= 'A' && c <= 'Z':
		return 'u'
	case c >= 'a' && c <= 'z' || c >= 0x80:
		return 'l'
	}
	return 's'
}
