package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Run runs the whole suite. open returns a store that is empty, migrated and
// closed at the end of t.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	areas := []struct {
		name string
		run  func(t *testing.T, open func(t *testing.T) *store.Store)
	}{
		{"opening", testOpening},
		{"feeds", testFeeds},
		{"polls", testPolls},
		{"websub", testWebSub},
		{"placing", testPlacing},
		{"articles", testArticles},
		{"changes of stories", testChanges},
		{"alerts", testAlerts},
		{"ledger", testLedger},
		{"edits", testEdits},
		{"phrasings", testPhrasings},
		{"updates", testUpdates},
		{"publications", testPublications},
		{"troubles", testTroubles},
		{"late", testLate},
		{"subscriptions", testSubscriptions},
		{"guilds", testGuilds},
		{"settings", testSettings},
		{"own topics", testOwnTopics},
		{"digests", testDigests},
		{"audit", testAudit},
		{"erasing", testErasing},
		{"gathered", testGathered},
		{"feeds of guilds", testGuildFeeds},
		{"quiet", testQuiet},
		{"feedback", testFeedback},
		{"lookups", testLookups},
		{"search", testSearch},
		{"status", testStatus},
		{"traces", testTraces},
		{"whole stories", testTold},
		{"traces of a guild", testGuildTraces},
		{"leases", testLeases},
		{"upkeep", testUpkeep},
		{"concurrency", testConcurrency},
	}
	for _, a := range areas {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			a.run(t, open)
		})
	}
}

// kit is a store with short words for what tests do with it.
type kit struct {
	*store.Store
	t   fataler
	ctx context.Context
}

// fataler is what *testing.T, *testing.B and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// each runs a case in a store of its own.
type cases []struct {
	name string
	run  func(k kit)
}

func (cs cases) run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, c := range cs {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(kit{Store: open(t), t: t, ctx: t.Context()})
		})
	}
}

// start is when every test begins.
func start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func (k kit) ok(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k kit) is(err, want error) {
	k.t.Helper()
	if !errors.Is(err, want) {
		k.t.Fatalf("got error %v, want %v", err, want)
	}
}

// same fails unless got is want; nil and empty are the same.
func same[T any](k kit, what string, got, want T) {
	k.t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		k.t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// must unwraps a result.
func must[T any](v T, err error) func(k kit) T {
	return func(k kit) T {
		k.t.Helper()
		k.ok(err)
		return v
	}
}

// feed makes sure that a feed is polled and returns its record.
func (k kit) feed(url string, src source.ID) feed.Feed {
	k.t.Helper()
	status := slices.DeleteFunc(must(k.FeedStatus(k.ctx))(k), func(f feed.Feed) bool { return f.Own && f.URL != url })
	all := append(status, feed.Feed{URL: url, Source: src, Every: 10 * time.Minute})
	k.ok(k.SyncFeeds(k.ctx, start(), all))
	for _, f := range must(k.FeedStatus(k.ctx))(k) {
		if f.URL == url {
			return f
		}
	}
	k.t.Fatalf("feed %s is not there", url)
	return feed.Feed{}
}

// item is a report with one key made from its name.
func item(name string) report.Report {
	return report.Report{
		Source: "wire", Keys: []report.Key{report.Key("g:" + name)}, Title: name,
		Description: "About " + name + ".", Link: "https://wire.example/" + name, Language: "en",
		Published: start().Add(-time.Minute), Seen: start(),
	}
}

// poll saves items as one poll of f and returns how many were new.
func (k kit) poll(f feed.Feed, items ...report.Report) int {
	k.t.Helper()
	f.Polled, f.Succeeded, f.State = start(), start(), feed.OK
	return must(k.SavePoll(k.ctx, feed.Outcome{Feed: f, Result: feed.Changed, Reports: items}))(k)
}

// stored polls items by name and returns the unplaced reports.
func (k kit) stored(names ...string) []report.Report {
	k.t.Helper()
	items := make([]report.Report, len(names))
	for i, n := range names {
		items[i] = item(n)
	}
	k.poll(k.feed("https://wire.example/feed", "wire"), items...)
	return must(k.Unplaced(k.ctx, 1_000_000))(k)
}

// opens is the placement of a report in a story of its own.
func opens(r report.Report, topics ...topic.ID) story.Placement {
	st := story.Story{
		ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Language: r.Language,
		Opened: r.Time(), Updated: r.Time(), Reports: 1, Sources: 1, Revision: 1,
		Testimony: story.Testimony{Bound: map[string]story.Stance{"ru": story.Silent}, Claimants: []string{"us"}},
		Turns: []story.Turn{{
			By: "us", Speaker: "Washington", Act: claim.Assert, About: "Moscow", Reason: story.OthersClaim,
			Standing: story.Claimed, Report: r.ID, Source: r.Source, At: r.Time(),
		}},
	}
	p := story.Placement{Report: r.ID, Opened: true, Reason: story.OpensNew}
	for i, t := range topics {
		st.Topics = append(st.Topics, story.TopicStage{Topic: t, Stage: "agreed"})
		p.Matches = append(p.Matches, topic.Match{
			Topic: t, Score: 2.5 + float64(i), Stage: "agreed", Flags: topic.Future,
			Evidence: []topic.Evidence{{Field: topic.Title, Start: 1, End: 4, Text: "tru", Rule: "tr*", Weight: 2.5}},
		})
	}
	p.Story = st
	return p
}

// joins is the placement of a report in the story of p.
func joins(p story.Placement, r report.Report) story.Placement {
	st := p.Story
	st.Reports++
	st.Revision++
	st.Updated = r.Time()
	return story.Placement{Report: r.ID, Story: st, Reason: story.NearTitle}
}

func (k kit) place(now time.Time, placed ...pipeline.Placed) {
	k.t.Helper()
	k.ok(k.SavePlacements(k.ctx, now, placed))
}

// alertFor is an alert of a story for a channel, in the guild "g".
func alertFor(p story.Placement, channel string, planned time.Time) alert.Alert {
	return alert.Alert{
		Guild: "g", Channel: channel, Story: p.Story.ID, Roles: []string{"r1"}, Planned: planned,
		Content: alert.Content{
			Story: p.Story.ID, Headline: p.Story.Title, Link: "https://wire.example/x", Time: planned,
			Outlet: alert.Outlet{Name: "Wire", Tier: source.Wire}, Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefires"}},
		},
	}
}

// alerts stores one story for each time and alerts the channel to each, in
// order. It returns the deliveries.
func (k kit) alerts(channel string, at ...time.Time) []alert.Delivery {
	k.t.Helper()
	names := make([]string, len(at))
	for i := range at {
		names[i] = fmt.Sprintf("%s-%d-%d", channel, len(must(k.Deliveries(k.ctx, store.DeliveryQuery{Channel: channel}))(k)), i)
	}
	for i, r := range k.stored(names...) {
		p := opens(r, "ceasefire")
		k.place(at[i], pipeline.Placed{Placement: p, Alerts: []alert.Alert{alertFor(p, channel, at[i])}})
	}
	all := k.queue(channel)
	return all[len(all)-len(at):]
}

// queue returns all deliveries of a channel.
func (k kit) queue(channel string) []alert.Delivery {
	k.t.Helper()
	return must(k.Deliveries(k.ctx, store.DeliveryQuery{Channel: channel}))(k)
}

// claim claims all that is due for 30 seconds.
func (k kit) claim(now time.Time) []alert.Delivery {
	k.t.Helper()
	return must(k.Claim(k.ctx, now, 1000, 30*time.Second))(k)
}

// claimOne claims and expects exactly one delivery.
func (k kit) claimOne(now time.Time) alert.Delivery {
	k.t.Helper()
	got := k.claim(now)
	if len(got) != 1 {
		k.t.Fatalf("claimed %d deliveries at %v, want 1", len(got), now)
	}
	return got[0]
}

func (k kit) settle(now time.Time, d alert.Delivery, s alert.Settlement) {
	k.t.Helper()
	k.ok(k.Settle(k.ctx, now, d, s))
}

func (k kit) join(id string) {
	k.t.Helper()
	k.ok(k.PutGuild(k.ctx, guild.Guild{ID: id, Name: "Guild " + id, Joined: start()}))
}

func (k kit) subscribe(guildID, channel string, t topic.ID) subscription.Subscription {
	k.t.Helper()
	return must(k.Subscribe(k.ctx, subscription.Subscription{
		Guild: guildID, Channel: channel, Topic: t, Role: "r", CreatedBy: "u", Created: start(),
	}))(k)
}

func ids[T any, ID any](list []T, id func(T) ID) []ID {
	out := make([]ID, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

func titles(reports []report.Report) []string {
	return ids(reports, func(r report.Report) string { return r.Title })
}

// withAlerts is a placement with alerts.
func withAlerts(p story.Placement, a ...alert.Alert) pipeline.Placed {
	return pipeline.Placed{Placement: p, Alerts: a}
}

// numbered is a topic made from a number.
func numbered(i int) topic.ID { return topic.ID(fmt.Sprint("t", i)) }
