package command

import (
	"cmp"
	"slices"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// names implements what [fitting] asks for.
func (t TopicInfo) names() names {
	return names{string(t.ID), t.Title, t.Description, t.Aliases}
}

var errWhichTopic = &Error{Code: BadOption, Message: "Say which topic: type /, choose the command, and pick one from the list."}

// pick returns the one topic that a person means; else it says what was near.
func pick(topics []TopicInfo, typed string) (TopicInfo, error) {
	if typed == "" {
		return TopicInfo{}, errWhichTopic
	}
	if t, ok := byID(topics, topic.ID(typed)); ok {
		return t, nil
	}
	t, near, ok := meant(topics, typed)
	switch {
	case ok:
		return t, nil
	case len(near) == 0:
		return TopicInfo{}, &Error{Code: NotFound, Message: message.Format("I don't know the topic “%s”. Pick one from the list that appears while you type; /topics shows them all.", typed)}
	}
	return TopicInfo{}, &Error{Code: NotFound, Message: message.Format("I don't know the topic “%s”. Did you mean %s?", typed, proposal(near))}
}

func byID(topics []TopicInfo, id topic.ID) (TopicInfo, bool) {
	i := slices.IndexFunc(topics, func(t TopicInfo) bool { return t.ID == id })
	if i < 0 {
		return TopicInfo{}, false
	}
	return topics[i], true
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
