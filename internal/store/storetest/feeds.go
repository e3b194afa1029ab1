package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/archive"
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
			got := must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)
			want := []feed.Feed{{ID: got[0].ID, URL: a.URL, Source: "a", Every: 10 * minute, Next: start(), NextReason: feed.DueNew, State: feed.New, Since: start()}}
			same(k, "claimed", got, want)
		}},
		{"a held feed is claimed again only after its lease", func(k kit) {
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			same(k, "first", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), []string{a.URL})
			same(k, "held", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start().Add(minute-1e6), 10, minute))(k)), nil)
			same(k, "after", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start().Add(minute), 10, minute))(k)), []string{a.URL})
		}},
		{"holds of a former run can be released", func(k kit) {
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)
			same(k, "released", must(k.ReleaseFeeds(k.ctx))(k), 1)
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), []string{a.URL})
		}},
		{"the longest due come first, up to the limit", func(k kit) {
			fa, fb := k.feed(a.URL, "a"), k.feed(b.URL, "b")
			fa.Next, fb.Next = start().Add(2*minute), start().Add(minute)
			k.poll(fa)
			k.poll(fb)
			now := start().Add(5 * minute)
			same(k, "one", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, now, 1, minute))(k)), []string{b.URL})
			same(k, "rest", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, now, 0, minute))(k)), nil)
			same(k, "rest", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, now, 5, minute))(k)), []string{a.URL})
		}},
		{"an absent feed is not claimed and keeps its record until it is back", func(k kit) {
			f := k.feed(a.URL, "a")
			f.ETag, f.Next = `"v1"`, start()
			k.poll(f)
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{b}))
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), []string{b.URL})
			same(k, "status", urls(must(k.FeedStatus(k.ctx))(k)), []string{b.URL})
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a, b}))
			back := must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)
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
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start().Add(minute), 10, minute))(k)), []string{a.URL})
		}},
		{"a poll records everything but what configuration owns", func(k kit) {
			f := k.feed(a.URL, "a")
			must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, time.Hour))(k)
			want := feed.Feed{
				ID: f.ID, URL: f.URL, Source: "a", Every: f.Every, ETag: "e", LastModified: "l", BodyHash: "h",
				Polled: start(), Succeeded: start().Add(-minute), Next: start().Add(minute), Failures: 3,
				State: feed.Failing, Reason: "timeout", Since: start().Add(-time.Hour),
				Read: start().Add(-2 * minute), Newest: start().Add(-4 * minute), NextReason: feed.DueBackOff,
				Wishes: feed.Wishes{
					TTL: 15 * minute, Update: time.Hour, SkipHours: 1<<23 | 1, SkipDays: 1<<6 | 1, Hub: "https://hub.example/", Self: a.URL,
				},
				Tempo:      feed.Tempo{Gap: 7 * minute, Changes: 3, Changed: start().Add(-9 * minute)},
				Move:       feed.Move{To: "https://new.example/", Target: "https://newer.example/", Agreed: 2, Counted: start().Add(-minute)},
				PushMissed: start().Add(-3 * minute),
			}
			given := want
			given.URL, given.Source, given.Every, given.PushedUntil = "https://elsewhere.example/", "x", 1, start()
			must(k.SavePoll(k.ctx, feed.Outcome{Feed: given}))(k)
			same(k, "status", must(k.FeedStatus(k.ctx))(k), []feed.Feed{want})
			same(k, "hold released", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, want.Next, 10, minute))(k)), []string{a.URL})
		}},
		{"a poll of an unknown feed is refused as a whole", func(k kit) {
			_, err := k.SavePoll(k.ctx, feed.Outcome{Feed: feed.Feed{ID: 99, Source: "wire"}, Reports: []report.Report{item("x")}})
			k.is(err, archive.ErrNotFound)
			same(k, "reports", must(k.Unplaced(k.ctx, 10))(k), nil)
		}},
		{"a quarantined feed is left alone until it is released", func(k kit) {
			f := k.feed(a.URL, "a")
			k.ok(k.SetState(k.ctx, f.ID, feed.Quarantined, "killed the parser", start().Add(minute)))
			now := start().Add(time.Hour)
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, now, 10, minute))(k)), nil)
			got := must(k.FeedStatus(k.ctx))(k)[0]
			if got.State != feed.Quarantined || got.Reason != "killed the parser" || !got.Since.Equal(start().Add(minute)) {
				k.t.Fatalf("state %q, reason %q, since %v", got.State, got.Reason, got.Since)
			}
			k.ok(k.SetState(k.ctx, f.ID, feed.New, "", now))
			same(k, "released", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, now, 10, minute))(k)), []string{a.URL})
			k.is(k.SetState(k.ctx, 99, feed.OK, "", now), archive.ErrNotFound)
		}},
		{"a feed that is gone is left alone until its entry changes", testGone},
		{"a new address outlasts a sync of the catalogue", func(k kit) {
			f := k.feed(a.URL, "a")
			f.Move.To = b.URL
			k.poll(f)
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			same(k, "address", must(k.FeedStatus(k.ctx))(k)[0].Address(), b.URL)
		}},
		{"an address is polled elsewhere when another feed has it or moved there", func(k kit) {
			fa, fb := k.feed(a.URL, "a"), k.feed(b.URL, "b")
			elsewhere := func(id feed.ID, address string) bool { return must(k.PolledElsewhere(k.ctx, id, address))(k) }
			same(k, "one's own", elsewhere(fa.ID, a.URL), false)
			same(k, "another's", elsewhere(fa.ID, b.URL), true)
			same(k, "nobody's", elsewhere(fa.ID, "https://new.example/"), false)
			fb.Move.To = "https://new.example/"
			k.poll(fb)
			same(k, "another's new one", elsewhere(fa.ID, "https://new.example/"), true)
			k.ok(k.SyncFeeds(k.ctx, start(), []feed.Feed{a}))
			same(k, "of one that is no longer polled", elsewhere(fa.ID, b.URL), false)
		}},
		{"one feed can be held out of turn", func(k kit) {
			f := k.feed(a.URL, "a")
			f.Next = start().Add(time.Hour)
			k.poll(f)
			got := must(k.Hold(k.ctx, f.ID, start(), minute))(k)
			same(k, "held", got.URL, a.URL)
			_, err := k.Hold(k.ctx, f.ID, start(), minute)
			k.is(err, feed.ErrHeld)
			same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), nil)
			k.poll(got)
			k.ok(k.SetState(k.ctx, f.ID, feed.Quarantined, "", start()))
			_, err = k.Hold(k.ctx, f.ID, start(), minute)
			k.is(err, feed.ErrHeld)
			_, err = k.Hold(k.ctx, 99, start(), minute)
			k.is(err, feed.ErrHeld)
		}},
		{"a feed that is left alone is polled again when an operator asks for it", testReadmit},
		{"what a clock set that ran ahead does not hold up a feed", testClockAhead},
		{"crashes while parsing are counted until a parse succeeds", testCrashMarks},
	}.run(t, open)
}

func testGone(k kit) {
	entry := feed.Feed{URL: "https://a.example/", Source: "a", Every: 10 * minute}
	later := start().Add(1000 * time.Hour)
	claimed := func(want ...string) {
		k.t.Helper()
		same(k, "claimed", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, later, 10, minute))(k)), want)
	}
	gone := func() {
		k.t.Helper()
		f := must(k.FeedStatus(k.ctx))(k)[0]
		f.State, f.Reason, f.Since, f.Next = feed.Gone, "gone", start(), start()
		must(k.SavePoll(k.ctx, feed.Outcome{Feed: f}))(k)
	}
	sync := func(feeds ...feed.Feed) {
		k.t.Helper()
		k.ok(k.SyncFeeds(k.ctx, later, feeds))
	}
	sync(entry)
	gone()
	sync(entry)
	claimed()
	sync()
	sync(entry) // back after it was taken out
	claimed(entry.URL)
	f := must(k.FeedStatus(k.ctx))(k)[0]
	if f.State != feed.New || f.Reason != "" || f.NextReason != feed.DueNew || !f.Since.Equal(later) {
		k.t.Fatalf("it came back as %s (%s) since %v, due as %s", f.State, f.Reason, f.Since, f.NextReason)
	}
	gone()
	entry.Every = 20 * minute
	sync(entry)
	claimed(entry.URL)
	gone()
	entry.Source = "b"
	sync(entry)
	claimed(entry.URL)
	gone()
	k.ok(k.SetState(k.ctx, f.ID, feed.New, "", later))
	claimed(entry.URL)
}

func testReadmit(k kit) {
	f := k.feed("https://a.example/", "a")
	later := start().Add(time.Hour)
	for _, st := range []feed.State{feed.Gone, feed.Quarantined, feed.Failing} {
		f.State, f.Reason, f.Since, f.Next, f.Failures, f.ETag = st, "why", start(), start().Add(6*time.Hour), 9, `"1"`
		must(k.SavePoll(k.ctx, feed.Outcome{Feed: f}))(k)
		same(k, "before", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, later, 10, minute))(k)), []string(nil))
		k.ok(k.ReadmitFeed(k.ctx, f.ID, later))
		got := must(k.FeedStatus(k.ctx))(k)[0]
		if got.State != feed.New || got.Reason != "" || got.Failures != 0 || !got.Since.Equal(later) || got.ETag != `"1"` {
			k.t.Fatalf("a feed that was %s came back as %+v", st, got)
		}
		same(k, "after", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, later, 10, minute))(k)), []string{f.URL})
		if err := k.ReadmitFeed(k.ctx, f.ID, later); !errors.Is(err, archive.ErrNotFound) {
			k.t.Fatalf("a feed that is well was readmitted: %v", err)
		}
	}
	if err := k.ReadmitFeed(k.ctx, 999, later); !errors.Is(err, archive.ErrNotFound) {
		k.t.Fatalf("an unknown feed was readmitted: %v", err)
	}
}

func testClockAhead(k kit) {
	const url = "https://a.example/"
	f := k.feed(url, "a")
	claimed := func(what string, polled, next time.Time, want ...string) {
		k.t.Helper()
		f.Polled, f.Next = polled, next
		must(k.SavePoll(k.ctx, feed.Outcome{Feed: f}))(k)
		same(k, what, urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), want)
	}
	claimed("due later", start().Add(-minute), start().Add(10*minute))
	claimed("polled by a clock a little ahead", start().Add(30*time.Second), start().Add(10*minute))
	claimed("polled in the future", start().Add(365*24*time.Hour), start().Add(365*24*time.Hour+10*minute), url)
	claimed("due in the far future", time.Time{}, start().Add(365*24*time.Hour), url)
	claimed("due after a week of days to skip", start(), start().Add(7*24*time.Hour))

	f.Next = start()
	must(k.SavePoll(k.ctx, feed.Outcome{Feed: f}))(k)
	must(k.ClaimDue(k.ctx, feed.Catalogue, start().Add(365*24*time.Hour), 10, minute))(k)
	same(k, "held by a clock that ran ahead", urls(must(k.ClaimDue(k.ctx, feed.Catalogue, start(), 10, minute))(k)), []string{url})
}

func testCrashMarks(k kit) {
	f := k.feed("https://a.example/", "a")
	other := k.feed("https://b.example/", "b")
	now := start()
	crash := func(want int) {
		k.t.Helper()
		now = now.Add(time.Hour) // after any hold of the one before
		k.ok(k.MarkParsing(k.ctx, f.ID, ""))
		same(k, "crashes", must(k.FindCrashed(k.ctx, now))(k), map[feed.ID]int{f.ID: want})
	}
	same(k, "none", must(k.FindCrashed(k.ctx, start()))(k), map[feed.ID]int{})
	crash(1)
	same(k, "mark cleared", must(k.FindCrashed(k.ctx, start()))(k), map[feed.ID]int{})
	k.poll(f) // an answer that was not parsed proves nothing
	crash(2)
	k.ok(k.MarkParsing(k.ctx, f.ID, "hash"))
	k.poll(other)
	k.poll(f)
	same(k, "survived", must(k.FindCrashed(k.ctx, start()))(k), map[feed.ID]int{})
	crash(1)
	k.ok(k.SetState(k.ctx, f.ID, feed.Quarantined, "", start()))
	crash(2)
	k.ok(k.SetState(k.ctx, f.ID, feed.New, "", start()))
	crash(1)
	k.is(k.MarkParsing(k.ctx, 99, "hash"), archive.ErrNotFound)
}
