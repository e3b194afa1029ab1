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
	pace := feed.Pace{Min: 2 * time.Minute, MaxBackoff: 6 * time.Hour}
	failed := func(n int) feed.Feed {
		return feed.Feed{URL: "https://a.example/feed", Every: 5 * time.Minute, State: feed.Failing, Reason: "timeout", Failures: n, Since: noon.Add(-time.Hour)}
	}
	for _, c := range []struct {
		name  string
		f     feed.Feed
		h     feed.Heard
		wait  time.Duration
		state feed.State
		since time.Time
	}{
		{"a read feed is due after its interval", feed.Feed{Every: 5 * time.Minute, State: feed.OK, Since: noon.Add(-time.Hour)}, feed.Heard{Result: feed.Changed}, 5 * time.Minute, feed.OK, noon.Add(-time.Hour)},
		{"the operator's shortest interval holds", feed.Feed{Every: time.Second}, feed.Heard{Result: feed.NotModified}, 2 * time.Minute, feed.OK, noon},
		{"a first failure is asked again soon", failed(0), feed.Heard{Result: "timeout"}, 5 * time.Minute, feed.Failing, noon.Add(-time.Hour)},
		{"later failures wait longer", failed(4), feed.Heard{Result: "timeout"}, 40 * time.Minute, feed.Failing, noon.Add(-time.Hour)},
		{"never longer than the bound", failed(1000), feed.Heard{Result: "timeout"}, 6 * time.Hour, feed.Failing, noon.Add(-time.Hour)},
		{"what is gone is asked seldom at once", failed(0), feed.Heard{Result: "gone", Final: true}, 6 * time.Hour, feed.Failing, noon.Add(-time.Hour)},
		{"Retry-After counts when longer", failed(0), feed.Heard{Result: "rate-limited", RetryAfter: time.Hour}, time.Hour, feed.Failing, noon.Add(-time.Hour)},
		{"Retry-After has a bound", failed(0), feed.Heard{Result: "rate-limited", RetryAfter: 9999 * time.Hour}, feed.MaxRetryAfter, feed.Failing, noon.Add(-time.Hour)},
		{"a failing feed is not asked more often than a healthy one", feed.Feed{URL: "https://a.example/feed", Every: 24 * time.Hour, State: feed.Failing, Failures: 20, Since: noon}, feed.Heard{Result: "timeout"}, 24 * time.Hour, feed.Failing, noon},
		{"nor is one that is gone", feed.Feed{URL: "https://a.example/feed", Every: 24 * time.Hour, State: feed.Failing, Since: noon}, feed.Heard{Result: "gone", Final: true}, 24 * time.Hour, feed.Failing, noon},
		{"a feed that mends is well at once", failed(9), feed.Heard{Result: feed.SameBody}, 5 * time.Minute, feed.OK, noon},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := feed.After(noon, c.f, c.h, pace)
			if wait := got.Next.Sub(noon); wait < c.wait || wait > c.wait+c.wait/10 {
				t.Errorf("waits %v, want %v and at most a tenth more", wait, c.wait)
			}
			if got.State != c.state || !got.Since.Equal(c.since) {
				t.Errorf("%s since %v, want %s since %v", got.State, got.Since, c.state, c.since)
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
		}
		h := feed.Heard{
			Result:     feed.Result(rapid.SampledFrom([]string{"changed", "not-modified", "timeout", "gone"}).Draw(t, "result")),
			RetryAfter: time.Duration(rapid.Int64().Draw(t, "retry")), Final: rapid.Bool().Draw(t, "final"),
		}
		wait := feed.After(noon, f, h, feed.Pace{Min: time.Minute, MaxBackoff: time.Hour}).Next.Sub(noon)
		if wait < max(f.Every, time.Minute) || wait > max(f.Every, feed.MaxRetryAfter)*11/10 {
			t.Fatalf("due in %v", wait)
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
