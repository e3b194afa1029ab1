package own

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/topic"
)

// The actions of the forms for own topics. A form's argument is the topic that it
// changes; a preview's is the sum of what it shows.
const (
	actTopicPick    = "topic-pick"
	actTopicForm    = "topic-form"
	actTopicAgain   = "topic-again"
	actTopicConfirm = "topic-confirm"
)

// draftTopic is the kind of the drafts of own topics.
const draftTopic = "topic"

// topicDraft is a topic that is about to be made, or changed if it has an id.
type topicDraft struct {
	ID          topic.ID
	Name, Query string
}

// sum tells drafts from each other.
func (d topicDraft) sum() string {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%q %q %q", d.ID, d.Name, d.Query) // a hash never fails
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

func (h *Handlers) topicActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actTopicPick:    {Manage: true, Run: h.openTopic},
		actTopicForm:    {Manage: true, Run: h.previewTopic},
		actTopicAgain:   {Manage: true, Run: h.reopenTopic},
		actTopicConfirm: {Manage: true, Run: h.confirmTopic},
		actUndoTopic:    {Manage: true, Run: h.undo},
	}
}

// topicForm opens the form for a topic with what is known of it.
func topicForm(q interaction.Request, d topicDraft) interaction.Reply {
	title := q.Plain("topic-form.create-form")
	if d.ID != "" {
		title = q.Plain("topic-form.edit-form")
	}
	return interaction.Reply{Form: &message.Form{CustomID: message.Action(actTopicForm, string(d.ID)), Title: title, Fields: []message.Field{
		{ID: tree.OptName, Label: q.Plain("topic-form.name-label"), Hint: q.Plain("topic-form.name-placeholder"), Value: d.Name, Required: true, Max: guild.MaxTopicName},
		{ID: tree.OptQuery, Label: q.Plain("topic-form.query-label"), Hint: q.Plain("topic-form.query-placeholder"), Value: d.Query, Long: true, Required: true, Max: query.MaxLength},
	}}}
}

// pickTopic asks which topic is to be changed; where there is only one, it opens
// that one's form.
func (h *Handlers) pickTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	topics, err := h.store.OwnTopics(ctx, q.Guild)
	switch {
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("list own topics: %w", err)
	case len(topics) == 0:
		return interaction.Reply{}, errNoOwn
	case len(topics) == 1:
		return topicForm(q, topicDraft{ID: topics[0].ID, Name: topics[0].Name, Query: topics[0].Query}), nil
	}
	m := message.Menu{CustomID: message.Action(actTopicPick), Hint: q.Plain("topic-form.which-placeholder"), Min: 1}
	for _, t := range topics {
		m.Options = append(m.Options, message.MenuOption{Label: t.Name, Note: t.Query, Value: string(t.ID)})
	}
	said := q.Say("topic-form.which")
	if more := len(topics) - message.MaxOptions; more > 0 {
		said += " " + q.Say("topic-form.more", wording.Args{"count": more})
	}
	return interaction.Reply{Payload: message.Text(said).WithMenu(m)}, nil
}

// openTopic opens the form of the topic that was picked.
func (h *Handlers) openTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	id, _ := desk.Sole(q.Chosen())
	t, err := h.ownTopicByID(ctx, q.Guild, topic.ID(id))
	if err != nil {
		return interaction.Reply{}, err
	}
	return topicForm(q, topicDraft{ID: t.ID, Name: t.Name, Query: t.Query}), nil
}

func (h *Handlers) ownTopicByID(ctx context.Context, guildID string, id topic.ID) (guild.Topic, error) {
	topics, err := h.store.OwnTopics(ctx, guildID)
	if err != nil {
		return guild.Topic{}, fmt.Errorf("list own topics: %w", err)
	}
	i := slices.IndexFunc(topics, func(t guild.Topic) bool { return t.ID == id })
	if i < 0 {
		return guild.Topic{}, desk.ErrTopicGone
	}
	return topics[i], nil
}

// previewTopic shows what the topic of a form would have found, and changes
// nothing. What was written wrong can be written again.
func (h *Handlers) previewTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	name, err := q.Field(tree.OptName, guild.MaxTopicName)
	if err != nil {
		return interaction.Reply{}, err
	}
	words, err := q.Field(tree.OptQuery, query.MaxLength)
	if err != nil {
		return interaction.Reply{}, err
	}
	d := topicDraft{ID: topic.ID(q.Arg(0)), Name: name, Query: words}
	if err := h.keepTopic(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	old := ""
	if d.ID != "" {
		t, err := h.ownTopicByID(ctx, q.Guild, d.ID)
		if err != nil {
			return interaction.Reply{}, err
		}
		old = t.Name
	}
	tried, err := h.tryTopic(ctx, q, d, old)
	if note, e := desk.AsNote(q, err); e != nil {
		return interaction.Reply{}, e
	} else if note != "" {
		return interaction.Reply{Payload: message.Text(note).WithButton(q.Plain("topic-form.change-button"), message.Action(actTopicAgain, d.sum()))}, nil
	}
	said := q.Say("topic-form.preview-new", wording.Args{"name": name})
	if d.ID != "" {
		said = q.Say("topic-form.preview-change", wording.Args{"name": old})
	}
	r := h.shown(said+"\n"+q.Say("topic-form.query", wording.Args{"query": written(words)})+"\n", name, tried, q.Speaker)
	r.Payload = r.Payload.WithRow().WithStyled(discordgo.SuccessButton, q.Plain("topic-form.confirm-button"), message.Action(actTopicConfirm, d.sum())).
		WithButton(q.Plain("topic-form.change-button"), message.Action(actTopicAgain, d.sum()))
	return r, nil
}

// tryTopic tries what was written; old is the topic's name until now.
func (h *Handlers) tryTopic(ctx context.Context, q interaction.Request, d topicDraft, old string) (trial, error) {
	if d.Name != old {
		if err := h.nameable(d.Name); err != nil {
			return trial{}, err
		}
	}
	return h.try(ctx, q.Guild, d.Query)
}

// keepTopic keeps what was written.
func (h *Handlers) keepTopic(ctx context.Context, q interaction.Request, d topicDraft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode the draft of a topic: %w", err)
	}
	if err := h.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: draftTopic, Body: string(body), Made: q.Now}); err != nil {
		return fmt.Errorf("keep the draft of a topic: %w", err)
	}
	return nil
}

// keptTopic is what was written last, if it is what a preview shows.
func (h *Handlers) keptTopic(ctx context.Context, q interaction.Request) (topicDraft, error) {
	body, ok, err := h.store.Draft(ctx, q.Guild, q.User, draftTopic, q.Now)
	if err != nil {
		return topicDraft{}, fmt.Errorf("read the draft of a topic: %w", err)
	}
	var d topicDraft
	if !ok || json.Unmarshal([]byte(body), &d) != nil || d.sum() != q.Arg(0) {
		return topicDraft{}, interaction.Refuse(interaction.Stale, "topic-form.stale")
	}
	return d, nil
}

// reopenTopic opens the form with what was written.
func (h *Handlers) reopenTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.keptTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return topicForm(q, d), nil
}

// confirmTopic makes or changes the topic that a preview shows.
func (h *Handlers) confirmTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.keptTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	t := guild.Topic{ID: d.ID, Guild: q.Guild, Name: d.Name, Query: d.Query, CreatedBy: q.User, Created: q.Now}
	if d.ID != "" {
		was, err := h.changeTopic(ctx, q, t)
		if err != nil {
			return interaction.Reply{}, err
		}
		r := interaction.Reply{Payload: message.Text(q.Say("topic-form.changed", wording.Args{"name": t.Name}))}
		return h.withUndo(ctx, q, r, deedTopic, undoing{Topic: was})
	}
	if t, err = h.store.CreateTopic(ctx, t); err != nil {
		return interaction.Reply{}, topicError(err, d.Name)
	}
	r := interaction.Reply{Payload: message.Text(q.Say("topic-form.made", wording.Args{"name": t.Name}))}
	return h.withUndo(ctx, q, r, deedNoTopic, undoing{Topic: guild.Topic{ID: t.ID}})
}
