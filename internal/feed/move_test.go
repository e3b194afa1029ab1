package feed_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

func TestMove(t *testing.T) {
	t.Parallel()
	const (
		url, to, other = "https://a.example/feed", "https://new.example/feed", "https://other.example/feed"
		half           = 12 * time.Hour
	)
	type poll struct {
		after time.Duration // since the one before
		h     feed.Heard
	}
	moved := func(target string) feed.Heard { return feed.Heard{Result: feed.NotModified, MovedTo: target} }
	failed, plain := feed.Heard{Result: "timeout"}, feed.Heard{Result: feed.SameBody}
	for _, c := range []struct {
		name  string
		move  feed.Move
		polls []poll
		want  string // the address after them
	}{
		{"two polls that agree are not enough", feed.Move{}, []poll{{0, moved(to)}, {half, moved(to)}}, url},
		{"three are", feed.Move{}, []poll{{0, moved(to)}, {half, moved(to)}, {half, moved(to)}}, to},
		{"three within an hour count once", feed.Move{}, []poll{{0, moved(to)}, {time.Minute, moved(to)}, {time.Minute, moved(to)}}, url},
		{"a poll that disagrees starts the count anew", feed.Move{}, []poll{{0, moved(to)}, {half, moved(to)}, {half, moved(other)}, {half, moved(to)}}, url},
		{"so does one without a redirect", feed.Move{}, []poll{{0, moved(to)}, {half, moved(to)}, {half, plain}, {half, moved(to)}}, url},
		{"one that fails says nothing", feed.Move{}, []poll{{0, moved(to)}, {half, moved(to)}, {half, failed}, {half, moved(to)}}, to},
		{"another feed's address is never taken", feed.Move{}, []poll{
			{0, feed.Heard{Result: feed.Changed, MovedTo: to, OtherFeed: true}},
			{half, feed.Heard{Result: feed.Changed, MovedTo: to, OtherFeed: true}},
			{half, feed.Heard{Result: feed.Changed, MovedTo: to, OtherFeed: true}},
		}, url},
		{"nor a private one", feed.Move{}, []poll{
			{0, feed.Heard{Result: feed.Changed, MovedTo: to, MovedInside: true}},
			{half, feed.Heard{Result: feed.Changed, MovedTo: to, MovedInside: true}},
			{half, feed.Heard{Result: feed.Changed, MovedTo: to, MovedInside: true}},
		}, url},
		{"nor what is no web address", feed.Move{}, []poll{{0, moved("gopher://new.example/")}, {half, moved("gopher://new.example/")}, {half, moved("gopher://new.example/")}}, url},
		{"a feed that moved stays there", feed.Move{To: to}, []poll{{0, plain}, {half, plain}, {half, moved(to)}}, to},
		{"until it moves on", feed.Move{To: to}, []poll{{0, moved(other)}, {half, moved(other)}, {half, moved(other)}}, other},
		{"or back", feed.Move{To: to}, []poll{{0, moved(url)}, {half, moved(url)}, {half, moved(url)}}, url},
		{"one failure there is no reason to look elsewhere", feed.Move{To: to}, []poll{{0, failed}}, to},
		{"after a second the configured address is asked", feed.Move{To: to}, []poll{{0, failed}, {half, failed}}, url},
		{"and after a third the new one again", feed.Move{To: to}, []poll{{0, failed}, {half, failed}, {half, failed}}, to},
		{"a configured address that answers is used again", feed.Move{To: to}, []poll{{0, failed}, {half, failed}, {half, plain}, {half, plain}}, url},
		{"unless it still leads there", feed.Move{To: to}, []poll{{0, failed}, {half, failed}, {half, moved(to)}}, to},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := feed.Feed{URL: url, Every: 5 * time.Minute, Move: c.move}
			now := noon
			for _, p := range c.polls {
				now = now.Add(p.after)
				f = feed.After(now, f, p.h, feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour})
			}
			if got := f.Address(); got != c.want {
				t.Errorf("it is polled at %s, want %s; %+v", got, c.want, f.Move)
			}
			if f.URL != url {
				t.Errorf("its configured address became %s", f.URL)
			}
		})
	}
}

func TestSkippedHoursAndDays(t *testing.T) {
	t.Parallel()
	const sunday, saturday = 1 << time.Sunday, 1 << time.Saturday
	thursday := noon // 12:00 UTC
	friday := noon.Add(24*time.Hour + 11*time.Hour + 57*time.Minute)
	for _, c := range []struct {
		name   string
		now    time.Time
		w      feed.Wishes
		want   time.Time // zero for the usual five minutes
		reason feed.DueReason
	}{
		{"another hour", thursday, feed.Wishes{SkipHours: 1 << 11}, time.Time{}, feed.DueEvery},
		{"this hour", thursday, feed.Wishes{SkipHours: 1 << 12}, thursday.Add(time.Hour), feed.DueSkipHours},
		{"hours on end", thursday, feed.Wishes{SkipHours: 1<<12 | 1<<13 | 1<<14}, thursday.Add(3 * time.Hour), feed.DueSkipHours},
		{"in UTC, whatever the clock's zone", thursday.In(time.FixedZone("", 5*3600)), feed.Wishes{SkipHours: 1 << 12}, thursday.Add(time.Hour), feed.DueSkipHours},
		{"the night, over midnight", noon.Add(11*time.Hour + 30*time.Minute), feed.Wishes{SkipHours: 1<<23 | 1<<0 | 1<<1}, noon.Add(14 * time.Hour), feed.DueSkipHours},
		{"a weekend that begins meanwhile", friday, feed.Wishes{SkipDays: saturday | sunday}, time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), feed.DueSkipDays},
		{"a weekend and the hour after it", friday, feed.Wishes{SkipDays: saturday | sunday, SkipHours: 1}, time.Date(2026, 2, 2, 1, 0, 0, 0, time.UTC), feed.DueSkipHours},
		{"all hours means none", thursday, feed.Wishes{SkipHours: 1<<24 - 1}, time.Time{}, feed.DueEvery},
		{"all days means none", thursday, feed.Wishes{SkipDays: 1<<7 - 1}, time.Time{}, feed.DueEvery},
		{"bits beyond the day mean nothing", thursday, feed.Wishes{SkipHours: 1 << 30}, time.Time{}, feed.DueEvery},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := feed.Feed{ID: 7, Every: 5 * time.Minute, Wishes: c.w}
			got := feed.After(c.now, f, feed.Heard{Result: feed.NotModified}, feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour})
			lo, hi := c.want, c.want.Add(2*time.Minute)
			if c.want.IsZero() {
				lo, hi = c.now.Add(5*time.Minute), c.now.Add(5*time.Minute+30*time.Second)
			}
			if got.Next.Before(lo) || got.Next.After(hi) || got.NextReason != c.reason {
				t.Errorf("due at %v because of %q, want %v to %v, %q", got.Next, got.NextReason, lo, hi, c.reason)
			}
		})
	}
}
