package care

import (
	"testing"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// TestEveryActHasItsWords holds that no change is told by its name in the store.
func TestEveryActHasItsWords(t *testing.T) {
	t.Parallel()
	seen := map[string]guild.Act{}
	for _, act := range guild.Acts() {
		for _, lang := range wording.Languages() {
			words := string(actWords(act, wording.In(lang)))
			if words == string(act) || words == "" {
				t.Errorf("%s in %s: %q", act, lang, words)
			}
			if other, ok := seen[lang+words]; ok {
				t.Errorf("%s and %s are both %q", act, other, words)
			}
			seen[lang+words] = act
		}
	}
	if got := actWords("of-the-future", wording.Speaker{}); got != "of-the-future" {
		t.Errorf("an act of a later release is told as %q", got)
	}
}

// TestASettingIsToldWithItsChannelOrRole holds that nobody reads a bare number.
func TestASettingIsToldWithItsChannelOrRole(t *testing.T) {
	t.Parallel()
	for detail, want := range map[string]string{
		"language: uk":                       "language: uk",
		"time zone: Europe/Kyiv":             "time zone: Europe/Kyiv",
		"time zone: none":                    "time zone: as usual",
		"manager role: 200000000000000009":   "managers: <@&200000000000000009>",
		"notices: 200000000000000001":        "notices: <#200000000000000001>",
		"notices: off":                       "notices: off",
		"a setting of a later release: <@1>": `a setting of a later release: \<\@1\>`,
	} {
		if got := string(settingWords(detail, wording.Speaker{})); got != want {
			t.Errorf("%q is told as %q, want %q", detail, got, want)
		}
	}
}
