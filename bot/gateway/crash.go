package gateway

import (
	"encoding/json"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// crashes reports whether discordgo would follow a nil pointer on an event,
// where nothing can recover: it fills in the guild of each channel, member and
// voice state by itself, also of guilds and lists that are null.
func crashes(kind string, data json.RawMessage) bool {
	// Like discordgo, this goes on with what could be read of a broken event.
	switch kind {
	case "READY":
		var e discordgo.Ready
		_ = json.Unmarshal(data, &e)
		return slices.ContainsFunc(e.Guilds, hollow)
	case "GUILD_CREATE":
		var e discordgo.GuildCreate
		_ = json.Unmarshal(data, &e)
		return hollow(e.Guild)
	case "GUILD_UPDATE":
		var e discordgo.GuildUpdate
		_ = json.Unmarshal(data, &e)
		return hollow(e.Guild)
	case "VOICE_STATE_UPDATE":
		var e discordgo.VoiceStateUpdate
		_ = json.Unmarshal(data, &e)
		return e.VoiceState == nil
	}
	return false
}

// hollow reports whether a guild, or something in it, is null.
func hollow(g *discordgo.Guild) bool {
	return g == nil || slices.Contains(g.Channels, nil) || slices.Contains(g.Members, nil) || slices.Contains(g.VoiceStates, nil)
}
