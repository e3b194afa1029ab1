package article

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/attache-bot/attache/internal/bell"
	"github.com/attache-bot/attache/internal/feed/fetch"
)

// acceptedTypes is the Accept header for pages.
const acceptedTypes = "text/html, application/xhtml+xml;q=0.9"

// Fetcher gets a document. Its errors are [*fetch.Error].
type Fetcher interface {
	Get(ctx context.Context, r fetch.Request) (fetch.Response, error)
}

// Gate spaces requests to one host.
type Gate interface {
	// Enter waits a little for a place and a turn at the URL's host and returns how
	// to leave it; leave is nil when there was none in time, and retry then in what
	// time to come back.
	Enter(ctx context.Context, rawURL string) (leave func(), retry time.Duration, err error)
}

// Options tune a [Reader].
type Options struct {
	// Allowed reports whether pages of a feed may be fetched.
	Allowed func(feed int64) bool
	// Workers is how many pages are fetched at once.
	Workers int
	// Lease is how long a claimed page is held: longer than one try takes.
	Lease time.Duration
	// MaxAge is the age of a report beyond which its page is not read.
	MaxAge time.Duration
	// Every is how often the queue is looked at when nothing else happens.
	Every  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Settled, if set, is told every outcome after it was recorded.
	Settled func(Wanted, Settlement)
}

func (o Options) validate() error {
	switch {
	case o.Allowed == nil || o.Now == nil || o.Logger == nil:
		return errors.New("allowed, now and logger are required")
	case o.Workers < 1:
		return errors.New("workers must be at least 1")
	case o.Lease <= 0 || o.MaxAge <= 0 || o.Every <= 0:
		return errors.New("lease, max age and every must be positive")
	}
	return nil
}

// Reader reads the pages in the queue.
type Reader struct {
	store   Store
	fetcher Fetcher
	gate    Gate
	extract *Extractor
	o       Options
	log     *slog.Logger
	wake    bell.Bell
}

// NewReader returns a reader that does nothing until [Reader.Run].
func NewReader(s Store, f Fetcher, g Gate, x *Extractor, o Options) (*Reader, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("reader options: %w", err)
	}
	return &Reader{store: s, fetcher: f, gate: g, extract: x, o: o, log: o.Logger.With("component", "article"), wake: bell.New()}, nil
}

// Wake tells the reader that there may be pages to read. It never blocks.
func (x *Reader) Wake() { x.wake.Ring() }

// Run reads pages until ctx ends. Tries under way are broken off and recorded.
func (x *Reader) Run(ctx context.Context) error {
	x.wake.Rounds(ctx, func() time.Duration {
		n, err := x.round(ctx)
		if err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "pages could not be claimed", "error", err)
		}
		if n == x.o.Workers {
			return 0 // there may be more
		}
		return x.o.Every
	})
	return nil
}

// round claims as many pages as there are workers, reads them side by side and
// returns how many they were.
func (x *Reader) round(ctx context.Context) (int, error) {
	claimed, err := x.store.ClaimArticles(ctx, x.o.Now(), x.o.Workers, x.o.Lease)
	if err != nil {
		return 0, fmt.Errorf("claim pages: %w", err)
	}
	var busy sync.WaitGroup
	for _, w := range claimed {
		busy.Go(func() { x.try(ctx, w) })
	}
	busy.Wait()
	return len(claimed), nil
}

// try makes one attempt and records what it came to, also when ctx has ended.
func (x *Reader) try(ctx context.Context, w Wanted) {
	s, err := x.attempt(ctx, w)
	if err == nil {
		err = x.store.SettleArticle(context.WithoutCancel(ctx), w, s)
	}
	if errors.Is(err, ErrStale) {
		return
	}
	if err != nil {
		if ctx.Err() == nil {
			x.log.ErrorContext(ctx, "outcome of a page could not be recorded", "page", w, "error", err)
		}
		return
	}
	x.log.DebugContext(ctx, "page of a report", "page", w, "state", s.State, "reason", s.Reason, "bytes", len(s.Text))
	if x.o.Settled != nil {
		x.o.Settled(w, s)
	}
}

// attempt makes one try. Its error is the store's.
func (x *Reader) attempt(ctx context.Context, w Wanted) (Settlement, error) {
	now := x.o.Now()
	switch {
	case !x.o.Allowed(w.Feed):
		return Settlement{State: GivenUp, Reason: NotAllowed, Failures: w.Failures}, nil
	case w.Crashes >= MaxCrashes:
		x.log.WarnContext(ctx, "a page is given up: reading it may have ended the process", "page", w)
		return Settlement{State: GivenUp, Reason: Crashed, Failures: w.Failures}, nil
	case now.Sub(w.Told) > x.o.MaxAge:
		return Settlement{State: GivenUp, Reason: TooOld, Failures: w.Failures}, nil
	}
	resp, retry, err := x.get(ctx, w)
	if err != nil {
		return Judge(x.o.Now(), w, "", err), nil
	}
	if retry > 0 {
		return Settlement{State: Waits, Reason: HostBusy, Due: now.Add(retry), Failures: w.Failures}, nil
	}
	if err := x.store.MarkArticle(ctx, w); err != nil {
		return Settlement{}, fmt.Errorf("mark page before reading: %w", err)
	}
	text, err := x.extract.Extract(ctx, Page{Body: resp.Body, ContentType: resp.ContentType, URL: resp.FinalURL, Title: w.Title})
	return Judge(x.o.Now(), w, text, err), nil
}

// get asks for the page, unless its host is busy; then retry is in what time to
// come back.
func (x *Reader) get(ctx context.Context, w Wanted) (resp fetch.Response, retry time.Duration, err error) {
	leave, retry, err := x.gate.Enter(ctx, w.Link)
	if err != nil {
		return resp, 0, fmt.Errorf("wait for the host: %w", err)
	}
	if leave == nil {
		return resp, max(retry, time.Second), nil
	}
	defer leave()
	resp, err = x.fetcher.Get(ctx, fetch.Request{URL: w.Link, Accept: acceptedTypes})
	return resp, 0, err
}
