package command

import (
	"github.com/bwmarrin/discordgo"
)

// Direct offers the commands of a tree in direct messages as far as they work
// there: what concerns one person's own alerts, and what has been read.
func Direct(tree []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
	entries := (&commands{}).entries()
	for _, c := range tree {
		if entries[c.Name].Direct {
			c.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
		}
	}
	return tree
}
