package config

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// hidden stands for a secret wherever one would be printed.
const hidden = "<secret>"

// Secret is a value that must not appear in logs, errors, dumps or files: it
// prints as "<secret>" in every form, or as nothing when it is empty. Only
// [Secret.Reveal] gives the value.
type Secret struct {
	// A pointer, because fmt cannot call methods on a Secret that sits in an
	// unexported field of something else: it then prints an address, where it
	// would print a plain string in full.
	value *string
}

// NewSecret hides a value. An empty one gives the zero Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value. Call it where the value is used, and nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal compares the values in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String implements [fmt.Stringer].
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return hidden
}

// GoString implements [fmt.GoStringer].
func (s Secret) GoString() string { return s.String() }

// Format implements [fmt.Formatter] for every verb.
func (s Secret) Format(f fmt.State, _ rune) {
	// There is nobody to tell of a failing writer: fmt itself ignores it.
	_, _ = f.Write([]byte(s.String()))
}

// MarshalText implements [encoding.TextMarshaler].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON implements [json.Marshaler].
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML implements the yaml.v3 Marshaler.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
