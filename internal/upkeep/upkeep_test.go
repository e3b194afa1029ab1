package upkeep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/upkeep"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// yard is a store with so many stories of so many reports, all read at noon, and
// a clock.
type yard struct {
	*store.Store
	tb  testing.TB
	now time.Time
	// held is how long each deletion took.
	held []time.Duration
}

func newYard(tb testing.TB, stories, reports int) *yard {
	tb.Helper()
	s, err := store.Open(tb.Context(), store.Options{DSN: storetest.SQLite(tb), Logger: slog.New(slog.DiscardHandler)})
	y := &yard{Store: s, tb: tb, now: noon}
	y.ok(err)
	tb.Cleanup(func() { y.ok(s.Close()) })
	y.ok(s.Migrate(tb.Context()))
	y.ok(s.SyncFeeds(tb.Context(), noon, []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}}))
	feeds, err := s.FeedStatus(tb.Context())
	y.ok(err)
	for i := range stories {
		o := feed.Outcome{Feed: feeds[0], Result: feed.Changed}
		for j := range reports {
			name := fmt.Sprintf("%d-%d", i, j)
			o.Reports = append(o.Reports, report.Report{
				Source: "wire", Keys: []report.Key{report.Key("g:" + name), report.Key("l:" + name), report.Key("t:" + name)},
				Title: "Report " + name, Description: strings.Repeat("Some words of it. ", 20), Language: "en", Seen: noon,
			})
		}
		_, err := s.SavePoll(tb.Context(), o)
		y.ok(err)
		y.place()
	}
	return y
}

func (y *yard) ok(err error) {
	y.tb.Helper()
	if err != nil {
		y.tb.Fatal(err)
	}
}

// place puts all unplaced reports into one story.
func (y *yard) place() {
	y.tb.Helper()
	rs, err := y.Unplaced(y.tb.Context(), 10_000)
	y.ok(err)
	var placed []pipeline.Placed
	for i, r := range rs {
		st := story.Story{ID: story.ID(rs[0].ID), Lead: rs[0].ID, Title: r.Title, Opened: noon, Updated: noon, Reports: i + 1, Sources: 1, Revision: i + 1}
		placed = append(placed, pipeline.Placed{Placement: story.Placement{Report: r.ID, Story: st, Opened: i == 0, Reason: story.OpensNew}})
	}
	y.ok(y.SavePlacements(y.tb.Context(), noon, placed))
}

// DeleteStories notes how long it takes.
func (y *yard) DeleteStories(ctx context.Context, now, before time.Time, stories []story.ID, limit int) (upkeep.Deleted, error) {
	began := time.Now()
	defer func() { y.held = append(y.held, time.Since(began)) }()
	return y.Store.DeleteStories(ctx, now, before, stories, limit)
}

func (y *yard) upkeep(done func(upkeep.Deleted, error)) *upkeep.Upkeep {
	y.tb.Helper()
	u, err := upkeep.New(y, upkeep.Options{
		Keep: 90 * day, KeepChanges: 90 * day, KeepGuilds: 30 * day, Every: time.Hour, Now: func() time.Time { return y.now }, Logger: slog.New(slog.DiscardHandler), Done: done,
	})
	y.ok(err)
	return u
}

func TestOldStoriesGoWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		y := newYard(t, 60, 3)
		var got []upkeep.Deleted
		u := y.upkeep(func(d upkeep.Deleted, err error) {
			y.ok(err)
			got = append(got, d)
		})
		run := func(at time.Time, want upkeep.Deleted) {
			t.Helper()
			got, y.now = nil, at
			u.Run(t.Context())
			if len(got) != 1 || got[0] != want {
				t.Errorf("at %v deleted %+v, want %+v once", at.Sub(noon), got, want)
			}
		}
		run(noon.Add(90*day), upkeep.Deleted{})
		run(noon.Add(90*day+time.Hour), upkeep.Deleted{Reports: 180, Stories: 60})
		u.Run(t.Context())
		if len(got) != 1 {
			t.Error("it ran twice within an hour")
		}
		run(noon.Add(91*day), upkeep.Deleted{})
	})
}

func TestItEndsWithItsContext(t *testing.T) {
	t.Parallel()
	y := newYard(t, 2, 2)
	y.now = noon.Add(100 * day)
	ctx, cancel := context.WithCancel(t.Context())
	u := y.upkeep(func(upkeep.Deleted, error) { t.Error("it says that it is done") })
	cancel()
	u.Run(ctx)
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	good := upkeep.Options{Keep: 90 * day, KeepChanges: 90 * day, KeepGuilds: 30 * day, Every: time.Hour, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
	for name, change := range map[string]func(*upkeep.Options){
		"too short": func(o *upkeep.Options) { o.Keep = upkeep.MinKeep - 1 }, "never": func(o *upkeep.Options) { o.Every = 0 },
		"no time for changes": func(o *upkeep.Options) { o.KeepChanges = 0 },
		"no time for guilds":  func(o *upkeep.Options) { o.KeepGuilds = 0 },
		"no clock":            func(o *upkeep.Options) { o.Now = nil }, "no logger": func(o *upkeep.Options) { o.Logger = nil },
	} {
		o := good
		change(&o)
		if _, err := upkeep.New(nil, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := upkeep.New(nil, good); err != nil {
		t.Error(err)
	}
}

// failing is a store whose deletions fail.
type failing struct{ *yard }

func (failing) DeleteLines(context.Context, time.Time, int) (upkeep.Deleted, error) {
	return upkeep.Deleted{}, errors.New("disk I/O error")
}

func TestAFailureIsTold(t *testing.T) {
	t.Parallel()
	y := newYard(t, 1, 1)
	var told error
	u, err := upkeep.New(failing{y}, upkeep.Options{
		Keep: 90 * day, KeepChanges: 90 * day, KeepGuilds: 30 * day, Every: time.Hour, Now: func() time.Time { return y.now }, Logger: slog.New(slog.DiscardHandler),
		Done: func(_ upkeep.Deleted, err error) { told = err },
	})
	y.ok(err)
	u.Run(t.Context())
	if told == nil || !strings.Contains(told.Error(), "disk I/O error") {
		t.Errorf("told %v", told)
	}
}

// BenchmarkUpkeep deletes 4,000 reports in 800 stories, and 1,000 in one. It
// prints how long others waited for the database, in the middle, once in a
// hundred times and at most, beside how long the same machine takes for one
// commit.
func BenchmarkUpkeep(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		y := newYard(b, 800, 5)
		big := newYard(b, 1, 1000)
		b.StartTimer()
		for _, y := range []*yard{y, big} {
			y.now = noon.Add(100 * day)
			began := time.Now()
			y.upkeep(func(d upkeep.Deleted, err error) {
				y.ok(err)
				slices.Sort(y.held)
				at := func(share float64) time.Duration {
					return y.held[int(share*float64(len(y.held)-1))].Round(time.Microsecond)
				}
				b.Logf("%d reports in %v; %d times held, median %v, 99 %% %v, most %v",
					d.Reports, time.Since(began).Round(time.Millisecond), len(y.held), at(.5), at(.99), at(1))
			}).Run(b.Context())
			var commits []time.Duration
			for i := range 20 {
				began := time.Now()
				_, err := y.ClaimUpkeep(b.Context(), noon.Add(time.Duration(200+i)*day), time.Hour)
				y.ok(err)
				commits = append(commits, time.Since(began))
			}
			slices.Sort(commits)
			b.Logf("one commit takes %v in the middle", commits[10].Round(time.Microsecond))
			b.ReportMetric(float64(y.held[len(y.held)/2])/float64(commits[10]), "commits-held")
		}
	}
}
