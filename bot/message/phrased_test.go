package message

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
)

// TestASummaryThatWasPutSaysSo: a reader is to know whose words he reads.
func TestASummaryThatWasPutSaysSo(t *testing.T) {
	t.Parallel()
	wire, gazette := alert.Outlet{Name: "Example Wire"}, alert.Outlet{Name: "Gazette*"}
	c := alert.Content{Headline: "Truce", Living: alert.Living{
		Sentences: []alert.Sentence{
			{Text: "A said yes.", Outlet: wire, Link: "https://wire.example/1"},
			{Text: "B said no.", Outlet: gazette, Link: "https://gazette.example/1"},
		},
		Phrased: "A said yes, but *B* said no.",
	}}
	got := summary(c, 400, linked, wording.Speaker{})
	const want = `A said yes, but \*B\* said no. — joined by a language model from Example Wire, [wire.example](https://wire.example/1); Gazette\*, [gazette.example](https://gazette.example/1)`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := summary(c, 120, named, wording.Speaker{}); !strings.HasPrefix(got, "A said yes, but") {
		t.Errorf("where it fits: %s", got)
	}
	if got := summary(c, 40, named, wording.Speaker{}); strings.Contains(got, "but") || !strings.HasPrefix(got, "A said yes.") {
		t.Errorf("where it does not fit: %s", got)
	}
}
