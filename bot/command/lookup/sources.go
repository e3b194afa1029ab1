package lookup

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/source"
)

// sourceFilter says which outlets to show. What is empty does not limit.
type sourceFilter struct {
	country string
	tier    source.Tier
}

// String returns the filter as a button carries it.
func (f sourceFilter) String() string {
	return f.country + ";" + strconv.Itoa(slices.Index(source.Tiers(), f.tier)+1)
}

// parseSourceFilter reads what [sourceFilter.String] wrote.
func parseSourceFilter(s string) (sourceFilter, bool) {
	country, tier, _ := strings.Cut(s, ";")
	n, err := strconv.Atoi(tier)
	if err != nil || n < 0 || n > len(source.Tiers()) || country != "" && !source.IsCountry(country) {
		return sourceFilter{}, false
	}
	f := sourceFilter{country: country}
	if n > 0 {
		f.tier = source.Tiers()[n-1]
	}
	return f, f.String() == s
}

// sourceList shows which outlets are read.
func (h *Handlers) sourceList(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var f sourceFilter
	typed, err := q.Text(tree.OptCountry, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	if typed != "" {
		s, err := h.pickHome(typed, q.Speaker)
		if err != nil {
			return interaction.Reply{}, err
		}
		f.country = s.Code
	}
	tier, err := q.Text(tree.OptKind, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	f.tier = source.Tier(tier)
	if tier != "" && !slices.Contains(source.Tiers(), f.tier) {
		return interaction.Reply{}, interaction.Unreadable(tree.OptKind)
	}
	return h.sourcesPage(ctx, q, f, 0)
}

// homes are the countries that have an outlet, in order of their names.
func (h *Handlers) homes(in wording.Speaker) []desk.Country {
	known := h.States(in)
	var out []desk.Country
	for _, s := range h.Sources.All() {
		if slices.ContainsFunc(out, func(home desk.Country) bool { return home.Code == s.Country }) {
			continue
		}
		home := desk.Country{Code: s.Country, Name: message.CountryName(s.Country, in)}
		if i := slices.IndexFunc(known, func(k desk.Country) bool { return k.Code == s.Country }); i >= 0 {
			home = known[i]
		}
		out = append(out, home)
	}
	order := in.Order()
	slices.SortStableFunc(out, func(a, b desk.Country) int { return order(a.Name, b.Name) })
	return out
}

// pickHome returns the country whose outlets a person means.
func (h *Handlers) pickHome(typed string, in wording.Speaker) (desk.Country, error) {
	one, near, ok := desk.MeantCountry(h.homes(in), typed)
	switch {
	case ok:
		return one, nil
	case len(near) == 0:
		return desk.Country{}, interaction.Refuse(interaction.NotFound, "outlets.country-unknown", wording.Args{"typed": typed})
	}
	return desk.Country{}, interaction.Refuse(interaction.NotFound, "outlets.country-near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
}

// sourcesPage shows outlets after the first so many.
func (h *Handlers) sourcesPage(ctx context.Context, q interaction.Request, f sourceFilter, after int) (interaction.Reply, error) {
	feeds, err := h.store.FeedsSeenBy(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	read := map[source.ID][]feed.Feed{}
	for _, fd := range feeds {
		read[fd.Source] = append(read[fd.Source], fd)
	}
	var lines []message.Markup
	for _, s := range h.Sources.All() {
		if len(read[s.ID]) > 0 && (f.country == "" || s.Country == f.country) && (f.tier == "" || s.Tier == f.tier) {
			lines = append(lines, outletLine(s, read[s.ID], q.Speaker))
		}
	}
	if len(lines) == 0 {
		return interaction.Reply{Payload: message.Text(q.Say("outlets.none"))}, nil
	}
	heading := q.Plain("outlets.title", wording.Args{"number": len(lines)})
	// Outlets may have gone since the button was made.
	rest := lines[min(max(after, 0), len(lines)):]
	if len(rest) == 0 {
		rest, after = lines, 0
	}
	p, shown := message.Panel(heading, rest[:min(len(rest), maxOutlets)], "")
	at := desk.Cursor{List: desk.SourcesList, After: int64(after), Text: f.String()}
	return interaction.Reply{Payload: at.Turned(p, int64(after+shown), shown < len(rest), q.Speaker)}, nil
}

// maxOutlets is how many outlets a page shows.
const maxOutlets = 20

// outletLine tells of one outlet, and when it last had something new.
func outletLine(s source.Source, feeds []feed.Feed, in wording.Speaker) message.Markup {
	about := message.Outlet(alert.OutletOf(s), in)
	var newest time.Time
	ill := true
	for _, f := range feeds {
		if f.Newest.After(newest) {
			newest = f.Newest
		}
		ill = ill && f.State != feed.OK && f.State != feed.New
	}
	line := about
	if when := message.When(newest); when != "" {
		line += "\n-# " + in.Say("outlets.newest", wording.Args{"when": when})
	}
	if ill {
		line += " · " + in.Say("outlets.trouble")
	}
	return line
}

// completeSources offers the options of /sources.
func (h *Handlers) completeSources(_ context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptCountry {
		return nil, nil
	}
	found, _ := suggest.Fitting(h.homes(q.Speaker), typed)
	return suggest.Offers(found), nil
}
