package lookup

import (
	"context"
	"strings"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
)

// topicList shows which topics there are.
func (h *Handlers) topicList(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	return h.topicsPage(ctx, q, 0)
}

// maxTopicAliases is how many other words for a topic are shown.
const maxTopicAliases = 4

// topicsPage shows topics after the first so many.
func (h *Handlers) topicsPage(ctx context.Context, q interaction.Request, after int) (interaction.Reply, error) {
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if after >= len(topics) {
		after = 0
	}
	rest := topics[max(after, 0):]
	lines := make([]message.Markup, len(rest))
	for i, t := range rest {
		lines[i] = message.Format("**%s**", desk.Title(topics, t.ID))
		if t.Description != "" {
			lines[i] += message.Format(": %s", whole(strings.TrimSuffix(t.Description, ".")))
		}
		if also := t.Aliases[:min(len(t.Aliases), maxTopicAliases)]; len(also) > 0 {
			lines[i] += "\n-# " + q.Say("topics.also", wording.Args{"aliases": strings.Join(also, ", ")})
		}
	}
	if len(lines) == 0 {
		return interaction.Reply{Payload: message.Text(q.Say("topics.none"))}, nil
	}
	p, shown := message.Panel(q.Plain("topics.title"), lines, q.Say("topics.note"))
	at := desk.Cursor{List: desk.TopicsList, After: int64(after)}
	return interaction.Reply{Payload: at.Turned(p, int64(after+shown), shown < len(rest), q.Speaker)}, nil
}

// maxAbout is how much of what a topic means a list shows, in code points: no more
// than a sentence's argument has room for.
const maxAbout = 190

// whole is what a topic means in whole clauses: all of it, or as many as there is
// room for.
func whole(about string) string {
	cut := suggest.CutTo(about, maxAbout)
	if cut == about {
		return about + "."
	}
	if end := strings.LastIndexAny(cut, ".;:,"); end > 0 {
		cut = cut[:end]
	}
	return strings.TrimSuffix(cut, "…") + " …"
}
