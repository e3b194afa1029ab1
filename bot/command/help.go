package command

import (
	"context"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
)

// examples are what to type, by command.
var examples = map[string]message.Markup{
	cmdSubscribe:   "`/subscribe topic:Ceasefire channel:#news`",
	cmdUnsubscribe: "`/unsubscribe topic:Ceasefire`",
	cmdRecent:      "`/recent topic:Sanctions`",
	cmdStory:       "`/story story:Kyiv pause`",
	cmdWhyNot:      "`/whynot link:https://…`",
	cmdTrend:       "`/trend topic:Ceasefire`",
	cmdSearch:      "`/search query:Hormuz tanker`",
	cmdDigest:      "`/digest add at:8:00 zone:Europe/Kyiv`",
	cmdTopic:       "`/topic create name:Hormuz query:hormuz (tanker OR ship)`",
}

// maxHelpTopics is how many topics /help lists.
const maxHelpTopics = 40

// help tells what there is to type.
func (c *commands) help(context.Context, Request) (Reply, error) {
	lines := []message.Markup{
		"I read news feeds, recognise diplomatic developments in them, and send one alert for each story to every channel that asked for its topic. I say who reports it; I never say that it is true.",
		"",
	}
	for _, cmd := range Tree() {
		if cmd.Type == discordgo.MessageApplicationCommand {
			lines = append(lines, message.Format("**%s**: in the menu of an alert, under Apps.", message.Markup(cmd.Name)))
			continue
		}
		line := message.Format("**/%s**: %s.", message.Markup(cmd.Name), message.Markup(cmd.Description))
		if cmd.DefaultMemberPermissions != nil {
			line += " Needs the permission Manage Server."
		}
		if e, ok := examples[cmd.Name]; ok {
			line += " " + e
		}
		lines = append(lines, line)
	}
	topics := c.topics.Topics()
	names := make([]string, 0, maxHelpTopics)
	for _, t := range topics[:min(len(topics), maxHelpTopics)] {
		names = append(names, string(message.Format("%s", title(topics, t.ID))))
	}
	if more := len(topics) - len(names); more > 0 {
		names = append(names, message.Count(more, "more", "more"))
	}
	lines = append(lines, "", message.Markup("**Topics**: "+strings.Join(names, ", ")+"."))
	if len(names) == 0 {
		lines = slices.Delete(lines, len(lines)-2, len(lines))
	}
	p, _ := message.Panel("What I can do", lines, "")
	return Reply{Payload: p}, nil
}
