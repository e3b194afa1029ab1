package feed

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/text"
)

// The bounds of looking for a site's feeds: requests, and the time for all.
const (
	maxFindRequests = 6
	findWithin      = 10 * time.Second
)

// ReasonNoFeed is the reason of a [FindError] where a page names no feed.
const ReasonNoFeed = "no-feed-found"

// ReasonTooLarge is the reason where a document is longer than was asked for.
const ReasonTooLarge = string(fetch.ClassTooLarge)

// FindError says why there is no feed at an address.
type FindError struct {
	// Reason is [ReasonNoFeed], or the class of a failure as in [Feed.Reason].
	Reason string
	cause  error
}

// Error implements error.
func (e *FindError) Error() string { return "no feed: " + e.Reason }

// Unwrap returns what went wrong.
func (e *FindError) Unwrap() error { return e.cause }

// Candidate is a feed that a site offers.
type Candidate struct {
	// URL is absolute; Title is what the site calls it, clean, or "".
	URL   string `json:"u"`
	Title string `json:"t"`
}

// Preview is what a feed holds now.
type Preview struct {
	// URL is the address to poll: the one asked for, or where that leads for good.
	// Also are the others on the way there.
	URL  string
	Also []string
	// Title is what it calls itself, or its host: clean, on one line, at most 80
	// code points.
	Title string
	// Language is the BCP 47 base tag of most of its items, or "und".
	Language string
	// Headlines are those of the newest items, at most three.
	Headlines []string
	// Items is how many it lists; Gap the usual time between two of them, 0 where
	// too few have dates.
	Items int
	Gap   time.Duration
}

// Finder finds the feeds of sites whose addresses people type. The fetcher keeps
// it away from addresses that are not for strangers.
type Finder struct {
	Fetch Fetcher
	Parse Parser
	Now   func() time.Time
}

// Address makes a typed address one that can be asked, as far as it can be.
func Address(typed string) string {
	typed = strings.Trim(strings.TrimSpace(typed), "<>")
	if rest, ok := strings.CutPrefix(typed, "feed://"); ok {
		typed = "https://" + rest
	}
	if typed != "" && !strings.Contains(typed, "://") {
		typed = "https://" + typed
	}
	return typed
}

// Find looks for feeds at a typed address. When there is one, it comes with its
// preview; when the site names several, they are returned without. Its error is a
// [*FindError].
func (x *Finder) Find(ctx context.Context, typed string) ([]Candidate, Preview, error) {
	ctx, cancel := context.WithTimeout(ctx, findWithin)
	defer cancel()
	address := Address(typed)
	resp, doc, err := x.read(ctx, address)
	if err == nil {
		return nil, x.preview(address, resp, doc), nil
	}
	var pe *parse.Error
	if !errors.As(err, &pe) {
		return nil, Preview{}, findError(err)
	}
	var found []Candidate
	for _, a := range parse.Alternates(resp.Body, resp.FinalURL) {
		found = append(found, Candidate(a))
	}
	if len(found) > 1 {
		return found, Preview{}, nil
	}
	if len(found) == 1 {
		p, err := x.look(ctx, found[0].URL)
		return nil, p, findError(err)
	}
	for _, path := range usualPaths()[:maxFindRequests-1] {
		at, err := url.Parse(resp.FinalURL)
		if err != nil {
			break
		}
		if p, err := x.look(ctx, at.ResolveReference(&url.URL{Path: path}).String()); err == nil {
			return nil, p, nil
		}
	}
	return nil, Preview{}, &FindError{Reason: ReasonNoFeed, cause: err}
}

// usualPaths are where sites have their feeds that do not say so.
func usualPaths() []string { return []string{"/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss"} }

// Look returns the preview of a feed at its own address, with an error as that of
// [Finder.Find].
func (x *Finder) Look(ctx context.Context, address string) (Preview, error) {
	ctx, cancel := context.WithTimeout(ctx, findWithin)
	defer cancel()
	p, err := x.look(ctx, Address(address))
	return p, findError(err)
}

// Document returns what is behind an address, up to limit bytes.
func (x *Finder) Document(ctx context.Context, address string, limit int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, findWithin)
	defer cancel()
	resp, err := x.Fetch.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, findError(err)
	}
	if len(resp.Body) > limit {
		return nil, &FindError{Reason: ReasonTooLarge}
	}
	return resp.Body, nil
}

func (x *Finder) look(ctx context.Context, address string) (Preview, error) {
	resp, doc, err := x.read(ctx, address)
	if err != nil {
		return Preview{}, err
	}
	return x.preview(address, resp, doc), nil
}

// read fetches and parses; where the document is no feed, resp is there.
func (x *Finder) read(ctx context.Context, address string) (resp fetch.Response, doc parse.Document, err error) {
	if resp, err = x.Fetch.Get(ctx, fetch.Request{URL: address}); err != nil {
		return resp, doc, err
	}
	doc, err = x.Parse.Parse(ctx, parse.Input{Body: resp.Body, ContentType: resp.ContentType, BaseURL: resp.FinalURL, Now: x.Now()})
	return resp, doc, err
}

// maxFeedTitle is the longest title of a feed, in code points.
const maxFeedTitle = 80

func (x *Finder) preview(address string, resp fetch.Response, doc parse.Document) Preview {
	p := Preview{URL: address, Items: len(doc.Items), Language: usualLanguage(doc.Items)}
	if to := resp.MovedTo(); to != "" {
		p.URL, p.Also = to, append(p.Also, address)
	}
	if resp.FinalURL != "" && resp.FinalURL != p.URL && !slices.Contains(p.Also, resp.FinalURL) {
		p.Also = append(p.Also, resp.FinalURL)
	}
	if u, err := url.Parse(p.URL); err == nil {
		p.Title = u.Hostname()
	}
	p.Title = cmp.Or(text.Cut(text.Clean(doc.Title), maxFeedTitle), p.Title)
	items := slices.Clone(doc.Items)
	slices.SortStableFunc(items, func(a, b parse.Item) int { return b.Published.Compare(a.Published) })
	var dated []time.Time
	for _, it := range items {
		if len(p.Headlines) < 3 && it.Title != "" {
			p.Headlines = append(p.Headlines, it.Title)
		}
		if !it.Published.IsZero() {
			dated = append(dated, it.Published)
		}
	}
	if n := len(dated); n >= 3 {
		p.Gap = dated[0].Sub(dated[n-1]) / time.Duration(n-1)
	}
	return p
}

// usualLanguage is the language of most items, "und" when that is not known.
func usualLanguage(items []parse.Item) string {
	counts := map[string]int{}
	best := "und"
	for _, it := range items {
		if it.Language == "und" {
			continue
		}
		if counts[it.Language]++; best == "und" || counts[it.Language] > counts[best] {
			best = it.Language
		}
	}
	return best
}

func findError(err error) error {
	if err == nil {
		return nil
	}
	var fe *fetch.Error
	var pe *parse.Error
	switch {
	case errors.As(err, &fe):
		return &FindError{Reason: string(fe.Class), cause: err}
	case errors.As(err, &pe):
		return &FindError{Reason: string(pe.Class), cause: err}
	}
	return &FindError{Reason: "failed", cause: err}
}
