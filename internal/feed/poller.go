package feed

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/attache-bot/attache/internal/crashpoint"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// Fetcher gets a document. Its errors are [*fetch.Error].
type Fetcher interface {
	Get(ctx context.Context, r fetch.Request) (fetch.Response, error)
}

// Parser reads a document. Its errors are [*parse.Error].
type Parser interface {
	Parse(ctx context.Context, in parse.Input) (parse.Document, error)
}

// Options tune a [Poller].
type Options struct {
	Pace Pace
	// Concurrency is how many feeds of the catalogue are polled at once. Beside them
	// guilds' own feeds have half as many places: however many those are and however
	// slow, the catalogue's never wait for them.
	Concurrency int
	// PerHost is how many of them may be of one host, and HostGap the shortest
	// time between two requests to it, of all processes where it is Shared; 0 for
	// none.
	PerHost int
	HostGap time.Duration
	// Lease is how long a claimed feed is held; longer than half a dozen polls
	// take, since some wait for their place.
	Lease time.Duration
	// Shared says that other processes may use the database, and end while this
	// one goes on.
	Shared bool
	// Own, if set, gets the feeds that guilds have added for themselves: strangers
	// to the operator, who may open less to them.
	Own    Fetcher
	Now    func() time.Time
	Logger *slog.Logger
	// Language names a source's usual language, "" when it is not known.
	Language func(source.ID) string
	// Added, if set, is called after a poll has stored new reports.
	Added func(reports int)
	// Polled, if set, is called after every poll.
	Polled func(Outcome)
}

func (o Options) validate() error {
	switch {
	case o.Pace.Min <= 0 || o.Pace.Max < o.Pace.Min || o.Pace.MaxBackoff < o.Pace.Min:
		return errors.New("pace must be positive, and its longest intervals not below its shortest")
	case o.Concurrency < 1 || o.PerHost < 1:
		return errors.New("concurrency must be at least 1, in all and per host")
	case o.HostGap < 0 || o.HostGap > MaxHostGap:
		return fmt.Errorf("the gap between requests to a host must not be negative, and at most %v", MaxHostGap)
	case o.Lease <= 0 || o.Lease > MaxLease:
		return fmt.Errorf("lease must be positive and at most %v", MaxLease)
	case o.Now == nil || o.Logger == nil || o.Language == nil:
		return errors.New("now, logger and language are required")
	}
	return nil
}

// savesAhead is how many polls for each place may wait for their commit.
const savesAhead = 4

// maxCrashes is how many process deaths a feed may cause before it is
// quarantined.
const maxCrashes = 2

// Poller polls the feeds that are due.
type Poller struct {
	store   Store
	fetcher Fetcher
	parser  Parser
	o       Options
	log     *slog.Logger
	// lanes are one for each origin.
	lanes   [2]*lane
	busy    sync.WaitGroup
	hosts   hostGates
	crashed crashWatch
}

// NewPoller returns a poller that does nothing until [Poller.Tick].
func NewPoller(s Store, f Fetcher, p Parser, o Options) (*Poller, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("poller options: %w", err)
	}
	out := &Poller{
		store: s, fetcher: f, parser: p, o: o,
		log:   o.Logger.With("component", "poller"),
		lanes: [2]*lane{newLane(Catalogue, o.Concurrency), newLane(GuildFeeds, max(o.Concurrency/2, 1))},
		hosts: hostGates{size: o.PerHost, gap: o.HostGap, now: o.Now, gates: map[string]*hostGate{}},
	}
	if o.Shared {
		out.hosts.turns = s
	}
	return out, nil
}

// Start looks after feeds that brought a run down. It is to be called once
// before the first tick.
func (p *Poller) Start(ctx context.Context) error {
	crashed, err := p.store.FindCrashed(ctx, p.o.Now())
	if err != nil {
		return fmt.Errorf("find feeds that ended a run: %w", err)
	}
	for id, times := range crashed {
		p.log.WarnContext(ctx, "a run ended while this feed was parsed", "feed_id", id, "times", times)
		if times < maxCrashes {
			continue
		}
		if err := p.store.SetState(ctx, id, Quarantined, ReasonCrashed, p.o.Now()); err != nil {
			return fmt.Errorf("quarantine feed %d: %w", id, err)
		}
	}
	return nil
}

// Wait returns when every poll that was begun has ended. Ticks must have ceased.
func (p *Poller) Wait() { p.busy.Wait() }

// Enter waits a little for a place and a turn at the URL's host, among the polls
// of feeds, and returns how to leave it. leave is nil when there was none in time;
// retry is then in what time to come back. Its error is the store's.
func (p *Poller) Enter(ctx context.Context, rawURL string) (leave func(), retry time.Duration, err error) {
	return p.hosts.enter(ctx, rawURL)
}

// visit polls one feed when it wants to be asked and its host has a place for it.
func (p *Poller) visit(ctx context.Context, l *lane, f Feed) {
	now := p.o.Now()
	if at, why := f.Wishes.skip(now); why != "" { // it was due earlier, and nobody came
		p.letGo(ctx, f, at.Sub(now), why)
		return
	}
	leave, retry, err := p.hosts.enter(ctx, f.Address())
	if err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "poll could not be begun", "feed", f, "error", err)
		}
		p.letGo(ctx, f, max(f.Every, p.o.Pace.Min), DueStore)
		return
	}
	if leave == nil {
		p.letGo(ctx, f, retry, DueHostBusy)
		return
	}
	began := p.o.Now()
	crashpoint.Hit(crashpoint.PollClaimed)
	o, err := p.outcome(ctx, f)
	o.Took = p.o.Now().Sub(began)
	leave()
	// The place is free for the next feed while the outcomes of several are
	// committed together.
	l.saving <- struct{}{}
	p.busy.Go(func() {
		defer func() { <-l.saving }()
		p.finish(ctx, f, o, err)
	})
}

// finish commits what came of a poll.
func (p *Poller) finish(ctx context.Context, f Feed, o Outcome, err error) {
	if ctx.Err() != nil {
		p.letGo(ctx, f, 0, DueStopped) // what came of it tells of the stop, not of the feed
		return
	}
	if err == nil {
		err = p.save(ctx, o)
	}
	if err != nil {
		p.log.ErrorContext(ctx, "poll could not be finished", "feed", f, "error", err)
		p.letGo(ctx, f, max(f.Every, p.o.Pace.Min), DueStore)
	}
}

// letGo gives a claimed feed back as it was, to be polled after a wait, or at
// once in the next run when this one ends. A mark from before its parsing goes
// too: the feed did not end the process.
func (p *Poller) letGo(ctx context.Context, f Feed, wait time.Duration, why DueReason) {
	result := Postponed
	if ctx.Err() != nil {
		result, wait, why = Stopped, 0, DueStopped
	}
	f.Next, f.NextReason = p.o.Now().Add(wait), why
	if err := p.save(ctx, Outcome{Feed: f, Result: result}); err != nil {
		p.crashed.keep(f)
		p.log.ErrorContext(ctx, "feed could not be let go; it is due when its lease ends", "feed", f, "error", err)
	}
}

// save commits an outcome, also when ctx has ended, and tells of it.
func (p *Poller) save(ctx context.Context, o Outcome) error {
	if len(o.Reports) > 0 {
		crashpoint.Hit(crashpoint.PollRead)
	}
	added, err := p.store.SavePoll(context.WithoutCancel(ctx), o)
	if err != nil {
		return fmt.Errorf("save poll: %w", err)
	}
	if added > 0 {
		crashpoint.Hit(crashpoint.PollSaved)
	}
	p.crashed.forget(o.Feed.ID)
	p.log.DebugContext(ctx, "feed polled", "feed", o.Feed, "result", o.Result, "items", len(o.Reports), "added", added,
		"state", o.Feed.State, "next", o.Feed.Next, "next_reason", o.Feed.NextReason)
	if p.o.Polled != nil {
		p.o.Polled(o)
	}
	if added > 0 && p.o.Added != nil {
		p.o.Added(added)
	}
	return nil
}

// outcome fetches and parses f and decides what follows. Its error is the
// store's; a feed that cannot be read is an outcome.
func (p *Poller) outcome(ctx context.Context, f Feed) (Outcome, error) {
	resp, err := p.fetcherOf(f).Get(ctx, fetch.Request{URL: f.Address(), ETag: f.ETag, LastModified: f.LastModified})
	if err != nil {
		return p.failed(ctx, f, err), nil
	}
	h, err := p.answer(ctx, f, resp)
	if err != nil {
		return Outcome{}, err
	}
	if h.Result != Changed {
		return p.heard(f, h), nil
	}
	if err := p.store.MarkParsing(ctx, f.ID, h.BodyHash); err != nil {
		return Outcome{}, fmt.Errorf("mark feed before parsing: %w", err)
	}
	now := p.o.Now()
	doc, err := p.parser.Parse(ctx, parse.Input{Body: resp.Body, ContentType: resp.ContentType, BaseURL: resp.FinalURL, Now: now})
	if err != nil {
		return p.failed(ctx, f, err), nil
	}
	h.Wishes = wishesOf(doc)
	// What the header names goes first, https://www.w3.org/TR/websub/#discovery.
	h.Wishes.Hub, h.Wishes.Self = cmp.Or(resp.Hub, h.Wishes.Hub), cmp.Or(resp.Self, h.Wishes.Self)
	if f.Own { // whoever types an address does not choose whom else the bot asks
		h.Wishes.Hub, h.Wishes.Self = "", ""
	}
	if h.OtherFeed {
		return p.heard(f, h), nil // which brings the reports
	}
	reports, err := p.read(ctx, f, doc, now, &h)
	if err != nil {
		return Outcome{}, err
	}
	o := p.heard(f, h)
	o.Reports = reports
	return o, nil
}

// fetcherOf is what gets f.
func (p *Poller) fetcherOf(f Feed) Fetcher {
	if f.Own && p.o.Own != nil {
		return p.o.Own
	}
	return p.fetcher
}

// answer tells what an answer says before it is parsed.
func (p *Poller) answer(ctx context.Context, f Feed, resp fetch.Response) (Heard, error) {
	h := Heard{
		Result: NotModified, ETag: resp.ETag, LastModified: resp.LastModified,
		RetryAfter: resp.RetryAfter, Fresh: resp.Fresh, MovedTo: resp.MovedTo(),
	}
	if h.MovedTo != "" {
		h.MovedInside = resp.Private && !resp.Redirects[0].Private
		var err error
		if h.OtherFeed, err = p.store.PolledElsewhere(ctx, f.ID, h.MovedTo); err != nil {
			return Heard{}, fmt.Errorf("look up the address that a feed moved to: %w", err)
		}
	}
	if resp.Status == fetch.NotModified {
		return h, nil
	}
	sum := sha256.Sum256(resp.Body)
	h.Result, h.BodyHash = Changed, hex.EncodeToString(sum[:])
	if h.BodyHash == f.BodyHash {
		h.Result = SameBody
	}
	return h, nil
}

// maxOwn is how many reports of a document of a guild's own feed are read, the
// newest: anybody may write such a document new at every poll, and each report
// costs the work of recognising it.
const maxOwn = 100

// read makes reports of a document, hushes those that must stay quiet, and notes
// in h what is new among them.
func (p *Poller) read(ctx context.Context, f Feed, doc parse.Document, now time.Time, h *Heard) ([]report.Report, error) {
	reports := Reports(f, doc, p.o.Language(f.Source), now)
	if f.Own {
		reports = reports[max(0, len(reports)-maxOwn):]
	}
	known, err := p.store.Known(ctx, f.Source, reports)
	if err != nil {
		return nil, fmt.Errorf("look up known reports: %w", err)
	}
	h.note(now, f, reports, known)
	for i, why := range Hush(now, f, reports, known) {
		reports[i].Hush = why
		reports[i].Overdue = Overdue(now, f, reports[i])
	}
	return reports, nil
}

func (p *Poller) heard(f Feed, h Heard) Outcome {
	return Outcome{Feed: After(p.o.Now(), f, h, p.o.Pace), Result: h.Result}
}

// failed turns a fetching or parsing error into an outcome.
func (p *Poller) failed(ctx context.Context, f Feed, err error) Outcome {
	h := Heard{Result: "failed"}
	var fe *fetch.Error
	var pe *parse.Error
	switch {
	case errors.As(err, &fe):
		h.Result, h.RetryAfter = Result(fe.Class), fe.RetryAfter
		h.Final = fe.Class == fetch.ClassBadURL || fe.Class == fetch.ClassBlockedAddress || fe.Class == fetch.ClassBlockedPort
	case errors.As(err, &pe):
		h.Result = Result(pe.Class)
	}
	if ctx.Err() == nil && string(h.Result) != f.Reason {
		p.log.WarnContext(ctx, "feed could not be read", "feed", f, "class", string(h.Result), "error", err)
	}
	return p.heard(f, h)
}
