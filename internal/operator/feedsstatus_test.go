package operator

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// illFeeds is a database with feeds in each state that an operator asks about.
func illFeeds(t *testing.T, now time.Time) config.Config {
	t.Helper()
	c := config.Default()
	c.Store.Path = storetest.SQLite(t)
	s, err := store.Open(t.Context(), store.Options{DSN: c.Store.DSN().Reveal(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var list []feed.Feed
	for _, name := range []string{"failing", "fresh", "gone", "poison", "quiet", "well"} {
		list = append(list, feed.Feed{URL: "https://" + name + ".example/rss", Source: source.ID("s-" + name[:1]), Every: 10 * time.Minute})
	}
	if err := s.SyncFeeds(t.Context(), now, list); err != nil {
		t.Fatal(err)
	}
	known, err := s.FeedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]feed.Feed{
		"failing": {State: feed.Failing, Reason: "server-error", NextReason: feed.DueBackOff, Next: now.Add(3 * time.Hour), Failures: 7},
		"gone":    {State: feed.Gone, Reason: "gone", NextReason: feed.DueNever},
		"poison":  {State: feed.Quarantined, Reason: feed.ReasonCrashed},
		"quiet":   {State: feed.Stale, Reason: feed.ReasonQuiet, NextReason: feed.DueMax, Next: now.Add(time.Hour)},
		"well":    {State: feed.OK, NextReason: feed.DueTempo, Next: now.Add(4 * time.Minute)},
	}
	for _, f := range known {
		name := strings.TrimSuffix(strings.TrimPrefix(f.URL, "https://"), ".example/rss")
		st, ok := states[name]
		if !ok {
			continue
		}
		f.State, f.Reason, f.NextReason, f.Next, f.Failures = st.State, st.Reason, st.NextReason, st.Next, st.Failures
		f.Since, f.Newest, f.Polled = now.Add(-2*time.Hour), now.Add(-50*time.Hour), now.Add(-time.Minute)
		if _, err := s.SavePoll(t.Context(), feed.Outcome{Feed: f}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestFeedsStatusSaysWhatIsWrongAndWhenAFeedIsDue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	c := illFeeds(t, now)
	status := func(o FeedsStatusOptions) string {
		t.Helper()
		var out bytes.Buffer
		o.Config, o.Now, o.Logger = c, func() time.Time { return now }, slog.New(slog.DiscardHandler)
		if err := FeedsStatus(t.Context(), o, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := `ID  SOURCE  STATE        SINCE  NEWEST  DUE    WHY THEN              FEED
1  s-f     failing      2h     2d      3h     back-off              https://failing.example/rss
2  s-f     new          0s     –       0s     new                   https://fresh.example/rss
3  s-g     gone         2h     2d      never  attache feeds readmit  https://gone.example/rss
4  s-p     quarantined  2h     2d      never  attache feeds readmit  https://poison.example/rss
5  s-q     stale        2h     2d      1h     max-interval          https://quiet.example/rss
6  s-w     ok           2h     2d      4m     tempo                 https://well.example/rss

https://failing.example/rss: the server has a fault of its own; asked again in 3h, because it could not be read
https://gone.example/rss: the feed was removed by its publisher
https://poison.example/rss: reading it made the bot crash, so it is set aside
https://quiet.example/rss: it answers, but has brought nothing new for much longer than usual

6 of 6 feeds
`
	if diff := cmp.Diff(strings.Fields(want), strings.Fields(status(FeedsStatusOptions{}))); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	if got := status(FeedsStatusOptions{Trouble: true}); strings.Contains(got, "well.example") || !strings.Contains(got, "4 of 6 feeds") {
		t.Errorf("the feeds in trouble:\n%s", got)
	}
	wantJSON := `{"id":1,"url":"https://failing.example/rss","source":"s-f","state":"failing","reason":"server-error","since":"2026-01-29T10:00:00Z","failures":7,"polled":"2026-01-29T11:59:00Z","newest":"2026-01-27T10:00:00Z","next":"2026-01-29T15:00:00Z","next_reason":"back-off"}` + "\n"
	if diff := cmp.Diff(wantJSON, status(FeedsStatusOptions{JSON: true, Only: []string{"https://failing.example/rss"}})); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestReadmittedFeedsAreDueAtOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	c := illFeeds(t, now)
	var out bytes.Buffer
	readmit := func(only ...string) error {
		return ReadmitFeeds(context.WithoutCancel(t.Context()), ReadmitFeedsOptions{Config: c, Only: only, Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)}, &out)
	}
	if err := readmit("s-p", "3", "s-w"); err != nil {
		t.Fatal(err)
	}
	want := "https://poison.example/rss was quarantined and is polled at the next tick\n" +
		"https://gone.example/rss was gone and is polled at the next tick\n" +
		"https://well.example/rss is polled anyway (ok)\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if err := readmit("s-p", "nobody"); err == nil || !strings.Contains(err.Error(), `no feed "nobody": give the id of a source`) {
		t.Errorf("an unknown feed: %v", err)
	}
}

func TestEveryDueReasonHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]feed.DueReason{}
	for _, r := range []feed.DueReason{
		feed.DueNew, feed.DueEvery, feed.DueTempo, feed.DueMin, feed.DueMax, feed.DueTTL, feed.DueFresh, feed.DuePushed, feed.DueOtherFeed,
		feed.DueBackOff, feed.DueSkipHours, feed.DueNever, feed.DueHostBusy, feed.DueStopped, feed.DueStore, "from-another-release",
	} {
		if before, ok := seen[r.Text()]; ok {
			t.Errorf("%s and %s are told alike: %s", before, r, r.Text())
		}
		seen[r.Text()] = r
	}
}
