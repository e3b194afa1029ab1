package gazetteer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

func TestActorsAreFoundInTexts(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := g.Finder("en")
	for s, want := range map[string][]string{
		"Trump says Putin agreed to a pause":          {"US", "RU"},
		"Russian defence ministry":                    {"RU"},
		"The U.S. and the US's allies asked us":       {"US", "US", "west"},
		"New Delhi's envoy met Xi Jinping in Beijing": {"IN", "CN", "CN"},
		"North Korea and South Korean troops":         {"KP", "KR"},
		"African Union and Australian peacekeepers":   {"african-union", "AU"},
		"Farmers count their losses":                  nil,
	} {
		var got []string
		for _, m := range f.Find(text.Tokens(s)) {
			got = append(got, m.Actor.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s, diff)
		}
	}
	if got := g.Finder("xx").Find(text.Tokens("Russia")); got != nil {
		t.Errorf("a language without names finds %v", got)
	}
}
