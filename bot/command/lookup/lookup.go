package lookup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/story"
)

var errNoWords = interaction.Refuse(interaction.BadOption, "lookup.no-words")

// search shows the reports that hold words.
func (h *Handlers) search(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	words, err := q.Text(tree.OptQuery, desk.MaxQuery)
	if err != nil {
		return interaction.Reply{}, err
	}
	if !strings.ContainsFunc(words, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return interaction.Reply{}, errNoWords
	}
	sort, err := q.Text(tree.OptSort, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	switch archive.Order(sort) {
	case "", archive.Newest:
		return h.searchPage(ctx, q, desk.Cursor{List: desk.SearchList, Text: words})
	case archive.Relevant:
		return h.searchPage(ctx, q, desk.Cursor{List: desk.RelevantList, Text: words})
	}
	return interaction.Reply{}, interaction.Unreadable(tree.OptSort)
}

// searchPage shows the reports that come after the cursor's.
func (h *Handlers) searchPage(ctx context.Context, q interaction.Request, cur desk.Cursor) (interaction.Reply, error) {
	words := cur.Text
	if !query.Plain(words) {
		return h.askPage(ctx, q, cur)
	}
	ask := archive.Search{Guild: q.Guild, Text: words, Order: archive.Newest, Before: cur.Report(), Limit: message.PageItems + 1}
	if cur.List == desk.RelevantList {
		ask = archive.Search{Guild: q.Guild, Text: words, Order: archive.Relevant, Skip: int(cur.After), Limit: message.PageItems + 1}
	}
	found, err := h.store.Search(ctx, ask)
	switch {
	case errors.Is(err, archive.ErrNoWords):
		return interaction.Reply{}, errNoWords
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("search reports: %w", err)
	}
	none := q.Say("lookup.not-found", wording.Args{"query": words})
	if small, ok := query.SmallOperator(words); ok {
		none += " " + q.Say("lookup.small-operator", wording.Args{"word": small, "operator": strings.ToUpper(small)})
	}
	if cur.After != 0 {
		none = q.Say("lookup.nothing-older")
		if cur.List == desk.RelevantList {
			none = q.Say("lookup.nothing-more")
		}
	}
	return h.list(q.Plain("lookup.search-title", wording.Args{"query": words}), none, found, cur, q.Speaker), nil
}

// askPage shows the reports in which a query holds that uses more than words.
func (h *Handlers) askPage(ctx context.Context, q interaction.Request, cur desk.Cursor) (interaction.Reply, error) {
	asked, err := query.Parse(cur.Text)
	if err == nil {
		err = asked.Check(h.Vocabulary())
	}
	if err != nil {
		return interaction.Reply{}, desk.QueryError(err)
	}
	var doc query.Text
	holds := func(r query.Read) bool {
		outlet, _ := h.Sources.Get(r.Report.Source)
		doc.Read(r.Doc(outlet))
		return asked.Match(&doc)
	}
	cur.List = desk.SearchList // which one is most relevant cannot be told
	found, err := h.store.Search(ctx, archive.Search{Guild: q.Guild, Holds: holds, Before: cur.Report(), Limit: message.PageItems + 1})
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("search reports: %w", err)
	}
	none := q.Say("lookup.not-found-newest", wording.Args{"query": cur.Text})
	if cur.After != 0 {
		none = q.Say("lookup.nothing-older")
	}
	return h.list(q.Plain("lookup.search-title", wording.Args{"query": cur.Text}), none, found, cur, q.Speaker), nil
}

// list shows up to a page of listings, and a button when there are more. at is
// the cursor of this page.
func (h *Handlers) list(heading string, none message.Markup, found []story.Listing, at desk.Cursor, in wording.Speaker) interaction.Reply {
	if len(found) == 0 {
		return interaction.Reply{Payload: at.Turned(message.Text(none), 0, false, in)}
	}
	page := found[:min(len(found), message.PageItems)]
	topics := h.Topics.Topics()
	items := make([]message.Item, len(page))
	for i, l := range page {
		items[i] = message.Item{
			Headline: l.Report.Title, Link: l.Report.Link, Outlet: h.Outlet(l.Report), Time: l.Report.Time(),
			Topics: desk.Named(topics, l.Topics), Standing: l.Standing,
		}
		if at.List == desk.RecentList { // a search shows each outlet's report
			items[i].Others = max(0, l.Sources-1)
		}
	}
	return interaction.Reply{Payload: at.Turned(message.Listing(heading, items, "", in), next(at, page), len(found) > len(page), in)}
}

// next is where the page after this one begins.
func next(c desk.Cursor, page []story.Listing) int64 {
	if c.List == desk.RelevantList {
		return c.After + int64(len(page))
	}
	return int64(page[len(page)-1].Report.ID)
}
