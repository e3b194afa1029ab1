package command

import (
	"cmp"
	"context"
	"slices"

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

var errWhichTopic = interaction.Refuse(interaction.BadOption, "topics.which")

// pick returns the one topic that a person means; else it says what was near.
func pick(topics []TopicInfo, typed string) (TopicInfo, error) {
	if typed == "" {
		return TopicInfo{}, errWhichTopic
	}
	if t, ok := byID(topics, topic.ID(typed)); ok {
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

func byID(topics []TopicInfo, id topic.ID) (TopicInfo, bool) {
	i := slices.IndexFunc(topics, func(t TopicInfo) bool { return t.ID == id })
	if i < 0 {
		return TopicInfo{}, false
	}
	return topics[i], true
}

// topicsOf are the topics that a guild may name, as the person calls them.
func (c *commands) topicsOf(ctx context.Context, q interaction.Request) ([]TopicInfo, error) {
	topics, err := c.known(ctx, q.Guild)
	return called(topics, q.Speaker), err
}

// topicNamed is the topic that the person names in the option for it.
func (c *commands) topicNamed(ctx context.Context, q interaction.Request) (TopicInfo, error) {
	typed, err := q.Text(optTopic, interaction.MaxChoice)
	if err != nil {
		return TopicInfo{}, err
	}
	topics, err := c.topicsOf(ctx, q)
	if err != nil {
		return TopicInfo{}, err
	}
	return pick(topics, typed)
}

// called are topics with their names in a language. Their English ones find them
// too.
func called(topics []TopicInfo, in wording.Speaker) []TopicInfo {
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

// title returns a topic's title, or its id when the catalogue has it no more.
func title(topics []TopicInfo, id topic.ID) string {
	t, _ := byID(topics, id)
	return cmp.Or(t.Title, string(id))
}

// named gives stages of topics their titles.
func named(topics []TopicInfo, stages []story.TopicStage) []alert.Topic {
	out := make([]alert.Topic, len(stages))
	for i, s := range stages {
		out[i] = alert.Topic{ID: s.Topic, Title: title(topics, s.Topic), Stage: s.Stage}
	}
	return out
}
