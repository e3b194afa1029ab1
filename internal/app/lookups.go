package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/lookup"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

// commandStore is the store in the terms of the commands. What does not differ
// it takes from the store as it is.
type commandStore struct{ *store.Store }

// Subscribe implements [command.Settings].
func (c commandStore) Subscribe(ctx context.Context, s subscription.Subscription) (subscription.Subscription, error) {
	s, err := c.Store.Subscribe(ctx, s)
	if errors.Is(err, store.ErrForeignChannel) {
		err = errors.Join(desk.ErrForeignChannel, err)
	}
	return s, err
}

// ChangeSubscription implements [command.Settings].
func (c commandStore) ChangeSubscription(ctx context.Context, s subscription.Subscription) error {
	err := c.Store.ChangeSubscription(ctx, s)
	if errors.Is(err, store.ErrForeignChannel) {
		err = errors.Join(desk.ErrForeignChannel, err)
	}
	return err
}

// NoteChannel implements [command.Settings].
func (c commandStore) NoteChannel(ctx context.Context, ch guild.Channel) error {
	err := c.Store.NoteChannel(ctx, ch)
	if errors.Is(err, store.ErrForeignChannel) {
		err = errors.Join(desk.ErrForeignChannel, err)
	}
	return err
}

// Pause implements [command.Quiets].
func (c commandStore) Pause(ctx context.Context, guildID, channel string, p quiet.Pause) error {
	err := c.Store.Pause(ctx, guildID, channel, p)
	if errors.Is(err, store.ErrForeignChannel) {
		err = errors.Join(desk.ErrForeignChannel, err)
	}
	return err
}

// SetHours implements [command.Quiets].
func (c commandStore) SetHours(ctx context.Context, guildID, channel string, h quiet.Hours) error {
	err := c.Store.SetHours(ctx, guildID, channel, h)
	if errors.Is(err, store.ErrForeignChannel) {
		err = errors.Join(desk.ErrForeignChannel, err)
	}
	return err
}

// Recent implements [command.Lookups].
func (c commandStore) Recent(ctx context.Context, q desk.RecentQuery) ([]story.Listing, error) {
	return c.Store.Recent(ctx, store.RecentQuery(q))
}

// Search implements [command.Lookups].
func (c commandStore) Search(ctx context.Context, q desk.SearchQuery) ([]story.Listing, error) {
	out, err := c.Store.Search(ctx, searchQuery(q))
	if errors.Is(err, store.ErrNoWords) {
		err = errors.Join(desk.ErrNoWords, err)
	}
	return out, err
}

// Story implements [command.Lookups].
func (c commandStore) Story(ctx context.Context, guild string, id story.ID) (story.Told, error) {
	t, err := c.StorySeenBy(ctx, guild, id)
	if errors.Is(err, store.ErrNotFound) {
		err = errors.Join(desk.ErrNotFound, err)
	}
	return t, err
}

// FindByLink implements [command.Traces].
func (c commandStore) FindByLink(ctx context.Context, guild, link string) ([]report.ID, bool, error) {
	return c.LinkSeenBy(ctx, guild, link)
}

// FeedStatus implements [command.Lookups].
func (c commandStore) FeedStatus(ctx context.Context, guild string) ([]feed.Feed, error) {
	return c.FeedsSeenBy(ctx, guild)
}

// Trend implements [command.Lookups].
func (c commandStore) Trend(ctx context.Context, q lookup.TrendQuery) ([]int, error) {
	return c.Store.Trend(ctx, store.TrendQuery(q))
}

// GuildTrace implements [command.Traces].
func (c commandStore) GuildTrace(ctx context.Context, guild string, id report.ID) (trace.Record, error) {
	r, err := c.Store.GuildTrace(ctx, guild, id)
	if errors.Is(err, store.ErrNotFound) {
		err = errors.Join(desk.ErrNotFound, err)
	}
	return r, err
}

// AlertedBy implements [command.Traces].
func (c commandStore) AlertedBy(ctx context.Context, guild, message string) (report.ID, error) {
	id, err := c.Store.AlertedBy(ctx, guild, message)
	if errors.Is(err, store.ErrNotFound) {
		err = errors.Join(desk.ErrNotFound, err)
	}
	return id, err
}

func searchQuery(q desk.SearchQuery) store.SearchQuery {
	out := store.SearchQuery{Guild: q.Guild, Text: q.Text, Holds: q.Holds, Limit: q.Limit, Before: q.Before, Skip: q.Skip}
	if q.Sort == desk.SortRelevant {
		out.Order = store.Relevant
	}
	return out
}

// Counts implements [command.Lookups].
func (c commandStore) Counts(ctx context.Context, guild string, since time.Time) (lookup.Counts, error) {
	n, err := c.Store.Counts(ctx, guild, since)
	out := lookup.Counts{Reports: n.Reports, Stories: n.Stories, Pending: n.Pending, OldestPending: n.OldestPending}
	for _, d := range n.Deliveries {
		switch d.State {
		case alert.Sent:
			out.Sent += d.Count
		case alert.Dead:
			out.Failed += d.Count
		}
	}
	return out, err
}

// catalogue tells the commands of the topics.
type catalogue struct{ topics *topic.Set }

// Topics implements [command.Catalogue].
func (c catalogue) Topics() []desk.TopicInfo {
	var out []desk.TopicInfo
	for _, d := range c.topics.Definitions() {
		// People look for a topic in their own language; English comes first.
		aliases := slices.Clone(d.Keywords["en"])
		for _, lang := range slices.Sorted(maps.Keys(d.Keywords)) {
			if lang != "en" {
				aliases = append(aliases, d.Keywords[lang]...)
			}
			if t := d.Title[lang]; t != "" && lang != "en" {
				aliases = append(aliases, t)
			}
		}
		out = append(out, desk.TopicInfo{ID: d.ID, Title: d.Title["en"], Description: d.About, Stages: d.Stages, Aliases: aliases})
	}
	return out
}

// explainer judges every topic in a report again.
func explainer(set *topic.Set) func(report.Report) []topic.Verdict {
	return func(r report.Report) []topic.Verdict {
		return set.Explain(topic.Doc{Title: r.Title, Lead: r.Description, Body: r.Body, Language: r.Language})
	}
}
