package query_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/query"
)

func TestWhatAnySearchBoxTakesIsPlain(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "truce", "truce kyiv", `"prisoner swap" kyiv`, `“truce OR not”`, `say "title:truce" twice`, "russia and china", "truce or not",
		"cease-fire", "https://example.com", "12:30", "- truce", "--truce", `"open phrase`, "AT&T", "либо и",
	} {
		if !query.Plain(s) {
			t.Errorf("%q is not plain", s)
		}
	}
	for _, s := range []string{
		"truce OR kyiv", "truce AND kyiv", "NOT truce", "truce -kyiv", "truce –kyiv", "missile*", "(truce)", "title:truce", "Source:bbc",
		"drone NEAR/5 refinery", "drone NEAR refinery", `"prisoner swap" OR exchange`, `-"prisoner swap"`, `title:"truce"`, `""truce OR kyiv`,
	} {
		if query.Plain(s) {
			t.Errorf("%q is plain", s)
		}
	}
}
