package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/trace"
)

// maxTraced bounds how many reports one command traces.
const maxTraced = 20

// TraceOptions say what to trace.
type TraceOptions struct {
	Config config.Config
	// What is a link, the id of a report, or that of a story with an s before it.
	What string
	// JSON asks for JSON instead of text.
	JSON   bool
	Logger *slog.Logger
}

// Trace prints the way of a report through the bot, or of every report of a
// story. It changes nothing, and works beside a running bot.
func Trace(ctx context.Context, o TraceOptions, out io.Writer) error {
	return withStore(ctx, o.Config, store.Options{Logger: o.Logger, ReadOnly: true}, func(s *store.Store) error {
		ids, err := traced(ctx, s, strings.TrimSpace(o.What))
		if err != nil {
			return err
		}
		traces := make([]trace.Trace, 0, len(ids))
		for _, id := range ids {
			r, err := s.Trace(ctx, id)
			if errors.Is(err, archive.ErrNotFound) {
				return fmt.Errorf("there is no report %d: it was never stored, or deleted because it was old (retention.reports)", id)
			}
			if err != nil {
				return err
			}
			traces = append(traces, trace.Of(r))
		}
		if o.JSON {
			e := json.NewEncoder(out)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(map[string]any{"reports": traces})
		}
		for i, t := range traces {
			if i > 0 {
				fmt.Fprintln(out)
			}
			if err := t.Text(out); err != nil {
				return err
			}
		}
		return nil
	})
}

// traced returns the reports that are meant.
func traced(ctx context.Context, s *store.Store, what string) ([]report.ID, error) {
	if id, ok := number(what); ok {
		return []report.ID{report.ID(id)}, nil
	}
	if n, ok := strings.CutPrefix(what, "s"); ok {
		if id, ok := number(n); ok {
			ids, err := s.StoryReports(ctx, story.ID(id), maxTraced)
			if err == nil && len(ids) == 0 {
				err = fmt.Errorf("there is no story s%d: it was never stored, or deleted because it was old (retention.reports)", id)
			}
			return ids, err
		}
	}
	if !strings.HasPrefix(what, "http://") && !strings.HasPrefix(what, "https://") {
		return nil, fmt.Errorf("%q is no link, no report and no story: give a link with http:// or https://, the number of a report, or that of a story with an s before it, such as s123", text.Clean(what))
	}
	ids, deleted, err := s.FindByLink(ctx, what)
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0 && deleted:
		return nil, errors.New("a report with this link was stored once, and deleted because it was old (retention.reports)")
	case len(ids) == 0:
		return nil, notStored(what)
	}
	return ids[:min(len(ids), maxTraced)], nil
}

func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0
}

// notStored says what to do about a link that no report has.
func notStored(link string) error {
	words := "no report with this link is stored"
	if canonical, err := report.CanonicalLink(link); err == nil && canonical != link {
		words += ", nor with " + text.Clean(canonical)
	}
	return errors.New(words + `
The bot stores what the feeds that it polls list. Look
- whether it polls a feed of this outlet: attache feeds check
- whether that feed lists the item, and under which link: open the feed
- whether the feed can be read: /status in Discord, or attache_feed_up at /metrics
- what is stored of it under another link: /search in Discord`)
}
