package command

import (
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
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

// The actions of /help: its two pages.
const (
	actHelp     = "help"
	actHelpMore = "help-managers"
)

func (c *commands) helpActions() map[string]interaction.Action {
	return map[string]interaction.Action{actHelp: {Run: c.help}, actHelpMore: {Manage: true, Run: c.helpManagers}}
}

// help tells what everybody may do, and managers how to begin.
func (c *commands) help(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	lines := []message.Markup{q.Say("help.intro"), ""}
	manager := c.mayManage(ctx, q) == nil // others are told nothing of it
	if manager {
		lines = append(lines, q.Say("help.begin"), "")
	}
	lines = append(lines, c.helpLines(q, false)...)
	p, _ := message.Panel(q.Plain("help.title"), lines, "")
	if manager {
		p = p.WithButton(q.Plain("help.managers-button"), message.Action(actHelpMore))
	}
	return interaction.Reply{Payload: p}, nil
}

// helpManagers tells what those may do who manage the bot.
func (c *commands) helpManagers(_ context.Context, q interaction.Request) (interaction.Reply, error) {
	p, _ := message.Panel(q.Plain("help.managers-title"), c.helpLines(q, true), "")
	return interaction.Reply{Payload: p.WithButton(q.Plain("help.back-button"), message.Action(actHelp))}, nil
}

// helpLines are the commands for managers, or those for everybody, to be clicked.
func (c *commands) helpLines(q interaction.Request, managed bool) []message.Markup {
	var lines []message.Markup
	for _, cmd := range c.tree {
		switch {
		case (cmd.DefaultMemberPermissions != nil) != managed:
			continue
		case cmd.Type == discordgo.MessageApplicationCommand:
			lines = append(lines, q.Say("help.in-menu", wording.Args{"name": inLanguage(q, cmd.Name, value(cmd.NameLocalizations))}))
			continue
		}
		line := message.Format("%s: %s", c.clickable(cmd), message.Markup(inLanguage(q, cmd.Description, value(cmd.DescriptionLocalizations))))
		if e, ok := examples[cmd.Name]; ok {
			line += ". " + e
		}
		lines = append(lines, line)
	}
	return lines
}

// clickable is a command, or all its subcommands: Discord lets nobody click on
// what only leads to others.
func (c *commands) clickable(cmd *discordgo.ApplicationCommand) message.Markup {
	names := uses(cmd)
	for i, name := range names {
		m, ok := c.registered.Mention(name)
		if !ok {
			m = message.Markup("`/" + name + "`")
		}
		names[i] = string(m)
	}
	return message.Markup(strings.Join(names, " "))
}

// inLanguage is what Discord shows of a command in the asker's language.
func inLanguage(q interaction.Request, english string, elsewhere map[discordgo.Locale]string) string {
	for locale, said := range elsewhere {
		if wording.Spoken(string(locale)) && wording.In(string(locale)).Language() == q.Language() {
			return said
		}
	}
	return english
}
