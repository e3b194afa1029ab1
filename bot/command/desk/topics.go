package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Names implements [suggest.Named].
func (t TopicInfo) Names() suggest.Names {
	return suggest.Names{ID: string(t.ID), Title: t.Title, Description: t.Description, Aliases: t.Aliases}
}

// ErrWhichTopic asks which topic is meant.
var ErrWhichTopic = interaction.Refuse(interaction.BadOption, "topics.which")

// ErrTopicGone says that a topic of the guild's own was deleted.
var ErrTopicGone = interaction.Refuse(interaction.NotFound, "topic-form.gone")

// Pick returns the one topic that a person means; else it says what was near.
func Pick(topics []TopicInfo, typed string) (TopicInfo, error) {
	if typed == "" {
		return TopicInfo{}, ErrWhichTopic
	}
	if t, ok := ByID(topics, topic.ID(typed)); ok {
		return t, nil
	}
	t, near, ok := suggest.Meant(topics, typed)
	switch {
	case ok:
		return t, nil
	case len(near) == 0:
		return TopicInfo{}, interaction.Refuse(interaction.NotFound, "topics.unknown", wording.Args{"typed": typed})
	}
	return TopicInfo{}, interaction.Refuse(interaction.NotFound, "topics.near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
}

// ByID finds a topic among some.
func ByID(topics []TopicInfo, id topic.ID) (TopicInfo, bool) {
	i := slices.IndexFunc(topics, func(t TopicInfo) bool { return t.ID == id })
	if i < 0 {
		return TopicInfo{}, false
	}
	return topics[i], true
}

// TopicsOf are the topics that a guild may name, as the person calls them.
func (d *Desk) TopicsOf(ctx context.Context, q interaction.Request) ([]TopicInfo, error) {
	topics, err := d.known(ctx, q.Guild)
	return Called(topics, q.Speaker), err
}

// TopicNamed is the topic that the person names in the option for it.
func (d *Desk) TopicNamed(ctx context.Context, q interaction.Request) (TopicInfo, error) {
	typed, err := q.Text(tree.OptTopic, interaction.MaxChoice)
	if err != nil {
		return TopicInfo{}, err
	}
	topics, err := d.TopicsOf(ctx, q)
	if err != nil {
		return TopicInfo{}, err
	}
	return Pick(topics, typed)
}

// Called are topics with their names in a language. Their English ones find them
// too.
func Called(topics []TopicInfo, in wording.Speaker) []TopicInfo {
	out := slices.Clone(topics)
	for i, t := range out {
		out[i].Title = message.Title(t.ID, t.Title, in)
		out[i].Description = in.Name("topic-about", string(t.ID), t.Description)
		if out[i].Title != t.Title {
			out[i].Aliases = append(slices.Clip(t.Aliases), t.Title)
		}
	}
	return out
}

// Title returns a topic's title, or its id when the catalogue has it no more.
func Title(topics []TopicInfo, id topic.ID) string {
	t, _ := ByID(topics, id)
	return cmp.Or(t.Title, string(id))
}

// Named gives stages of topics their titles.
func Named(topics []TopicInfo, stages []story.TopicStage) []alert.Topic {
	out := make([]alert.Topic, len(stages))
	for i, s := range stages {
		out[i] = alert.Topic{ID: s.Topic, Title: Title(topics, s.Topic), Stage: s.Stage}
	}
	return out
}

// TopicInfo is what people are told of a topic.
type TopicInfo struct {
	ID topic.ID
	// Title is its name, e.g. "Ceasefire"; Description one sentence.
	Title, Description string
	// Aliases are other words under which people look for it, e.g. "truce".
	Aliases []string
	// Stages are where a development of it may stand.
	Stages []topic.Stage
}

// Catalogue tells which topics there are, in the order to show them.
type Catalogue interface {
	Topics() []TopicInfo
}

// known are the topics that a guild may name: its own, and after them those that
// are built in.
func (d *Desk) known(ctx context.Context, guildID string) ([]TopicInfo, error) {
	own, err := d.Own(ctx, guildID)
	return slices.Concat(own, d.Topics.Topics()), err
}

// Own are the topics that a guild has made.
func (d *Desk) Own(ctx context.Context, guildID string) ([]TopicInfo, error) {
	topics, err := d.store.OwnTopics(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list own topics: %w", err)
	}
	out := make([]TopicInfo, len(topics))
	for i, t := range topics {
		out[i] = TopicInfo{ID: t.ID, Title: t.Name, Description: t.Query}
	}
	return out, nil
}

// CompleteTopic offers the topics that fit, best first.
func (d *Desk) CompleteTopic(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptTopic {
		return nil, nil
	}
	topics, err := d.TopicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(topics, typed)
	return suggest.Offers(found), nil
}

// TopicOf is what people are told of a topic that a guild may name, or named once, in
// the language that is spoken.
func (d *Desk) TopicOf(ctx context.Context, q interaction.Request, id topic.ID) (TopicInfo, error) {
	topics, err := d.known(ctx, q.Guild)
	if err != nil {
		return TopicInfo{}, err
	}
	t, ok := ByID(topics, id)
	if !ok {
		t = TopicInfo{ID: id, Title: string(id)}
	}
	t.Title = message.Title(id, t.Title, q.Speaker)
	return t, nil
}
