package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attache-bot/attache/bot"
	"github.com/attache-bot/attache/bot/command/own"
	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/bell"
	"github.com/attache-bot/attache/internal/crashpoint"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/metrics"
	"github.com/attache-bot/attache/internal/ops"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/schedule"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/upkeep"
)

// Options are what a whole bot is built from.
type Options struct {
	Config config.Config
	Token  config.Secret
	// Sources are the outlets to poll, with their feeds.
	Sources []config.Source
	// Topics are the topics to recognise.
	Topics *topic.Set
	// Now is the clock that decisions are taken by.
	Now    func() time.Time
	Logger *slog.Logger
	// LookEvery is how often it is looked for digests, held alerts and notices that
	// are due, in whole seconds; 0 means every minute.
	LookEvery time.Duration
	// Levels, if set, are those of Logger, to be changed while the bot runs.
	Levels *logging.Levels
	// Connected, if set, is told at each new session with Discord the bot's name
	// and the address by which it is added to a server.
	Connected func(name, invite string)
}

// App is a whole bot.
type App struct {
	o     Options
	log   *slog.Logger
	store *store.Store
	// process names this process to the others of its database.
	process string
	// seat is the store for the placer, which is one among all processes.
	seat    *store.Seat
	poller  *feed.Poller
	placer  *pipeline.Placer
	digests pipeline.Digests
	wakes   pipeline.Wakes
	deliver *alert.Deliverer
	edit    *alert.Editor
	publish *alert.Publisher
	bot     *bot.Bot
	metrics *metrics.Metrics
	pulse   *ops.Pulse
	upkeep  *upkeep.Upkeep
	loops   loops
	hubs    hubs
	// ownFeeds is how guilds add feeds.
	ownFeeds own.Feeds
	// articles reads pages.
	articles articles
	// phrase has summaries put by a language model; mostly nil.
	phrase *phrase.Phraser
	// ticked says that due feeds were looked for once.
	ticked atomic.Bool
	// placeNow asks for new reports to be placed.
	placeNow bell.Bell
	// cleanups are run in reverse by Close.
	cleanups []cleanup
}

type cleanup struct {
	name string
	do   func() error
}

// The pace of what no operator sets.
const (
	feedBackoff    = 6 * time.Hour
	placeBatch     = 200
	placeEvery     = 5 * time.Second
	sendWorkers    = 64 // a slow channel holds one
	editWorkers    = 8  // an edit may wait: posts come first
	sendTimeout    = 20 * time.Second
	sendLease      = 30 * time.Second
	lookEvery      = time.Minute
	upkeepEvery    = time.Hour
	upkeepLook     = 5 * time.Minute
	sendSweep      = 30 * time.Second
	lateWindow     = time.Hour
	closingTimeout = 30 * time.Second
)

// New builds a bot and prepares its store. The caller closes it.
func New(ctx context.Context, o Options) (_ *App, err error) {
	o.LookEvery = cmp.Or(o.LookEvery, lookEvery)
	a := &App{o: o, log: o.Logger.With("component", "app"), process: processName(), placeNow: bell.New()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	sources, feeds, err := reading.Catalogue(o.Sources, o.Config.Poll.Interval)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue of feeds: %w", err)
	}
	if err := a.openStore(ctx, feeds); err != nil {
		return nil, err
	}
	if err := a.buildOperation(); err != nil {
		return nil, err
	}
	if err := a.buildPoller(ctx, sources); err != nil {
		return nil, err
	}
	if err := a.buildBot(sources); err != nil {
		return nil, err
	}
	if err := a.buildDelivery(ctx); err != nil {
		return nil, err
	}
	actors, err := reading.LoadActors()
	if err != nil {
		return nil, err
	}
	if err := a.buildPhraser(actors.Claims); err != nil {
		return nil, fmt.Errorf("build what puts summaries: %w", err)
	}
	if err := a.buildPipeline(sources, actors); err != nil {
		return nil, err
	}
	return a, nil
}

// buildPipeline builds what places reports, and what sums them up.
func (a *App) buildPipeline(sources *source.Catalogue, actors reading.Actors) (err error) {
	o := a.o
	a.digests = pipeline.Digests{Store: a.store, Topics: o.Topics, Sources: sources, Now: o.Now, Logger: o.Logger}
	a.wakes = pipeline.Wakes{Store: a.store, Topics: o.Topics, Sources: sources, Now: o.Now, Logger: o.Logger}
	a.placer, err = pipeline.New(a.seat, o.Topics, sources, pipeline.Options{
		Claims: actors.Claims, Parties: actors.Parties,
		Batch: placeBatch, MaxAge: o.Config.Alerts.MaxAge, Now: o.Now, Logger: o.Logger,
		Planned: func(int) { a.deliver.Wake(); a.told() }, Articles: a.articleAllowed,
		Changed: func() { a.edit.Wake(); a.told() },
		Placed: func(r report.Report, p pipeline.Placed) {
			a.loops.place.Beat()
			a.metrics.Placed(r, p)
			if p.Article && a.articles.reader != nil {
				a.articles.reader.Wake()
			}
		},
	})
	return err
}

// makeDigests makes the summaries that are due, and tells what was gathered.
func (a *App) makeDigests(ctx context.Context) {
	made, err := a.digests.Make(ctx)
	told, e := a.digests.Gather(ctx)
	if err = errors.Join(err, e); err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "digests could not be made; they are tried again", "error", err)
	}
	woken, err := a.wakes.Make(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "held alerts could not be told; they are tried again", "error", err)
	}
	if made+told+woken > 0 {
		a.deliver.Wake()
	}
}

// tellTroubles tells moderators what of theirs does not work, and what does again.
func (a *App) tellTroubles(ctx context.Context) {
	told, err := alert.Notices{Store: a.store, Now: a.o.Now, Logger: a.o.Logger}.Tell(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "troubles could not be told; they are tried again", "error", err)
	}
	if told > 0 {
		a.deliver.Wake()
	}
}

func (a *App) onClose(name string, do func() error) {
	a.cleanups = append(a.cleanups, cleanup{name, do})
}

// Close lets go of everything, last built first. It may be called twice.
func (a *App) Close() error {
	var errs []error
	for i := len(a.cleanups) - 1; i >= 0; i-- {
		if err := a.cleanups[i].do(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", a.cleanups[i].name, err))
		}
	}
	a.cleanups = nil
	return errors.Join(errs...)
}

func (a *App) openStore(ctx context.Context, feeds []feed.Feed) error {
	s, err := store.Open(ctx, store.Options{DSN: a.o.Config.Store.DSN().Reveal(), Logger: a.o.Logger, Now: a.o.Now, Keep: true})
	if err != nil {
		return err
	}
	a.store = s
	a.onClose("store", s.Close)
	a.o.Now = s.Now // on a server its clock, see store.Store.Now
	a.seat = s.Seat(a.process, placerLease)
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	crashpoint.Hit(crashpoint.StoreOpened)
	if s.Sole() {
		if _, err := s.ReleaseFeeds(ctx); err != nil {
			return err
		}
	}
	return s.SyncFeeds(ctx, a.o.Now(), feeds)
}

func (a *App) buildPoller(ctx context.Context, c *source.Catalogue) error {
	cfg := a.o.Config
	client, err := fetch.New(fetch.Options{
		UserAgent: cfg.Poll.UserAgent, Timeout: cfg.Poll.Timeout,
		AllowPrivate: cfg.Network.AllowPrivate, AllowPorts: cfg.Network.AllowPorts,
		Now: a.o.Now, Logger: a.o.Logger,
	})
	if err != nil {
		return err
	}
	a.onClose("fetcher", func() error { client.Close(); return nil })
	parser, err := parse.New(parse.Options{})
	if err != nil {
		return err
	}
	own, err := a.buildFinder(parser)
	if err != nil {
		return err
	}
	a.poller, err = feed.NewPoller(a.store, client, parser, feed.Options{
		Pace:        pace(cfg.Poll),
		Concurrency: cfg.Poll.Concurrency, PerHost: cfg.Poll.PerHost, HostGap: cfg.Poll.HostGap,
		Lease: feed.LeaseFor(cfg.Poll.Timeout), Shared: !a.store.Sole(), Own: own, Now: a.o.Now, Logger: a.o.Logger,
		Language: func(id source.ID) string {
			s, _ := c.Get(id)
			return s.Language
		},
		Added: func(n int) {
			a.metrics.Added(n)
			a.placeNow.Ring()
		},
		Polled: a.metrics.Polled,
	})
	if err != nil {
		return err
	}
	if err := a.poller.Start(ctx); err != nil {
		return err
	}
	if err := a.buildArticles(ctx, client); err != nil {
		return err
	}
	return a.buildWebSub(ctx, client)
}

// pace is how often feeds are polled. The operator's shortest interval goes before all
// other bounds.
func pace(c config.Poll) feed.Pace {
	return feed.Pace{Min: c.MinInterval, Max: max(c.MaxInterval, c.MinInterval), MaxBackoff: max(feedBackoff, c.MinInterval)}
}

// Run does everything until ctx ends or a part fails for good. Polls, placings
// and deliveries that are under way are finished and recorded before it
// returns. Operators can ask until then.
func (a *App) Run(ctx context.Context) error {
	console, err := a.openConsole(ctx)
	if err != nil {
		a.log.Error("stopped", "error", err)
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	if console != nil {
		served := make(chan error, 1)
		go func() { served <- console.serve() }()
		defer func() {
			console.close(ctx)
			<-served //nolint:errcheck // an error ended the group before
		}()
		g.Go(func() error {
			select {
			case err := <-served:
				served <- err
				return err
			case <-ctx.Done():
				return nil
			}
		})
	}
	defer context.AfterFunc(ctx, a.pulse.Stop)()
	defer context.AfterFunc(ctx, func() { crashpoint.Hit(crashpoint.Stopping) })()
	a.runParts(ctx, g)
	if err := g.Wait(); err != nil {
		a.log.Error("stopped", "error", err)
		return err
	}
	a.log.Info("stopped")
	return nil
}

// runParts begins the loops.
func (a *App) runParts(ctx context.Context, g *errgroup.Group) {
	for _, p := range []*ops.Part{a.loops.poll, a.loops.place, a.loops.deliver} {
		p.Beat()
	}
	g.Go(func() error {
		defer a.poller.Wait()
		return schedule.Run(ctx, a.o.Logger, schedule.Job{Name: "poll", Every: a.o.Config.Poll.Tick, Do: func(ctx context.Context) {
			a.poller.Tick(ctx)
			a.loops.poll.Beat()
			a.ticked.Store(true)
		}}, schedule.Job{Name: "notices", Every: a.o.LookEvery, Do: a.tellTroubles}, schedule.Job{Name: "upkeep", Every: upkeepLook, Do: a.upkeep.Run},
			schedule.Job{Name: "digests", Every: a.o.LookEvery, Do: a.makeDigests})
	})
	g.Go(func() error { return a.placeAll(ctx) })
	g.Go(func() error { return a.deliver.Run(ctx) })
	g.Go(func() error { return a.edit.Run(ctx) })
	g.Go(func() error { return a.publish.Run(ctx) })
	g.Go(func() error { return a.bot.Run(ctx) })
	if a.articles.reader != nil {
		g.Go(func() error { return a.articles.reader.Run(ctx) })
	}
	if a.phrase != nil {
		g.Go(func() error { return a.phrase.Run(ctx) })
	}
	if a.hubs.server != nil {
		g.Go(func() error { return a.serveHubs(ctx) })
		g.Go(func() error { return a.askHubs(ctx) })
	}
	a.together(ctx, g)
}
