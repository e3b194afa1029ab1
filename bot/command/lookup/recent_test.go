package lookup

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// TestEveryFilterFitsAButton draws filters as wide as topics and outlets may be.
func TestEveryFilterFitsAButton(t *testing.T) {
	t.Parallel()
	h := New(desk.New(nil, desk.Options{}), nil, nil)
	word := func(max int) *rapid.Generator[string] {
		return rapid.StringMatching(fmt.Sprintf(`[a-z][a-z0-9-]{0,%d}`, max-1))
	}
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.Int64Range(0, 1<<31).Draw(t, "minutes")
		s := asked(
			word(80).Draw(t, "topic"), rapid.SampledFrom([]string{"", "UA", "US"}).Draw(t, "country"), minutes,
			rapid.OneOf(rapid.Just(""), word(40)).Draw(t, "source"), rapid.SampledFrom([]string{"", "reported", "partly-confirmed", "denied"}).Draw(t, "standing"))
		c := desk.Cursor{List: desk.RecentList, After: rapid.Int64Range(1, 1<<63-1).Draw(t, "after"), Text: s}
		if n := len(c.String()); n > message.MaxCustomID {
			t.Fatalf("%s has %d bytes", c, n)
		}
		got, ok := desk.ParseCursor(c.String())
		if _, page := h.Page(got); !ok || !page || got != c {
			t.Fatalf("%s reads back as %v (%v, %v)", c, got, ok, page)
		}
	})
}

// asked is what a button carries of the stories that it shows; zero minutes mean no
// time.
func asked(id, country string, minutes int64, outlet, standing string) string {
	f := filter{topic: topic.ID(id), country: country, source: source.ID(outlet), standing: story.Standing(standing)}
	if minutes > 0 {
		f.since = time.Unix(60*minutes, 0).UTC()
	}
	return f.String()
}
