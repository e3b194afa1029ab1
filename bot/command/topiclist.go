package command

import (
	"context"
	"strings"

	"github.com/attache-bot/attache/bot/message"
)

// topicList shows which topics there are.
func (c *commands) topicList(ctx context.Context, q Request) (Reply, error) {
	return c.topicsPage(ctx, q, 0)
}

// maxTopicAliases is how many other words for a topic are shown.
const maxTopicAliases = 4

// topicsPage shows topics after the first so many.
func (c *commands) topicsPage(ctx context.Context, q Request, after int) (Reply, error) {
	topics, err := c.known(ctx, q.Guild)
	if err != nil {
		return Reply{}, err
	}
	if after >= len(topics) {
		after = 0
	}
	rest := topics[max(after, 0):]
	lines := make([]message.Markup, len(rest))
	for i, t := range rest {
		lines[i] = message.Format("**%s**", title(topics, t.ID))
		if t.Description != "" {
			lines[i] += message.Format(": %s", strings.TrimSuffix(t.Description, ".")) + "."
		}
		if also := t.Aliases[:min(len(t.Aliases), maxTopicAliases)]; len(also) > 0 {
			lines[i] += message.Format("\n-# Also found as: %s", strings.Join(also, ", "))
		}
	}
	if len(lines) == 0 {
		return Reply{Payload: message.Text("I know no topics. Whoever runs me can add some.")}, nil
	}
	p, shown := message.Panel("Topics", lines, "/subscribe sends one to a channel, /recent shows its latest stories.")
	at := Cursor{List: TopicsList, After: int64(after)}
	return Reply{Payload: at.turned(p, int64(after+shown), shown < len(rest))}, nil
}
