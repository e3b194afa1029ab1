package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/bell"
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
	Chosen FeedsChosen
	// JSON asks for one JSON object a feed, each on its line, and a last one with
	// the counts.
	JSON bool
	// Pause is left between two requests to one host.
	Pause time.Duration
	// Progress is where the check tells how far it is, in one line that is written
	// over; nil where lines cannot be.
	Progress io.Writer
	Now      func() time.Time
	Logger   *slog.Logger
}

// CheckFeeds polls every feed once and prints a table of what lives, what does
// not and why. It fails when a feed could not be read.
func CheckFeeds(ctx context.Context, o FeedsCheckOptions, out io.Writer) error {
	list, strangers, err := chosenSources(o.Config, o.Chosen)
	if err != nil {
		return err
	}
	feeds := feedsOf(list, strangers)
	if len(feeds) == 0 {
		return errors.New("what was chosen has no feeds of its own: it stands in the catalogue so that others can name it as their wire")
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
	sum := summarise(results)
	if o.JSON {
		err = printCheckedJSON(out, results, sum)
	} else {
		err = printChecked(out, results, sum, o.Now())
	}
	if err != nil {
		return fmt.Errorf("write check: %w", err)
	}
	return sum.err()
}

// checked is what came of one feed.
type checked struct {
	listed
	state feedState
	// class, status and why tell why it could not be read.
	class  string
	status int
	why    string
	// wait is for how long the server asks to be left alone.
	wait time.Duration

	items    int
	newest   time.Time // zero when no item is dated
	language string    // as its items are written; empty when that cannot be told
	moved    string    // where it moved for good; empty when it did not
	offers   []string
}

// feedState is what came of a feed in one word.
type feedState string

const (
	feedOK      feedState = "ok"
	feedQuiet   feedState = "quiet"   // nothing new for quietAfter
	feedEmpty   feedState = "empty"   // no items at all
	feedFailed  feedState = "failed"  // could not be read
	feedSkipped feedState = "skipped" // not asked: its host wants to be left alone
)

// foreign reports whether a feed is written in another language than its source
// is said to have.
func (r checked) foreign() bool {
	return r.language != "" && r.source.Language != "" && r.language != r.source.Language
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
	return &feedChecker{o: o, fetch: client, parse: parser, progress: &progress{w: o.Progress}}, nil
}

// checkAll checks the feeds side by side, one after another where they share a
// host, and returns the results in the order of the feeds.
func (c *feedChecker) checkAll(ctx context.Context, feeds []listed) []checked {
	c.progress.total = len(feeds)
	defer c.progress.end()
	results := make([]checked, len(feeds))
	queues := make(chan []int)
	var workers sync.WaitGroup
	for range min(c.o.Config.Poll.Concurrency, len(feeds)) {
		workers.Go(func() {
			for queue := range queues {
				c.checkHost(ctx, feeds, queue, results)
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

// checkHost checks the feeds of one host, with a pause between them. Once the
// host asks to be left alone it is.
func (c *feedChecker) checkHost(ctx context.Context, feeds []listed, queue []int, results []checked) {
	var refused checked
	for n, i := range queue {
		switch {
		case refused.wait > 0:
			results[i] = checked{listed: feeds[i], state: feedSkipped, wait: refused.wait, why: "not asked: its server asked to be left alone"}
		default:
			if n > 0 && bell.Sleep(ctx, c.o.Pause) != nil {
				return
			}
			results[i] = c.check(ctx, feeds[i])
			if results[i].state == feedFailed {
				refused = results[i]
			}
		}
		c.progress.done(feeds[i].feed.URL)
	}
}

// byHost groups the numbers of feeds by their host, in the order of the feeds.
func byHost(feeds []listed) [][]int {
	var out [][]int
	at := map[string]int{}
	for i, l := range feeds {
		host := l.feed.URL
		if u, err := url.Parse(l.feed.URL); err == nil {
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

func (c *feedChecker) check(ctx context.Context, l listed) checked {
	r := checked{listed: l}
	resp, err := c.fetch.Get(ctx, fetch.Request{URL: l.feed.URL})
	if err != nil {
		return r.failed(err)
	}
	now := c.o.Now()
	doc, err := c.parse.Parse(ctx, parse.Input{Body: resp.Body, ContentType: resp.ContentType, BaseURL: resp.FinalURL, Now: now})
	if err != nil {
		return r.failed(err)
	}
	r.moved, r.items, r.language, r.offers = resp.MovedTo(), len(doc.Items), languageOf(doc), offers(resp, doc)
	for _, it := range doc.Items {
		r.newest = later(r.newest, it.Published)
	}
	switch {
	case r.items == 0:
		r.state = feedEmpty
	case !r.newest.IsZero() && now.Sub(r.newest) > quietAfter:
		r.state = feedQuiet
	default:
		r.state = feedOK
	}
	return r
}

// failed is r with the reason of a failure.
func (r checked) failed(err error) checked {
	r.state = feedFailed
	var fetching *fetch.Error
	var parsing *parse.Error
	switch {
	case errors.As(err, &fetching):
		r.class, r.status, r.wait, r.why = string(fetching.Class), fetching.Status, fetching.RetryAfter, fetching.Class.Text()
	case errors.As(err, &parsing):
		r.class, r.why = string(parsing.Class), parsing.Class.Text()
	default:
		r.class, r.why = "failed", text.Clean(err.Error())
	}
	return r
}

// languageOf is the language that the items of a feed are written in, "" when
// that cannot be told.
func languageOf(doc parse.Document) string {
	const enough = 4_000 // bytes of text
	var b strings.Builder
	for _, it := range doc.Items {
		if b.Len() > enough {
			break
		}
		b.WriteString(it.Title + ". " + it.Summary + "\n")
	}
	if lang := text.Language(b.String(), ""); lang != text.Undetermined {
		return lang
	}
	return ""
}

// offers are what a feed gives to those who poll it, in a word each.
func offers(resp fetch.Response, doc parse.Document) []string {
	var out []string
	add := func(ok bool, word string) {
		if ok {
			out = append(out, word)
		}
	}
	add(resp.ETag != "", "etag")
	add(resp.LastModified != "", "modified")
	add(resp.Fresh > 0, "fresh="+shortly(resp.Fresh))
	add(doc.TTL > 0, "ttl="+shortly(doc.TTL))
	add(doc.Update > 0, "update="+shortly(doc.Update))
	add(resp.Hub != "" || doc.Hub != "", "hub")
	full, teasers := 0, 0
	for _, it := range doc.Items {
		switch {
		case it.Content != "":
			full++
		case it.Summary != "":
			teasers++
		}
	}
	switch n := len(doc.Items); {
	case n == 0:
	case full*2 >= n:
		out = append(out, "full-text")
	case (full+teasers)*2 >= n:
		out = append(out, "teasers")
	default:
		out = append(out, "titles")
	}
	return out
}

// progress tells how far a long work is, in one line that is written over.
type progress struct {
	w     io.Writer // nil when nothing is told
	total int

	mu    sync.Mutex
	count int
}

func (p *progress) done(address string) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	// Progress that cannot be shown stops nothing.
	fmt.Fprintf(p.w, "\r\x1b[Kchecked %d of %d: %s", p.count, p.total, text.Cut(text.Clean(address), 50))
}

// end takes the line away.
func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
