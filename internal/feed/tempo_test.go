package feed_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

// follow polls a feed whenever it is due, for as long as d, and returns the waits
// that came of it. published tells whether the feed brought something between two
// times.
func follow(f feed.Feed, d time.Duration, published func(from, to time.Time) bool) []feed.Feed {
	pace := feed.Pace{Min: 2 * time.Minute, Max: 30 * time.Minute, MaxBackoff: 6 * time.Hour}
	var out []feed.Feed
	last := noon
	for now := noon; now.Before(noon.Add(d)); now = f.Next {
		h := feed.Heard{Result: feed.NotModified}
		if published(last, now) {
			h = feed.Heard{Result: feed.Changed, News: 1, Newest: now}
		}
		f, last = feed.After(now, f, h, pace), now
		out = append(out, f)
	}
	return out
}

// each is something new every so often.
func each(every time.Duration) func(from, to time.Time) bool {
	return func(from, to time.Time) bool { return from.Truncate(every) != to.Truncate(every) }
}

func TestTheIntervalFollowsTheFeed(t *testing.T) {
	t.Parallel()
	start := feed.Feed{ID: 7, Every: 5 * time.Minute}
	for _, c := range []struct {
		name      string
		published func(from, to time.Time) bool
		over      time.Duration
		min, max  time.Duration // of the last wait
		reason    feed.DueReason
	}{
		{"a wire with news each minute", each(time.Minute), time.Hour, 2 * time.Minute, 132 * time.Second, feed.DueMin},
		{"an outlet with news each hour", each(time.Hour), 24 * time.Hour, 5 * time.Minute, 10 * time.Minute, feed.DueTempo},
		{"a weekly bulletin", each(7 * 24 * time.Hour), 60 * 24 * time.Hour, 30 * time.Minute, 33 * time.Minute, feed.DueMax},
		{"a feed that never changes keeps its interval", func(_, _ time.Time) bool { return false }, 24 * time.Hour, 5 * time.Minute, 330 * time.Second, feed.DueEvery},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			all := follow(start, c.over, c.published)
			last := all[len(all)-1]
			if w := last.Next.Sub(last.Polled); w < c.min || w > c.max || last.NextReason != c.reason {
				t.Errorf("after %d polls it waits %v because of %q; want %v to %v, %q", len(all), w, last.NextReason, c.min, c.max, c.reason)
			}
		})
	}
}

func TestANightDoesNotSlowDownTheMorning(t *testing.T) {
	t.Parallel()
	// News every ten minutes from 6 to 22 o'clock.
	published := func(from, to time.Time) bool {
		return to.Hour() >= 6 && to.Hour() < 22 && each(10*time.Minute)(from, to)
	}
	longest := time.Duration(0)
	for _, f := range follow(feed.Feed{ID: 7, Every: 5 * time.Minute}, 72*time.Hour, published) {
		if h := f.Polled.Hour(); h >= 6 && h < 22 {
			longest = max(longest, f.Next.Sub(f.Polled))
		}
	}
	if longest > 6*time.Minute {
		t.Errorf("by day it once waited %v", longest)
	}
}

func TestACrisisIsFollowedAtOnce(t *testing.T) {
	t.Parallel()
	// A daily feed that from the third day on brings something every five minutes.
	crisis := noon.Add(72 * time.Hour)
	published := func(from, to time.Time) bool {
		if to.Before(crisis) {
			return each(24*time.Hour)(from, to)
		}
		return each(5*time.Minute)(from, to)
	}
	all := follow(feed.Feed{ID: 7, Every: 5 * time.Minute}, 84*time.Hour, published)
	for _, f := range all {
		if f.Polled.After(crisis.Add(4*time.Hour)) && f.Next.Sub(f.Polled) > 3*time.Minute {
			t.Fatalf("%v into the crisis it still waits %v", f.Polled.Sub(crisis), f.Next.Sub(f.Polled))
		}
	}
}

func TestFeedsDoNotTickInStep(t *testing.T) {
	t.Parallel()
	pace := feed.Pace{Min: 2 * time.Minute, Max: 30 * time.Minute, MaxBackoff: 6 * time.Hour}
	due := map[time.Time]int{}
	var first, last time.Time
	for id := range 100 {
		f := feed.Feed{ID: feed.ID(id), Every: 10 * time.Minute}
		next := feed.After(noon, f, feed.Heard{Result: feed.NotModified}, pace).Next
		if again := feed.After(noon, f, feed.Heard{Result: feed.NotModified}, pace).Next; !again.Equal(next) {
			t.Fatalf("feed %d is due at %v or %v", id, next, again)
		}
		due[next.Truncate(time.Second)]++
		if first.IsZero() || next.Before(first) {
			first = next
		}
		if next.After(last) {
			last = next
		}
	}
	if len(due) < 40 || last.Sub(first) < 45*time.Second {
		t.Errorf("100 feeds are due in %d different seconds over %v", len(due), last.Sub(first))
	}
}
