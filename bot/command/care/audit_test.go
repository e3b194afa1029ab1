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
