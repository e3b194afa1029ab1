package interaction

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

// personalPermissions are what a person may do in direct messages with the bot:
// there is nobody else whose leave is needed.
const personalPermissions = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages |
	discordgo.PermissionEmbedLinks | discordgo.PermissionManageGuild

// settled is an interaction with the account that it is for. In direct messages
// that is the person's own, if those are allowed; Discord names the person then
// and no guild. Whatever else is no guild stays without one.
func (r *Router) settled(in interaction) interaction {
	if message.Snowflake(in.Guild) {
		return in
	}
	in.Guild, in.Member = "", nil // a guild's id is a snowflake, whatever it says
	name, _ := in.Data.use()
	allowed := in.Type != discordgo.InteractionApplicationCommand && in.Type != discordgo.InteractionApplicationCommandAutocomplete ||
		r.handlers.Commands[name].Direct && in.Data.Type <= discordgo.ChatApplicationCommand
	if !r.o.Direct || !allowed || in.Context != discordgo.InteractionContextBotDM || in.User == nil || !message.Snowflake(in.User.ID) {
		return in
	}
	in.Guild = guild.Personal(in.User.ID)
	in.Member = &wireMember{Permissions: wirePermissions{bits: personalPermissions, known: true}}
	in.Member.User.ID = in.User.ID
	in.Channel = &wireChannel{ID: in.ChannelID, Type: discordgo.ChannelTypeDM}
	return in
}
