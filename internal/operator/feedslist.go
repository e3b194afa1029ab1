package operator

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/text"
)

// FeedsListOptions say what is listed, and how.
type FeedsListOptions struct {
	Config config.Config
	Chosen FeedsChosen
	// Feeds asks for one line a feed instead of one a source.
	Feeds bool
	// JSON asks for one JSON object a source, each on its line, with its feeds.
	JSON bool
}

// ListFeeds prints what the bot reads.
func ListFeeds(_ context.Context, o FeedsListOptions, out io.Writer) error {
	list, strangers, err := chosenSources(o.Config, o.Chosen)
	if err != nil {
		return err
	}
	if len(strangers) > 0 {
		return fmt.Errorf("%s is in no catalogue; attache feeds check tries it", text.Clean(strangers[0]))
	}
	switch {
	case o.JSON:
		return listJSON(out, list, o.Config.Poll.Interval)
	case o.Feeds:
		return listAddresses(out, list, o.Config.Poll.Interval)
	default:
		return listSources(out, list)
	}
}

// listSources prints a line for each source. The name stands last: it may be in
// any script, and columns after it would not align.
func listSources(out io.Writer, list []config.Source) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tCOUNTRY\tLANGUAGE\tTIER\tCONTROL\tFEEDS\tWIRES\tOWNER\tNAME")
	feeds := 0
	for _, s := range list {
		control := "–"
		if s.StateControlled {
			control = "state"
		}
		feeds += len(s.Feeds)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", s.ID, s.Country, s.Language, s.Tier, control, len(s.Feeds),
			dash(strings.Join(s.Wires, ",")), dash(text.Clean(s.Owner)), text.Clean(s.Name))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	_, err := fmt.Fprintf(out, "\n%s, %s\n", count(len(list), "source"), count(feeds, "feed"))
	return err
}

// listAddresses prints a line for each feed.
func listAddresses(out io.Writer, list []config.Source, usual time.Duration) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tLANGUAGE\tEVERY\tSECTION\tKNOWN FROM\tFEED")
	feeds := feedsOf(list, nil)
	for _, l := range feeds {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.source.ID, l.source.Language, config.ShortDuration(cmp.Or(l.feed.Every, usual)),
			dash(text.Clean(l.feed.Section)), dash(l.feed.Origin.String()), text.Clean(l.feed.URL))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	_, err := fmt.Fprintf(out, "\n%s of %s\n", count(len(feeds), "feed"), count(len(list), "source"))
	return err
}

type sourceJSON struct {
	ID              string     `json:"id"`
	Name            string     `json:"name"`
	Country         string     `json:"country"`
	Language        string     `json:"language"`
	Tier            string     `json:"tier"`
	Owner           string     `json:"owner,omitempty"`
	Wires           []string   `json:"wires,omitempty"`
	StateControlled bool       `json:"state_controlled"`
	Feeds           []feedJSON `json:"feeds"`
}

type feedJSON struct {
	URL     string `json:"url"`
	Section string `json:"section,omitempty"`
	Every   string `json:"every"`
	Origin  string `json:"origin,omitempty"`
	Where   string `json:"where"`
}

func listJSON(out io.Writer, list []config.Source, usual time.Duration) error {
	for _, s := range list {
		j := sourceJSON{
			ID: s.ID, Name: text.Clean(s.Name), Country: s.Country, Language: s.Language, Tier: s.Tier, Owner: text.Clean(s.Owner),
			Wires: s.Wires, StateControlled: s.StateControlled, Feeds: []feedJSON{},
		}
		for _, f := range s.Feeds {
			j.Feeds = append(j.Feeds, feedJSON{
				URL: f.URL, Section: text.Clean(f.Section), Every: config.ShortDuration(cmp.Or(f.Every, usual)), Origin: f.Origin.String(), Where: f.Where,
			})
		}
		if err := writeJSON(out, j); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
	}
	return nil
}
