package feed_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

func TestAfter(t *testing.T) {
	t.Parallel()
	pace := feed.Pace{Min: 2 * time.Minute, Max: 30 * time.Minute, MaxBackoff: 6 * time.Hour}
	failed := func(n int) feed.Feed {
		return feed.Feed{ID: 7, Every: 5 * time.Minute, State: feed.Failing, Reason: "timeout", Failures: n, Since: noon.Add(-time.Hour)}
	}
	// tempo is a feed that usually brings something new after gap, and did so just now.
	tempo := func(gap time.Duration) feed.Feed {
		return feed.Feed{ID: 7, Every: 5 * time.Minute, Tempo: feed.Tempo{Gap: gap, Changes: 3, Changed: noon}}
	}
	wishes := func(w feed.Wishes) feed.Feed { return feed.Feed{ID: 7, Every: 5 * time.Minute, Wishes: w} }
	same := feed.Heard{Result: feed.NotModified}
	for _, c := range []struct {
		name   string
		f      feed.Feed
		h      feed.Heard
		wait   time.Duration
		reason feed.DueReason
	}{
		{"a read feed is due after its interval", feed.Feed{Every: 5 * time.Minute}, same, 5 * time.Minute, feed.DueEvery},
		{"the operator's shortest interval holds", feed.Feed{Every: time.Second}, same, 2 * time.Minute, feed.DueMin},
		{"two gaps tell nothing of the tempo", feed.Feed{Every: 5 * time.Minute, Tempo: feed.Tempo{Gap: time.Hour, Changes: 2, Changed: noon}}, same, 5 * time.Minute, feed.DueEvery},
		{"a feed is asked eight times in its usual gap", tempo(80 * time.Minute), same, 10 * time.Minute, feed.DueTempo},
		{"a wire is asked as often as may be", tempo(4 * time.Minute), same, 2 * time.Minute, feed.DueMin},
		{"a weekly bulletin seldom", tempo(7 * 24 * time.Hour), same, 30 * time.Minute, feed.DueMax},
		{"more seldom only if the catalogue says so", feed.Feed{Every: 2 * time.Hour, Tempo: tempo(7 * 24 * time.Hour).Tempo}, same, 2 * time.Hour, feed.DueMax},

		{"ttl lengthens", wishes(feed.Wishes{TTL: 8 * time.Minute}), same, 8 * time.Minute, feed.DueTTL},
		{"ttl never shortens", wishes(feed.Wishes{TTL: time.Minute}), same, 5 * time.Minute, feed.DueEvery},
		{"ttl has a bound", wishes(feed.Wishes{TTL: 24 * time.Hour}), same, 10 * time.Minute, feed.DueTTL},
		{"ttl also slows a wire", feed.Feed{Every: 5 * time.Minute, Tempo: tempo(time.Minute).Tempo, Wishes: feed.Wishes{TTL: 5 * time.Minute}}, same, 5 * time.Minute, feed.DueTTL},
		{"the update period lengthens, within the bound", wishes(feed.Wishes{Update: time.Hour}), same, 10 * time.Minute, feed.DueUpdate},
		{"what is fresh is not asked for", wishes(feed.Wishes{}), feed.Heard{Result: feed.NotModified, Fresh: 9 * time.Minute}, 9 * time.Minute, feed.DueFresh},
		{"freshness has a bound", wishes(feed.Wishes{}), feed.Heard{Result: feed.NotModified, Fresh: 24 * time.Hour}, 10 * time.Minute, feed.DueFresh},
		{"the longest wish counts", wishes(feed.Wishes{TTL: 6 * time.Minute, Update: 7 * time.Minute}), feed.Heard{Result: feed.NotModified, Fresh: 8 * time.Minute}, 8 * time.Minute, feed.DueFresh},
		{"Retry-After counts for a feed that answers", wishes(feed.Wishes{}), feed.Heard{Result: feed.NotModified, RetryAfter: time.Hour}, time.Hour, feed.DueRetryAfter},

		{"a feed that its hub brings is polled for safety", feed.Feed{Every: 5 * time.Minute, PushedUntil: noon.Add(time.Hour)}, same, 30 * time.Minute, feed.DuePushed},
		{"not once the lease has ended", feed.Feed{Every: 5 * time.Minute, PushedUntil: noon}, same, 5 * time.Minute, feed.DueEvery},
		{"not when the hub missed something", feed.Feed{Every: 5 * time.Minute, PushedUntil: noon.Add(time.Hour)}, feed.Heard{Result: feed.Changed, News: 1, Missed: true}, 5 * time.Minute, feed.DueEvery},
		{"not for a day after", feed.Feed{Every: 5 * time.Minute, PushedUntil: noon.Add(time.Hour), PushMissed: noon.Add(-23 * time.Hour)}, same, 5 * time.Minute, feed.DueEvery},
		{"and then again", feed.Feed{Every: 5 * time.Minute, PushedUntil: noon.Add(time.Hour), PushMissed: noon.Add(-25 * time.Hour)}, same, 30 * time.Minute, feed.DuePushed},
		{"a feed that another one replaces is asked seldom", feed.Feed{Every: 5 * time.Minute}, feed.Heard{Result: feed.NotModified, MovedTo: "https://b.example/", OtherFeed: true}, 30 * time.Minute, feed.DueOtherFeed},

		{"a first failure is asked again soon", failed(0), feed.Heard{Result: "timeout"}, 5 * time.Minute, feed.DueEvery},
		{"later failures wait longer", failed(4), feed.Heard{Result: "timeout"}, 40 * time.Minute, feed.DueBackOff},
		{"also those of a feed that is not found", failed(4), feed.Heard{Result: "not-found"}, 40 * time.Minute, feed.DueBackOff},
		{"never longer than the bound", failed(1000), feed.Heard{Result: "timeout"}, 6 * time.Hour, feed.DueBackOff},
		{"what does not mend is asked seldom at once", failed(0), feed.Heard{Result: "blocked-address", Final: true}, 6 * time.Hour, feed.DueBackOff},
		{"Retry-After counts when longer", failed(0), feed.Heard{Result: "rate-limited", RetryAfter: time.Hour}, time.Hour, feed.DueRetryAfter},
		{"and not when shorter", failed(4), feed.Heard{Result: "rate-limited", RetryAfter: time.Minute}, 40 * time.Minute, feed.DueBackOff},
		{"Retry-After has a bound", failed(0), feed.Heard{Result: "rate-limited", RetryAfter: 9999 * time.Hour}, feed.MaxRetryAfter, feed.DueRetryAfter},
		{"a failing feed is not asked more often than a healthy one", feed.Feed{Every: 24 * time.Hour, State: feed.Failing, Failures: 20}, feed.Heard{Result: "timeout"}, 24 * time.Hour, feed.DueEvery},
		{"nor is one that does not mend", feed.Feed{Every: 24 * time.Hour, State: feed.Failing}, feed.Heard{Result: "bad-url", Final: true}, 24 * time.Hour, feed.DueEvery},
		{"what its document asks does not slow a failing feed", feed.Feed{Every: 5 * time.Minute, Wishes: feed.Wishes{TTL: time.Hour}}, feed.Heard{Result: "timeout"}, 5 * time.Minute, feed.DueEvery},
		{"a feed that mends is well at once", failed(9), feed.Heard{Result: feed.SameBody}, 5 * time.Minute, feed.DueEvery},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := feed.After(noon, c.f, c.h, pace)
			if wait := got.Next.Sub(noon); wait < c.wait || wait > c.wait+c.wait/10 {
				t.Errorf("waits %v, want %v and at most a tenth more", wait, c.wait)
			}
			if got.NextReason != c.reason {
				t.Errorf("because of %q, want %q", got.NextReason, c.reason)
			}
		})
	}
	t.Run("a 304 keeps the validators", func(t *testing.T) {
		t.Parallel()
		got := feed.After(noon, feed.Feed{ETag: `"a"`, BodyHash: "h"}, feed.Heard{Result: feed.NotModified}, pace)
		if got.ETag != `"a"` || got.BodyHash != "h" {
			t.Errorf("etag %q, hash %q", got.ETag, got.BodyHash)
		}
	})
	t.Run("a failure keeps the validators", func(t *testing.T) {
		t.Parallel()
		got := feed.After(noon, feed.Feed{ETag: `"a"`, Succeeded: noon.Add(-time.Hour)}, feed.Heard{Result: "timeout"}, pace)
		if got.ETag != `"a"` || !got.Succeeded.Equal(noon.Add(-time.Hour)) {
			t.Errorf("etag %q, succeeded %v", got.ETag, got.Succeeded)
		}
	})
}

func TestAfterIsAlwaysDueLaterAndNotTooLate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := feed.Feed{
			URL:      rapid.String().Draw(t, "url"),
			Every:    time.Duration(rapid.Int64Range(-1e12, 1e16).Draw(t, "every")),
			Failures: rapid.IntRange(0, 1<<30).Draw(t, "failures"),
			Tempo: feed.Tempo{
				Gap:     time.Duration(rapid.Int64().Draw(t, "gap")),
				Changes: rapid.IntRange(0, 5).Draw(t, "changes"),
				Changed: noon.Add(time.Duration(rapid.Int64().Draw(t, "changed"))),
			},
			Wishes: feed.Wishes{
				TTL: time.Duration(rapid.Int64().Draw(t, "ttl")), Update: time.Duration(rapid.Int64().Draw(t, "update")),
				SkipHours: feed.Hours(rapid.Uint32().Draw(t, "hours")), SkipDays: feed.Days(rapid.Uint8().Draw(t, "days")),
			},
			PushedUntil: noon.Add(time.Duration(rapid.Int64().Draw(t, "pushed"))),
		}
		f.Every = min(f.Every, 24*time.Hour)
		h := feed.Heard{
			Result:     feed.Result(rapid.SampledFrom([]string{"changed", "not-modified", "same-body", "timeout", "gone"}).Draw(t, "result")),
			RetryAfter: time.Duration(rapid.Int64().Draw(t, "retry")), Fresh: time.Duration(rapid.Int64().Draw(t, "fresh")),
			Final: rapid.Bool().Draw(t, "final"), News: rapid.IntRange(0, 2).Draw(t, "news"),
		}
		after := feed.After(noon, f, h, feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour})
		wait := after.Next.Sub(noon)
		if after.State == feed.Gone {
			return
		}
		if wait < time.Minute || wait > feed.MaxWait || after.NextReason == "" {
			t.Fatalf("due in %v because of %q", wait, after.NextReason)
		}
	})
}

func TestHush(t *testing.T) {
	t.Parallel()
	items := func(n int, published time.Time) []report.Report {
		out := make([]report.Report, n)
		for i := range out {
			out[i].Published = published
		}
		return out
	}
	read := feed.Feed{Succeeded: noon.Add(-10 * time.Minute)}
	for _, c := range []struct {
		name   string
		before feed.Feed
		items  []report.Report
		known  int // how many of them, from the first on
		want   report.Hush
	}{
		{"everything of a first import", feed.Feed{}, items(3, noon), 0, report.HushFirstImport},
		{"nothing of an ordinary poll", read, items(30, noon.Add(-time.Minute)), 28, ""},
		{"a feed that renames all its old items", read, items(30, noon.Add(-5*time.Hour)), 0, report.HushFlood},
		{"a feed without dates that renames all its items", read, items(30, time.Time{}), 0, report.HushFlood},
		{"many new items with new dates are news", read, items(30, noon.Add(-time.Minute)), 0, ""},
		{"after an outage, what came meanwhile is news", feed.Feed{Succeeded: noon.Add(-48 * time.Hour)}, items(30, noon.Add(-5*time.Hour)), 0, ""},
		{"after an outage, items without dates are news", feed.Feed{Succeeded: noon.Add(-48 * time.Hour)}, items(30, time.Time{}), 0, ""},
		{"a few old items that turn up late", read, items(10, noon.Add(-5*time.Hour)), 0, ""},
		{"old items turning up among many known ones", read, items(40, noon.Add(-5*time.Hour)), 25, ""},
		{"the first items of a feed that was empty", read, items(3, time.Time{}), 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			known := make([]bool, len(c.items))
			for i := range c.known {
				known[i] = true
			}
			for i, got := range feed.Hush(noon, c.before, c.items, known) {
				want := c.want
				if known[i] && want == report.HushFlood {
					want = ""
				}
				if got != want {
					t.Fatalf("item %d: got %q, want %q", i, got, want)
				}
			}
		})
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	readAgo := func(d time.Duration) feed.Feed { return feed.Feed{Every: 5 * time.Minute, Succeeded: noon.Add(-d)} }
	for _, c := range []struct {
		name      string
		before    feed.Feed
		published time.Time
		want      bool
	}{
		{"what came in a gap", readAgo(2 * time.Hour), noon.Add(-time.Hour), true},
		{"not what came just now, after a gap", readAgo(2 * time.Hour), noon.Add(-5 * time.Minute), false},
		{"not what turns up late in a feed that was read", readAgo(5 * time.Minute), noon.Add(-time.Hour), false},
		{"not what a first import brings", feed.Feed{Every: 5 * time.Minute}, noon.Add(-time.Hour), false},
		{"not what has no date", readAgo(2 * time.Hour), time.Time{}, false},
		{"a feed that is read seldom has longer waits and no gap", feed.Feed{Every: 6 * time.Hour, Succeeded: noon.Add(-7 * time.Hour)}, noon.Add(-3 * time.Hour), false},
		{"a clock that went back makes no gap", readAgo(-2 * time.Hour), noon.Add(-time.Hour), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := feed.Overdue(noon, c.before, report.Report{Published: c.published}); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
