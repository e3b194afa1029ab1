package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Topics recognises topics and knows their names.
type Topics interface {
	// Match returns the topics that a report bears.
	Match(d topic.Doc) []topic.Match
	// Lookup returns a topic's definition.
	Lookup(id topic.ID) (topic.Definition, bool)
}

// Options tune a [Placer].
type Options struct {
	// Batch is how many reports are committed together.
	Batch int
	// MaxAge is the age of a story beyond which nobody is alerted.
	MaxAge time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Planned, if set, is called after alerts were committed.
	Planned func(alerts int)
}

func (o Options) validate() error {
	switch {
	case o.Batch < 1:
		return errors.New("batch must be at least 1")
	case o.MaxAge <= 0:
		return errors.New("max age must be positive")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Placer places reports into stories and plans alerts. One goroutine at a time
// may use it.
type Placer struct {
	store   Store
	topics  Topics
	sources *source.Catalogue
	o       Options
	log     *slog.Logger
	// index holds the open stories; nil when it must be read from the store.
	index *story.Index
}

// New returns a placer. It reads the open stories at its first use.
func New(s Store, t Topics, c *source.Catalogue, o Options) (*Placer, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("placer options: %w", err)
	}
	return &Placer{store: s, topics: t, sources: c, o: o, log: o.Logger.With("component", "placer")}, nil
}

// Place places every unplaced report and returns how many there were. When it
// fails, what was not committed is placed by the next call.
func (p *Placer) Place(ctx context.Context) (int, error) {
	if err := p.restore(ctx); err != nil {
		return 0, err
	}
	total := 0
	for {
		reports, err := p.store.Unplaced(ctx, p.o.Batch)
		if err != nil {
			return total, fmt.Errorf("read unplaced reports: %w", err)
		}
		if len(reports) == 0 {
			return total, nil
		}
		alerts, err := p.place(ctx, reports)
		if err != nil {
			p.index = nil // it knows of decisions that were not committed
			return total, err
		}
		total += len(reports)
		if alerts > 0 && p.o.Planned != nil {
			p.o.Planned(alerts)
		}
	}
}

// place decides a batch and commits it. It returns the number of alerts.
func (p *Placer) place(ctx context.Context, reports []report.Report) (int, error) {
	now := p.o.Now()
	told := tellings{}
	placed := make([]Placed, 0, len(reports))
	alerts := 0
	for _, r := range reports {
		matches := p.topics.Match(topic.Doc{Title: r.Title, Lead: r.Description, Body: r.Body, Language: r.Language})
		pl := p.index.Place(r, matches)
		as, err := p.plan(ctx, now, r, pl, told)
		if err != nil {
			return 0, err
		}
		placed = append(placed, Placed{Placement: pl, Alerts: as})
		alerts += len(as)
	}
	if err := p.store.SavePlacements(ctx, now, placed); err != nil {
		return 0, fmt.Errorf("save placements: %w", err)
	}
	return alerts, nil
}

// tellings are the channels that a story was told to, as the store knows them
// and as this batch adds to them.
type tellings map[story.ID][]string

// plan decides which channels are alerted to the report's story.
func (p *Placer) plan(ctx context.Context, now time.Time, r report.Report, pl story.Placement, told tellings) ([]alert.Alert, error) {
	wanting, err := p.wanting(ctx, r, pl.Matches)
	if err != nil {
		return nil, err
	}
	id := pl.Story.ID
	if _, known := told[id]; !known && len(wanting) > 0 && !pl.Opened {
		if told[id], err = p.store.Alerted(ctx, id); err != nil {
			return nil, fmt.Errorf("read alerts of story %d: %w", id, err)
		}
	}
	targets := alert.Decide(now, alert.Case{
		Report: r, Matches: pl.Matches, Opened: pl.Story.Opened,
		Wanting: wanting, Told: told[id], MaxAge: p.o.MaxAge,
	})
	var out []alert.Alert
	for _, t := range targets {
		p.explain(ctx, r, pl, t)
		if t.Verdict != alert.Alerts {
			continue
		}
		told[id] = append(told[id], t.Channel)
		out = append(out, alert.Alert{
			Guild: t.Guild, Channel: t.Channel, Story: id, Roles: t.Roles,
			Content: p.content(r, pl, t.Topics), Planned: now, Since: since(r),
		})
	}
	return out, nil
}

// since is when the channels could have been told of r, zero for now.
func since(r report.Report) time.Time {
	if r.Overdue {
		return r.Time()
	}
	return time.Time{}
}

// wanting returns the subscriptions for the matches that may raise an alert.
func (p *Placer) wanting(ctx context.Context, r report.Report, matches []topic.Match) ([]subscription.Subscription, error) {
	var ids []topic.ID
	for _, m := range matches {
		if m.Alerts() {
			ids = append(ids, m.Topic)
		}
	}
	if len(ids) == 0 || r.Hush != "" {
		return nil, nil
	}
	subs, err := p.store.Wanting(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return subs, nil
}

// explain logs one decision with its reason. Reports without a topic are the
// bulk and go unmentioned.
func (p *Placer) explain(ctx context.Context, r report.Report, pl story.Placement, t alert.Target) {
	if t.Verdict == alert.Unwanted {
		return
	}
	p.log.DebugContext(ctx, "alert decided", "report", r, "story", pl.Story.ID, "placed", pl.Reason, "channel", t.Channel, "verdict", t.Verdict)
}

func (p *Placer) restore(ctx context.Context) error {
	if p.index != nil {
		return nil
	}
	open, err := p.store.OpenStories(ctx, p.o.Now().Add(-story.Window))
	if err != nil {
		return fmt.Errorf("read open stories: %w", err)
	}
	x := story.NewIndex()
	for _, t := range open {
		x.Restore(t)
	}
	p.index = x
	p.log.InfoContext(ctx, "open stories read", "count", x.Len())
	return nil
}
