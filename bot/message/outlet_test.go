package message_test

import (
	"testing"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/source"
)

// TestAFeedOfAServersOwnIsMarked has a feed that calls itself as an outlet of the
// catalogue is called.
func TestAFeedOfAServersOwnIsMarked(t *testing.T) {
	t.Parallel()
	catalogued := alert.OutletOf(source.Source{ID: "reuters", Name: "Reuters", Tier: source.Wire, Country: "GB"})
	own := alert.OutletOf(source.Source{ID: source.Own(7, "Reuters"), Name: "Reuters"})
	for language, want := range map[string]string{"en-GB": "**Reuters** · feed of this server", "de": "**Reuters** · Feed dieses Servers"} {
		if got := message.Outlet(own, wording.In(language)); string(got) != want {
			t.Errorf("in %s it is %q, want %q", language, got, want)
		}
	}
	if got := message.Outlet(catalogued, wording.In("en-GB")); string(got) != "**Reuters** · news agency · GB" {
		t.Errorf("the outlet of the catalogue is %q", got)
	}
}
