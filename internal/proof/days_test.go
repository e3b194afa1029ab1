package proof

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store"
)

// TestTwoDaysWithoutTheBot has the news come while the bot is off. What is
// fresh when it is back is told; of what is late five, and one line for the rest
// that is not too old.
func TestTwoDaysWithoutTheBot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDays(t, 5, 1000)
		d.run(time.Hour, time.Hour, nil) // the first import, of empty feeds
		fresh, late := d.newsSince(time.Now())
		<-time.After(newsFor) // virtual
		d.run(time.Hour, time.Hour, nil)
		got, lines := d.said()
		slices.Sort(got)
		t.Logf("%d stories: %d were fresh, %d late; %d alerts, and a line for %v", news(), fresh, late, len(got), lines)
		if len(slices.Compact(got)) != fresh+5 || got[5] != news()-fresh || !slices.Equal(lines, []int{late - 5}) {
			t.Errorf("want %d alerts, the fresh ones among them, and a line for %d; got %v", fresh+5, late-5, got)
		}
	})
}

// TestTwoDaysWithoutDiscord has them come, in the short form those of half a day,
// while Discord cannot be reached. Then five late ones are told at most, and each
// story is told, or counted in a line, or recorded as too old.
func TestTwoDaysWithoutDiscord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		each, away := news()/48, newsFor
		if *size == "short" {
			away /= 4
		}
		d := newDays(t, 5, 40)
		d.pace = 15 * time.Minute
		d.run(time.Hour, time.Hour, nil)
		d.cut(true)
		n := 0
		d.run(away, time.Hour, func(int) {
			for range each {
				d.papers[d.urls[n%len(d.urls)]].publish(n, time.Now())
				n++
			}
		})
		d.cut(false)
		d.run(3*time.Hour, time.Hour, nil)
		got, lines := d.said()
		all, err := d.store.Deliveries(t.Context(), store.DeliveryQuery{})
		if err != nil {
			t.Fatal(err)
		}
		folded, old, open := 0, 0, 0
		for _, x := range all {
			switch {
			case x.Settled.IsZero():
				open++
			case x.Kind != alert.Post || x.State == alert.Sent:
			case x.Reason == alert.ReasonCatchUp:
				folded++
			default:
				old++
			}
		}
		t.Logf("%d stories: %d told, %d stand in %d lines, %d too old", n, len(got), folded, len(lines), old)
		if open > 0 || len(got)+folded+old != n || len(got) > 5 || len(lines) != 1 {
			t.Errorf("%d are open; told %v and lines for %v", open, got, lines)
		}
	})
}

// TestAFeedThatRenamesEverythingTellsNothing gives all items of a feed other
// identifiers, and other links too, some of them minutes old.
func TestAFeedThatRenamesEverythingTellsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDays(t, 1, 60)
		d.pace = 2 * time.Minute
		p := d.papers[d.urls[0]]
		const stories = 24
		d.run(time.Hour, time.Hour, nil)
		d.run(stories*10*time.Minute, 10*time.Minute, func(i int) { p.publish(i, time.Now()) })
		d.mustTell(numbers(0, stories))
		for _, name := range []string{"b", "c", "d"} {
			p.rename(name)
			d.run(time.Hour, time.Hour, nil)
		}
		d.mustTell(numbers(0, stories))
		p.publish(stories, time.Now())
		d.run(time.Hour, time.Hour, nil)
		d.mustTell(numbers(0, stories+1))
	})
}

// TestAClockThatIsSet sets the machine's clock and, after some hours with a story
// each quarter of one, right again.
func TestAClockThatIsSet(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{time.Minute, 2 * time.Hour, 72 * time.Hour, -time.Minute, -2 * time.Hour, -72 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				part := map[string]int{"short": 6, "medium": 24, "full": 24}[*size] // of the stories
				d := newDays(t, 1, 60)
				d.pace = 3 * time.Minute
				p := d.papers[d.urls[0]]
				n := 0
				hours := func() {
					d.run(time.Duration(part)*15*time.Minute, 15*time.Minute, func(int) { p.publish(n, time.Now()); n++ })
				}
				d.run(time.Hour, time.Hour, nil)
				hours()
				d.set(by)
				hours()
				d.set(0)
				hours()
				want := numbers(0, 3*part)
				if by > 6*time.Hour { // by that clock they are too old to be told
					want = append(numbers(0, part), numbers(2*part, 3*part)...)
				}
				d.mustTell(want)
			})
		})
	}
}

func numbers(from, to int) []int {
	var out []int
	for n := from; n < to; n++ {
		out = append(out, n)
	}
	return out
}
