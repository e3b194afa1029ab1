package subscribing

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/internal/subscription"
)

// Options are all that a subscription may ask for.
func Options() []*discordgo.ApplicationCommandOption {
	return []*discordgo.ApplicationCommandOption{
		tree.TopicOption("tree.subscribe-topic", true),
		tree.ChannelOption("tree.subscribe-channel"),
		tree.Described("tree.subscribe-role", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionRole, Name: tree.OptRole,
		}),
		wishOption(tree.OptWhen, "tree.subscribe-when", thresholds()),
		wishOption(tree.OptUpdates, "tree.subscribe-updates", updates()),
		tree.Offered(tree.OptStages, "tree.subscribe-stages"),
		onlyStandings(),
		tree.PublishOption(),
		tree.Offered(tree.OptCountries, "tree.subscribe-countries"),
		tree.Offered(tree.OptLanguages, "tree.subscribe-languages"),
		tree.Offered(tree.OptKinds, "tree.subscribe-kinds"),
		wishOption(tree.OptState, "tree.subscribe-state", states()),
		wishOption(tree.OptDelivery, "tree.subscribe-delivery", ways()),
		tree.Described("tree.subscribe-per-hour", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionInteger, Name: tree.OptPerHour,
			MinValue: new(float64(1)), MaxValue: subscription.MaxPerHour,
		}),
		tree.Described("tree.subscribe-silent", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionBoolean, Name: tree.OptSilent,
		}),
	}
}

// FeedbackCommand is /feedback.
func FeedbackCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdFeedback, "feedback.tree")
}
