package credential

import "slices"

// Redacted stands in a text for what was taken out of it.
const Redacted = "[redacted]"

// A Kind is what a [Finding] means to the one who wrote the text.
type Kind string

// The kinds of a [Finding].
const (
	// Leaked is a real credential. It was taken out; who posted it should
	// delete it and replace the credential by a new one.
	Leaked Kind = "leaked"

	// Masked is a credential of which only a few characters are shown. It
	// stays: it is how careful people quote a key.
	Masked Kind = "masked"

	// Placeholder is what stands where a credential should be. It stays: it
	// is often the cause of the trouble.
	Placeholder Kind = "placeholder"
)

// A Finding is one credential, or what stands for one, in a text.
type Finding struct {
	Kind Kind
	Name string // what it is for people, such as "JSON Web Token"
	Text string // as written, at most 64 bytes; empty for [Leaked]
}

// textBytes is how much of a placeholder a Finding shows.
const textBytes = 64

// add notes a finding once.
func (s *scan) add(f Finding) {
	if len(f.Text) > textBytes {
		f.Text = clip(f.Text, textBytes)
	}
	same := func(g Finding) bool {
		return f.Kind == g.Kind && (f.Name == g.Name || f.Kind != Leaked) && f.Text == g.Text
	}
	if !slices.ContainsFunc(s.found, same) {
		s.found = append(s.found, f)
	}
}

// clip cuts text to at most n bytes, between characters.
func clip(text string, n int) string {
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
