package living

import (
	"context"
	"errors"
	"fmt"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/quiet"
)

// actUnmute undoes the muting of a story.
const actUnmute = "unmute"

// alertActions are what the buttons of an alert change. Each answers the person who
// pressed it alone.
func (h *Handlers) alertActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		message.ActMute:        {Run: h.pressMute, Manage: true, Aside: true},
		message.ActNotRelevant: {Run: h.pressNotRelevant, Aside: true},
		actUnmute:              {Run: h.pressUnmute, Manage: true},
	}
}

// pressMute mutes the story, or says who has.
func (h *Handlers) pressMute(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := h.PressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	id := told.Story.ID
	m, muted, err := h.mutedNow(ctx, q, func(m quiet.Mute) bool { return m.Story == id })
	if err != nil {
		return interaction.Reply{}, err
	}
	if !muted {
		return h.silence(ctx, q, id, q.Now.Add(muteStoryFor))
	}
	p := message.Text(q.Say("living.muted-by", wording.Args{
		"who": who(m.CreatedBy, q.Speaker), "time": message.When(m.Created), "until": times.Until(m.Until, q.Speaker),
	}))
	return interaction.Reply{Payload: p.WithButton(q.Plain("living.unmute-button"), message.Action(actUnmute, desk.StoryName(id)))}, nil
}

// pressUnmute undoes it.
func (h *Handlers) pressUnmute(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	id, err := desk.PressedID(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	what := desk.StoryName(id)
	if told, err := h.StoryOf(ctx, q.Guild, id); err == nil {
		what = told.Story.Title
	}
	m, ok, err := h.mutedNow(ctx, q, func(m quiet.Mute) bool { return m.Story == id })
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case !ok:
		return interaction.Reply{}, muteError(quiet.ErrNotFound)
	}
	return h.unmuted(ctx, q, m, what)
}

// pressNotRelevant notes that somebody finds the alert not relevant.
func (h *Handlers) pressNotRelevant(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := h.PressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	fresh, err := h.store.NotRelevant(ctx, feedback.Complaint{Guild: q.Guild, Channel: q.Channel.ID, Story: told.Story.ID, Person: q.User, At: q.Now})
	switch {
	case errors.Is(err, feedback.ErrNoAlert):
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "living.no-alert-here")
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("note what is not relevant: %w", err)
	case !fresh:
		return interaction.Reply{Payload: message.Text(q.Say("living.noted-before"))}, nil
	}
	return interaction.Reply{Payload: message.Text(q.Say("living.noted"))}, nil
}
