package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/trace"
)

// why tells why the guild was alerted to a story, or was not.
func (c *commands) why(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(optStory, maxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	if link, ok := linkIn(typed); ok {
		return c.whyLink(ctx, q, link)
	}
	id, err := c.pickStory(ctx, q.Guild, typed)
	if err != nil {
		return interaction.Reply{}, err
	}
	told, err := c.storyOf(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	return c.whyStory(ctx, q, told)
}

// whyStory tells it for a story.
func (c *commands) whyStory(ctx context.Context, q interaction.Request, told story.Told) (interaction.Reply, error) {
	r, err := c.trace(ctx, q.Guild, told.Story.Lead)
	if err != nil {
		return interaction.Reply{}, err
	}
	// What raised the alert says more than what opened the story.
	if len(r.Alerts) > 0 && r.Alerts[0].Report != 0 && r.Alerts[0].Report != r.Report.ID {
		if raised, err := c.trace(ctx, q.Guild, r.Alerts[0].Report); err == nil {
			r = raised
		}
	}
	return c.account(ctx, q, r)
}

// whyNot tells why the guild was not alerted to what is behind a link, or was.
func (c *commands) whyNot(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(optLink, maxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	link, ok := linkIn(typed)
	if !ok {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "story.paste-link")
	}
	return c.whyLink(ctx, q, link)
}

// maxSiblings is how many reports behind one link are looked at.
const maxSiblings = 8

// whyLink accounts for the report behind a link: of several the one that raised
// an alert in the guild.
func (c *commands) whyLink(ctx context.Context, q interaction.Request, link string) (interaction.Reply, error) {
	found, deleted, err := c.store.FindByLink(ctx, q.Guild, link)
	switch {
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("find report by link: %w", err)
	case len(found) == 0 && deleted:
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "story.deleted")
	case len(found) == 0:
		return c.neverRead(ctx, q, link)
	}
	var best trace.Record
	for i, id := range found[:min(len(found), maxSiblings)] {
		r, err := c.trace(ctx, q.Guild, id)
		if err != nil {
			return interaction.Reply{}, err
		}
		raised := slices.ContainsFunc(r.Alerts, func(a trace.Alert) bool { return a.Report == id })
		if i == 0 || raised {
			best = r
		}
		if raised {
			break
		}
	}
	return c.account(ctx, q, best)
}

// whyMessage tells why a message of the bot's was posted.
func (c *commands) whyMessage(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if !message.Snowflake(q.Target) {
		return interaction.Reply{}, interaction.ErrGarbled
	}
	id, err := c.store.AlertedBy(ctx, q.Guild, q.Target)
	switch {
	case errors.Is(err, ErrNotFound):
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "story.no-alert")
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("find alert by message: %w", err)
	}
	r, err := c.trace(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	return c.account(ctx, q, r)
}

func (c *commands) trace(ctx context.Context, guildID string, id report.ID) (trace.Record, error) {
	r, err := c.store.GuildTrace(ctx, guildID, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return r, interaction.Refuse(interaction.NotFound, "story.report-gone")
	case err != nil:
		return r, fmt.Errorf("read trace: %w", err)
	}
	return r, nil
}

// account tells what is recorded of a report and what came of it in the guild.
func (c *commands) account(ctx context.Context, q interaction.Request, r trace.Record) (interaction.Reply, error) {
	subs, err := c.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	known, err := c.topicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	a := accounting{c, q.Speaker, q.Guild, r, known, wanting(subs, r)}
	lines := slices.Concat(a.here(), a.topics(), a.story(), a.reading())
	p, _ := message.Panel(r.Report.Title, lines, "")
	return interaction.Reply{Payload: p}, nil
}

// wanting are the subscriptions for topics that the report bears.
func wanting(subs []subscription.Subscription, r trace.Record) []subscription.Subscription {
	var out []subscription.Subscription
	for _, s := range subs {
		for _, m := range r.Matches {
			if m.Topic == s.Topic && m.Alerts() {
				out = append(out, s)
			}
		}
	}
	return out
}
