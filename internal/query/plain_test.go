package query_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/query"
)

func TestWhatAnySearchBoxTakesIsPlain(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "truce", "truce kyiv", `"prisoner swap" kyiv`, `“truce OR not”`, `say "title:truce" twice`, "russia and china", "truce or not",
		"cease-fire", "https://example.com", "12:30", "- truce", "AT&T", "либо и", "truce & kyiv",
		"https://example.com/", "see https://example.com/a/ now", "Breaking: Putin agrees", "Near East", "Source of heat", "NEARBY", "Guerre en Ukraine : la paix", "\xff",
	} {
		if !query.Plain(s) {
			t.Errorf("%q is not plain", s)
		}
	}
	for _, s := range []string{
		"truce OR kyiv", "truce AND kyiv", "NOT truce", "truce -kyiv", "truce –kyiv", "missile*", "(truce)", "title:truce", "Source:bbc",
		"drone NEAR/5 refinery", "drone NEAR refinery", `"prisoner swap" OR exchange`, `-"prisoner swap"`, `title:"truce"`, `""truce OR kyiv`,
		// What is meant to be part of the language.
		"tanker NEAR/ russia", "tanker NEAR/x russia", "tanker NEAR5 russia", "tanker near/5 russia", "tanker NEAR:5 russia", "tanker NEAR/500000 russia",
		"title :truce", "title : truce", "title: truce", "titel:truce", `"open phrase`, "*", "truce *", `"prisoner swap*"`, "truce | kyiv", "/truce/",
	} {
		if query.Plain(s) {
			t.Errorf("%q is plain", s)
		}
	}
}

func TestASmallOperatorIsFound(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"truce or ceasefire": "or", "Putin And Trump": "And", "truce OR ceasefire not pause": "not",
		"truce ceasefire": "", `"truce or ceasefire"`: "", "orchestra": "", "": "",
	} {
		if got, ok := query.SmallOperator(in); got != want || ok != (want != "") {
			t.Errorf("SmallOperator(%q) = %q, %t, want %q", in, got, ok, want)
		}
	}
}
