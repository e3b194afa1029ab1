package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/reading"
)

// CheckConfig checks everything that the settings lead to (feeds, topics, the
// token) and prints each setting with where it comes from.
func CheckConfig(_ context.Context, l config.Loaded, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range l.Settings {
		value := s.Value
		if value == "" {
			value = "–"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Key, value, s.Origin)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	fmt.Fprintln(out)
	for _, warning := range l.Warnings {
		fmt.Fprintln(out, "warning: "+warning)
	}
	var errs []error
	if sources, feeds, err := reading.LoadCatalogue(l.Config); err != nil {
		errs = append(errs, err)
	} else {
		fmt.Fprintf(out, "feeds: %d of %d sources\n", len(feeds), len(sources.All()))
	}
	if set, err := reading.LoadTopics(l.Config.Topics); err != nil {
		errs = append(errs, err)
	} else {
		fmt.Fprintf(out, "topics: %d\n", len(set.Definitions()))
	}
	_, warnings, err := l.Config.Discord.ResolveToken()
	switch {
	case errors.Is(err, config.ErrNoToken):
		fmt.Fprintln(out, "token: not set; attache run needs one, attache demo does not")
	case err != nil:
		errs = append(errs, err)
	default:
		fmt.Fprintln(out, "token: set")
	}
	for _, warning := range warnings {
		fmt.Fprintln(out, "warning: "+warning)
	}
	return errors.Join(errs...)
}
