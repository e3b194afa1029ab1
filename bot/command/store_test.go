package command_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/subscribing"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// bench is a router on a store of its own.
type bench struct {
	*command.Router
	store   *store.Store
	discord *discord
}

func newBench(t testing.TB) bench {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t), Logger: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := &discord{}
	r := newRouter(t, s, d)
	return bench{Router: r, store: s, discord: d}
}

// atTime are the options of a router whose clock stands still.
func atTime(at time.Time) interaction.Options {
	return interaction.Options{
		Logger: quietLog(), Now: func() time.Time { return at }, Reference: func() string { return "abcd1234" },
	}
}

func atNow() interaction.Options { return atTime(now) }

func newRouter(t testing.TB, s command.Store, d interaction.Responder) *command.Router {
	t.Helper()
	return newRouterAt(t, now, s, d)
}

// newRouterAt is newRouter at another time.
func newRouterAt(t testing.TB, at time.Time, s command.Store, d interaction.Responder) *command.Router {
	t.Helper()
	var rehearser subscribing.Rehearser
	if kept, ok := s.(*store.Store); ok {
		rehearser = &pipeline.Rehearser{Store: kept, Sources: sources(t), MaxAge: 6 * time.Hour}
	}
	r, err := command.New(s, d, command.Options{
		Rehearser: rehearser,
		Desk:      desk.Options{Topics: topics, Sources: sources(t), Countries: states, Forums: tags{}, Names: signs{}}, Interaction: atTime(at),
		Explain: judged,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Wait)
	return r
}

func (b bench) do(t testing.TB, in object) sent {
	t.Helper()
	return answer(t, b.Router, b.discord, in)
}

// confirm presses Confirm where an answer offers it, and returns what is answered
// then.
func (b bench) confirm(t testing.TB, s sent, edits ...func(object)) sent {
	t.Helper()
	if s.edit || s.body["data"] == nil {
		return s
	}
	if id := s.labelled("Confirm"); id != "" {
		return b.do(t, press(id, edits...))
	}
	return s
}

// told is a report to put into the store, with the topic that it bears.
type told struct {
	source        source.ID
	title, link   string
	topic         topic.ID
	stage         topic.Stage
	minutesBefore int
	// to are channels that get an alert.
	to []string
}

// poll stores reports as a poll would, and returns them.
func (b bench) poll(t testing.TB, all ...told) []report.Report {
	t.Helper()
	ctx := t.Context()
	if err := b.store.SyncFeeds(ctx, now, []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Minute}}); err != nil {
		t.Fatal(err)
	}
	feeds, err := b.store.ClaimDue(ctx, feed.Catalogue, now, 1, time.Minute)
	if err != nil || len(feeds) != 1 {
		t.Fatalf("claimed %d feeds: %v", len(feeds), err)
	}
	f := feeds[0]
	f.State, f.Since, f.Polled, f.Succeeded, f.Next, f.Newest = feed.OK, now, now, now, now, now
	o := feed.Outcome{Feed: f, Result: feed.Changed}
	raws := make([]report.Raw, len(all))
	for i, r := range all {
		raws[i] = report.Raw{GUID: r.title, Link: r.link, Title: r.title}
	}
	keys := report.Identify(raws)
	for i, r := range all {
		o.Reports = append(o.Reports, report.Report{
			Feed: int64(f.ID), Source: r.source, Title: r.title, Link: r.link, Language: "en",
			Seen: now.Add(-time.Duration(r.minutesBefore) * time.Minute),
			Keys: keys[i],
		})
	}
	if _, err := b.store.SavePoll(ctx, o); err != nil {
		t.Fatal(err)
	}
	unplaced, err := b.store.Unplaced(ctx, len(all))
	if err != nil {
		t.Fatal(err)
	}
	return unplaced
}

// tell stores reports as a poll and the pipeline would, each in a story of its
// own.
func (b bench) tell(t testing.TB, all ...told) {
	t.Helper()
	unplaced := b.poll(t, all...)
	var placed []pipeline.Placed
	for i, r := range unplaced {
		p := story.Placement{Report: r.ID, Opened: true, Reason: story.OpensNew, Story: story.Story{
			ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Language: "en", Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1,
		}}
		if all[i].topic != "" {
			p.Matches = []topic.Match{{Topic: all[i].topic, Stage: all[i].stage, Score: 3}}
			p.Story.Topics = []story.TopicStage{{Topic: all[i].topic, Stage: all[i].stage}}
			if all[i].stage == "agreed" {
				p.Story.Testimony = story.Testimony{Bound: map[string]story.Stance{"RU": story.Silent}, Claimants: []string{"US"}}
			}
		}
		pl := pipeline.Placed{Placement: p}
		for _, c := range all[i].to {
			pl.Alerts = append(pl.Alerts, alert.Alert{
				Guild: guildID, Channel: c, Story: p.Story.ID, Planned: now, Content: alert.Content{
					Story: p.Story.ID, Headline: r.Title, Time: r.Seen, Topics: []alert.Topic{{ID: all[i].topic}},
				},
			})
		}
		placed = append(placed, pl)
	}
	if err := b.store.SavePlacements(t.Context(), now, placed); err != nil {
		t.Fatal(err)
	}
}
