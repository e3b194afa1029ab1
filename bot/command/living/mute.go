package living

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// muteStoryFor is how long a story is muted of which nobody says for how long. By
// then it has long been closed.
const muteStoryFor = 30 * 24 * time.Hour

// muteTopic has the guild hear no more of a topic for a time.
func (h *Handlers) muteTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	t, err := h.TopicNamed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	until, err := h.until(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.muted(ctx, q, quiet.Mute{Guild: q.Guild, Topic: t.ID, Until: until, CreatedBy: q.User, Created: q.Now}, t.Title)
}

// muted mutes a topic or a story that is called so, and offers to undo it.
func (h *Handlers) muted(ctx context.Context, q interaction.Request, m quiet.Mute, what string) (interaction.Reply, error) {
	if err := h.store.Mute(ctx, m); err != nil {
		return interaction.Reply{}, muteError(err)
	}
	until := times.Until(m.Until, q.Speaker)
	said, undo := q.Say("living.muted-topic", wording.Args{"topic": what, "until": until}), message.Action(actUnmuteTopic, string(m.Topic))
	if m.Story != 0 {
		said, undo = q.Say("living.muted-story", wording.Args{"story": what, "until": until}), message.Action(actUnmute, desk.StoryName(m.Story))
	}
	return interaction.Reply{Payload: message.Text(said).WithButton(q.Plain("living.unmute-button"), undo)}, nil
}

// muteStory has the guild hear no more of a story.
func (h *Handlers) muteStory(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptStory, tree.MaxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	id, err := h.PickStory(ctx, q.Guild, typed)
	if err != nil {
		return interaction.Reply{}, err
	}
	until, err := h.until(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.silence(ctx, q, id, until)
}

// silence mutes a story, until it is certainly over at most.
func (h *Handlers) silence(ctx context.Context, q interaction.Request, id story.ID, until time.Time) (interaction.Reply, error) {
	told, err := h.StoryOf(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	if last := q.Now.Add(muteStoryFor); until.After(last) {
		until = last
	}
	return h.muted(ctx, q, quiet.Mute{Guild: q.Guild, Story: id, Until: until, CreatedBy: q.User, Created: q.Now}, told.Story.Title)
}

// until reads for how long something is asked for, in the guild's time zone.
func (h *Handlers) until(ctx context.Context, q interaction.Request) (time.Time, error) {
	typed, err := q.Text(tree.OptFor, interaction.MaxChoice)
	if err != nil {
		return time.Time{}, err
	}
	s, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return time.Time{}, err
	}
	return parseFor(typed, q.Now, s.Location())
}

func muteError(err error) error {
	switch {
	case errors.Is(err, quiet.ErrQuota):
		return interaction.Refuse(interaction.Quota, "living.mute-quota", wording.Args{"count": quiet.MaxMutes})
	case errors.Is(err, quiet.ErrNotFound):
		return interaction.Refuse(interaction.NotFound, "living.mute-gone")
	}
	return fmt.Errorf("change mutes: %w", err)
}

// muteOffer is a mute as a choice.
type muteOffer struct {
	quiet.Mute
	id, title string
}

func (o muteOffer) Names() suggest.Names { return suggest.Names{ID: o.id, Title: o.title} }

// muteOffers are what the guild has muted, with the names of it.
func (h *Handlers) muteOffers(ctx context.Context, q interaction.Request) ([]muteOffer, error) {
	all, err := h.store.Mutes(ctx, q.Now, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list mutes: %w", err)
	}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]muteOffer, len(all))
	for i, m := range all {
		out[i] = muteOffer{Mute: m, id: string(m.Topic)}
		if m.Story == 0 {
			out[i].title = desk.Title(topics, m.Topic)
			continue
		}
		out[i].id, out[i].title = desk.StoryName(m.Story), desk.StoryName(m.Story)
		told, err := h.StoryOf(ctx, q.Guild, m.Story)
		switch {
		case err == nil:
			out[i].title = told.Story.Title
		case !errors.Is(err, desk.ErrStoryGone):
			return nil, err
		}
	}
	return out, nil
}

// mutes lists what is muted.
func (h *Handlers) mutes(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	all, err := h.muteOffers(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if len(all) == 0 {
		return interaction.Reply{}, errNoMutes
	}
	lines := make([]message.Markup, len(all))
	for i, m := range all {
		lines[i] = q.Say("living.mute-line", wording.Args{"what": m.title, "until": times.Until(m.Until, q.Speaker), "who": who(m.CreatedBy, q.Speaker)})
	}
	p, _ := message.Panel(q.Plain("living.mutes"), lines, q.Say("living.mutes-note"))
	return interaction.Reply{Payload: p}, nil
}

var errNoMutes = interaction.Refuse(interaction.NotFound, "living.no-mutes")

// unmute has the guild hear again of what it muted.
func (h *Handlers) unmute(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptWhat, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	all, err := h.muteOffers(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if len(all) == 0 {
		return interaction.Reply{}, errNoMutes
	}
	one, _, ok := suggest.Meant(all, typed)
	if i := slices.IndexFunc(all, func(o muteOffer) bool { return o.id == typed }); i >= 0 {
		one, ok = all[i], true
	}
	if !ok || typed == "" {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "living.which-mute")
	}
	return h.unmuted(ctx, q, one.Mute, one.title)
}

func (h *Handlers) unmuted(ctx context.Context, q interaction.Request, m quiet.Mute, what string) (interaction.Reply, error) {
	m.Guild = q.Guild
	if err := h.store.Unmute(ctx, q.Now, m); err != nil {
		return interaction.Reply{}, muteError(err)
	}
	return h.undoable(ctx, q, q.Say("living.unmuted", wording.Args{"what": what}), deedMute, undoing{Mute: m, What: what})
}

// mutedNow is what is muted, of a story or a topic.
func (h *Handlers) mutedNow(ctx context.Context, q interaction.Request, same func(quiet.Mute) bool) (quiet.Mute, bool, error) {
	all, err := h.store.Mutes(ctx, q.Now, q.Guild)
	if err != nil {
		return quiet.Mute{}, false, fmt.Errorf("list mutes: %w", err)
	}
	i := slices.IndexFunc(all, same)
	if i < 0 {
		return quiet.Mute{}, false, nil
	}
	return all[i], true, nil
}

// pressUnmuteTopic undoes the muting of a topic.
func (h *Handlers) pressUnmuteTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	id := topic.ID(q.Arg(0))
	m, ok, err := h.mutedNow(ctx, q, func(m quiet.Mute) bool { return m.Story == 0 && m.Topic == id })
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case !ok:
		return interaction.Reply{}, muteError(quiet.ErrNotFound)
	}
	info, err := h.TopicOf(ctx, q, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.unmuted(ctx, q, m, info.Title)
}

// completeMute offers the options of /mute.
func (h *Handlers) completeMute(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case tree.OptTopic:
		return h.CompleteTopic(ctx, q, option, typed)
	case tree.OptStory:
		return h.CompleteStory(ctx, q, option, typed)
	case tree.OptFor:
		return completeFor(q, typed), nil
	case tree.OptWhat:
		all, err := h.muteOffers(ctx, q)
		if err != nil {
			return nil, err
		}
		found, _ := suggest.Fitting(all, typed)
		return suggest.Offers(found), nil
	}
	return nil, nil
}
