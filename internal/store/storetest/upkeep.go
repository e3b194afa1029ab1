package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/upkeep"
)

const day = 24 * time.Hour

// deleteOld deletes what was updated and seen before a time, a few at a time.
func (k kit) deleteOld(now, before time.Time, atOnce int) upkeep.Deleted {
	k.t.Helper()
	var sum upkeep.Deleted
	for place := (upkeep.Old{}); ; {
		ids, next, err := k.OldStories(k.ctx, before, place, 3)
		k.ok(err)
		if len(ids) == 0 {
			return sum
		}
		for place = next; ; {
			d := must(k.DeleteStories(k.ctx, now, before, ids, atOnce))(k)
			if d.Reports > atOnce {
				k.t.Fatalf("%d reports at once, want at most %d", d.Reports, atOnce)
			}
			sum.Add(d)
			if d.Reports == 0 {
				break
			}
		}
	}
}

// itemAt is an item that a feed lists at a time.
func itemAt(name string, now time.Time) report.Report {
	r := item(name)
	r.Published, r.Seen = now, now
	return r
}

// read saves a poll that read a document at a time, and returns what was added.
func (k kit) read(f feed.Feed, now time.Time, names ...string) int {
	k.t.Helper()
	f.Polled, f.Succeeded, f.Read, f.State = now, now, now, feed.OK
	o := feed.Outcome{Feed: f, Result: feed.Changed}
	for _, n := range names {
		r := itemAt(n, now)
		r.Source = f.Source
		o.Reports = append(o.Reports, r)
	}
	return must(k.SavePoll(k.ctx, o))(k)
}

// open places every unplaced report in a story of its own.
func (k kit) open(now time.Time) []story.Placement {
	k.t.Helper()
	var out []story.Placement
	for _, r := range must(k.Unplaced(k.ctx, 1000))(k) {
		p := opens(r, "ceasefire")
		k.place(now, withAlerts(p))
		out = append(out, p)
	}
	return out
}

func testUpkeep(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"an old story goes with everything, and its keys stay", func(k kit) {
			f := k.feed("https://wire.example/feed", "wire")
			k.read(f, start(), "old", "older")
			rs := must(k.Unplaced(k.ctx, 10))(k)
			first := opens(rs[0], "ceasefire")
			k.place(start(), pipeline.Placed{
				Placement: first, Alerts: []alert.Alert{alertFor(first, "c1", start())},
				Quiet: []pipeline.Quiet{{Verdict: alert.Told, Channels: 1, Named: []string{"c2"}}},
			}, withAlerts(joins(first, rs[1])))
			k.settle(start(), k.claimOne(start()), sent())
			later := start().Add(100 * day)
			k.read(f, later, "young")
			k.open(later)

			got := k.deleteOld(later, later.Add(-90*day), 10)
			same(k, "deleted", got, upkeep.Deleted{Reports: 2, Stories: 1, Alerts: 1, Deliveries: 1})
			for _, r := range rs {
				_, err := k.Report(k.ctx, r.ID)
				k.is(err, archive.ErrNotFound)
			}
			same(k, "deliveries", k.queue("c1"), nil)
			same(k, "found by words", len(must(k.Search(k.ctx, archive.Search{Text: "about", Limit: 10}))(k)), 1)
			same(k, "recent", len(must(k.Recent(k.ctx, archive.Recent{Limit: 10}))(k)), 1)
			again := []report.Report{itemAt("old", later), itemAt("older", later), itemAt("young", later), itemAt("new", later)}
			same(k, "known", must(k.Known(k.ctx, "wire", again))(k), []bool{true, true, true, false})
			same(k, "added anew", k.read(f, later.Add(day), "old", "older", "young", "new"), 1)
			same(k, "unplaced", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"new"})
			same(k, "deleted again", k.deleteOld(later, later.Add(-90*day), 10), upkeep.Deleted{})
		}},
		{"a deleted report is known by all its keys, also by new ones", func(k kit) {
			f := k.feed("https://wire.example/feed", "wire")
			k.read(f, start(), "a")
			k.open(start())
			later := start().Add(100 * day)
			k.deleteOld(later, later.Add(-90*day), 10)
			renamed := itemAt("a", later)
			renamed.Keys = []report.Key{"g:renamed", "g:a"}
			onlyNew := itemAt("a", later)
			onlyNew.Keys = []report.Key{"g:renamed"}
			f.Polled, f.Succeeded, f.Read = later, later, later
			for _, r := range []report.Report{renamed, onlyNew} {
				same(k, "added", must(k.SavePoll(k.ctx, feed.Outcome{Feed: f, Reports: []report.Report{r}}))(k), 0)
			}
			other := k.feed("https://other.example/feed", "other")
			elsewhere := itemAt("a", later)
			elsewhere.Source = "other"
			same(k, "of another source", must(k.SavePoll(k.ctx, feed.Outcome{Feed: other, Reports: []report.Report{elsewhere}}))(k), 1)
		}},
		{"what is young or under way stays", func(k kit) {
			f := k.feed("https://wire.example/feed", "wire")
			k.read(f, start(), "open", "joined")
			rs := must(k.Unplaced(k.ctx, 10))(k)
			waiting, joined := opens(rs[0], "ceasefire"), opens(rs[1], "ceasefire")
			k.place(start(), withAlerts(waiting, alertFor(waiting, "c1", start())), withAlerts(joined))
			later := start().Add(100 * day)
			k.read(f, later, "late", "unplaced")
			late := must(k.Unplaced(k.ctx, 10))(k)
			p := joins(joined, late[0])
			p.Story.Updated = start() // it is dated long ago
			k.place(later, withAlerts(p))
			same(k, "deleted", k.deleteOld(later, later.Add(-90*day), 10), upkeep.Deleted{})
			d := k.claimOne(later)
			k.settle(later, d, sent())
			same(k, "once it is settled", k.deleteOld(later, later.Add(-90*day), 10), upkeep.Deleted{Reports: 1, Stories: 1, Alerts: 1, Deliveries: 1})
			same(k, "unplaced", titles(must(k.Unplaced(k.ctx, 10))(k)), []string{"unplaced"})
		}},
		{"a long story goes a few reports at a time, its first report last", func(k kit) {
			f := k.feed("https://wire.example/feed", "wire")
			var names []string
			for i := range 25 {
				names = append(names, fmt.Sprint("r", i))
			}
			k.read(f, start(), names...)
			rs := must(k.Unplaced(k.ctx, 100))(k)
			p := opens(rs[0], "ceasefire")
			k.place(start(), withAlerts(p))
			for _, r := range rs[1:] {
				p = joins(p, r)
				k.place(start(), withAlerts(p))
			}
			later := start().Add(100 * day)
			d := must(k.DeleteStories(k.ctx, later, later.Add(-90*day), []story.ID{p.Story.ID}, 24))(k)
			same(k, "first", d, upkeep.Deleted{Reports: 24})
			same(k, "the lead is there", must(k.Trace(k.ctx, rs[0].ID))(k).Story.Lead, rs[0].ID)
			same(k, "then", k.deleteOld(later, later.Add(-90*day), 7), upkeep.Deleted{Reports: 1, Stories: 1})
			same(k, "added anew", k.read(f, later, names...), 0)
		}},
		{"old catch-up lines go", func(k kit) {
			k.alerts("c1", start(), start(), start(), start(), start(), start(), start(), start())
			k.ok(func() error { _, err := k.FoldLate(k.ctx, start().Add(2*time.Hour), policy()); return err }())
			for now := start().Add(2 * time.Hour); ; now = now.Add(minute) {
				ds := k.claim(now)
				if len(ds) == 0 {
					break
				}
				for _, d := range ds {
					k.settle(now, d, sent())
				}
			}
			lines := func() (n int) {
				for _, d := range k.queue("c1") {
					if d.Kind == alert.CatchUp {
						n++
					}
				}
				return n
			}
			same(k, "lines", lines(), 1)
			same(k, "before they are old", must(k.DeleteLines(k.ctx, start(), 10))(k), upkeep.Deleted{})
			same(k, "deleted", must(k.DeleteLines(k.ctx, start().Add(day), 10))(k), upkeep.Deleted{Deliveries: 1})
			same(k, "lines left", lines(), 0)
		}},
		{"keys go when no feed has listed them for long and all were read since", func(k kit) {
			a, b := k.feed("https://wire.example/a", "wire"), k.feed("https://wire.example/b", "wire")
			k.feed("https://wire.example/never-read", "wire")
			k.read(a, start(), "x")
			k.read(b, start(), "x")
			k.open(start())
			gone := start().Add(100 * day)
			k.deleteOld(gone, gone.Add(-90*day), 10)
			far := gone.Add(500 * day)
			keys := func(before time.Time) int { return must(k.DeleteKeys(k.ctx, before, 10))(k).Keys }
			k.read(a, far)
			same(k, "while a feed was not read since", keys(far), 0)
			unread := b
			unread.Polled, unread.Succeeded, unread.State = far, far, feed.OK
			k.ok(func() error {
				_, err := k.SavePoll(k.ctx, feed.Outcome{Feed: unread, Result: feed.NotModified})
				return err
			}())
			same(k, "while a feed says that nothing changed", keys(far), 0)
			k.read(b, far)
			same(k, "before it is long ago", keys(gone), 0)
			same(k, "deleted", keys(far), 1)
			same(k, "added anew", k.read(a, far, "x"), 1)
		}},
		{"a key that is listed again is kept on", func(k kit) {
			a := k.feed("https://wire.example/a", "wire")
			k.read(a, start(), "x")
			k.open(start())
			now := start().Add(100 * day)
			k.deleteOld(now, now.Add(-90*day), 10)
			for range 5 {
				now = now.Add(300 * day)
				same(k, "added", k.read(a, now, "x"), 0)
				k.read(a, now.Add(3*day))
				same(k, "deleted", must(k.DeleteKeys(k.ctx, now.Add(-day), 10))(k).Keys, 0)
			}
		}},
		{"upkeep is due once an interval, for one process", func(k kit) {
			claim := func(now time.Time) bool { return must(k.ClaimUpkeep(k.ctx, now, time.Hour))(k) }
			same(k, "at first", claim(start()), true)
			same(k, "for another", claim(start()), false)
			same(k, "soon after", claim(start().Add(59*minute)), false)
			same(k, "an hour later", claim(start().Add(time.Hour)), true)
			same(k, "a clock that is ahead", claim(start().Add(1000*day)), true)
			same(k, "the clock is right again", claim(start().Add(2*time.Hour)), true)
			same(k, "and goes on", claim(start().Add(2*time.Hour)), false)
			k.ok(k.Tidy(k.ctx))
		}},
		{"no history makes a report news again", func(k kit) {
			t, ok := k.t.(*testing.T)
			if !ok {
				k.t.Fatal("not a test")
			}
			n := 0
			rapid.Check(t, func(rt *rapid.T) {
				n++
				m := newForgetful(kit{Store: k.Store, t: rt, ctx: k.ctx}, n)
				rt.Repeat(map[string]func(*rapid.T){
					"read": m.read, "unchanged": m.unchanged, "wait": m.wait, "upkeep": m.upkeep, "place": func(*rapid.T) { m.open(m.now) },
				})
				m.open(m.now)
			})
		}},
	}.run(t, open)
}

// forgetful is a source with two feeds that list what they like, as time goes by
// and old reports are deleted.
type forgetful struct {
	kit
	now   time.Time
	feeds []feed.Feed
	// lists are what the feeds listed when they were read last.
	lists [][]string
	// stored are the reports that were stored, with when a feed listed them last.
	stored map[string]time.Time
	names  []string
}

// The times of the test: shorter than those of upkeep, so that histories reach
// their ends.
const (
	testKeep, testKeysFor = 20 * day, 60 * day
)

func newForgetful(k kit, n int) *forgetful {
	m := &forgetful{kit: k, now: start(), stored: map[string]time.Time{}}
	var feeds []feed.Feed
	for i := range 2 {
		feeds = append(feeds, feed.Feed{URL: fmt.Sprintf("https://wire-%d.example/%d", n, i), Source: source.ID(fmt.Sprint("wire", n)), Every: time.Hour})
	}
	k.ok(k.SyncFeeds(k.ctx, start(), feeds))
	m.feeds, m.lists = must(k.FeedStatus(k.ctx))(k), make([][]string, len(feeds))
	for i := range 4 {
		m.names = append(m.names, fmt.Sprintf("n%d-%d", n, i))
	}
	return m
}

// read lets a feed be read. No report that it lists may be new if it was stored
// and, to a day, a feed listed it within the time that keys are kept, or lists it
// still for all that is known.
func (m *forgetful) read(rt *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(rt, "feed")
	list := rapid.SliceOfNDistinct(rapid.SampledFrom(m.names), 0, len(m.names), rapid.ID[string]).Draw(rt, "list")
	before := titles(must(m.Unplaced(m.ctx, 1000))(m.kit))
	m.kit.read(m.feeds[i], m.now, list...)
	after := titles(must(m.Unplaced(m.ctx, 1000))(m.kit))
	for _, name := range list {
		isNew := slices.Contains(after, name) && !slices.Contains(before, name)
		last, was := m.stored[name]
		stays := slices.Contains(m.lists[0], name) || slices.Contains(m.lists[1], name)
		switch {
		case !was && !isNew:
			m.t.Fatalf("%s is new, and was not stored", name)
		case was && isNew && (stays || m.now.Sub(last) < testKeysFor-day):
			m.t.Fatalf("%s is news again %v after it was listed, and is in a feed: %v", name, m.now.Sub(last), stays)
		}
		m.stored[name] = m.now
	}
	m.lists[i] = list
}

// unchanged lets a feed answer that nothing has changed.
func (m *forgetful) unchanged(rt *rapid.T) {
	f := m.feeds[rapid.IntRange(0, 1).Draw(rt, "feed")]
	for _, is := range must(m.FeedStatus(m.ctx))(m.kit) {
		if is.ID == f.ID && !is.Succeeded.IsZero() {
			is.Polled, is.Succeeded = m.now, m.now
			m.ok(func() error {
				_, err := m.SavePoll(m.ctx, feed.Outcome{Feed: is, Result: feed.NotModified})
				return err
			}())
		}
	}
}

func (m *forgetful) wait(rt *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(rt, "hours")) * time.Hour)
}

func (m *forgetful) upkeep(rt *rapid.T) {
	m.deleteOld(m.now, m.now.Add(-testKeep), rapid.IntRange(1, 5).Draw(rt, "at once"))
	for must(m.DeleteKeys(m.ctx, m.now.Add(-testKeysFor), 3))(m.kit).Keys > 0 { // until none is left
	}
}
