package command

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/tree"
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
	for _, c := range Tree() {
		for _, name := range tree.Uses(c) {
			if id := given[c.Name]; id != "" && c.Type <= discordgo.ChatApplicationCommand {
				ids[name] = id
			}
		}
	}
	r.clicks.Know(ids)
}
