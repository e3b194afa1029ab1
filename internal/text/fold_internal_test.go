package text

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestSteadyCharactersFoldAlone proves that AppendFold's short way leads where
// Fold does, for every character that takes it and for rows of them.
func TestSteadyCharactersFoldAlone(t *testing.T) {
	t.Parallel()
	var steadies []rune
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if r < utf8.RuneSelf || steady(r) {
			steadies = append(steadies, r)
			if got, want := string(AppendFold(nil, string(r))), Fold(string(r)); got != want {
				t.Errorf("%U: %q, want %q", r, got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(steadies), 0, 12, -1).Draw(t, "text")
		if got, want := string(AppendFold(nil, s)), Fold(s); got != want {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
	})
}
