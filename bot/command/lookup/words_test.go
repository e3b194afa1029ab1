package lookup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/source"
)

func TestEveryVerdictHasWords(t *testing.T) {
	t.Parallel()
	for _, v := range []alert.Verdict{
		alert.Told, alert.Old, alert.Hushed, alert.Unwanted, alert.Answered, alert.OtherStage, alert.OtherStanding,
		alert.OtherCountry, alert.OtherLanguage, alert.OtherTier, alert.StateControlled, alert.Gathered, alert.InDigest, alert.MutedStory, alert.MutedTopic,
	} {
		english := inWords(v, verdicts, wording.Speaker{})
		if !strings.Contains(string(english), " ") || string(english) == strings.ReplaceAll(string(v), "-", " ") {
			t.Errorf("%s: %q", v, english)
		}
		for _, l := range wording.Languages()[1:] {
			if said := inWords(v, verdicts, wording.In(l)); said == english {
				t.Errorf("%s in %s: %q", v, l, said)
			}
		}
	}
}

// nobody is a catalogue without outlets.
type nobody struct{}

func (nobody) Get(source.ID) (source.Source, bool) { return source.Source{}, false }
func (nobody) All() []source.Source                { return nil }

func TestStatusNamesTenFeedsInTrouble(t *testing.T) {
	t.Parallel()
	h := New(desk.New(nil, desk.Options{Sources: nobody{}}), nil, nil)
	for _, c := range []struct {
		feeds           int
		language, wants string
	}{
		{10, "en", "⚠️"},
		{11, "en", "… and 1 more feed."},
		{15, "en", "… and 5 more feeds."},
		{15, "uk", "… та ще 5 стрічок."},
		{13, "pl", "… i jeszcze 3 kanały RSS."},
	} {
		var feeds []feed.Feed
		for i := range c.feeds {
			feeds = append(feeds, feed.Feed{URL: fmt.Sprintf("https://a%d.example/feed", i), State: feed.Gone, Since: now})
		}
		lines := h.feedLines(feeds, archive.Counts{}, interaction.Request{Speaker: wording.In(c.language)})
		if last := lines[len(lines)-1]; len(lines) != min(c.feeds, 11)+1 || !strings.HasPrefix(string(last), c.wants) {
			t.Errorf("%d in %s: %d lines, the last %q", c.feeds, c.language, len(lines), last)
		}
	}
}
