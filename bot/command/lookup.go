package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

var errNoWords = interaction.Refuse(interaction.BadOption, "lookup.no-words")

// search shows the reports that hold words.
func (c *commands) search(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	words, err := q.Text(optQuery, MaxQuery)
	if err != nil {
		return interaction.Reply{}, err
	}
	if !strings.ContainsFunc(words, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return interaction.Reply{}, errNoWords
	}
	sort, err := q.Text(optSort, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	switch Sort(sort) {
	case "", SortNewest:
		return c.searchPage(ctx, q, Cursor{List: SearchList, Text: words})
	case SortRelevant:
		return c.searchPage(ctx, q, Cursor{List: RelevantList, Text: words})
	}
	return interaction.Reply{}, interaction.Unreadable(optSort)
}

// searchPage shows the reports that come after the cursor's.
func (c *commands) searchPage(ctx context.Context, q interaction.Request, cur Cursor) (interaction.Reply, error) {
	words := cur.Text
	if !query.Plain(words) {
		return c.askPage(ctx, q, cur)
	}
	ask := SearchQuery{Guild: q.Guild, Text: words, Sort: SortNewest, Before: cur.report(), Limit: message.MaxItems + 1}
	if cur.List == RelevantList {
		ask = SearchQuery{Guild: q.Guild, Text: words, Sort: SortRelevant, Skip: int(cur.After), Limit: message.MaxItems + 1}
	}
	found, err := c.store.Search(ctx, ask)
	switch {
	case errors.Is(err, ErrNoWords):
		return interaction.Reply{}, errNoWords
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("search reports: %w", err)
	}
	none := q.Say("lookup.not-found", wording.Args{"query": words})
	if cur.After != 0 {
		none = q.Say("lookup.nothing-older")
		if cur.List == RelevantList {
			none = q.Say("lookup.nothing-more")
		}
	}
	return c.list(q.Plain("lookup.search-title", wording.Args{"query": words}), none, found, cur, q.Speaker), nil
}

// askPage shows the reports in which a query holds that uses more than words.
func (c *commands) askPage(ctx context.Context, q interaction.Request, cur Cursor) (interaction.Reply, error) {
	asked, err := query.Parse(cur.Text)
	if err == nil {
		err = asked.Check(vocabulary{c})
	}
	if err != nil {
		return interaction.Reply{}, queryError(err)
	}
	var doc query.Text
	holds := func(r query.Read) bool {
		outlet, _ := c.sources.Get(r.Report.Source)
		doc.Read(r.Doc(outlet))
		return asked.Match(&doc)
	}
	cur.List = SearchList // which one is most relevant cannot be told
	found, err := c.store.Search(ctx, SearchQuery{Guild: q.Guild, Holds: holds, Before: cur.report(), Limit: message.MaxItems + 1})
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("search reports: %w", err)
	}
	none := q.Say("lookup.not-found-newest", wording.Args{"query": cur.Text})
	if cur.After != 0 {
		none = q.Say("lookup.nothing-older")
	}
	return c.list(q.Plain("lookup.search-title", wording.Args{"query": cur.Text}), none, found, cur, q.Speaker), nil
}

// list shows up to a page of listings, and a button when there are more. at is
// the cursor of this page.
func (c *commands) list(heading string, none message.Markup, found []story.Listing, at Cursor, in wording.Speaker) interaction.Reply {
	if len(found) == 0 {
		return interaction.Reply{Payload: at.turned(message.Text(none), 0, false, in)}
	}
	page := found[:min(len(found), message.MaxItems)]
	topics := c.topics.Topics()
	items := make([]message.Item, len(page))
	for i, l := range page {
		items[i] = message.Item{
			Headline: l.Report.Title, Link: l.Report.Link, Outlet: c.outlet(l.Report), Time: l.Report.Time(),
			Topics: named(topics, l.Topics), Standing: l.Standing,
		}
	}
	return interaction.Reply{Payload: at.turned(message.Listing(heading, items, "", in), at.next(page), len(found) > len(page), in)}
}

// next is where the page after this one begins.
func (c Cursor) next(page []story.Listing) int64 {
	if c.List == RelevantList {
		return c.After + int64(len(page))
	}
	return int64(page[len(page)-1].Report.ID)
}

func (c *commands) outlet(r report.Report) alert.Outlet {
	s, ok := c.sources.Get(r.Source)
	if !ok {
		return alert.Outlet{Name: string(r.Source)}
	}
	return alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}
}

// page shows the page that a button asks for.
func (c *commands) page(ctx context.Context, q interaction.Request, cur Cursor) (interaction.Reply, error) {
	switch cur.List {
	case RecentList:
		f, ok := parseFilter(cur.Text)
		if !ok {
			return interaction.Reply{}, interaction.ErrButton
		}
		return c.recentPage(ctx, q, f, cur.report())
	case TrendList:
		f, ok := parseFilter(cur.Text)
		if !ok {
			return interaction.Reply{}, interaction.ErrButton
		}
		return c.trendPage(ctx, q, f.topic, int(cur.After))
	case StoryList:
		id, ok := parseStory(cur.Text)
		if !ok {
			return interaction.Reply{}, interaction.ErrButton
		}
		return c.storyPage(ctx, q, id, int(cur.After))
	case FeedsList:
		return c.feedsPage(ctx, q, int(cur.After))
	case AuditList:
		return c.auditPage(ctx, q, cur)
	case TopicsList:
		return c.topicsPage(ctx, q, int(cur.After))
	case SourcesList:
		f, ok := parseSourceFilter(cur.Text)
		if !ok {
			return interaction.Reply{}, interaction.ErrButton
		}
		return c.sourcesPage(ctx, q, f, int(cur.After))
	case SearchList, RelevantList:
		return c.searchPage(ctx, q, cur)
	case SubscriptionsList:
		return c.subscriptionsPage(ctx, q, int(cur.After))
	case WithoutGone:
		return c.removeGone(ctx, q)
	}
	return interaction.Reply{}, interaction.ErrButton
}
