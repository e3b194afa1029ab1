package feed_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

func TestHealthTransitions(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	ok, before := feed.Heard{Result: feed.NotModified}, noon.Add(-time.Hour)
	known := func(gap time.Duration) feed.Tempo { return feed.Tempo{Gap: gap, Changes: 3, Changed: noon} }
	for _, c := range []struct {
		name   string
		f      feed.Feed
		h      feed.Heard
		state  feed.State
		reason string
		stays  bool // Since is from before
	}{
		{"a new feed that is read", feed.Feed{State: feed.New}, feed.Heard{Result: feed.Changed}, feed.OK, "", false},
		{"a feed that goes on being read", feed.Feed{State: feed.OK}, ok, feed.OK, "", true},
		{"a new feed that cannot be read", feed.Feed{State: feed.New}, feed.Heard{Result: "timeout"}, feed.Failing, "timeout", false},
		{"a feed that goes on failing, for another reason", feed.Feed{State: feed.Failing, Reason: "timeout"}, feed.Heard{Result: "dns"}, feed.Failing, "dns", true},
		{"a feed that mends", feed.Feed{State: feed.Failing, Reason: "timeout"}, ok, feed.OK, "", false},
		{"a feed that is not found may come back", feed.Feed{State: feed.OK}, feed.Heard{Result: "not-found"}, feed.Failing, "not-found", false},
		{"a feed that was taken down", feed.Feed{State: feed.OK}, feed.Heard{Result: "gone"}, feed.Gone, "gone", false},

		{"a feed whose newest report is as old as it may be", feed.Feed{State: feed.OK, Newest: noon.Add(-14 * day)}, ok, feed.OK, "", true},
		{"and older", feed.Feed{State: feed.OK, Newest: noon.Add(-15 * day)}, ok, feed.Stale, feed.ReasonQuiet, false},
		{"a wire that is silent for a weekend", feed.Feed{State: feed.OK, Newest: noon.Add(-3 * day), Tempo: known(time.Minute)}, ok, feed.OK, "", true},
		{"and longer", feed.Feed{State: feed.OK, Newest: noon.Add(-4 * day), Tempo: known(time.Minute)}, ok, feed.Stale, feed.ReasonQuiet, false},
		{"a weekly bulletin between two issues", feed.Feed{State: feed.OK, Newest: noon.Add(-20 * day), Tempo: known(7 * day)}, ok, feed.OK, "", true},
		{"and silent for ten weeks", feed.Feed{State: feed.OK, Newest: noon.Add(-71 * day), Tempo: known(7 * day)}, ok, feed.Stale, feed.ReasonQuiet, false},
		{"a feed that never had a report", feed.Feed{State: feed.OK}, ok, feed.OK, "", true},
		{"a stale feed that brings something", feed.Feed{State: feed.Stale, Newest: noon.Add(-100 * day)}, feed.Heard{Result: feed.Changed, News: 1, Newest: noon}, feed.OK, "", false},
		{"a stale feed that fails", feed.Feed{State: feed.Stale, Newest: noon.Add(-100 * day)}, feed.Heard{Result: "timeout"}, feed.Failing, "timeout", false},

		{"a feed that leads to another one", feed.Feed{State: feed.OK}, feed.Heard{Result: feed.Changed, MovedTo: "https://b.example/", OtherFeed: true}, feed.Moved, feed.ReasonOtherFeed, false},
		{"and no longer", feed.Feed{State: feed.Moved}, ok, feed.OK, "", false},
		{"a feed that is read at its new address", feed.Feed{State: feed.OK, Move: feed.Move{To: "https://b.example/"}}, ok, feed.OK, feed.ReasonMoved, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.f.URL, c.f.Every, c.f.Since = "https://a.example/", 5*time.Minute, before
			got := feed.After(noon, c.f, c.h, feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour})
			since := noon
			if c.stays {
				since = before
			}
			if got.State != c.state || got.Reason != c.reason || !got.Since.Equal(since) {
				t.Errorf("it is %s (%s) since %v, want %s (%s) since %v", got.State, got.Reason, got.Since, c.state, c.reason, since)
			}
		})
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range []string{feed.ReasonMoved, feed.ReasonOtherFeed, feed.ReasonQuiet, feed.ReasonCrashed} {
		words := feed.ReasonText(r)
		if words == "" || seen[words] {
			t.Errorf("%s has the words %q", r, words)
		}
		seen[words] = true
	}
	if got := feed.ReasonText("timeout"); got != "" {
		t.Errorf("a class has the words %q", got)
	}
}
