package lookup

import (
	"context"
	"slices"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/report"
)

// alertLookups are what the buttons of an alert tell. Each answers the person who
// pressed it alone.
func (h *Handlers) alertLookups() map[string]interaction.Action {
	return map[string]interaction.Action{
		message.ActTimeline: {Run: h.aboutStory(telling.timeline), Aside: true},
		message.ActSources:  {Run: h.aboutStory(telling.voices), Aside: true},
		message.ActWhy:      {Run: h.pressWhy, Aside: true},
	}
}

// aboutStory tells one part of what /story tells.
func (h *Handlers) aboutStory(part func(telling) []message.Markup) interaction.Handler {
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		told, err := h.PressedStory(ctx, q)
		if err != nil {
			return interaction.Reply{}, err
		}
		t := telling{h, q.Speaker, told, q.Guild, map[report.ID]string{}}
		if err := t.link(ctx); err != nil {
			return interaction.Reply{}, err
		}
		p, _ := message.Panel(told.Story.Title, slices.Concat(t.head(), part(t)), q.Say("living.whole-story", wording.Args{"story": desk.StoryName(told.Story.ID)}))
		return interaction.Reply{Payload: p}, nil
	}
}

// pressWhy tells why the guild was alerted to the story.
func (h *Handlers) pressWhy(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	told, err := h.PressedStory(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.whyStory(ctx, q, told)
}
