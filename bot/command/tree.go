package command

import (
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/source"
)

// The names of commands and options.
const (
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
	cmdWhy           = "why"
	cmdWhyNot        = "whynot"
	cmdTrend         = "trend"
	cmdTopics        = "topics"
	cmdSources       = "sources"
	cmdStatus        = "status"
	cmdHelp          = "help"

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

	// menuWhy is in the menu of a message.
	menuWhy = "Why this alert?"

	optName     = "name"
	optAt       = "at"
	optZone     = "zone"
	optEvery    = "every"
	optDigest   = "digest"
	optTopic    = "topic"
	optChannel  = "channel"
	optRole     = "role"
	optWhen     = "mention-when"
	optUpdates  = "updates"
	optStages   = "stages"
	optQuery    = "query"
	optSort     = "sort"
	optCountry  = "country"
	optSince    = "since"
	optSource   = "source"
	optStanding = "standing"
	optKind     = "kind"
	optPublic   = "public"
	optStory    = "story"
	optLink     = "link"
	optPeriod   = "period"
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
				Description: "A role to mention, once for each story",
			},
			wishOption(optWhen, "When to mention the role; with the first report if you leave it out", thresholds()),
			wishOption(optUpdates, "What to do when a story goes on; edit and reply if you leave it out", updates()),
			offered(optStages, "Only these stages of the topic, e.g. agreed, in effect"),
			onlyStandings()),
		managed(cmdUnsubscribe, "Stop alerts on a topic in a channel",
			topicOption("The topic to stop", true),
			channelOption("Which channel; this one if you leave it out")),
		open(cmdSubscriptions, "Show which channels get alerts on which topics"),
		open(cmdRecent, "Show the latest stories, on all topics or on one",
			topicOption("The topic; all of them if you leave it out", false),
			offered(optCountry, "A country that the story names, e.g. Ukraine"),
			offered(optSince, "How far back, e.g. 6 hours, 3 days, yesterday or 2026-01-30 (UTC)"),
			offered(optSource, "An outlet that tells the story, e.g. Reuters"),
			standingOption(),
			publicOption()),
		open(cmdSearch, "Search the reports that I have read",
			&discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optQuery,
				Description: "Words, e.g. Hormuz tanker; or more, e.g. (truce OR pause) -trade title:Kyiv source:bbc", Required: true,
				MinLength: new(minQuery), MaxLength: MaxQuery,
			},
			&discordgo.ApplicationCommandOption{
				Type: discordgo.ApplicationCommandOptionString, Name: optSort,
				Description: "Which come first; the newest if you leave it out",
				Choices: []*discordgo.ApplicationCommandOptionChoice{
					{Name: string(SortNewest), Value: string(SortNewest)}, {Name: string(SortRelevant), Value: string(SortRelevant)},
				},
			},
			publicOption()),
		open(cmdStory, "Show one story: what its parties say, how it went on, and who tells it",
			storyOption(),
			publicOption()),
		managed(cmdDigest, "Send regular summaries to a channel",
			sub(subAdd, "Send a summary of the latest stories, daily or weekly",
				textOption(optAt, "At what time, e.g. 8:00 or 8 pm", true),
				offered(optZone, "Whose time, e.g. Europe/Kyiv; that of your other digests, or UTC, if you leave it out"),
				everyOption(),
				topicOption("What it tells of; all topics if you leave it out", false),
				channelOption("Where it goes; this channel if you leave it out")),
			sub(subList, "Show which channels get digests, and when"),
			sub(subRemove, "End a digest", required(offered(optDigest, "Which digest")))),
		managed(cmdTopic, "Make topics of this server's own, from words to look for",
			sub(subCreate, "Make a topic, and see what it would have found",
				nameOption("What to call it, e.g. Hormuz", true), queryOption("What to look for, e.g. hormuz (tanker OR ship) -exercise", true)),
			sub(subEdit, "Change a topic's name or query",
				topicOption("The topic to change", true), nameOption("Its new name", false), queryOption("Its new query", false)),
			sub(subTest, "See what a query would have found, and change nothing",
				queryOption("What to look for, e.g. \"prisoner swap\" OR (exchange NEAR/5 prisoner*)", true)),
			sub(subList, "Show this server's own topics with their queries"),
			sub(subDelete, "Delete a topic and end its alerts", topicOption("The topic to delete", true))),
		open(cmdWhy, "Explain why this server was alerted to a story, or was not",
			storyOption(),
			publicOption()),
		open(cmdWhyNot, "Explain why this server was not alerted to a report",
			linkOption(),
			publicOption()),
		open(cmdTrend, "Show how many stories there were over time, as a picture",
			topicOption("The topic; all of them if you leave it out", false),
			periodOption(),
			publicOption()),
		open(cmdTopics, "Show which topics there are, and what they mean", publicOption()),
		open(cmdSources, "Show which outlets I read",
			offered(optCountry, "Outlets of one country only, e.g. Ukraine"),
			kindOption(),
			publicOption()),
		open(cmdStatus, "Show whether my feeds and this server's alerts are well"),
		open(cmdHelp, "Show what I can do, with examples"),
		inMenu(menuWhy),
	}
}

// inMenu is a command in the menu of a message, which has no description
// (https://discord.com/developers/docs/interactions/application-commands#message-commands).
func inMenu(name string) *discordgo.ApplicationCommand {
	c := open(name, "")
	c.Type = discordgo.MessageApplicationCommand
	return c
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

func textOption(name, description string, required bool) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name, Description: description, Required: required, MaxLength: maxChoice,
	}
}

func required(o *discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	o.Required = true
	return o
}

// sub is a subcommand.
func sub(name, description string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionSubCommand, Name: name, Description: description, Options: options,
	}
}

func nameOption(description string, required bool) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optName, Description: description,
		Required: required, MaxLength: guild.MaxTopicName,
	}
}

func queryOption(description string, required bool) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optQuery, Description: description,
		Required: required, MaxLength: query.MaxLength,
	}
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

// offered is an option with choices that depend on what is typed.
func offered(name, description string) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: name, Description: description,
		Autocomplete: true, MaxLength: maxChoice,
	}
}

func storyOption() *discordgo.ApplicationCommandOption {
	o := offered(optStory, "Words of its headline, or the link of a report")
	o.Required, o.MaxLength = true, maxLink
	return o
}

func linkOption() *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optLink, Description: "The link of the report",
		Required: true, MaxLength: maxLink,
	}
}

func publicOption() *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionBoolean, Name: optPublic,
		Description: "Show the answer to everybody here; you alone see it if you leave it out",
	}
}

func standingOption() *discordgo.ApplicationCommandOption {
	o := &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optStanding,
		Description: "What the words of the parties add up to",
	}
	for _, s := range standings() {
		o.Choices = append(o.Choices, &discordgo.ApplicationCommandOptionChoice{Name: message.Standing(s), Value: string(s)})
	}
	return o
}

func periodOption() *discordgo.ApplicationCommandOption {
	o := &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optPeriod, Description: "How far back; 30 days if you leave it out",
	}
	for _, p := range periods() {
		o.Choices = append(o.Choices, &discordgo.ApplicationCommandOptionChoice{Name: p.name, Value: strconv.Itoa(p.days)})
	}
	return o
}

func kindOption() *discordgo.ApplicationCommandOption {
	o := &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: optKind, Description: "Outlets of one kind only",
	}
	for _, t := range source.Tiers() {
		o.Choices = append(o.Choices, &discordgo.ApplicationCommandOptionChoice{Name: message.Tier(t), Value: string(t)})
	}
	return o
}
