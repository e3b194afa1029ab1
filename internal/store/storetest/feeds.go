package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
)

func testOpening(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"migrating again changes nothing", func(k kit) {
			k.ok(k.Migrate(k.ctx))
			current, latest, err := k.Version(k.ctx)
			k.ok(err)
			if current != latest || latest < 1 {
				k.t.Fatalf("schema version %d, latest %d", current, latest)
			}
		}},
		{"the installation's name is made once", func(k kit) {
			first, second := must(k.Install(k.ctx))(k), must(k.Install(k.ctx))(k)
			if len(first) < 16 || first != second {
				k.t.Fatalf("install names %q and %q", first, second)
			}
		}},
		{"it answers", func(k kit) { k.ok(k.Ping(k.ctx)) }},
	}.run(t, open)
}

const minute = time.Minute

func urls(feeds []feed.Feed) []string {
	return ids(feeds, func(f feed.Feed) string { return f.URL })
}

func testFeeds(t *testing.T, open func(t *testing.T) *store.Store) {
	a := feed.Feed{URL: "https://a.example/", Source: "a", Every: 10 * minute}
	b := feed.Feed{URL: "https://b.example/", Source: "b", Every: 20 * minute}
	cases{
		{"a new feed is due at once", func(k kit) {
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			got := must(k.ClaimDue(k.ctx, start(), 10, minute))(k)
			want := []feed.Feed{{ID: got[0].ID, URL: a.URL, Source: "a", Every: 10 * minute, Next: start(), State: feed.New, Since: start()}}
			same(k, "claimed", got, want)
		}},
		{"a held feed is claimed again only after its lease", func(k kit) {
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			same(k, "first", urls(must(k.ClaimDue(k.ctx, start(), 10, minute))(k)), []string{a.URL})
			same(k, "held", urls(must(k.ClaimDue(k.ctx, start().Add(minute-1e6), 10, minute))(k)), nil)
			same(k, "after", urls(must(k.ClaimDue(k.ctx, start().Add(minute), 10, minute))(k)), []string{a.URL})
		}},
		{"holds of a former run can be released", func(k kit) {
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			must(k.ClaimDue(k.ctx, start(), 10, minute))(k)
			same(k, "released", must(k.ReleaseFeeds(k.ctx))(k), 1)
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, start(), 10, minute))(k)), []string{a.URL})
		}},
		{"the longest due come first, up to the limit", func(k kit) {
			fa, fb := k.feed(a.URL, "a"), k.feed(b.URL, "b")
			fa.Next, fb.Next = start().Add(2*minute), start().Add(minute)
			k.poll(fa)
			k.poll(fb)
			now := start().Add(5 * minute)
			same(k, "one", urls(must(k.ClaimDue(k.ctx, now, 1, minute))(k)), []string{b.URL})
			same(k, "rest", urls(must(k.ClaimDue(k.ctx, now, 0, minute))(k)), nil)
			same(k, "rest", urls(must(k.ClaimDue(k.ctx, now, 5, minute))(k)), []string{a.URL})
		}},
		{"an absent feed is not claimed and keeps its record until it is back", func(k kit) {
			f := k.feed(a.URL, "a")
			f.ETag, f.Next = `"v1"`, start()
			k.poll(f)
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{b}))
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, start(), 10, minute))(k)), []string{b.URL})
			same(k, "status", urls(must(k.FeedStatus(k.ctx))(k)), []string{b.URL})
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a, b}))
			back := must(k.ClaimDue(k.ctx, start(), 10, minute))(k)
			same(k, "back", urls(back), []string{a.URL})
			same(k, "validator", back[0].ETag, `"v1"`)
			same(k, "id", back[0].ID, f.ID)
		}},
		{"a shorter interval makes a feed due within it", func(k kit) {
			f := k.feed(a.URL, "a")
			f.Next = start().Add(time.Hour)
			k.poll(f)
			faster := a
			faster.Every = minute
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{faster}))
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, start().Add(minute), 10, minute))(k)), []string{a.URL})
		}},
		{"a poll records everything but what configuration owns", func(k kit) {
			f := k.feed(a.URL, "a")
			must(k.ClaimDue(k.ctx, start(), 10, time.Hour))(k)
			want := feed.Feed{
				ID: f.ID, URL: f.URL, Source: "a", Every: f.Every, ETag: "e", LastModified: "l", BodyHash: "h",
				Polled: start(), Succeeded: start().Add(-minute), Next: start().Add(minute), Failures: 3,
				State: feed.Failing, Reason: "timeout", Since: start().Add(-time.Hour),
			}
			given := want
			given.URL, given.Source, given.Every = "https://elsewhere.example/", "x", 1
			must(k.SavePoll(k.ctx, feed.Outcome{Feed: given}))(k)
			same(k, "status", must(k.FeedStatus(k.ctx))(k), []feed.Feed{want})
			same(k, "hold released", urls(must(k.ClaimDue(k.ctx, want.Next, 10, minute))(k)), []string{a.URL})
		}},
		{"a poll of an unknown feed is refused as a whole", func(k kit) {
			_, err := k.SavePoll(k.ctx, feed.Outcome{Feed: feed.Feed{ID: 99, Source: "wire"}, Reports: []report.Report{item("x")}})
			k.is(err, store.ErrNotFound)
			same(k, "reports", must(k.Unplaced(k.ctx, 10))(k), nil)
		}},
		{"a quarantined feed is left alone until it is released", func(k kit) {
			f := k.feed(a.URL, "a")
			k.ok(k.SetState(k.ctx, f.ID, feed.Quarantined, "killed the parser", start().Add(minute)))
			now := start().Add(time.Hour)
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, now, 10, minute))(k)), nil)
			got := must(k.FeedStatus(k.ctx))(k)[0]
			if got.State != feed.Quarantined || got.Reason != "killed the parser" || !got.Since.Equal(start().Add(minute)) {
				k.t.Fatalf("state %q, reason %q, since %v", got.State, got.Reason, got.Since)
			}
			k.ok(k.SetState(k.ctx, f.ID, feed.New, "", now))
			same(k, "released", urls(must(k.ClaimDue(k.ctx, now, 10, minute))(k)), []string{a.URL})
			k.is(k.SetState(k.ctx, 99, feed.OK, "", now), store.ErrNotFound)
		}},
		{"crashes while parsing are counted until a parse succeeds", testCrashMarks},
	}.run(t, open)
}

func testCrashMarks(k kit) {
	f := k.feed("https://a.example/", "a")
	other := k.feed("https://b.example/", "b")
	crash := func(want int) {
		k.t.Helper()
		k.ok(k.MarkParsing(k.ctx, f.ID, ""))
		same(k, "crashes", must(k.FindCrashed(k.ctx))(k), map[feed.ID]int{f.ID: want})
	}
	same(k, "none", must(k.FindCrashed(k.ctx))(k), map[feed.ID]int{})
	crash(1)
	same(k, "mark cleared", must(k.FindCrashed(k.ctx))(k), map[feed.ID]int{})
	k.poll(f) // an answer that was not parsed proves nothing
	crash(2)
	k.ok(k.MarkParsing(k.ctx, f.ID, "hash"))
	k.poll(other)
	k.poll(f)
	same(k, "survived", must(k.FindCrashed(k.ctx))(k), map[feed.ID]int{})
	crash(1)
	k.ok(k.SetState(k.ctx, f.ID, feed.Quarantined, "", start()))
	crash(2)
	k.ok(k.SetState(k.ctx, f.ID, feed.New, "", start()))
	crash(1)
	k.is(k.MarkParsing(k.ctx, 99, "hash"), store.ErrNotFound)
}
