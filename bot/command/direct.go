package command

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
)

// Direct offers the commands of a tree in direct messages as far as they work
// there: what concerns one person's own alerts, and what has been read.
func Direct(tree []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
	return offered(tree, handlers(nil, Options{}).Commands)
}

func offered(tree []*discordgo.ApplicationCommand, entries map[string]interaction.Command) []*discordgo.ApplicationCommand {
	for _, c := range tree {
		// Where it is offered, all its subcommands are.
		elsewhere := func(o *discordgo.ApplicationCommandOption) bool { return !entries[c.Name+" "+o.Name].Direct }
		if entries[c.Name].Direct || len(c.Options) > 0 && !slices.ContainsFunc(c.Options, elsewhere) {
			c.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
		}
	}
	return tree
}
