package proof

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// paper is an outlet whose feed tells all its stories, or the newest of them.
type paper struct {
	mu      sync.Mutex
	stories []told
	// named is what identifiers and links begin with, and shows how many stories
	// the feed shows.
	named string
	shows int
}

// told is a story of the paper: its number, and when it was published.
type told struct {
	n  int
	at time.Time
}

// Get implements [feed.Fetcher].
func (p *paper) Get(_ context.Context, r fetch.Request) (fetch.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Example Wire</title>`)
	for i := len(p.stories) - 1; i >= max(0, len(p.stories)-p.shows); i-- {
		s := p.stories[i]
		fmt.Fprintf(&b, "<item><guid>%s-%d</guid><title>%s</title><link>%s/%s/%d</link><pubDate>%s</pubDate>"+
			"<description>Both armies signed the ceasefire on day %d of the war.</description></item>",
			p.named, s.n, headline(s.n), r.URL, p.named, s.n, s.at.UTC().Format(time.RFC1123Z), firstRounds+s.n)
	}
	b.WriteString(`</channel></rss>`)
	return fetch.Response{Status: fetch.Modified, Body: []byte(b.String()), ContentType: "application/rss+xml", FinalURL: r.URL}, nil
}

func (p *paper) publish(n int, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stories = append(p.stories, told{n, at})
}

// rename gives all that the feed tells other identifiers and links.
func (p *paper) rename(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.named = name
}

// papers are several, each behind its own address.
type papers map[string]*paper

// Get implements [feed.Fetcher].
func (p papers) Get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	return p[r.URL].Get(ctx, r)
}

// days is everything from the feeds to the last step before Discord, in virtual
// time. It is made within a bubble.
type days struct {
	t      *testing.T
	papers papers
	urls   []string

	path    string // the database's file
	store   *store.Store
	topics  *topic.Set
	sources *source.Catalogue
	poller  *feed.Poller
	placer  *pipeline.Placer
	// pace is how often the parts look for something to do.
	pace time.Duration

	mu sync.Mutex
	// ahead is by how much the machine's clock is wrong.
	ahead time.Duration
	// away says that Discord cannot be reached.
	away  bool
	posts []alert.Message
}

// theChannel is the one that subscribes.
const theChannel = "10"

func newDays(t *testing.T, outlets, shows int) *days {
	t.Helper()
	d := &days{t: t, papers: papers{}, pace: 30 * time.Second}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var sources []source.Source
	var feeds []feed.Feed
	for i := range outlets {
		id := source.ID(fmt.Sprint("wire-", i))
		url := fmt.Sprintf("https://wire-%d.example/feed", i)
		d.papers[url] = &paper{named: "a", shows: shows}
		d.urls = append(d.urls, url)
		sources = append(sources, source.Source{ID: id, Name: fmt.Sprint("Wire ", i), Country: "GB", Language: "en", Tier: source.Wire, Owner: string(id)})
		feeds = append(feeds, feed.Feed{URL: url, Source: id, Every: 5 * time.Minute})
	}
	ctx := t.Context()
	var err error
	d.path = storetest.SQLite(t)
	d.store, err = store.Open(ctx, store.Options{DSN: d.path, Logger: slog.New(slog.DiscardHandler), Now: d.now})
	must(err)
	t.Cleanup(func() { must(d.store.Close()) }) // the last one
	must(d.store.Migrate(ctx))
	must(d.store.PutGuild(ctx, guild.Guild{ID: "1", Name: "Newsroom", Joined: d.now()}))
	_, err = d.store.Subscribe(ctx, subscription.Subscription{Guild: "1", Channel: theChannel, Topic: "ceasefire", CreatedBy: "2", Created: d.now()})
	must(err)
	must(d.store.SyncFeeds(ctx, d.now(), feeds))
	file, err := topic.Parse("ceasefire.yaml", strings.NewReader("id: ceasefire\ntitle: {en: Ceasefire}\nstages: [agreed]\nlang:\n  en:\n    strong: {ceasefire agreed: 5}\n"))
	must(err)
	d.topics, err = topic.Compile([]topic.File{file})
	must(err)
	d.sources, err = source.NewCatalogue(sources)
	must(err)
	must(d.build())
	return d
}

// build makes the steps over the store.
func (d *days) build() error {
	parser, err := parse.New(parse.Options{})
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	d.poller, err = feed.NewPoller(d.store, d.papers, parser, feed.Options{
		Pace:        feed.Pace{Min: time.Minute, Max: 10 * time.Minute, MaxBackoff: time.Hour},
		Concurrency: 4, PerHost: 1, Lease: feed.LeaseFor(20 * time.Second), Now: d.now, Logger: log,
		Language: func(source.ID) string { return "en" },
	})
	if err != nil {
		return err
	}
	d.placer, err = pipeline.New(d.store, d.topics, d.sources, pipeline.Options{Batch: 200, MaxAge: 6 * time.Hour, Now: d.now, Logger: log})
	return err
}

// now is the time by the machine's clock.
func (d *days) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.ahead)
}

// set sets the machine's clock.
func (d *days) set(ahead time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ahead = ahead
}

func (d *days) cut(away bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away = away
}

// Post implements [alert.Sender].
func (d *days) Post(_ context.Context, m alert.Message) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return "", &alert.SendError{Reason: alert.ReasonUnavailable, Err: context.DeadlineExceeded}
	}
	d.posts = append(d.posts, m)
	return fmt.Sprint(len(d.posts)), nil
}

// Find implements [alert.Sender].
func (d *days) Find(context.Context, alert.Message, time.Time) (string, error) { return "", nil }

// run has the bot run for a while, and do at the beginning of each part of it.
func (d *days) run(during, every time.Duration, do func(i int)) {
	d.t.Helper()
	deliver, err := alert.NewDeliverer(d.store, d, alert.Options{
		Install: "test", Workers: 8, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: d.pace,
		Late: alert.DefaultLatePolicy(), Sole: true, Now: d.now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(d.t.Context())
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := deliver.Run(ctx); err != nil {
			d.t.Error(err)
		}
	})
	parts.Go(func() {
		defer d.poller.Wait()
		tick := time.NewTicker(d.pace)
		defer tick.Stop()
		for {
			d.poller.Tick(ctx)
			if _, err := d.placer.Place(ctx); err != nil && ctx.Err() == nil {
				d.t.Error(err)
			}
			deliver.Wake()
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	for i := range int(during / every) {
		if do != nil {
			do(i)
		}
		<-time.After(every) // virtual
	}
	cancel()
	parts.Wait()
}

// said are the numbers of the stories that the channel was told, and what its
// catch-up lines stand for.
func (d *days) said() (stories []int, lines []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.posts {
		if m.Kind == alert.CatchUp {
			lines = append(lines, m.Content.More)
		} else {
			stories = append(stories, storyOf(m.Content.Headline))
		}
	}
	return stories, lines
}

// mustTell checks that each of the stories was told once, in order, and no other.
func (d *days) mustTell(want []int) {
	d.t.Helper()
	got, lines := d.said()
	if !slices.Equal(got, want) || len(lines) > 0 {
		d.t.Errorf("told %v, and lines for %v; want %v", got, lines, want)
	}
}

// newsFor is how long the news come: 5,000 stories, a tenth of them in the short
// form.
const newsFor = 48 * time.Hour

func news() int {
	if *size == "short" {
		return 500
	}
	return 5000
}

// newsSince publishes the news. None is about as old as a limit in the end. It
// returns how many are fresh then, and how many late.
func (d *days) newsSince(began time.Time) (fresh, late int) {
	stories := news()
	for n := range stories {
		at := began.Add(time.Duration(n) * newsFor / time.Duration(stories))
		age := newsFor - at.Sub(began)
		for _, limit := range []time.Duration{30 * time.Minute, 6 * time.Hour} {
			if (age - limit).Abs() < 15*time.Minute {
				at = began.Add(newsFor - limit - 15*time.Minute)
				age = newsFor - at.Sub(began)
			}
		}
		switch {
		case age < 30*time.Minute:
			fresh++
		case age < 6*time.Hour:
			late++
		}
		d.papers[d.urls[n%len(d.urls)]].publish(n, at)
	}
	return fresh, late
}
