package gateway

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Event is one event of Discord that the bot cares for. Data is one of the
// types below. https://discord.com/developers/docs/events/gateway-events
type Event struct {
	// Shard received the event at Received.
	Shard    int
	Received time.Time
	Data     any
}

// Ready says that a new session has begun.
type Ready struct {
	// UserID and Username are the bot's own, ApplicationID its application's.
	UserID, Username, ApplicationID string
	// Guilds are the ids of the shard's guilds; a GuildCreate follows for each
	// one that is available.
	Guilds []string
	// Shard is the session's of Shards: it has the guilds whose ids say so.
	Shard, Shards int
}

// Resumed says that a session goes on after a gap without losing events.
type Resumed struct{}

// Interaction is a command, a button, a choice or an autocomplete.
type Interaction struct {
	// Interaction is never nil and always has ID and Token. When Err is set,
	// its Message and its Data may be empty; for a type that discordgo does not
	// know, Data is nil.
	Interaction *discordgo.Interaction
	// Raw is the event as it came, with fields that discordgo does not know.
	Raw json.RawMessage
	// Err says what discordgo could not read.
	Err error
}

// GuildCreate says that a guild is there: at the start, after joining it, or
// after an outage.
type GuildCreate struct {
	ID, Name, Locale string
	// Unavailable guilds are in an outage.
	Unavailable bool
	// SystemChannel is where Discord itself tells of the guild; empty for none.
	SystemChannel string
	// Channels are the guild's, without threads.
	Channels []Channel
	// Roles are the ids of the guild's roles.
	Roles []string
	// Joined is when the bot joined the guild; zero where Discord does not say.
	Joined time.Time
}

// GuildUpdate says that a guild was changed: its name, language or system channel,
// say. The fields are as in [GuildCreate].
type GuildUpdate struct{ ID, Name, Locale, SystemChannel string }

// Channel is a channel of a guild.
type Channel struct {
	ID   string
	Type discordgo.ChannelType
}

// GuildDelete says that the bot was removed from a guild or, when Unavailable,
// that the guild is in an outage and will come back.
type GuildDelete struct {
	ID          string
	Unavailable bool
}

// ChannelUpdate says that a channel, or who may do what in it, changed.
type ChannelUpdate struct {
	ID, GuildID string
	Type        discordgo.ChannelType
}

// ChannelDelete says that a channel is gone. It does not come for a channel
// that the bot could not see.
type ChannelDelete struct{ ID, GuildID string }

// ThreadUpdate says that a thread changed, for instance that it was archived.
type ThreadUpdate struct{ ID, GuildID string }

// ThreadDelete says that a thread is gone.
type ThreadDelete struct{ ID, GuildID string }

// RoleUpdate says that a role was made or changed, perhaps the bot's.
type RoleUpdate struct{ ID, GuildID string }

// RoleDelete says that a role is gone.
type RoleDelete struct{ ID, GuildID string }

// MemberUpdate says that the bot's own roles in a guild changed.
type MemberUpdate struct{ UserID, GuildID string }

// decode reads an event; nil when the bot has no use for it.
func decode(kind string, raw json.RawMessage) (any, error) {
	switch kind {
	case "READY":
		return decodeReady(raw)
	case "RESUMED":
		return Resumed{}, nil
	case "INTERACTION_CREATE":
		return decodeInteraction(raw)
	}
	if !handed[kind] {
		return nil, nil
	}
	return decodePlace(kind, raw)
}

func decodePlace(kind string, raw json.RawMessage) (any, error) {
	var v struct {
		ID          string                `json:"id"`
		GuildID     string                `json:"guild_id"`
		Name        string                `json:"name"`
		Locale      string                `json:"preferred_locale"`
		Unavailable bool                  `json:"unavailable"`
		System      string                `json:"system_channel_id"`
		Channels    places                `json:"channels"`
		Roles       idents                `json:"roles"`
		Joined      moment                `json:"joined_at"`
		Type        discordgo.ChannelType `json:"type"`
		RoleID      string                `json:"role_id"`
		Role        ident                 `json:"role"`
		User        ident                 `json:"user"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, fmt.Errorf("read %s: %w", kind, err)
	}
	if v.ID == "" && v.GuildID == "" {
		return nil, fmt.Errorf("read %s: it has no id", kind)
	}
	switch kind {
	case "GUILD_CREATE":
		return GuildCreate{v.ID, v.Name, v.Locale, v.Unavailable, v.System, v.Channels, v.Roles, v.Joined.Time}, nil
	case "GUILD_UPDATE":
		return GuildUpdate{v.ID, v.Name, v.Locale, v.System}, nil
	case "GUILD_DELETE":
		return GuildDelete{v.ID, v.Unavailable}, nil
	case "CHANNEL_UPDATE":
		return ChannelUpdate{v.ID, v.GuildID, v.Type}, nil
	case "CHANNEL_DELETE":
		return ChannelDelete{v.ID, v.GuildID}, nil
	case "THREAD_UPDATE":
		return ThreadUpdate{v.ID, v.GuildID}, nil
	case "THREAD_DELETE":
		return ThreadDelete{v.ID, v.GuildID}, nil
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
		return RoleUpdate{v.Role.ID, v.GuildID}, nil
	case "GUILD_ROLE_DELETE":
		return RoleDelete{v.RoleID, v.GuildID}, nil
	}
	return MemberUpdate{v.User.ID, v.GuildID}, nil
}

// moment is a time; one that cannot be read is zero.
type moment struct{ time.Time }

// UnmarshalJSON implements [json.Unmarshaler]. It never fails: without the time of
// its joining a guild is still a guild.
func (m *moment) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &m.Time) != nil {
		m.Time = time.Time{}
	}
	return nil
}

// places are the channels of a guild. Those that cannot be read are left out.
type places []Channel

// UnmarshalJSON implements [json.Unmarshaler]. It never fails: without its
// channels a guild is still a guild.
func (p *places) UnmarshalJSON(raw []byte) error {
	var list []json.RawMessage
	*p = nil
	if json.Unmarshal(raw, &list) != nil {
		return nil //nolint:nilerr // see above
	}
	for _, one := range list {
		var c struct {
			ID   string                `json:"id"`
			Type discordgo.ChannelType `json:"type"`
		}
		if json.Unmarshal(one, &c) == nil && c.ID != "" {
			*p = append(*p, Channel(c))
		}
	}
	return nil
}

// handed lists the events about guilds, channels, roles and members that are
// handed on.
var handed = map[string]bool{
	"GUILD_CREATE": true, "GUILD_UPDATE": true, "GUILD_DELETE": true,
	"CHANNEL_UPDATE": true, "CHANNEL_DELETE": true,
	"THREAD_UPDATE": true, "THREAD_DELETE": true,
	"GUILD_ROLE_CREATE": true, "GUILD_ROLE_UPDATE": true, "GUILD_ROLE_DELETE": true,
	"GUILD_MEMBER_UPDATE": true,
}

type ident struct {
	ID string `json:"id"`
}

// idents are the ids in a list. There are none when one of them cannot be read: who is
// not on it is gone.
type idents []string

// UnmarshalJSON implements [json.Unmarshaler]. It never fails: without its roles a guild
// is still a guild.
func (i *idents) UnmarshalJSON(raw []byte) error {
	var list []ident
	*i = nil
	if json.Unmarshal(raw, &list) != nil {
		return nil //nolint:nilerr // see above
	}
	for _, one := range list {
		if one.ID == "" {
			*i = nil
			return nil
		}
		*i = append(*i, one.ID)
	}
	return nil
}

func decodeReady(raw json.RawMessage) (any, error) {
	var v struct {
		User struct {
			ID       string `json:"id"`
			Username string `json:"username"`
		} `json:"user"`
		Application ident   `json:"application"`
		Guilds      []ident `json:"guilds"`
		Shard       [2]int  `json:"shard"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, fmt.Errorf("read READY: %w", err)
	}
	r := Ready{UserID: v.User.ID, Username: v.User.Username, ApplicationID: v.Application.ID, Shard: v.Shard[0], Shards: v.Shard[1]}
	for _, g := range v.Guilds {
		r.Guilds = append(r.Guilds, g.ID)
	}
	return r, nil
}

// decodeInteraction reads an interaction in discordgo's form. A component that
// discordgo does not know makes it refuse the whole event, so the parts that
// hold components are left out one after the other until the rest can be read.
func decodeInteraction(raw json.RawMessage) (any, error) {
	var must struct {
		ID            string                    `json:"id"`
		ApplicationID string                    `json:"application_id"`
		Type          discordgo.InteractionType `json:"type"`
		Token         string                    `json:"token"`
		GuildID       string                    `json:"guild_id"`
		ChannelID     string                    `json:"channel_id"`
	}
	if err := json.Unmarshal(raw, &must); err != nil {
		return nil, fmt.Errorf("read INTERACTION_CREATE: %w", err)
	}
	if must.ID == "" || must.Token == "" {
		return nil, fmt.Errorf("read INTERACTION_CREATE: it has no id or no token")
	}
	v := Interaction{Raw: raw}
	var i discordgo.Interaction
	if v.Err = json.Unmarshal(raw, &i); v.Err == nil {
		v.Interaction = &i
		return v, nil
	}
	for _, left := range [][]string{{"message"}, {"message", "data.resolved"}, {"message", "data.components"}, {"message", "data"}} {
		var i discordgo.Interaction
		if json.Unmarshal(without(raw, left), &i) == nil {
			v.Interaction = &i
			return v, nil
		}
	}
	v.Interaction = &discordgo.Interaction{
		ID: must.ID, AppID: must.ApplicationID, Type: must.Type, Token: must.Token,
		GuildID: must.GuildID, ChannelID: must.ChannelID,
	}
	return v, nil
}

// without returns a JSON object with null for some of its keys, "data.x" being
// one inside another object.
func without(raw json.RawMessage, keys []string) json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return raw
	}
	for _, key := range keys {
		const inData = "data."
		if len(key) > len(inData) && key[:len(inData)] == inData {
			m["data"] = without(m["data"], []string{key[len(inData):]})
			continue
		}
		m[key] = json.RawMessage("null")
	}
	out, err := json.Marshal(m)
	if err != nil {
		return raw
	}
	return out
}
