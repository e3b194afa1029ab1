package interaction

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// maxInteraction is the size in bytes of an interaction that is read at all;
// Discord's are a few kilobytes.
const maxInteraction = 1 << 20

// interaction is what is read of an interaction. It is decoded here instead of
// by discordgo, which lacks app_permissions of channels and fails on kinds of
// component that it does not know
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object).
type interaction struct {
	ID          string                    `json:"id"`
	Application string                    `json:"application_id"`
	Type        discordgo.InteractionType `json:"type"`
	Token       string                    `json:"token"`
	Guild       string                    `json:"guild_id"`
	ChannelID   string                    `json:"channel_id"`
	Channel     *wireChannel              `json:"channel"`
	Member      *wireMember               `json:"member"`
	// User is who asks outside a guild, Context where that is.
	User *struct {
		ID string `json:"id"`
	} `json:"user"`
	Context        discordgo.InteractionContextType `json:"context"`
	AppPermissions wirePermissions                  `json:"app_permissions"`
	Locale         string                           `json:"locale"`
	GuildLocale    string                           `json:"guild_locale"`
	Data           wireData                         `json:"data"`
	// Message is the one whose button was pressed.
	Message *wireMessage `json:"message"`
}

// wireMessage is a message of ours with what it answers, if it does.
type wireMessage struct {
	Metadata *struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"interaction_metadata"`
	Flags discordgo.MessageFlags `json:"flags"`
}

// asker is who asked for the message whose button was pressed, "" when nobody
// did. A private message is there for who sees it.
func (in interaction) asker() string {
	switch m := in.Message; {
	case m == nil:
		return ""
	case m.Flags&discordgo.MessageFlagsEphemeral != 0:
		return in.Member.User.ID
	case m.Metadata != nil:
		return m.Metadata.User.ID
	}
	return ""
}

type wireMember struct {
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Permissions wirePermissions `json:"permissions"`
	Roles       []string        `json:"roles"`
}

type wireData struct {
	Name     string                           `json:"name"`
	Type     discordgo.ApplicationCommandType `json:"type"`
	Options  []wireOption                     `json:"options"`
	Resolved struct {
		Channels map[string]*wireChannel `json:"channels"`
		Roles    map[string]*wireRole    `json:"roles"`
		// Attachments are files that came with options.
		Attachments map[string]*File `json:"attachments"`
	} `json:"resolved"`
	CustomID string `json:"custom_id"`
	TargetID string `json:"target_id"`
	// Values are what was chosen in a menu.
	Values []string `json:"values"`
	// Components are the fields of a form that was submitted.
	Components []wireField `json:"components"`
}

// wireText is a text; any other kind of value is not known.
type wireText struct {
	text  string
	known bool
}

// UnmarshalJSON implements [json.Unmarshaler]. It never fails, so that the fields
// beside it are read.
func (t *wireText) UnmarshalJSON(b []byte) error {
	*t = wireText{}
	t.known = json.Unmarshal(b, &t.text) == nil
	return nil
}

type wireOption struct {
	Name    string                                 `json:"name"`
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Value   json.RawMessage                        `json:"value"`
	Focused bool                                   `json:"focused"`
	// Options are those of a subcommand.
	Options []wireOption `json:"options"`
}

// use is the command that was used, with the names of its subcommands, and the
// options given to it.
func (d wireData) use() (name string, options []wireOption) {
	name, options = d.Name, d.Options
	for range 2 { // a group of them, and one in it
		if len(options) != 1 || options[0].Type != discordgo.ApplicationCommandOptionSubCommand && options[0].Type != discordgo.ApplicationCommandOptionSubCommandGroup {
			break
		}
		name, options = name+" "+options[0].Name, options[0].Options
	}
	return name, options
}

type wireChannel struct {
	ID             string                `json:"id"`
	Guild          string                `json:"guild_id"`
	Name           string                `json:"name"`
	Type           discordgo.ChannelType `json:"type"`
	Permissions    wirePermissions       `json:"permissions"`
	AppPermissions wirePermissions       `json:"app_permissions"`
	Thread         *struct {
		Archived bool `json:"archived"`
		Locked   bool `json:"locked"`
	} `json:"thread_metadata"`
}

type wireRole struct {
	ID          string `json:"id"`
	Mentionable bool   `json:"mentionable"`
}

// wirePermissions are permissions as Discord sends them: a number in a string.
// What is none counts as no permission.
type wirePermissions struct {
	bits  Permissions
	known bool
}

// UnmarshalJSON implements [json.Unmarshaler]. It never fails: a value that is
// not understood grants nothing.
func (p *wirePermissions) UnmarshalJSON(b []byte) error {
	*p = wirePermissions{}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return nil //nolint:nilerr // see above
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		*p = wirePermissions{bits: Permissions(n), known: true}
	}
	return nil
}

// decode reads an interaction. When it fails after the ticket was read, the
// ticket is returned beside the error, so that the person gets an answer.
func decode(raw []byte) (interaction, Ticket, error) {
	var in interaction
	if len(raw) > maxInteraction {
		return in, Ticket{}, fmt.Errorf("decode interaction: %d bytes are too many", len(raw))
	}
	// A field of an unexpected kind leaves the others readable.
	err := json.Unmarshal(raw, &in)
	t := Ticket{Application: in.Application, ID: in.ID, Token: in.Token}
	if err != nil {
		return in, t, fmt.Errorf("decode interaction: %w", err)
	}
	return in, t, nil
}
