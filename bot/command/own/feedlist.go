package own

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
)

// feedChoice is one of a guild's own feeds as people look for it.
type feedChoice struct{ guild.Feed }

// Names implements [suggest.Named].
func (f feedChoice) Names() suggest.Names {
	return suggest.Names{ID: strconv.FormatInt(int64(f.ID), 10), Title: f.Title, Description: host(f.URL)}
}

// feedChoices are a guild's own feeds.
func (h *Handlers) feedChoices(ctx context.Context, guildID string) ([]feedChoice, error) {
	feeds, err := h.store.GuildFeeds(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list feeds of the guild: %w", err)
	}
	out := make([]feedChoice, len(feeds))
	for i, f := range feeds {
		out[i] = feedChoice{f}
	}
	return out, nil
}

// completeFeed offers the guild's own feeds that fit.
func (h *Handlers) completeFeed(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptFeed {
		return nil, nil
	}
	all, err := h.feedChoices(ctx, q.Guild)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(all, typed)
	return suggest.Offers(found), nil
}

// pickFeed is the feed of the guild that an option names.
func (h *Handlers) pickFeed(ctx context.Context, q interaction.Request) (guild.Feed, error) {
	typed, err := q.Text(tree.OptFeed, interaction.MaxChoice)
	if err != nil {
		return guild.Feed{}, err
	}
	all, err := h.feedChoices(ctx, q.Guild)
	switch {
	case err != nil:
		return guild.Feed{}, err
	case len(all) == 0:
		return guild.Feed{}, errNoFeeds
	case typed == "":
		return guild.Feed{}, errFeedWhich
	}
	if i := slices.IndexFunc(all, func(f feedChoice) bool { return f.Names().ID == typed }); i >= 0 {
		return all[i].Feed, nil
	}
	one, _, ok := suggest.Meant(all, typed)
	if !ok {
		return guild.Feed{}, interaction.Refuse(interaction.NotFound, "feeds.not-found", wording.Args{"name": typed})
	}
	return one.Feed, nil
}

// feedList shows the guild's own feeds and how they do.
func (h *Handlers) feedList(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	return h.feedsPage(ctx, q, 0)
}

// feedsOnPage is how many feeds a page shows.
const feedsOnPage = 10

// feedsPage shows the feeds after the first so many. A button grants nothing: who
// may not manage the guild is refused here too.
func (h *Handlers) feedsPage(ctx context.Context, q interaction.Request, after int) (interaction.Reply, error) {
	if err := h.MayManage(ctx, q); err != nil {
		return interaction.Reply{}, err
	}
	all, err := h.feedChoices(ctx, q.Guild)
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case len(all) == 0:
		return interaction.Reply{}, errNoFeeds
	}
	rest := all[min(max(after, 0), len(all)):]
	if len(rest) == 0 { // some have gone since the button was made
		rest, after = all, 0
	}
	var lines []message.Markup
	for _, f := range rest[:min(len(rest), feedsOnPage)] {
		lines = append(lines, message.Format("**%s** · %s\n%s", f.Title, host(f.URL), h.feedState(f.Feed.Feed, q.Speaker)))
	}
	p, shown := message.Panel(q.Plain("feeds.list-title"), lines, q.Say("feeds.list-note", wording.Args{"count": len(all), "most": guild.MaxFeeds}))
	at := desk.Cursor{List: desk.FeedsList, After: int64(after)}
	return interaction.Reply{Payload: at.Turned(p, int64(after+shown), shown < len(rest), q.Speaker)}, nil
}

// feedState tells in plain words how a feed does.
func (h *Handlers) feedState(f feed.Feed, s wording.Speaker) message.Markup {
	line := s.Say("feeds.state-well")
	switch {
	case !f.Own:
		return s.Say("feeds.state-common")
	case f.State == feed.New:
		return s.Say("feeds.state-new")
	case f.State == feed.Quarantined:
		return "⚠️ " + s.Say("feeds.state-aside")
	case f.State == feed.Gone:
		return "⚠️ " + s.Say("feeds.state-gone")
	case f.State == feed.Failing:
		return "⚠️ " + s.Say("feeds.state-failing", wording.Args{"why": h.Explain(f.Reason, s)})
	case f.State == feed.Stale:
		line = s.Say("feeds.state-quiet")
	case f.State == feed.Moved:
		line = s.Say("feeds.state-moved")
	}
	if when := message.When(f.Newest); when != "" {
		line += " · " + s.Say("feeds.newest", wording.Args{"when": when})
	}
	return line
}

// feedStatus tells all about one feed.
func (h *Handlers) feedStatus(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	f, err := h.pickFeed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := []message.Markup{h.feedState(f.Feed, q.Speaker), q.Say("feeds.address", wording.Args{"address": message.Format("%s", f.Address())})}
	if often := paced(f.Tempo.Gap, q.Speaker); often != "" {
		lines = append(lines, often)
	}
	if next := desk.Ahead(f.Next, q, "feeds.next", "feeds.next-now"); next != "" && f.Own && f.State.Polled() {
		lines = append(lines, next)
	}
	if who := message.User(f.AddedBy); who != "" {
		lines = append(lines, q.Say("feeds.added-by", wording.Args{"who": who, "when": message.When(f.Added)}))
	}
	p, _ := message.Panel(f.Title, lines, "")
	return interaction.Reply{Payload: p}, nil
}

// removeFeed takes a feed from the guild.
func (h *Handlers) removeFeed(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	f, err := h.pickFeed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.endFeed(ctx, q, int64(f.ID))
}

// endFeed takes a feed from the guild's own, and offers to read it again.
func (h *Handlers) endFeed(ctx context.Context, q interaction.Request, id int64) (interaction.Reply, error) {
	all, err := h.feedChoices(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	i := slices.IndexFunc(all, func(f feedChoice) bool { return int64(f.ID) == id })
	if i < 0 {
		return interaction.Reply{}, errFeedWhich
	}
	f := all[i]
	if err := h.store.RemoveFeed(ctx, q.Guild, f.ID); err != nil {
		return interaction.Reply{}, feedError(err, f.Title, h, q.Speaker)
	}
	said := q.Say("feeds.removed", wording.Args{"title": f.Title})
	if !f.Own { // it is read for everybody now, and nobody adds it
		return interaction.Reply{Payload: message.Text(said)}, nil
	}
	return h.Undoable(ctx, q, said, actUndo, deedFeed, undoing{Feed: h.wantedFeed(q, feed.Preview{URL: f.URL, Title: f.Title})})
}
