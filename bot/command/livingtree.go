package command

import "github.com/bwmarrin/discordgo"

// The names of the commands for living with alerts, and of their options.
const (
	cmdMute      = "mute"
	cmdMuteTopic = cmdMute + " " + subTopic
	cmdMuteStory = cmdMute + " " + subStory
	cmdMuteList  = cmdMute + " " + subList
	cmdMuteEnd   = cmdMute + " " + subEnd
	cmdPause     = "pause"
	cmdFeedback  = "feedback"
	cmdResume    = "resume"
	cmdQuiet     = "quiet"
	cmdQuietSet  = cmdQuiet + " " + subSet
	cmdQuietShow = cmdQuiet + " " + subShow
	cmdQuietOff  = cmdQuiet + " " + subOff

	subTopic = "topic"
	subStory = "story"
	subEnd   = "end"
	subSet   = "set"
	subOff   = "off"

	optFor     = "for"
	optWhat    = "what"
	optFrom    = "from"
	optTo      = "to"
	optDays    = "days"
	optThrough = "through"
)

func muteCommands() *discordgo.ApplicationCommand {
	return managed(cmdMute, "living.tree-mute",
		sub(subTopic, "living.tree-mute-topic", topicOption("living.tree-muted-topic", true), offered(optFor, "living.tree-mute-for")),
		sub(subStory, "living.tree-mute-story", storyOption(), offered(optFor, "living.tree-mute-for")),
		sub(subList, "living.tree-mute-list"),
		sub(subEnd, "living.tree-mute-end", required(offered(optWhat, "living.tree-mute-what"))))
}

func pauseCommand() *discordgo.ApplicationCommand {
	return managed(cmdPause, "living.tree-pause",
		channelOption("living.tree-pause-channel"),
		offered(optFor, "living.tree-pause-for"))
}

func resumeCommand() *discordgo.ApplicationCommand {
	return managed(cmdResume, "living.tree-resume", channelOption("living.tree-pause-channel"))
}

func quietCommands() *discordgo.ApplicationCommand {
	return managed(cmdQuiet, "living.tree-quiet",
		sub(subSet, "living.tree-quiet-set",
			required(offered(optFrom, "living.tree-quiet-from")),
			required(offered(optTo, "living.tree-quiet-to")),
			daysOption(),
			offered(optZone, "living.tree-quiet-zone"),
			offered(optThrough, "living.tree-quiet-through"),
			channelOption("living.tree-pause-channel")),
		sub(subShow, "living.tree-quiet-show"),
		sub(subOff, "living.tree-quiet-off", channelOption("living.tree-pause-channel")))
}

func feedbackCommand() *discordgo.ApplicationCommand {
	return managed(cmdFeedback, "living.tree-feedback")
}
