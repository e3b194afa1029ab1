package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/text"
)

// FeedsStatusOptions say whose health is printed, and how.
type FeedsStatusOptions struct {
	Config config.Config
	// Only are ids of sources, and numbers and addresses of feeds; none means all.
	Only []string
	// Trouble leaves out feeds that are well.
	Trouble bool
	// JSON asks for one JSON object a feed, each on its line.
	JSON   bool
	Now    func() time.Time
	Logger *slog.Logger
}

// FeedsStatus prints what the database knows of the feeds that are polled: each
// one's health with its reason, and when it is due next and why then. It changes
// nothing, and works beside a running bot. Addresses lack what may be a key: see
// [feed.Feed.Shown].
func FeedsStatus(ctx context.Context, o FeedsStatusOptions, out io.Writer) error {
	return withStore(ctx, o.Config, store.Options{Logger: o.Logger, ReadOnly: true}, func(s *store.Store) error {
		feeds, err := polledFeeds(ctx, s, o.Only)
		if err != nil {
			return err
		}
		all := len(feeds)
		if o.Trouble {
			feeds = slices.DeleteFunc(feeds, func(f feed.Feed) bool { return f.State == feed.OK || f.State == feed.New })
		}
		if o.JSON {
			for _, f := range feeds {
				if err := writeJSON(out, statusOf(f)); err != nil {
					return fmt.Errorf("write status: %w", err)
				}
			}
			return nil
		}
		return statusTable(out, feeds, all, o.Now())
	})
}

// ReadmitFeedsOptions name the feeds to poll again.
type ReadmitFeedsOptions struct {
	Config config.Config
	// Only are ids of sources, and numbers and addresses of feeds; at least one.
	Only   []string
	Now    func() time.Time
	Logger *slog.Logger
}

// ReadmitFeeds lets feeds be polled at once that are gone, quarantined or backing
// off. A running bot takes them up at its next tick.
func ReadmitFeeds(ctx context.Context, o ReadmitFeedsOptions, out io.Writer) error {
	return withStore(ctx, o.Config, store.Options{Logger: o.Logger}, func(s *store.Store) error {
		feeds, err := polledFeeds(ctx, s, o.Only)
		if err != nil {
			return err
		}
		for _, f := range feeds {
			err := s.ReadmitFeed(ctx, f.ID, o.Now())
			switch {
			case errors.Is(err, archive.ErrNotFound):
				_, err = fmt.Fprintf(out, "%s is polled anyway (%s)\n", text.Clean(f.Shown()), f.State)
			case err == nil:
				_, err = fmt.Fprintf(out, "%s was %s and is polled at the next tick\n", text.Clean(f.Shown()), f.State)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// polledFeeds are the feeds of the database that the words name.
func polledFeeds(ctx context.Context, s *store.Store, only []string) ([]feed.Feed, error) {
	all, err := s.FeedStatus(ctx)
	if err != nil {
		return nil, err
	}
	if len(only) == 0 {
		return all, nil
	}
	var out []feed.Feed
	for _, w := range only {
		known := false
		for _, f := range all {
			if f.URL == w || string(f.Source) == w || strconv.FormatInt(int64(f.ID), 10) == w {
				known = true
				if !slices.ContainsFunc(out, func(g feed.Feed) bool { return g.ID == f.ID }) {
					out = append(out, f)
				}
			}
		}
		if !known {
			return nil, fmt.Errorf("the bot polls no feed %q: give the id of a source, or the number or address of a feed; attache feeds status shows them", text.Clean(feed.ShownAddress(w)))
		}
	}
	return out, nil
}

// feedStatus is a feed's health for machines.
type feedStatus struct {
	ID         feed.ID   `json:"id"`
	URL        string    `json:"url"`
	Source     string    `json:"source"`
	State      string    `json:"state"`
	Reason     string    `json:"reason,omitempty"`
	Since      time.Time `json:"since,omitzero"`
	Failures   int       `json:"failures,omitempty"`
	Polled     time.Time `json:"polled,omitzero"`
	Newest     time.Time `json:"newest,omitzero"`
	Next       time.Time `json:"next,omitzero"`
	NextReason string    `json:"next_reason,omitempty"`
}

func statusOf(f feed.Feed) feedStatus {
	out := feedStatus{
		ID: f.ID, URL: f.Shown(), Source: string(f.Source), State: string(f.State), Reason: f.Reason, Since: f.Since, Failures: f.Failures,
		Polled: f.Polled, Newest: f.Newest,
	}
	if f.State.Polled() {
		out.Next, out.NextReason = f.Next, string(f.NextReason)
	}
	return out
}

// statusTable prints a line for each feed, and below it why it is not well.
func statusTable(out io.Writer, feeds []feed.Feed, all int, now time.Time) error {
	if len(feeds) > 0 {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tSOURCE\tSTATE\tSINCE\tNEWEST\tDUE\tWHY THEN\tFEED")
		for _, f := range feeds {
			due, why := "never", "attache feeds readmit"
			if f.State.Polled() {
				due, why = ahead(now, f.Next), string(f.NextReason)
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.ID, text.Clean(string(f.Source)), f.State, ago(now, f.Since), ago(now, f.Newest),
				due, dash(why), text.Clean(f.Shown()))
		}
		if err := w.Flush(); err != nil {
			return fmt.Errorf("write status: %w", err)
		}
	}
	ill := 0
	for _, f := range feeds {
		if f.Reason == "" || f.State == feed.New {
			continue
		}
		if ill++; ill == 1 {
			fmt.Fprintln(out)
		}
		why := cmp.Or(feed.ReasonText(f.Reason), reading.FailureText(f.Reason), strings.ReplaceAll(f.Reason, "-", " "))
		next := ""
		if f.State.Polled() && !f.State.Answers() {
			next = fmt.Sprintf("; asked again in %s, because %s", ahead(now, f.Next), f.NextReason.Text())
		}
		fmt.Fprintf(out, "%s: %s%s\n", text.Clean(f.Shown()), text.Clean(why), next)
	}
	_, err := fmt.Fprintf(out, "\n%d of %s\n", len(feeds), count(all, "feed"))
	return err
}

// ago is how long t lies back.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return shortly(max(now.Sub(t), 0))
}

// ahead is how long t is away.
func ahead(now, t time.Time) string { return shortly(max(t.Sub(now), 0)) }
