package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
)

// actUnmute undoes the muting of a story.
const actUnmute = "unmute"

// alertActions are what the buttons of an alert do. Each answers the person who
// pressed it alone.
func (c *commands) alertActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		message.ActTimeline:    {Run: c.aboutStory(telling.timeline), Aside: true},
		message.ActSources:     {Run: c.aboutStory(telling.voices), Aside: true},
		message.ActWhy:         {Run: c.pressWhy, Aside: true},
		message.ActMute:        {Run: c.pressMute, Manage: true, Aside: true},
		message.ActNotRelevant: {Run: c.pressNotRelevant, Aside: true},
		actUnmute:              {Run: c.pressUnmute, Manage: true},
	}
}

// pressedID is the story that a button is about.
func pressedID(q interaction.Request) (story.ID, error) {
	id, ok := parseStory(q.Arg(0))
	if !ok {
		return 0, interaction.ErrButton
	}
	return id, nil
}

// pressedStory reads it, or says that it is not kept any more.
func (c *commands) pressedStory(ctx context.Context, q interaction.Request) (story.Told, error) {
	id, err := pressedID(q)
	if err != nil {
		return story.Told{}, err
	}
	told, err := c.storyOf(ctx, q.Guild, id)
	if errors.Is(err, errStoryGone) {
		err = errPressedGone
	}
	return told, err
}

// errPressedGone says that the story of an old alert is deleted.
var errPressedGone = interaction.Refuse(interaction.NotFound, "living.story-gone")

// aboutStory tells one part of what /story tells.
func (c *commands) aboutStory(part func(telling) []message.Markup) interaction.Handler {
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		told, err := c.pressedStory(ctx, q)
		if err != nil {
			return interaction.Reply{}, err
		}
		t := telling{c, q.Speaker, told, q.Guild, map[report.ID]string{}}
		if err := t.link(ctx); err != nil {
			return interaction.Reply{}, err
		}
		p, _ := message.Panel(told.Story.Title, slices.Concat(t.head(), part(t)), q.Say("living.whole-story", wording.Args{"story": storyName(told.Story.ID)}))
		return interaction.Reply{Payload: p}, nil
	}
}

// pressWhy tells why the guild was alerted to the story.
func (c *commands) pressWhy(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := c.pressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return c.whyStory(ctx, q, told)
}

// pressMute mutes the story, or says who has.
func (c *commands) pressMute(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := c.pressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	id := told.Story.ID
	m, muted, err := c.mutedNow(ctx, q, func(m quiet.Mute) bool { return m.Story == id })
	if err != nil {
		return interaction.Reply{}, err
	}
	if !muted {
		return c.silence(ctx, q, id, q.Now.Add(muteStoryFor))
	}
	p := message.Text(q.Say("living.muted-by", wording.Args{
		"who": who(m.CreatedBy, q.Speaker), "time": message.When(m.Created), "until": untilWords(m.Until, q.Speaker),
	}))
	return interaction.Reply{Payload: p.WithButton(q.Plain("living.unmute-button"), message.Action(actUnmute, storyName(id)))}, nil
}

// pressUnmute undoes it.
func (c *commands) pressUnmute(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	id, err := pressedID(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	what := storyName(id)
	if told, err := c.storyOf(ctx, q.Guild, id); err == nil {
		what = told.Story.Title
	}
	m, ok, err := c.mutedNow(ctx, q, func(m quiet.Mute) bool { return m.Story == id })
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case !ok:
		return interaction.Reply{}, muteError(quiet.ErrNotFound)
	}
	return c.unmuted(ctx, q, m, what)
}

// pressNotRelevant notes that somebody finds the alert not relevant.
func (c *commands) pressNotRelevant(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := c.pressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	fresh, err := c.store.NotRelevant(ctx, feedback.Complaint{Guild: q.Guild, Channel: q.Channel.ID, Story: told.Story.ID, Person: q.User, At: q.Now})
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
