package care

import (
	"context"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// examples are what to type, by command.
var examples = map[string]message.Markup{
	tree.CmdSubscribe:   "`/subscribe topic:Ceasefire`",
	tree.CmdUnsubscribe: "`/unsubscribe topic:Ceasefire`",
	tree.CmdRecent:      "`/recent topic:Sanctions`",
	tree.CmdStory:       "`/story story:Kyiv pause`",
	tree.CmdWhyNot:      "`/whynot link:https://news.example/truce`",
	tree.CmdTrend:       "`/trend topic:Ceasefire`",
	tree.CmdSearch:      "`/search query:Hormuz tanker`",
	tree.CmdDigest:      "`/digest add at:8:00 zone:Europe/Kyiv`",
	tree.CmdTopic:       "`/topic create name:Hormuz query:hormuz (tanker OR ship)`",
}

// The actions of /help: its two pages.
const (
	actHelp     = "help"
	actHelpMore = "help-managers"
)

func (h *Handlers) helpActions() map[string]interaction.Action {
	return map[string]interaction.Action{actHelp: {Run: h.help}, actHelpMore: {Manage: true, Run: h.helpManagers}}
}

// help tells what everybody may do, and managers how to begin. In direct messages it
// tells of all that works there.
func (h *Handlers) help(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	lines := []message.Markup{q.Say("help.intro"), ""}
	manager := h.MayManage(ctx, q) == nil // others are told nothing of it
	if manager {
		lines = append(lines, q.Say(desk.Addressed(q.Guild, "help.begin", "help.begin-direct")), "")
	}
	lines = append(lines, h.helpLines(q, false)...)
	p, _ := message.Panel(q.Plain("help.title"), lines, "")
	if manager && !guild.IsPersonal(q.Guild) {
		p = p.WithButton(q.Plain("help.managers-button"), message.Action(actHelpMore))
	}
	return interaction.Reply{Payload: p}, nil
}

// helpManagers tells what those may do who manage the bot.
func (h *Handlers) helpManagers(_ context.Context, q interaction.Request) (interaction.Reply, error) {
	p, _ := message.Panel(q.Plain("help.managers-title"), h.helpLines(q, true), "")
	return interaction.Reply{Payload: p.WithButton(q.Plain("help.back-button"), message.Action(actHelp))}, nil
}

// helpLines are the commands for managers, or those for everybody, to be clicked.
func (h *Handlers) helpLines(q interaction.Request, managed bool) []message.Markup {
	var lines []message.Markup
	direct := guild.IsPersonal(q.Guild)
	for _, cmd := range h.tree {
		switch {
		case direct && !slices.Contains(*cmd.Contexts, discordgo.InteractionContextBotDM):
			continue
		case !direct && (cmd.DefaultMemberPermissions != nil) != managed:
			continue
		case cmd.Type == discordgo.MessageApplicationCommand:
			lines = append(lines, q.Say("help.in-menu", wording.Args{"name": inLanguage(q, cmd.Name, cmd.NameLocalizations)}))
			continue
		}
		line := message.Format("%s: %s", h.clickable(cmd), message.Markup(inLanguage(q, cmd.Description, cmd.DescriptionLocalizations)))
		if e, ok := examples[cmd.Name]; ok {
			line += ". " + e
		}
		lines = append(lines, line)
	}
	return lines
}

// clickable is a command, or all its subcommands: Discord lets nobody click on
// what only leads to others.
func (h *Handlers) clickable(cmd *discordgo.ApplicationCommand) message.Markup {
	names := tree.Uses(cmd)
	for i, name := range names {
		m, ok := h.clicks.Mention(name)
		if !ok {
			m = message.Markup("`/" + name + "`")
		}
		names[i] = string(m)
	}
	return message.Markup(strings.Join(names, " "))
}

// inLanguage is what Discord shows of a command in the asker's language.
func inLanguage(q interaction.Request, english string, elsewhere *map[discordgo.Locale]string) string {
	if elsewhere == nil {
		return english
	}
	for locale, said := range *elsewhere {
		if wording.Spoken(string(locale)) && wording.In(string(locale)).Language() == q.Language() {
			return said
		}
	}
	return english
}
