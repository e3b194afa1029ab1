package feed_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/feed"
)

func TestAddressesAreShownWithoutTheirKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    feed.Feed
		want string
	}{
		{feed.Feed{URL: "https://wire.example/world.xml"}, "https://wire.example/world.xml"},
		{feed.Feed{URL: "https://wire.example/world.xml?key=secret&b=?"}, "https://wire.example/world.xml?…"},
		{feed.Feed{URL: "https://bot:secret@wire.example/world.xml?key=secret"}, "https://…@wire.example/world.xml?…"},
		{feed.Feed{URL: "https://secret@wire.example"}, "https://…@wire.example"},
		{feed.Feed{URL: "https://wire.example/@desk/world.xml"}, "https://wire.example/@desk/world.xml"},
		{feed.Feed{URL: "https://wire.example:8443/secret/world.xml?key=secret", Own: true}, "wire.example:8443"},
		{feed.Feed{URL: "https://wire.example/%zz", Own: true}, "…"},
	} {
		if got := c.f.Shown(); got != c.want {
			t.Errorf("%s is shown as %s", c.f.URL, got)
		}
		if got := c.f.LogValue().Group()[1].Value.String(); got != c.want {
			t.Errorf("%s is logged as %s", c.f.URL, got)
		}
	}
}
