package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/crashpoint"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/topic"
)

// Topics recognises topics and knows their names.
type Topics interface {
	// Match returns the topics that a report bears.
	Match(d topic.Doc) []topic.Match
	// Lookup returns a topic's definition.
	Lookup(id topic.ID) (topic.Definition, bool)
}

// Claims reads who says what in a report.
type Claims interface {
	Extract(r report.Report) []claim.Claim
}

// Options tune a [Placer].
type Options struct {
	// Claims, if set, tells for each alert who says what.
	Claims Claims
	// Articles, if set, reports whether the pages of a feed's reports are to be
	// read.
	Articles func(feed int64) bool
	// Parties, if set, lets reports in different languages join one story.
	Parties story.Parties
	// Batch is how many reports are committed together.
	Batch int
	// MaxAge is the age of a story beyond which nobody is alerted.
	MaxAge time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Planned, if set, is called after alerts, or replies to them, were committed.
	Planned func(alerts int)
	// Changed, if set, is called after alerts that there were got more to tell.
	Changed func()
	// Placed, if set, is called for each report after it was committed.
	Placed func(report.Report, Placed)
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

// batchAlerts is with how many alerts a batch ends before its reports do. What comes
// meanwhile waits for the batch, so that a guild whose own feed tells much to many
// of its channels keeps nobody else waiting for long.
const batchAlerts = 500

// batchTime is how long a batch is worked at in each of its two steps, recognising
// and placing, before it ends with the reports that it came to. A guild can make
// reports and topics that cost thousands of times what others do; so what comes
// meanwhile waits for two such times and two such reports, and not for a batch of
// them.
const batchTime = 200 * time.Millisecond

// Placer places reports into stories and plans alerts. One goroutine at a time
// may use it.
type Placer struct {
	store   Store
	topics  Topics
	sources *source.Catalogue
	o       Options
	log     *slog.Logger
	// index holds the stories updated since a time; nil when it must be read
	// from the store.
	index *indexes
	since time.Time
	own   ownTopics
	// seen is who sees what the batch's own feeds brought.
	seen audience
	// told is who was told of the stories, and what.
	told map[story.ID]*telling
	// paces are what subscriptions with a limit have sent, as of the batch.
	paces map[subscription.ID]subscription.Pace
	// rules say what is not to be told in the batch, or not now.
	rules quiet.Rules
	// summaries tell stories in the words of their reports, of which batch has
	// those that are not saved yet.
	summaries *summary.Maker
	batch     map[story.ID][]report.Report
}

// New returns a placer. It reads the open stories at its first use.
func New(s Store, t Topics, c *source.Catalogue, o Options) (*Placer, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("placer options: %w", err)
	}
	summaries, err := summary.New(o.Claims)
	if err != nil {
		return nil, fmt.Errorf("read the grammars of summaries: %w", err)
	}
	log := o.Logger.With("component", "placer")
	return &Placer{store: s, topics: t, sources: c, o: o, log: log, own: ownTopics{sources: c, log: log}, summaries: summaries}, nil
}

// Place adds to stories what articles say, and places every unplaced report; it
// returns how many there were. When it fails, what was not committed is placed by
// the next call.
func (p *Placer) Place(ctx context.Context) (int, error) {
	if err := p.restore(ctx, p.o.Now()); err != nil {
		return 0, err
	}
	if err := p.hearArticles(ctx); err != nil {
		p.index = nil
		return 0, err
	}
	if err := p.changeStories(ctx); err != nil {
		p.index = nil
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
		done, alerts, changed, err := p.place(ctx, reports)
		if err != nil {
			p.index = nil // it knows of decisions that were not committed
			return total, err
		}
		total += done
		if err := p.changeStories(ctx); err != nil {
			p.index = nil
			return total, err
		}
		if alerts > 0 && p.o.Planned != nil {
			p.o.Planned(alerts)
		}
		if changed && p.o.Changed != nil {
			p.o.Changed()
		}
		if done < p.o.Batch && done == len(reports) {
			return total, nil
		}
	}
}

// Forget has the open stories read again: another placer may have placed
// reports meanwhile.
func (p *Placer) Forget() { p.index = nil }

// place decides a batch and commits it. It returns how many of the reports it came
// to, the number of alerts, and whether others have more to tell.
func (p *Placer) place(ctx context.Context, reports []report.Report) (done, alerts int, changed bool, _ error) {
	now := p.o.Now()
	if err := p.prepare(ctx, now, reports); err != nil {
		return 0, 0, false, err
	}
	reports, matches, own := p.recognise(ctx, reports)
	wanting, err := p.wanting(ctx, reports, matches, own)
	if err != nil {
		return 0, 0, false, err
	}
	if p.paces, err = p.readPaces(ctx, now, wanting); err != nil {
		return 0, 0, false, err
	}
	placed, over := make([]Placed, 0, len(reports)), p.over()
	for i, r := range reports {
		d, err := p.decide(ctx, now, r, matches[i], own[i], p.seen.only(r, wanting))
		if err != nil {
			return 0, 0, false, err
		}
		placed = append(placed, d)
		alerts, changed = alerts+len(d.Alerts)+len(d.Updates), changed || len(d.Tellings) > 0
		if alerts >= batchAlerts || over() {
			break
		}
	}
	if err := p.save(ctx, now, reports[:len(placed)], placed); err != nil {
		return 0, 0, false, err
	}
	return len(placed), alerts, changed, nil
}

// prepare reads what a batch is decided by: the open stories, guilds' own topics, and
// which guilds see which of the reports.
func (p *Placer) prepare(ctx context.Context, now time.Time, reports []report.Report) (err error) {
	p.batch = map[story.ID][]report.Report{}
	if err := p.restore(ctx, firstSeen(reports)); err != nil {
		return err
	}
	if err := p.own.refresh(ctx, p.store); err != nil {
		return err
	}
	if p.seen, err = p.audience(ctx, reports); err != nil {
		return err
	}
	p.index.tidy(now)
	return nil
}

// save commits what was decided about reports, and tells who watches.
func (p *Placer) save(ctx context.Context, now time.Time, reports []report.Report, placed []Placed) error {
	crashpoint.Hit(crashpoint.PlaceDecided)
	if err := p.store.SavePlacements(ctx, now, placed); err != nil {
		return fmt.Errorf("save placements: %w", err)
	}
	crashpoint.Hit(crashpoint.PlaceSaved)
	if p.o.Placed != nil {
		for i, r := range reports {
			p.o.Placed(r, placed[i])
		}
	}
	return nil
}

// decide finds the story of a report that bears topics, the built-in ones and guilds'
// own, and says what follows from it.
func (p *Placer) decide(ctx context.Context, now time.Time, r report.Report, matches, own []topic.Match, wanting wants) (Placed, error) {
	index := p.index.of(r)
	pl := index.Place(r, matches)
	bears := p.own.wanted(r, matches, own, wanting)
	var answered story.Story
	if len(matches)+len(bears) > 0 { // what bears no topic is nobody's word on one
		pl.Story, answered = index.Hear(pl.Story.ID, r, p.claims(ctx, r))
	}
	d, err := p.plan(ctx, now, r, Placed{Placement: pl, Own: bears, Answered: answered}, wanting)
	if err != nil {
		return Placed{}, err
	}
	d.Change = changeFor(d.Placement)
	d.Article = len(d.bears()) > 0 && p.wantsArticle(r)
	p.batch[pl.Story.ID] = append(p.batch[pl.Story.ID], r)
	return d, nil
}

// recognise finds the topics of reports, the built-in ones and guilds' own, and
// returns those reports that it came to. What everybody sees is recognised some at
// once, which is faster, and is not kept waiting for what own feeds brought, which
// is left to the next batch and recognised one by one.
func (p *Placer) recognise(ctx context.Context, reports []report.Report) (done []report.Report, matches, own [][]topic.Match) {
	for over := p.over(); len(matches) < len(reports) && (len(matches) == 0 || !over()); {
		rest := reports[len(matches):]
		if rest[0].OwnFeed != 0 && reports[0].OwnFeed == 0 {
			break
		}
		some := rest[:1]
		for n := 1; some[0].OwnFeed == 0 && n < min(len(rest), query.Together) && rest[n].OwnFeed == 0; n++ {
			some = rest[:n+1]
		}
		of := make([][]topic.Match, len(some))
		for i, r := range some {
			of[i] = p.match(ctx, r)
		}
		matches = append(matches, of...)
		own = append(own, p.own.match(ctx, some, of, p.seen)...)
	}
	return reports[:len(matches)], matches, own
}

// over begins the time of a step of a batch, and tells later whether it is over.
func (p *Placer) over() func() bool {
	began := p.o.Now()
	return func() bool { return p.o.Now().Sub(began) >= batchTime }
}

// audience reads who sees the reports of own feeds: those of a batch, and then
// also those whose stories are open.
func (p *Placer) audience(ctx context.Context, reports []report.Report) (audience, error) {
	feeds := ownFeeds(reports)
	if len(feeds) == 0 {
		return nil, nil
	}
	for id := range p.index.own {
		if !slices.Contains(feeds, id) {
			feeds = append(feeds, id)
		}
	}
	guilds, err := p.store.FeedGuilds(ctx, feeds)
	if err != nil {
		return nil, fmt.Errorf("read who has added feeds: %w", err)
	}
	return guilds, nil
}

func firstSeen(reports []report.Report) time.Time {
	return slices.MinFunc(reports, func(a, b report.Report) int { return a.Seen.Compare(b.Seen) }).Seen
}

// match recognises the topics of r. A fault in the rules costs this report its
// topics and no other one: the report would come back at every start.
func (p *Placer) match(ctx context.Context, r report.Report) (matches []topic.Match) {
	defer func() {
		if fault := recover(); fault != nil {
			p.log.ErrorContext(ctx, "topics of a report could not be recognised", "report", r, "fault", fault, "stack", string(debug.Stack()))
			matches = nil
		}
	}()
	return p.topics.Match(topic.Doc{Title: r.Title, Lead: r.Description, Body: r.Body, Language: r.Language})
}

// claims reads who says what in r. A fault costs this report its claims only.
func (p *Placer) claims(ctx context.Context, r report.Report) (claims []claim.Claim) {
	defer func() {
		if fault := recover(); fault != nil {
			p.log.ErrorContext(ctx, "claims of a report could not be read", "report", r, "fault", fault, "stack", string(debug.Stack()))
			claims = nil
		}
	}()
	if p.o.Claims == nil {
		return nil
	}
	return p.o.Claims.Extract(r)
}

// restore makes sure that the index holds what was open at a time. Reports may
// have waited long to be placed, and clocks go wrong.
func (p *Placer) restore(ctx context.Context, at time.Time) error {
	since := at.Add(-story.Window)
	if p.index != nil && !since.Before(p.since) && p.index.covers(at) {
		return nil
	}
	since = since.Add(-story.Slack)
	open, err := p.store.OpenStories(ctx, since)
	if err != nil {
		return fmt.Errorf("read open stories: %w", err)
	}
	p.index, p.since, p.told = newIndexes(p.o.Parties), since, map[story.ID]*telling{}
	for _, t := range open {
		p.index.restore(t)
	}
	p.log.InfoContext(ctx, "open stories read", "count", p.index.len())
	return nil
}
