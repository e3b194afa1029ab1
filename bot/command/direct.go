package command

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

// inDirect are the commands that work in direct messages too, where the operator
// allows it: what concerns one person's own alerts, and what has been read.
func inDirect() []string {
	return []string{cmdSubscribe, cmdUnsubscribe, cmdSubscriptions, cmdRecent, cmdSearch, cmdStory, cmdTrend, cmdTopics, cmdSources, cmdStatus, cmdHelp}
}

// Direct offers the commands of a tree in direct messages as far as they work
// there.
func Direct(tree []*discordgo.ApplicationCommand) []*discordgo.ApplicationCommand {
	for _, c := range tree {
		if slices.Contains(inDirect(), c.Name) {
			c.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
		}
	}
	return tree
}

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
	allowed := in.Type != discordgo.InteractionApplicationCommand && in.Type != discordgo.InteractionApplicationCommandAutocomplete ||
		slices.Contains(inDirect(), in.Data.Name) && in.Data.Type <= discordgo.ChatApplicationCommand
	if !r.o.Direct || !allowed || in.Context != discordgo.InteractionContextBotDM || in.User == nil || !message.Snowflake(in.User.ID) {
		return in
	}
	in.Guild = guild.Personal(in.User.ID)
	in.Member = &wireMember{Permissions: wirePermissions{bits: personalPermissions, known: true}}
	in.Member.User.ID = in.User.ID
	in.Channel = &wireChannel{ID: in.ChannelID, Type: discordgo.ChannelTypeDM}
	return in
}
