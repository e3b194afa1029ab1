package command

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
)

// Registered tells the router of the commands as Discord has them, so that their
// names in answers can be clicked. It may be called at any time.
func (r *Router) Registered(list []*discordgo.ApplicationCommand) {
	given := make(map[string]string, len(list))
	for _, c := range list {
		if c != nil && c.Type <= discordgo.ChatApplicationCommand && message.Snowflake(c.ID) {
			given[c.Name] = c.ID
		}
	}
	ids := make(map[string]string, len(given))
	for _, c := range r.commands.tree {
		for _, name := range uses(c) {
			if id := given[c.Name]; id != "" && c.Type <= discordgo.ChatApplicationCommand {
				ids[name] = id
			}
		}
	}
	r.commands.registered.Know(ids)
}

// uses are what people can type of a command: its name, or those of its
// subcommands with its own before.
func uses(c *discordgo.ApplicationCommand) []string {
	var names []string
	for _, o := range c.Options {
		if o.Type == discordgo.ApplicationCommandOptionSubCommand {
			names = append(names, c.Name+" "+o.Name)
		}
	}
	if len(names) == 0 {
		return []string{c.Name}
	}
	return names
}
