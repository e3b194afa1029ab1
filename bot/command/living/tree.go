package living

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/tree"
)

// MuteCommands are /mute with its subcommands.
func MuteCommands() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdMute, "living.tree-mute",
		tree.Sub(tree.SubTopic, "living.tree-mute-topic", tree.TopicOption("living.tree-muted-topic", true), tree.Offered(tree.OptFor, "living.tree-mute-for")),
		tree.Sub(tree.SubStory, "living.tree-mute-story", tree.StoryOption(), tree.Offered(tree.OptFor, "living.tree-mute-for")),
		tree.Sub(tree.SubList, "living.tree-mute-list"),
		tree.Sub(tree.SubEnd, "living.tree-mute-end", tree.Required(tree.Offered(tree.OptWhat, "living.tree-mute-what"))))
}

// PauseCommand is /pause.
func PauseCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdPause, "living.tree-pause",
		tree.ChannelOption("living.tree-pause-channel"),
		tree.Offered(tree.OptFor, "living.tree-pause-for"))
}

// ResumeCommand is /resume.
func ResumeCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdResume, "living.tree-resume", tree.ChannelOption("living.tree-pause-channel"))
}

// QuietCommands are /quiet with its subcommands.
func QuietCommands() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdQuiet, "living.tree-quiet",
		tree.Sub(tree.SubSet, "living.tree-quiet-set",
			tree.Required(tree.Offered(tree.OptFrom, "living.tree-quiet-from")),
			tree.Required(tree.Offered(tree.OptTo, "living.tree-quiet-to")),
			daysOption(),
			tree.Offered(tree.OptZone, "living.tree-quiet-zone"),
			tree.Offered(tree.OptThrough, "living.tree-quiet-through"),
			tree.ChannelOption("living.tree-pause-channel")),
		tree.Sub(tree.SubShow, "living.tree-quiet-show"),
		tree.Sub(tree.SubOff, "living.tree-quiet-off", tree.ChannelOption("living.tree-pause-channel")))
}
