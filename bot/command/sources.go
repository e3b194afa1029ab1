package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/source"
)

// outletChoice is an outlet as people look for it.
type outletChoice struct{ source.Source }

// names implements what [fitting] asks for. A country's name finds its outlets.
func (o outletChoice) names() names {
	return names{string(o.ID), o.Name, message.CountryName(o.Country, wording.Speaker{}), []string{o.Country}}
}

// outlets are all outlets as people look for them.
func (c *commands) outlets() []outletChoice {
	all := c.sources.All()
	out := make([]outletChoice, len(all))
	for i, s := range all {
		out[i] = outletChoice{s}
	}
	return out
}

// pickSource returns the outlet that a person means; else it says what was near.
func (c *commands) pickSource(typed string) (source.Source, error) {
	if s, ok := c.sources.Get(source.ID(typed)); ok {
		return s, nil
	}
	one, near, ok := meant(c.outlets(), typed)
	switch {
	case ok:
		return one.Source, nil
	case len(near) == 0:
		return source.Source{}, &Error{Code: NotFound, Message: message.Format("I read no outlet “%s”. Pick one from the list that appears while you type; /sources shows them all.", typed)}
	}
	return source.Source{}, &Error{Code: NotFound, Message: message.Format("I read no outlet “%s”. Did you mean %s?", typed, proposal(near))}
}

// sourceName is an outlet's name, or its id where the catalogue has it no more.
func (c *commands) sourceName(id source.ID) string {
	if s, ok := c.sources.Get(id); ok {
		return s.Name
	}
	return string(id)
}

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
func (c *commands) sourceList(ctx context.Context, q Request) (Reply, error) {
	var f sourceFilter
	typed, err := q.Text(optCountry, maxChoice)
	if err != nil {
		return Reply{}, err
	}
	if typed != "" {
		s, err := c.pickHome(typed)
		if err != nil {
			return Reply{}, err
		}
		f.country = s.Code
	}
	tier, err := q.Text(optKind, maxChoice)
	if err != nil {
		return Reply{}, err
	}
	f.tier = source.Tier(tier)
	if tier != "" && !slices.Contains(source.Tiers(), f.tier) {
		return Reply{}, unreadable(optKind)
	}
	return c.sourcesPage(ctx, q.Guild, f, 0)
}

// homes are the countries that have an outlet, in order of their names.
func (c *commands) homes() []Country {
	known := c.countries.Countries()
	var out []Country
	for _, s := range c.sources.All() {
		if slices.ContainsFunc(out, func(h Country) bool { return h.Code == s.Country }) {
			continue
		}
		home := Country{Code: s.Country, Name: message.CountryName(s.Country, wording.Speaker{})}
		if i := slices.IndexFunc(known, func(k Country) bool { return k.Code == s.Country }); i >= 0 {
			home = known[i]
		}
		out = append(out, home)
	}
	slices.SortStableFunc(out, func(a, b Country) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// pickHome returns the country whose outlets a person means.
func (c *commands) pickHome(typed string) (Country, error) {
	one, near, ok := meantCountry(c.homes(), typed)
	switch {
	case ok:
		return one, nil
	case len(near) == 0:
		return Country{}, &Error{Code: NotFound, Message: message.Format("I read no outlet of “%s”. Pick a country from the list that appears while you type.", typed)}
	}
	return Country{}, &Error{Code: NotFound, Message: message.Format("I read no outlet of “%s”. Did you mean %s?", typed, proposal(near))}
}

// sourcesPage shows outlets after the first so many.
func (c *commands) sourcesPage(ctx context.Context, guildID string, f sourceFilter, after int) (Reply, error) {
	feeds, err := c.store.FeedStatus(ctx, guildID)
	if err != nil {
		return Reply{}, fmt.Errorf("read feed status: %w", err)
	}
	read := map[source.ID][]feed.Feed{}
	for _, fd := range feeds {
		read[fd.Source] = append(read[fd.Source], fd)
	}
	var lines []message.Markup
	for _, s := range c.sources.All() {
		if len(read[s.ID]) > 0 && (f.country == "" || s.Country == f.country) && (f.tier == "" || s.Tier == f.tier) {
			lines = append(lines, outletLine(s, read[s.ID]))
		}
	}
	if len(lines) == 0 {
		return Reply{Payload: message.Text("I read no such outlet. /sources without options shows all that I read.")}, nil
	}
	heading := "Outlets that I read: " + strconv.Itoa(len(lines))
	// Outlets may have gone since the button was made.
	rest := lines[min(max(after, 0), len(lines)):]
	if len(rest) == 0 {
		rest, after = lines, 0
	}
	p, shown := message.Panel(heading, rest[:min(len(rest), maxOutlets)], "")
	at := Cursor{List: SourcesList, After: int64(after), Text: f.String()}
	return Reply{Payload: at.turned(p, int64(after+shown), shown < len(rest))}, nil
}

// maxOutlets is how many outlets a page shows.
const maxOutlets = 20

// outletLine tells of one outlet, and when it last had something new.
func outletLine(s source.Source, feeds []feed.Feed) message.Markup {
	about := message.Outlet(alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}, wording.Speaker{})
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
		line += message.Format(" · newest report %s", when)
	}
	if ill {
		line += " · ⚠️ in trouble, see /status"
	}
	return line
}

// completeSources offers the options of /sources.
func (c *commands) completeSources(_ context.Context, _ Request, option, typed string) ([]Choice, error) {
	if option != optCountry {
		return nil, nil
	}
	found, _ := fitting(c.homes(), typed)
	return offers(found), nil
}
