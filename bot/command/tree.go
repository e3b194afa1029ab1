package command

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/care"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/living"
	"github.com/attache-bot/attache/bot/command/lookup"
	"github.com/attache-bot/attache/bot/command/own"
	"github.com/attache-bot/attache/bot/command/subscribing"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/internal/archive"
)

// Tree returns the slash commands as Discord is told of them, in the order in
// which /help lists them
// (https://discord.com/developers/docs/interactions/application-commands).
func Tree() []*discordgo.ApplicationCommand {
	return slices.Concat(subscribingCommands(), newsCommands(), managingCommands(), askingCommands(), careCommands())
}

// subscribingCommands are about what channels get.
func subscribingCommands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		tree.Managed(tree.CmdSetup, "setup.command"),
		tree.Managed(tree.CmdTest, "sample.command", tree.ChannelOption("sample.command-channel")),
		tree.Managed(tree.CmdSubscribe, "tree.subscribe", subscribing.Options()...),
		tree.Managed(tree.CmdUnsubscribe, "tree.unsubscribe",
			tree.TopicOption("tree.unsubscribe-topic", true),
			tree.ChannelOption("tree.unsubscribe-channel")),
		tree.Open(tree.CmdSubscriptions, "tree.subscriptions"),
	}
}

// newsCommands find what was reported.
func newsCommands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		tree.Open(tree.CmdRecent, "tree.recent",
			tree.TopicOption("tree.topic", false),
			tree.Offered(tree.OptCountry, "tree.recent-country"),
			tree.Offered(tree.OptSince, "tree.recent-since"),
			tree.Offered(tree.OptSource, "tree.recent-source"),
			tree.StandingOption(),
			tree.PublicOption()),
		tree.Open(tree.CmdSearch, "tree.search",
			tree.Described("tree.search-query", &discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: tree.OptQuery,
				Required: true, Autocomplete: true,
				MinLength: new(minQuery), MaxLength: desk.MaxQuery,
			}),
			tree.Described("tree.search-sort", &discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: tree.OptSort,
				Choices: []*discordgo.ApplicationCommandOptionChoice{
					tree.Choice("tree.newest", string(archive.Newest)), tree.Choice("tree.relevant", string(archive.Relevant)),
				},
			}),
			tree.PublicOption()),
		tree.Open(tree.CmdStory, "tree.story",
			tree.StoryOption(),
			tree.PublicOption()),
	}
}

// managingCommands are what managers make and limit beside subscriptions.
func managingCommands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		tree.Managed(tree.CmdDigest, "tree.digest",
			tree.Sub(tree.SubAdd, "tree.digest-add",
				tree.Offered(tree.OptAt, "tree.digest-at"),
				tree.Offered(tree.OptZone, "tree.digest-zone"),
				tree.Offered(tree.OptEvery, "tree.digest-every"),
				tree.TopicOption("tree.digest-topic", false),
				tree.ChannelOption("tree.digest-channel")),
			tree.Sub(tree.SubList, "tree.digest-list"),
			tree.Sub(tree.SubRemove, "tree.digest-remove", tree.Required(tree.Offered(tree.OptDigest, "tree.digest-which")))),
		own.TopicCommand(),
		living.MuteCommands(),
		living.PauseCommand(),
		living.ResumeCommand(),
		living.QuietCommands(),
		subscribing.FeedbackCommand(),
		own.FeedCommand(),
	}
}

// askingCommands tell why something was told, and what there is to tell of.
func askingCommands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		tree.Open(tree.CmdWhy, "tree.why",
			tree.StoryOption(),
			tree.PublicOption()),
		tree.Open(tree.CmdWhyNot, "tree.whynot",
			tree.LinkOption(),
			tree.PublicOption()),
		tree.Open(tree.CmdTrend, "tree.trend",
			tree.TopicOption("tree.topic", false),
			lookup.PeriodOption(),
			tree.PublicOption()),
		tree.Open(tree.CmdTopics, "tree.topics", tree.PublicOption()),
		tree.Open(tree.CmdSources, "tree.sources",
			tree.Offered(tree.OptCountry, "tree.sources-country"),
			tree.KindOption(),
			tree.PublicOption()),
		tree.Open(tree.CmdStatus, "tree.status"),
	}
}

// careCommands are about the server's own affairs with the bot, and help.
func careCommands() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		tree.Managed(tree.CmdNotices, "notice.command",
			tree.ChannelOption("notice.channel"),
			tree.Described("notice.off", &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionBoolean, Name: tree.OptOff})),
		care.AuditCommand(),
		care.PrivacyCommand(),
		tree.Open(tree.CmdHelp, "tree.help"),
		tree.InMenu(tree.MenuWhy, "tree.menu-why"),
	}
}

// minQuery is the shortest search in code points: one ideograph is a word.
const minQuery = 1
