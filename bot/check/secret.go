package check

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
)

// redacted is all that anybody gets to see of a Secret. It doesn't even tell
// whether there is a key.
const redacted = "[secret]"

// A Secret is a key that somebody has handed in for one run. It cannot be
// printed, formatted, encoded or logged by accident. The zero value is no key.
//
// Copies share the key: [Secret.Clear] takes it from all of them. All methods
// are safe for concurrent use; a Reveal at the time of a Clear gets either the
// whole key or none.
type Secret struct {
	// A pointer, since fmt prints the unexported fields of a struct without
	// asking their methods, but of a pointer in them the address only; and an
	// atomic one, since what prints by following pointers (spew, go-cmp)
	// stops at the unsafe.Pointer in it.
	value *atomic.Pointer[string]
}

// NewSecret takes key over. The caller forgets its own copy.
func NewSecret(key string) Secret {
	if key == "" {
		return Secret{}
	}
	s := Secret{value: new(atomic.Pointer[string])}
	s.value.Store(&key)
	return s
}

// Reveal returns the key; empty if there is none or it was cleared.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	if key := s.value.Load(); key != nil {
		return *key
	}
	return ""
}

// Clear takes the key from s and all its copies. The memory itself is given
// back to the garbage collector: Go has no string that could be overwritten.
func (s Secret) Clear() {
	if s.value != nil {
		s.value.Store(nil)
	}
}

// IsZero reports whether there is no key, or none any more.
func (s Secret) IsZero() bool { return s.value == nil || s.value.Load() == nil }

// String returns a fixed text, never the key.
func (s Secret) String() string { return redacted }

// GoString returns a fixed text, never the key.
func (s Secret) GoString() string { return redacted }

// Format prints a fixed text for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs a fixed text.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText encodes a fixed text. Package encoding/json, the XML and YAML
// encoders and slog use it. There is no MarshalBinary or GobEncode on
// purpose: gob and Redis clients refuse a Secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON encodes a fixed text.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// UnmarshalText refuses: a key comes in by [NewSecret], where somebody has
// thought about it, and not in some larger document. The error does not quote
// the text.
func (s *Secret) UnmarshalText([]byte) error {
	return errors.New("check: a key is not read from a document; hand it in by itself")
}
