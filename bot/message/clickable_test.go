package message_test

import (
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
)

// TestCommandsInAlertsCanBeClicked holds that what alerts tell people to use can be
// clicked once its id is known, and what feeds write cannot.
func TestCommandsInAlertsCanBeClicked(t *testing.T) {
	t.Parallel()
	var known wording.Commands
	catchUp := alert.Message{Kind: alert.CatchUp, Content: alert.Content{More: 3}}
	digest := alert.Message{Kind: alert.Digest, Form: alert.Full, Content: alert.Content{
		Headline: "Digest", Items: []alert.Item{{Headline: "Truce, see /recent"}}, More: 2,
	}}
	for _, c := range []struct {
		ids           map[string]string
		away, digests string
	}{
		{nil, "While I was away: 3 more stories. /recent shows them.", "And 2 more stories. /recent shows them."},
		{map[string]string{"recent": "42"}, "While I was away: 3 more stories. </recent:42> shows them.", "And 2 more stories. </recent:42> shows them."},
	} {
		known.Know(c.ids)
		if got := message.Alert(catchUp, &known).Content; got != c.away {
			t.Errorf("%v: %q, want %q", c.ids, got, c.away)
		}
		got := message.Alert(digest, &known).Embeds[0].Description
		if !strings.HasSuffix(got, c.digests) || !strings.Contains(got, "Truce, see /recent") {
			t.Errorf("%v: %q, want %q", c.ids, got, c.digests)
		}
	}
}
