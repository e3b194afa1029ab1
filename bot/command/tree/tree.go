// Package tree owns the names of commands and options, and how one of them is put for
// Discord to register, with its description in every language
// (https://discord.com/developers/docs/interactions/application-commands).
package tree

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// The names of commands and options.
const (
	CmdSetup         = "setup"
	CmdTest          = "test"
	CmdSubscribe     = "subscribe"
	CmdUnsubscribe   = "unsubscribe"
	CmdSubscriptions = "subscriptions"
	CmdRecent        = "recent"
	CmdSearch        = "search"
	CmdStory         = "story"
	CmdTopic         = "topic"
	CmdTopicCreate   = CmdTopic + " " + SubCreate
	CmdTopicEdit     = CmdTopic + " " + SubEdit
	CmdTopicTest     = CmdTopic + " " + SubTest
	CmdTopicList     = CmdTopic + " " + SubList
	CmdTopicDelete   = CmdTopic + " " + SubDelete
	CmdFeed          = "feed"
	CmdFeedAdd       = CmdFeed + " " + SubAdd
	CmdFeedList      = CmdFeed + " " + SubList
	CmdFeedStatus    = CmdFeed + " " + SubStatus
	CmdFeedRemove    = CmdFeed + " " + SubRemove
	CmdFeedImport    = CmdFeed + " " + SubImport
	CmdFeedExport    = CmdFeed + " " + SubExport
	CmdWhy           = "why"
	CmdWhyNot        = "whynot"
	CmdTrend         = "trend"
	CmdTopics        = "topics"
	CmdSources       = "sources"
	CmdStatus        = "status"
	CmdNotices       = "notices"
	CmdHelp          = "help"
	CmdAudit         = "audit"

	CmdPrivacy       = "privacy"
	CmdPrivacyShow   = CmdPrivacy + " " + SubShow
	CmdPrivacyDelete = CmdPrivacy + " " + SubDelete

	CmdDigest       = "digest"
	CmdDigestAdd    = CmdDigest + " " + SubAdd
	CmdDigestList   = CmdDigest + " " + SubList
	CmdDigestRemove = CmdDigest + " " + SubRemove

	SubAdd    = "add"
	SubRemove = "remove"
	SubCreate = "create"
	SubEdit   = "edit"
	SubTest   = "test"
	SubList   = "list"
	SubDelete = "delete"
	SubStatus = "status"
	SubImport = "import"
	SubExport = "export"
	SubShow   = "show"

	// MenuWhy is in the menu of a message.
	MenuWhy = "Why this alert?"

	OptName    = "name"
	OptAt      = "at"
	OptZone    = "zone"
	OptEvery   = "every"
	OptDigest  = "digest"
	OptFeed    = "feed"
	OptAddress = "address"
	OptFile    = "file"
	OptTopic   = "topic"
	OptChannel = "channel"
	OptRole    = "role"
	OptWhen    = "mention-when"
	OptUpdates = "updates"
	OptPublish = "publish"
	OptOff     = "off"
	OptStages  = "stages"

	OptCountries = "countries"
	OptLanguages = "languages"
	OptKinds     = "kinds"
	OptState     = "state-media"
	OptDelivery  = "delivery"
	OptPerHour   = "per-hour"
	OptSilent    = "silent"

	OptQuery    = "query"
	OptSort     = "sort"
	OptCountry  = "country"
	OptSince    = "since"
	OptSource   = "source"
	OptStanding = "standing"
	OptKind     = "kind"
	optPublic   = interaction.PublicOption
	OptStory    = "story"
	OptLink     = "link"
	OptPeriod   = "period"
	OptMember   = "member"
)

// everywhere is something in the languages of Discord's clients. Names of commands
// and options stay English: people find them in documents and tell them to each
// other.
func everywhere(id wording.ID) map[discordgo.Locale]string {
	out := map[discordgo.Locale]string{}
	for locale, said := range wording.Everywhere(id) {
		out[discordgo.Locale(locale)] = said
	}
	return out
}

// Described is an option with its description.
func Described(id wording.ID, o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Description, o.DescriptionLocalizations = wording.Speaker{}.Plain(id), everywhere(id)
	return o
}

// Choice is what may be chosen for an option.
func Choice(id wording.ID, value string) *discordgo.ApplicationCommandOptionChoice {
	return &discordgo.ApplicationCommandOptionChoice{Name: wording.Speaker{}.Plain(id), NameLocalizations: everywhere(id), Value: value}
}

// InMenu is a command in the menu of a message, which has no description but a
// name that is read and never typed
// (https://discord.com/developers/docs/interactions/application-commands#message-commands).
func InMenu(name string, label wording.ID) *discordgo.ApplicationCommand {
	c := Open(name, "")
	c.Type = discordgo.MessageApplicationCommand
	c.Description, c.DescriptionLocalizations = "", nil
	c.NameLocalizations = new(everywhere(label))
	return c
}

// Open is a command that everybody may use in a guild.
func Open(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, Options: options,
		Description: wording.Speaker{}.Plain(description), DescriptionLocalizations: new(everywhere(description)),
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
	}
}

// Managed is a command that Discord offers to those who may manage the guild
// only. The router checks it again.
func Managed(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	c := Open(name, description, options...)
	c.DefaultMemberPermissions = new(int64(discordgo.PermissionManageGuild))
	return c
}

// TextOption is an option with a text of at most [interaction.MaxChoice] code points.
func TextOption(name string, description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name, Required: required, MaxLength: interaction.MaxChoice,
	})
}

// FileOption is an option with a file.
func FileOption(name string, description wording.ID) *discordgo.ApplicationCommandOption {
	o := TextOption(name, description, true)
	o.Type, o.MaxLength = discordgo.ApplicationCommandOptionAttachment, 0
	return o
}

// Required makes an option one that must be given.
func Required(o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Required = true
	return o
}

// Sub is a subcommand.
func Sub(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	return Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionSubCommand, Name: name, Options: options,
	})
}

// TopicOption names a topic.
func TopicOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: OptTopic,
		Required: required, Autocomplete: true, MaxLength: interaction.MaxChoice,
	})
}

// ChannelOption chooses a channel of those kinds that take alerts.
func ChannelOption(description wording.ID) *discordgo.ApplicationCommandOption {
	return Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionChannel, Name: OptChannel,
		ChannelTypes: []discordgo.ChannelType{
			discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum,
			discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread,
		},
	})
}

// Offered is an option with choices that depend on what is typed.
func Offered(name string, description wording.ID) *discordgo.ApplicationCommandOption {
	return Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name,
		Autocomplete: true, MaxLength: interaction.MaxChoice,
	})
}

// StoryOption names a story by its number, a link or words.
func StoryOption() *discordgo.ApplicationCommandOption {
	o := Offered(OptStory, "tree.story-words")
	o.Required, o.MaxLength = true, MaxLink
	return o
}

// LinkOption is the address of a report.
func LinkOption() *discordgo.ApplicationCommandOption {
	return Described("tree.link", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: OptLink,
		Required: true, Autocomplete: true, MaxLength: MaxLink,
	})
}

// PublicOption shows an answer to the whole channel.
func PublicOption() *discordgo.ApplicationCommandOption {
	return Described("tree.public", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionBoolean, Name: optPublic,
	})
}

// PublishOption says whether alerts in an announcement channel are published.
func PublishOption() *discordgo.ApplicationCommandOption {
	return Described("place.publish", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionBoolean, Name: OptPublish,
	})
}

// StandingOption chooses one standing.
func StandingOption() *discordgo.ApplicationCommandOption {
	o := Described("tree.standing", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: OptStanding,
	})
	for _, s := range Standings() {
		o.Choices = append(o.Choices, Choice(message.StandingID(s), string(s)))
	}
	return o
}

// KindOption chooses a kind of outlet.
func KindOption() *discordgo.ApplicationCommandOption {
	o := Described("tree.sources-kind", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: OptKind,
	})
	for _, t := range source.Tiers() {
		o.Choices = append(o.Choices, Choice(message.TierID(t), string(t)))
	}
	return o
}

// Standings are those that can be asked for, in the order to offer them.
func Standings() []story.Standing {
	return []story.Standing{story.Reported, story.Claimed, story.PartlyConfirmed, story.Confirmed, story.Disputed, story.Denied}
}

// MaxLink is the longest link that is taken, in code points.
const MaxLink = 1000

// The names of the commands for living with alerts, and of their options.
const (
	CmdMute      = "mute"
	CmdMuteTopic = CmdMute + " " + SubTopic
	CmdMuteStory = CmdMute + " " + SubStory
	CmdMuteList  = CmdMute + " " + SubList
	CmdMuteEnd   = CmdMute + " " + SubEnd
	CmdPause     = "pause"
	CmdFeedback  = "feedback"
	CmdResume    = "resume"
	CmdQuiet     = "quiet"
	CmdQuietSet  = CmdQuiet + " " + SubSet
	CmdQuietShow = CmdQuiet + " " + SubShow
	CmdQuietOff  = CmdQuiet + " " + SubOff

	SubTopic = "topic"
	SubStory = "story"
	SubEnd   = "end"
	SubSet   = "set"
	SubOff   = "off"

	OptFor     = "for"
	OptWhat    = "what"
	OptFrom    = "from"
	OptTo      = "to"
	OptDays    = "days"
	OptThrough = "through"
)

// Uses are what people can type of a command: its name, or those of its
// subcommands with its own before.
func Uses(c *discordgo.ApplicationCommand) []string {
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
