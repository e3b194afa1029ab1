package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/text"
)

// quietAfter is for how long a feed may have nothing new before the check says
// that it may be dead.
const quietAfter = 14 * 24 * time.Hour

// FeedsCheckOptions say which feeds are checked.
type FeedsCheckOptions struct {
	Config config.Config
	// Only limits the check to these addresses or source ids; empty means all
	// feeds of the catalogue. An address need not be in it.
	Only []string
	// Progress is where the check tells how far it is. Terminal says that lines
	// there can be written over.
	Progress io.Writer
	Terminal bool
	Now      func() time.Time
	Logger   *slog.Logger
}

// CheckFeeds polls every feed once and prints a table of what lives, what does
// not and why. It fails when a feed could not be read.
func CheckFeeds(ctx context.Context, o FeedsCheckOptions, out io.Writer) error {
	_, feeds, err := readCatalogue(o.Config)
	if err != nil {
		return err
	}
	if feeds, err = chosen(feeds, o.Only); err != nil {
		return err
	}
	c, err := newFeedChecker(o)
	if err != nil {
		return err
	}
	defer c.fetch.Close()
	results := c.checkAll(ctx, feeds)
	if ctx.Err() != nil {
		return fmt.Errorf("the check was stopped: %w", ctx.Err())
	}
	return printChecked(out, results)
}

// chosen returns the feeds that the words name.
func chosen(feeds []feed.Feed, words []string) ([]feed.Feed, error) {
	if len(words) == 0 {
		return feeds, nil
	}
	var out []feed.Feed
	for _, w := range words {
		before := len(out)
		for _, f := range feeds {
			if f.URL == w || string(f.Source) == w {
				out = append(out, f)
			}
		}
		if len(out) > before {
			continue
		}
		if !strings.Contains(w, "://") {
			return nil, fmt.Errorf("there is no source %q: give an id from the catalogue, or the address of a feed", w)
		}
		out = append(out, feed.Feed{URL: w})
	}
	return out, nil
}

// checked is what came of one feed.
type checked struct {
	feed   feed.Feed
	class  string // why it failed; empty when it did not
	text   string // the class in words
	items  int
	newest time.Time
	moved  string // where it moved for good; empty when it did not
	quiet  bool   // nothing new for a long time
}

type feedChecker struct {
	o        FeedsCheckOptions
	fetch    *fetch.Client
	parse    *parse.Parser
	progress *progress
}

func newFeedChecker(o FeedsCheckOptions) (*feedChecker, error) {
	client, err := fetch.New(fetch.Options{
		UserAgent: o.Config.Poll.UserAgent, Timeout: o.Config.Poll.Timeout,
		AllowPrivate: o.Config.Network.AllowPrivate, AllowPorts: o.Config.Network.AllowPorts,
		Now: o.Now, Logger: o.Logger,
	})
	if err != nil {
		return nil, err
	}
	parser, err := parse.New(parse.Options{})
	if err != nil {
		return nil, err
	}
	return &feedChecker{o: o, fetch: client, parse: parser, progress: &progress{w: o.Progress, terminal: o.Terminal}}, nil
}

// checkAll checks the feeds side by side, one after another where they share a
// host, and returns the results in the order of the feeds.
func (c *feedChecker) checkAll(ctx context.Context, feeds []feed.Feed) []checked {
	c.progress.total = len(feeds)
	defer c.progress.end()
	results := make([]checked, len(feeds))
	queues := make(chan []int)
	var workers sync.WaitGroup
	for range min(c.o.Config.Poll.Concurrency, len(feeds)) {
		workers.Go(func() {
			for queue := range queues {
				for _, i := range queue {
					results[i] = c.check(ctx, feeds[i])
					c.progress.done(results[i])
				}
			}
		})
	}
	for _, queue := range byHost(feeds) {
		queues <- queue
	}
	close(queues)
	workers.Wait()
	return results
}

// byHost groups the numbers of feeds by their host, in the order of the feeds.
func byHost(feeds []feed.Feed) [][]int {
	var out [][]int
	at := map[string]int{}
	for i, f := range feeds {
		host := f.URL
		if u, err := url.Parse(f.URL); err == nil {
			host = strings.ToLower(u.Hostname())
		}
		n, ok := at[host]
		if !ok {
			n = len(out)
			at[host] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

func (c *feedChecker) check(ctx context.Context, f feed.Feed) checked {
	r := checked{feed: f}
	resp, err := c.fetch.Get(ctx, fetch.Request{URL: f.URL})
	if err != nil {
		return r.failed(err)
	}
	now := c.o.Now()
	doc, err := c.parse.Parse(ctx, parse.Input{Body: resp.Body, ContentType: resp.ContentType, BaseURL: resp.FinalURL, Now: now})
	if err != nil {
		return r.failed(err)
	}
	r.items = len(doc.Items)
	for _, it := range doc.Items {
		r.newest = later(r.newest, it.Published)
	}
	r.quiet = !r.newest.IsZero() && now.Sub(r.newest) > quietAfter
	r.moved = resp.MovedTo()
	return r
}

// failed is r with the reason of a failure.
func (r checked) failed(err error) checked {
	var fetching *fetch.Error
	var parsing *parse.Error
	switch {
	case errors.As(err, &fetching):
		r.class, r.text = string(fetching.Class), fetching.Class.Text()
		if fetching.Status != 0 {
			r.class = fmt.Sprintf("%s %d", fetching.Class, fetching.Status)
		}
	case errors.As(err, &parsing):
		r.class, r.text = string(parsing.Class), parsing.Class.Text()
	default:
		r.class, r.text = "failed", err.Error()
	}
	return r
}

// printChecked prints the table and, below it, what can be done.
func printChecked(out io.Writer, results []checked) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STATE\tSOURCE\tITEMS\tNEWEST\tFEED")
	failed := 0
	for _, r := range results {
		state, newest, items := "ok", "–", fmt.Sprint(r.items)
		if !r.newest.IsZero() {
			newest = r.newest.UTC().Format("2006-01-02 15:04")
		}
		switch {
		case r.class != "":
			state, items = r.class, "–"
			failed++
		case r.items == 0:
			state = "no items"
		case r.quiet:
			state = "quiet"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", state, r.feed.Source, items, newest, text.Clean(r.feed.URL))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	fmt.Fprintln(out)
	for _, r := range results {
		switch {
		case r.class != "":
			fmt.Fprintf(out, "%s: %s\n", text.Clean(r.feed.URL), r.text)
		case r.quiet:
			fmt.Fprintf(out, "%s: nothing new since %s; it may have been given up\n", text.Clean(r.feed.URL), r.newest.UTC().Format(time.DateOnly))
		}
		if r.moved != "" {
			fmt.Fprintf(out, "%s: moved for good to %s\n", text.Clean(r.feed.URL), text.Clean(r.moved))
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d feeds could not be read", failed, len(results))
	}
	_, err := fmt.Fprintf(out, "all %d feeds can be read\n", len(results))
	return err
}

// progress tells how far a long work is: in one line that is written over on a
// terminal, else in a line for each step.
type progress struct {
	w        io.Writer
	terminal bool
	total    int

	mu    sync.Mutex
	count int
}

func (p *progress) done(r checked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	// Progress that cannot be shown stops nothing.
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[Kchecked %d of %d: %s", p.count, p.total, text.Cut(text.Clean(r.feed.URL), 60))
		return
	}
	state := "ok"
	if r.class != "" {
		state = r.class
	}
	fmt.Fprintf(p.w, "%d/%d %s %s\n", p.count, p.total, state, text.Clean(r.feed.URL))
}

// end takes the line away.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
