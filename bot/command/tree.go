package command

import (
	"github.com/bwmarrin/discordgo"
)

// The names of commands and options.
const (
	cmdSubscribe     = "subscribe"
	cmdUnsubscribe   = "unsubscribe"
	cmdSubscriptions = "subscriptions"
	cmdRecent        = "recent"
	cmdSearch        = "search"
	cmdStatus        = "status"
	cmdHelp          = "help"

	optTopic   = "topic"
	optChannel = "channel"
	optRole    = "role"
	optQuery   = "query"
	optSort    = "sort"
)

// minQuery is the shortest search in code points: one ideograph is a word.
const minQuery = 1

// Tree returns the slash commands as Discord is told of them, in the order in
// which /help lists them
// (https://discord.com/developers/docs/interactions/application-commands).
func Tree() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		managed(cmdSubscribe, "Send alerts on a topic to a channel",
			topicOption("What to be alerted to, e.g. ceasefire", true),
			channelOption("Where alerts go; this channel if you leave it out"),
			&discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionRole, Name: optRole,
				Description: "A role to mention with each new story",
			}),
		managed(cmdUnsubscribe, "Stop alerts on a topic in a channel",
			topicOption("The topic to stop", true),
			channelOption("Which channel; this one if you leave it out")),
		open(cmdSubscriptions, "Show which channels get alerts on which topics"),
		open(cmdRecent, "Show the latest stories on a topic, or on all",
			topicOption("The topic; all of them if you leave it out", false)),
		open(cmdSearch, "Search the reports that I have read",
			&discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optQuery,
				Description: "Words that a report must contain, e.g. Hormuz tanker", Required: true,
				MinLength: new(minQuery), MaxLength: MaxQuery,
			},
			&discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optSort,
				Description: "Which come first; the newest if you leave it out",
				Choices: []*discordgo.ApplicationCommandOptionChoice{
					{Name: string(SortNewest), Value: string(SortNewest)}, {Name: string(SortRelevant), Value: string(SortRelevant)},
				},
			}),
		open(cmdStatus, "Show whether my feeds and this server's alerts are well"),
		open(cmdHelp, "Show what I can do, with examples"),
	}
}

func open(name, description string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, Description: description, Options: options,
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
	}
}

// managed is a command that Discord offers to those who may manage the guild
// only. The router checks it again.
func managed(name, description string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	c := open(name, description, options...)
	c.DefaultMemberPermissions = new(int64(discordgo.PermissionManageGuild))
	return c
}

func topicOption(description string, required bool) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optTopic, Description: description,
		Required: required, Autocomplete: true, MaxLength: maxChoice,
	}
}

func channelOption(description string) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionChannel, Name: optChannel, Description: description,
		ChannelTypes: []discordgo.ChannelType{
			discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews,
			discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread,
		},
	}
}
