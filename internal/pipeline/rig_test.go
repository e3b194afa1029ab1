package pipeline_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// rig is a placer over the real store with the built-in topics and three
// outlets, each with a feed; the test turns its clock.
type rig struct {
	tb     testing.TB
	store  *store.Store
	topics pipeline.Topics
	batch  int
	placer *pipeline.Placer
	feeds  map[source.ID]feed.Feed
	now    time.Time
	// claims are what the parties say in a report, by its title.
	claims saying
	// extractor, if set, reads them instead.
	extractor pipeline.Claims
	// articles is the feed whose pages may be read.
	articles feed.ID
	// planned counts what the placer told of its alerts.
	planned int
}

func newRig(tb testing.TB, topics pipeline.Topics) *rig {
	tb.Helper()
	ctx := tb.Context()
	s, err := store.Open(ctx, store.Options{DSN: storetest.SQLite(tb), Logger: slog.New(slog.DiscardHandler)})
	must(tb, err)
	tb.Cleanup(func() { must(tb, s.Close()) })
	must(tb, s.Migrate(ctx))
	must(tb, s.PutGuild(ctx, guild.Guild{ID: "1", Name: "Newsroom", Joined: noon}))
	r := &rig{tb: tb, store: s, topics: topics, batch: 10, now: noon, feeds: map[source.ID]feed.Feed{}}
	var all []feed.Feed
	for _, src := range outlets() {
		all = append(all, feed.Feed{URL: "https://" + string(src.ID) + ".example/feed", Source: src.ID, Every: time.Hour})
	}
	must(tb, s.SyncFeeds(ctx, noon, all))
	claimed, err := s.ClaimDue(ctx, feed.Catalogue, noon, len(all), time.Hour)
	must(tb, err)
	for _, f := range claimed {
		r.feeds[f.Source] = f
	}
	r.restart()
	return r
}

func outlets() []source.Source {
	return []source.Source{
		{ID: "wire", Name: "Example Wire", Country: "GB", Language: "en", Tier: source.Wire},
		{ID: "post", Name: "Example Post", Country: "US", Language: "en", Tier: source.National},
		{ID: "state", Name: "State Herald", Country: "RU", Language: "en", Tier: source.National, StateControlled: true},
	}
}

// builtInTopics are safe for concurrent use: loading them takes longer than most tests
// do with them.
var builtInTopics = sync.OnceValues(func() (*topic.Set, error) { return topic.Load(config.BuiltInTopics()) })

func builtIn(tb testing.TB) *topic.Set {
	tb.Helper()
	topics, err := builtInTopics()
	must(tb, err)
	return topics
}

// restart replaces the placer by a new one, which knows what the store knows.
func (r *rig) restart() {
	r.tb.Helper()
	r.placer = r.placerOver(r.store)
}

func (r *rig) subscribe(channel string, id topic.ID, role string) {
	r.tb.Helper()
	_, err := r.store.Subscribe(r.tb.Context(), subscription.Subscription{Guild: "1", Channel: channel, Topic: id, Role: role, CreatedBy: "2", Created: noon})
	must(r.tb, err)
}

// told makes a report of an outlet as its feed brings it now.
func (r *rig) told(src source.ID, title, description string) report.Report {
	link := fmt.Sprintf("https://%s.example/%x", src, title)
	return report.Report{
		Source: src, Title: title, Description: description, Link: link, Language: "en", Published: r.now, Seen: r.now,
		Keys: report.Identify([]report.Raw{{Link: link, Title: title, Description: description}})[0],
	}
}

// bring saves the reports, each as a poll of its source's feed.
func (r *rig) bring(reports ...report.Report) {
	r.tb.Helper()
	for _, x := range reports {
		_, err := r.store.SavePoll(r.tb.Context(), feed.Outcome{Feed: r.feeds[x.Source], Result: feed.Changed, Reports: []report.Report{x}})
		must(r.tb, err)
	}
}

func (r *rig) place() {
	r.tb.Helper()
	_, err := r.placer.Place(r.tb.Context())
	must(r.tb, err)
}

// alerts are the deliveries of all channels, in order.
func (r *rig) alerts() []alert.Delivery {
	r.tb.Helper()
	ds, err := r.store.Deliveries(r.tb.Context(), store.DeliveryQuery{})
	must(r.tb, err)
	return ds
}

// headlines are the channel and headline of each alert, in order.
func (r *rig) headlines() []string {
	r.tb.Helper()
	var out []string
	for _, d := range r.alerts() {
		out = append(out, d.Channel+": "+d.Content.Headline)
	}
	return out
}

// stories are all stories with their reports, by id.
func (r *rig) stories() []story.Told {
	r.tb.Helper()
	out, err := r.store.OpenStories(context.WithoutCancel(r.tb.Context()), time.Time{})
	must(r.tb, err)
	slices.SortFunc(out, func(a, b story.Told) int { return cmp.Compare(a.Story.ID, b.Story.ID) })
	return out
}

// truce makes the words of a report that the ceasefire topic recognises.
func truce(n int) (title, description string) {
	return "Ceasefire agreed in region " + strconv.Itoa(n) + " after talks between both armies",
		"The two sides signed a ceasefire for region " + strconv.Itoa(n) + " on Thursday, mediators said in Geneva."
}

// placerOver is a placer with its own view of the store.
func (r *rig) placerOver(s pipeline.Store) *pipeline.Placer {
	r.tb.Helper()
	c, err := source.NewCatalogue(outlets())
	must(r.tb, err)
	p, err := pipeline.New(s, r.topics, c, r.options())
	must(r.tb, err)
	return p
}

func (r *rig) options() pipeline.Options {
	return pipeline.Options{
		Batch: r.batch, MaxAge: 6 * time.Hour, Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler),
		Planned: func(n int) { r.planned += n }, Claims: r.reader(),
		Articles: func(id int64) bool { return r.articles != 0 && id == int64(r.articles) },
	}
}

// reader is the reader of claims, nil where a test has none.
func (r *rig) reader() pipeline.Claims {
	switch {
	case r.extractor != nil:
		return r.extractor
	case r.claims == nil:
		return nil
	}
	return r.claims
}

// saying are claims by the title of their report.
type saying map[string][]claim.Claim

func (s saying) Extract(r report.Report) []claim.Claim { return s[r.Title] }

// cutting is the store, but everything ends when something is to be saved for
// the first time.
type cutting struct {
	*store.Store
	cut func()
}

func (s cutting) SavePlacements(ctx context.Context, now time.Time, placed []pipeline.Placed) error {
	s.cut()
	return s.Store.SavePlacements(ctx, now, placed)
}
