package command

import (
	"strings"
	"sync/atomic"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
)

// registered are the ids under which Discord knows the commands: with them a name
// in a message can be clicked
// (https://discord.com/developers/docs/reference#message-formatting).
type registered struct {
	ids atomic.Pointer[map[string]string]
}

// Registered tells the router of the commands as Discord has them. It may be
// called at any time.
func (r *Router) Registered(list []*discordgo.ApplicationCommand) {
	ids := make(map[string]string, len(list))
	for _, c := range list {
		if c != nil && c.Type <= discordgo.ChatApplicationCommand && message.Snowflake(c.ID) {
			ids[c.Name] = c.ID
		}
	}
	r.commands.registered.ids.Store(&ids)
}

// Mention is a command of the tree, such as "topic create", to be clicked; before
// Discord has told its id, to be typed.
func (r *Router) Mention(name string) message.Markup { return r.commands.mention(name) }

func (c *commands) mention(name string) message.Markup {
	ids := c.registered.ids.Load()
	first, _, _ := strings.Cut(name, " ")
	if ids == nil || (*ids)[first] == "" {
		return message.Markup("`/" + name + "`")
	}
	return message.Markup("</" + name + ":" + (*ids)[first] + ">")
}
