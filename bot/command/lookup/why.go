package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/trace"
)

// why tells why the guild was alerted to a story, or was not.
func (h *Handlers) why(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptStory, tree.MaxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	if link, ok := desk.LinkIn(typed); ok {
		return h.whyLink(ctx, q, link)
	}
	id, err := h.PickStory(ctx, q.Guild, typed)
	if err != nil {
		return interaction.Reply{}, err
	}
	told, err := h.StoryOf(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.whyStory(ctx, q, told)
}

// whyStory tells it for a story.
func (h *Handlers) whyStory(ctx context.Context, q interaction.Request, told story.Told) (interaction.Reply, error) {
	r, err := h.trace(ctx, q.Guild, told.Story.Lead)
	if err != nil {
		return interaction.Reply{}, err
	}
	// What raised the alert says more than what opened the story.
	if len(r.Alerts) > 0 && r.Alerts[0].Report != 0 && r.Alerts[0].Report != r.Report.ID {
		if raised, err := h.trace(ctx, q.Guild, r.Alerts[0].Report); err == nil {
			r = raised
		}
	}
	return h.account(ctx, q, r)
}

// whyNot tells why the guild was not alerted to what is behind a link, or was.
func (h *Handlers) whyNot(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptLink, tree.MaxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	link, ok := desk.LinkIn(typed)
	if !ok {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "story.paste-link")
	}
	return h.whyLink(ctx, q, link)
}

// maxSiblings is how many reports behind one link are looked at.
const maxSiblings = 8

// whyLink accounts for the report behind a link: of several the one that raised
// an alert in the guild. People copy the link of the alert itself too.
func (h *Handlers) whyLink(ctx context.Context, q interaction.Request, link string) (interaction.Reply, error) {
	if guild, id, ok := desk.MessageIn(link); ok {
		if guild != q.Guild {
			return interaction.Reply{}, desk.ErrNoAlert
		}
		return h.whyPosted(ctx, q, id)
	}
	found, deleted, err := h.store.LinkSeenBy(ctx, q.Guild, link)
	switch {
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("find report by link: %w", err)
	case len(found) == 0 && deleted:
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "story.deleted")
	case len(found) == 0:
		return h.neverRead(ctx, q, link)
	}
	var best trace.Record
	for i, id := range found[:min(len(found), maxSiblings)] {
		r, err := h.trace(ctx, q.Guild, id)
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
	return h.account(ctx, q, best)
}

// whyMessage tells why a message of the bot's was posted.
func (h *Handlers) whyMessage(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if !message.Snowflake(q.Target) {
		return interaction.Reply{}, interaction.ErrGarbled
	}
	return h.whyPosted(ctx, q, q.Target)
}

// whyPosted tells it of a message by its id.
func (h *Handlers) whyPosted(ctx context.Context, q interaction.Request, posted string) (interaction.Reply, error) {
	id, err := h.store.AlertedBy(ctx, q.Guild, posted)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return interaction.Reply{}, desk.ErrNoAlert
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("find alert by message: %w", err)
	}
	r, err := h.trace(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.account(ctx, q, r)
}

func (h *Handlers) trace(ctx context.Context, guildID string, id report.ID) (trace.Record, error) {
	r, err := h.store.GuildTrace(ctx, guildID, id)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return r, interaction.Refuse(interaction.NotFound, "story.report-gone")
	case err != nil:
		return r, fmt.Errorf("read trace: %w", err)
	}
	return r, nil
}

// account tells what is recorded of a report and what came of it in the guild.
func (h *Handlers) account(ctx context.Context, q interaction.Request, r trace.Record) (interaction.Reply, error) {
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	known, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	a := accounting{h, q.Speaker, q.Guild, q.Now, r, known, wanting(subs, r)}
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
