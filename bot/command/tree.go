package command

import (
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/subscription"
)

// The names of commands and options.
const (
	cmdSetup         = "setup"
	cmdTest          = "test"
	cmdSubscribe     = "subscribe"
	cmdUnsubscribe   = "unsubscribe"
	cmdSubscriptions = "subscriptions"
	cmdRecent        = "recent"
	cmdSearch        = "search"
	cmdStory         = "story"
	cmdTopic         = "topic"
	cmdTopicCreate   = cmdTopic + " " + subCreate
	cmdTopicEdit     = cmdTopic + " " + subEdit
	cmdTopicTest     = cmdTopic + " " + subTest
	cmdTopicList     = cmdTopic + " " + subList
	cmdTopicDelete   = cmdTopic + " " + subDelete
	cmdFeed          = "feed"
	cmdFeedAdd       = cmdFeed + " " + subAdd
	cmdFeedList      = cmdFeed + " " + subList
	cmdFeedStatus    = cmdFeed + " " + subStatus
	cmdFeedRemove    = cmdFeed + " " + subRemove
	cmdFeedImport    = cmdFeed + " " + subImport
	cmdFeedExport    = cmdFeed + " " + subExport
	cmdWhy           = "why"
	cmdWhyNot        = "whynot"
	cmdTrend         = "trend"
	cmdTopics        = "topics"
	cmdSources       = "sources"
	cmdStatus        = "status"
	cmdNotices       = "notices"
	cmdHelp          = "help"
	cmdAudit         = "audit"

	cmdPrivacy       = "privacy"
	cmdPrivacyShow   = cmdPrivacy + " " + subShow
	cmdPrivacyDelete = cmdPrivacy + " " + subDelete

	cmdDigest       = "digest"
	cmdDigestAdd    = cmdDigest + " " + subAdd
	cmdDigestList   = cmdDigest + " " + subList
	cmdDigestRemove = cmdDigest + " " + subRemove

	subAdd    = "add"
	subRemove = "remove"
	subCreate = "create"
	subEdit   = "edit"
	subTest   = "test"
	subList   = "list"
	subDelete = "delete"
	subStatus = "status"
	subImport = "import"
	subExport = "export"
	subShow   = "show"

	// menuWhy is in the menu of a message.
	menuWhy = "Why this alert?"

	optName    = "name"
	optAt      = "at"
	optZone    = "zone"
	optEvery   = "every"
	optDigest  = "digest"
	optFeed    = "feed"
	optAddress = "address"
	optFile    = "file"
	optTopic   = "topic"
	optChannel = "channel"
	optRole    = "role"
	optWhen    = "mention-when"
	optUpdates = "updates"
	optPublish = "publish"
	optOff     = "off"
	optStages  = "stages"

	optCountries = "countries"
	optLanguages = "languages"
	optKinds     = "kinds"
	optState     = "state-media"
	optDelivery  = "delivery"
	optPerHour   = "per-hour"
	optSilent    = "silent"

	optQuery    = "query"
	optSort     = "sort"
	optCountry  = "country"
	optSince    = "since"
	optSource   = "source"
	optStanding = "standing"
	optKind     = "kind"
	optPublic   = interaction.PublicOption
	optStory    = "story"
	optLink     = "link"
	optPeriod   = "period"
	optMember   = "member"
)

// minQuery is the shortest search in code points: one ideograph is a word.
const minQuery = 1

// Tree returns the slash commands as Discord is told of them, in the order in
// which /help lists them
// (https://discord.com/developers/docs/interactions/application-commands).
func Tree() []*discordgo.ApplicationCommand {
	return []*discordgo.ApplicationCommand{
		managed(cmdSetup, "setup.command"),
		managed(cmdTest, "sample.command", channelOption("sample.command-channel")),
		managed(cmdSubscribe, "tree.subscribe", subscribeOptions()...),
		managed(cmdUnsubscribe, "tree.unsubscribe",
			topicOption("tree.unsubscribe-topic", true),
			channelOption("tree.unsubscribe-channel")),
		open(cmdSubscriptions, "tree.subscriptions"),
		open(cmdRecent, "tree.recent",
			topicOption("tree.topic", false),
			offered(optCountry, "tree.recent-country"),
			offered(optSince, "tree.recent-since"),
			offered(optSource, "tree.recent-source"),
			standingOption(),
			publicOption()),
		open(cmdSearch, "tree.search",
			described("tree.search-query", &discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optQuery,
				Required: true, Autocomplete: true,
				MinLength: new(minQuery), MaxLength: MaxQuery,
			}),
			described("tree.search-sort", &discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optSort,
				Choices: []*discordgo.ApplicationCommandOptionChoice{
					choice("tree.newest", string(SortNewest)), choice("tree.relevant", string(SortRelevant)),
				},
			}),
			publicOption()),
		open(cmdStory, "tree.story",
			storyOption(),
			publicOption()),
		managed(cmdDigest, "tree.digest",
			sub(subAdd, "tree.digest-add",
				offered(optAt, "tree.digest-at"),
				offered(optZone, "tree.digest-zone"),
				offered(optEvery, "tree.digest-every"),
				topicOption("tree.digest-topic", false),
				channelOption("tree.digest-channel")),
			sub(subList, "tree.digest-list"),
			sub(subRemove, "tree.digest-remove", required(offered(optDigest, "tree.digest-which")))),
		ownTopicCommands(),
		muteCommands(),
		pauseCommand(),
		resumeCommand(),
		quietCommands(),
		feedbackCommand(),
		feedCommand(),
		open(cmdWhy, "tree.why",
			storyOption(),
			publicOption()),
		open(cmdWhyNot, "tree.whynot",
			linkOption(),
			publicOption()),
		open(cmdTrend, "tree.trend",
			topicOption("tree.topic", false),
			periodOption(),
			publicOption()),
		open(cmdTopics, "tree.topics", publicOption()),
		open(cmdSources, "tree.sources",
			offered(optCountry, "tree.sources-country"),
			kindOption(),
			publicOption()),
		open(cmdStatus, "tree.status"),
		managed(cmdNotices, "notice.command",
			channelOption("notice.channel"),
			described("notice.off", &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionBoolean, Name: optOff})),
		auditCommand(),
		privacyCommand(),
		open(cmdHelp, "tree.help"),
		inMenu(menuWhy, "tree.menu-why"),
	}
}

// subscribeOptions are all that a subscription may ask for.
func subscribeOptions() []*discordgo.ApplicationCommandOption {
	return []*discordgo.ApplicationCommandOption{
		topicOption("tree.subscribe-topic", true),
		channelOption("tree.subscribe-channel"),
		described("tree.subscribe-role", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionRole, Name: optRole,
		}),
		wishOption(optWhen, "tree.subscribe-when", thresholds()),
		wishOption(optUpdates, "tree.subscribe-updates", updates()),
		offered(optStages, "tree.subscribe-stages"),
		onlyStandings(),
		publishOption(),
		offered(optCountries, "tree.subscribe-countries"),
		offered(optLanguages, "tree.subscribe-languages"),
		offered(optKinds, "tree.subscribe-kinds"),
		wishOption(optState, "tree.subscribe-state", states()),
		wishOption(optDelivery, "tree.subscribe-delivery", ways()),
		described("tree.subscribe-per-hour", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionInteger, Name: optPerHour,
			MinValue: new(float64(1)), MaxValue: subscription.MaxPerHour,
		}),
		described("tree.subscribe-silent", &discordgo.ApplicationCommandOption{
			Type: discordgo.ApplicationCommandOptionBoolean, Name: optSilent,
		}),
	}
}

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

// described is an option with its description.
func described(id wording.ID, o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Description, o.DescriptionLocalizations = wording.Speaker{}.Plain(id), everywhere(id)
	return o
}

// choice is what may be chosen for an option.
func choice(id wording.ID, value string) *discordgo.ApplicationCommandOptionChoice {
	return &discordgo.ApplicationCommandOptionChoice{Name: wording.Speaker{}.Plain(id), NameLocalizations: everywhere(id), Value: value}
}

// ownTopicCommands make and change the guild's own topics.
func ownTopicCommands() *discordgo.ApplicationCommand {
	return managed(cmdTopic, "tree.own",
		sub(subCreate, "tree.own-create",
			nameOption("tree.own-name", false), queryOption("tree.own-query", false)),
		sub(subEdit, "tree.own-edit",
			topicOption("tree.own-which", false), nameOption("tree.own-new-name", false), queryOption("tree.own-new-query", false)),
		sub(subTest, "tree.own-test",
			queryOption("tree.own-test-query", true)),
		sub(subList, "tree.own-list"),
		sub(subDelete, "tree.own-delete", topicOption("tree.own-doomed", true)))
}

// inMenu is a command in the menu of a message, which has no description but a
// name that is read and never typed
// (https://discord.com/developers/docs/interactions/application-commands#message-commands).
func inMenu(name string, label wording.ID) *discordgo.ApplicationCommand {
	c := open(name, "")
	c.Type = discordgo.MessageApplicationCommand
	c.Description, c.DescriptionLocalizations = "", nil
	c.NameLocalizations = new(everywhere(label))
	return c
}

func open(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, Options: options,
		Description: wording.Speaker{}.Plain(description), DescriptionLocalizations: new(everywhere(description)),
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
	}
}

// managed is a command that Discord offers to those who may manage the guild
// only. The router checks it again.
func managed(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	c := open(name, description, options...)
	c.DefaultMemberPermissions = new(int64(discordgo.PermissionManageGuild))
	return c
}

func textOption(name string, description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name, Required: required, MaxLength: interaction.MaxChoice,
	})
}

func fileOption(name string, description wording.ID) *discordgo.ApplicationCommandOption {
	o := textOption(name, description, true)
	o.Type, o.MaxLength = discordgo.ApplicationCommandOptionAttachment, 0
	return o
}

func required(o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Required = true
	return o
}

// sub is a subcommand.
func sub(name string, description wording.ID, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionSubCommand, Name: name, Options: options,
	})
}

func nameOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optName,
		Required: required, MaxLength: guild.MaxTopicName,
	})
}

func queryOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optQuery,
		Required: required, Autocomplete: true, MaxLength: query.MaxLength,
	})
}

func topicOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optTopic,
		Required: required, Autocomplete: true, MaxLength: interaction.MaxChoice,
	})
}

func channelOption(description wording.ID) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionChannel, Name: optChannel,
		ChannelTypes: []discordgo.ChannelType{
			discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum,
			discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread,
		},
	})
}

// offered is an option with choices that depend on what is typed.
func offered(name string, description wording.ID) *discordgo.ApplicationCommandOption {
	return described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name,
		Autocomplete: true, MaxLength: interaction.MaxChoice,
	})
}

func storyOption() *discordgo.ApplicationCommandOption {
	o := offered(optStory, "tree.story-words")
	o.Required, o.MaxLength = true, maxLink
	return o
}

func linkOption() *discordgo.ApplicationCommandOption {
	return described("tree.link", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optLink,
		Required: true, Autocomplete: true, MaxLength: maxLink,
	})
}

func publicOption() *discordgo.ApplicationCommandOption {
	return described("tree.public", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionBoolean, Name: optPublic,
	})
}

func publishOption() *discordgo.ApplicationCommandOption {
	return described("place.publish", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionBoolean, Name: optPublish,
	})
}

func standingOption() *discordgo.ApplicationCommandOption {
	o := described("tree.standing", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optStanding,
	})
	for _, s := range standings() {
		o.Choices = append(o.Choices, choice(message.StandingID(s), string(s)))
	}
	return o
}

func periodOption() *discordgo.ApplicationCommandOption {
	o := described("tree.trend-period", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optPeriod,
	})
	for _, p := range periods() {
		o.Choices = append(o.Choices, choice(p.name, strconv.Itoa(p.days)))
	}
	return o
}

func kindOption() *discordgo.ApplicationCommandOption {
	o := described("tree.sources-kind", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optKind,
	})
	for _, t := range source.Tiers() {
		o.Choices = append(o.Choices, choice(message.TierID(t), string(t)))
	}
	return o
}
