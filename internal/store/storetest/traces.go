package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
)

func testTraces(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a report's way is told with every decision", func(k kit) {
			rs := k.stored("a", "b")
			first := opens(rs[0], "ceasefire")
			raised := alertFor(first, "c1", start().Add(time.Second))
			raised.Report = rs[0].ID
			k.place(start().Add(time.Second), withAlerts(first, raised))
			second := joins(first, rs[1])
			k.place(start().Add(minute), pipeline.Placed{Placement: second, Quiet: []pipeline.Quiet{
				{Verdict: alert.Told, Channels: 900, Named: []string{"c1", "c2"}},
			}})
			d := k.claimOne(start().Add(minute))
			k.settle(start().Add(2*minute), d, sent())

			got := must(k.Trace(k.ctx, rs[0].ID))(k)
			same(k, "report", got.Report, rs[0])
			same(k, "feed", got.Feed.URL, "https://wire.example/feed")
			same(k, "matches", got.Matches, first.Matches)
			same(k, "placed", got.Placed, start().Add(time.Second))
			same(k, "reason", got.Reason, first.Reason)
			want := second.Story
			want.Topics = nil // the matches tell of them
			same(k, "story", *got.Story, want)
			same(k, "other reports", titles(got.Others), []string{"b"})
			same(k, "quiet", got.Quiet, nil)
			if len(got.Alerts) != 1 || len(got.Alerts[0].Deliveries) != 1 {
				k.t.Fatalf("alerts %+v", got.Alerts)
			}
			same(k, "who raised the alert", got.Alerts[0].Report, rs[0].ID)
			same(k, "delivery", got.Alerts[0].Deliveries[0].State, alert.Sent)
			same(k, "when it was settled", got.Alerts[0].Deliveries[0].Settled, start().Add(2*minute))

			got = must(k.Trace(k.ctx, rs[1].ID))(k)
			same(k, "reason of the second", got.Reason, second.Reason)
			same(k, "quiet of the second", got.Quiet, []pipeline.Quiet{{Verdict: alert.Told, Channels: 900, Named: []string{"c1", "c2"}}})
			same(k, "the story's reports", must(k.StoryReports(k.ctx, first.Story.ID, 10))(k), []report.ID{rs[0].ID, rs[1].ID})
			same(k, "the first of them", must(k.StoryReports(k.ctx, first.Story.ID, 1))(k), []report.ID{rs[0].ID})
		}},
		{"a report that waits for its place has no story", func(k kit) {
			rs := k.stored("a")
			got := must(k.Trace(k.ctx, rs[0].ID))(k)
			if got.Story != nil || !got.Placed.IsZero() {
				k.t.Fatalf("placed: %+v", got)
			}
			_, err := k.Trace(k.ctx, rs[0].ID+1)
			k.is(err, archive.ErrNotFound)
		}},
		{"placing again changes neither time nor verdicts", func(k kit) {
			rs := k.stored("a")
			p := pipeline.Placed{Placement: opens(rs[0], "ceasefire"), Quiet: []pipeline.Quiet{{Verdict: alert.Old, Channels: 1, Named: []string{"c1"}}}}
			k.place(start().Add(minute), p)
			before := must(k.Trace(k.ctx, rs[0].ID))(k)
			k.place(start().Add(2*minute), p)
			same(k, "record", must(k.Trace(k.ctx, rs[0].ID))(k), before)
		}},
		{"a link finds its report whatever tracking it carries", func(k kit) {
			link := "https://wire.example/news/truce?utm_source=feed"
			r := item("a")
			r.Link = link
			r.Keys = report.Identify([]report.Raw{{GUID: "a", Link: link, Title: "A headline of quite a few words"}})[0]
			front := item("b")
			front.Link = "https://wire.example/"
			k.poll(k.feed("https://wire.example/feed", "wire"), r, front)
			rs := must(k.Unplaced(k.ctx, 10))(k)
			for asked, want := range map[string][]report.ID{
				link: {rs[0].ID}, "https://www.wire.example/news/truce/?fbclid=x": {rs[0].ID},
				"https://wire.example/": {rs[1].ID}, "https://wire.example/other": nil, "nonsense": nil,
			} {
				got, deleted, err := k.FindByLink(k.ctx, asked)
				k.ok(err)
				same(k, asked, got, want)
				same(k, asked+" was deleted", deleted, false)
			}
		}},
		{"a feed keeps when it was read and what was newest", func(k kit) {
			f := k.feed("https://wire.example/feed", "wire")
			f.Read, f.Newest = start().Add(-minute), start().Add(-time.Hour)
			k.ok(func() error { _, err := k.SavePoll(k.ctx, feed.Outcome{Feed: f, Result: feed.Changed}); return err }())
			got := must(k.FeedStatus(k.ctx))(k)[0]
			same(k, "read", got.Read, f.Read)
			same(k, "newest", got.Newest, f.Newest)
		}},
		{"the backlog tells what waits apart from what is blocked", func(k kit) {
			same(k, "nothing", must(k.Backlog(k.ctx))(k), alert.Backlog{})
			k.alerts("c1", start(), start().Add(minute))
			k.alerts("c2", start().Add(2*minute))
			same(k, "all wait", must(k.Backlog(k.ctx))(k), alert.Backlog{Waiting: 3, Oldest: start()})
			for _, d := range k.claim(start().Add(3 * minute)) {
				s := sent()
				if d.Channel == "c1" {
					s = alert.Settlement{State: alert.Pending, Due: start().Add(time.Hour), Reason: alert.ReasonNoAccess, BlockChannel: true}
				}
				k.settle(start().Add(3*minute), d, s)
			}
			same(k, "one channel is blocked", must(k.Backlog(k.ctx))(k), alert.Backlog{Blocked: 2})
		}},
		{"the store knows its size and its schema", func(k kit) {
			data, log, err := k.Size(k.ctx)
			k.ok(err)
			if data <= 0 || log < 0 || log > data {
				k.t.Fatalf("size %d, of it log %d", data, log)
			}
			current, needed, err := k.Schema(k.ctx)
			k.ok(err)
			if current != needed || needed < 3 {
				k.t.Fatalf("schema %d, needed %d", current, needed)
			}
			reads, writes := k.Failures()
			same(k, "failures", reads+writes, 0)
		}},
	}.run(t, open)
}
