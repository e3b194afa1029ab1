package message

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// Payload is the body of a message, the same for creating and for editing one:
// what is not in it is said to be empty, so that an edit leaves nothing old
// behind. The sender of an alert adds its nonce beside it.
type Payload struct {
	Content         string                           `json:"content"`
	Embeds          List[*discordgo.MessageEmbed]    `json:"embeds"`
	Components      List[discordgo.MessageComponent] `json:"components"`
	AllowedMentions AllowedMentions                  `json:"allowed_mentions"`
	// Attachments describe the Files, by place. Nil is left out, and an edit leaves the
	// files of a message as they are; an empty one takes them away.
	Attachments List[Attachment] `json:"attachments,omitzero"`
	// Files travel beside the payload.
	Files []File `json:"-"`
	// Flags are bits of
	// https://discord.com/developers/docs/resources/message#message-object-message-flags.
	Flags discordgo.MessageFlags `json:"flags,omitempty"`
	// Reference makes it a reply.
	Reference *Reference `json:"message_reference,omitempty"`
	// newRow says that the next button begins a row.
	newRow bool
}

// Reference names the message that another one replies to
// (https://discord.com/developers/docs/resources/message#message-reference-structure).
type Reference struct {
	// Message is a snowflake in decimal.
	Message string `json:"message_id"`
	// FailIfNotExists is false: a reply to a message that people deleted is posted
	// as one of its own.
	FailIfNotExists bool `json:"fail_if_not_exists"`
}

// Attachment says what a file of a message is
// (https://discord.com/developers/docs/resources/message#attachment-object).
type Attachment struct {
	// ID is the file's place among the message's.
	ID       int    `json:"id,string"`
	Filename string `json:"filename"`
	// Description is read to those who do not see the picture; at most [MaxAlt].
	Description string `json:"description"`
}

// File is a file of a message.
type File struct {
	Name, ContentType string
	Data              []byte
}

// List is a JSON array that is [] when nil, where Discord tells null from [].
type List[T any] []T

// MarshalJSON implements [json.Marshaler].
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}

// AllowedMentions says whom a message may mention: nobody but the roles listed.
// Its zero value allows nobody.
type AllowedMentions struct {
	// Roles are ids, at most [MaxMentions].
	Roles []string
}

// MarshalJSON implements [json.Marshaler]. "parse" is always the empty array:
// left out or null, Discord would look for mentions in the text
// (https://discord.com/developers/docs/resources/message#allowed-mentions-object).
func (a AllowedMentions) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Parse []string `json:"parse"`
		Roles []string `json:"roles,omitempty"`
	}{Parse: []string{}, Roles: a.Roles})
}

// Private returns p to be shown to the person who asked alone.
func (p Payload) Private() Payload {
	p.Flags |= discordgo.MessageFlagsEphemeral
	return p
}

// Edit returns p as it is sent to change a message: who sees a message is
// settled when it is created and cannot be edited.
func (p Payload) Edit() Payload {
	p.Flags &^= discordgo.MessageFlagsEphemeral
	return p
}

// WithButton returns p with one more button, beside the others as long as there
// is room. The label is ours, the custom id at most [MaxCustomID] code points.
func (p Payload) WithButton(label, customID string) Payload {
	return p.withButton(discordgo.Button{Label: label, Style: discordgo.SecondaryButton, CustomID: customID})
}

// WithChosen returns p with one more button that says what is shown, and cannot
// be pressed.
func (p Payload) WithChosen(label, customID string) Payload {
	return p.withButton(discordgo.Button{Label: label, Style: discordgo.PrimaryButton, CustomID: customID, Disabled: true})
}

// maxRow is how many buttons stand beside each other
// (https://discord.com/developers/docs/components/reference#action-row).
const maxRow = 5

func (p Payload) withButton(b discordgo.Button) Payload {
	b.Label = plain(b.Label, MaxLabel)
	last := len(p.Components) - 1
	if p.newRow || last < 0 || !roomy(p.Components[last]) {
		return p.withRow(b)
	}
	rows := slices.Clone(p.Components)
	row, _ := rows[last].(discordgo.ActionsRow)
	rows[last] = discordgo.ActionsRow{Components: append(slices.Clip(row.Components), b)}
	p.Components = rows
	return p
}

// roomy reports whether c is a row of buttons with room for another one.
func roomy(c discordgo.MessageComponent) bool {
	row, ok := c.(discordgo.ActionsRow)
	return ok && len(row.Components) < maxRow && row.Components[0].Type() == discordgo.ButtonComponent
}

// WithFile returns p with a file to keep. The name is ours.
func (p Payload) WithFile(name, contentType string, data []byte) Payload {
	p.Attachments = append(slices.Clip(p.Attachments), Attachment{ID: len(p.Files), Filename: name})
	p.Files = append(slices.Clip(p.Files), File{Name: name, ContentType: contentType, Data: data})
	return p
}

// WithPicture returns p with a picture and the words that stand for it, which are
// plain text. The name ends in .png and is ours.
func (p Payload) WithPicture(name, alt string, png []byte) Payload {
	p.Attachments = append(slices.Clip(p.Attachments), Attachment{ID: len(p.Files), Filename: name, Description: plain(alt, MaxAlt)})
	p.Files = append(slices.Clip(p.Files), File{Name: name, ContentType: "image/png", Data: png})
	return p
}

// WithoutFiles returns p without any, and an edit takes away those of the message.
func (p Payload) WithoutFiles() Payload {
	p.Attachments, p.Files = List[Attachment]{}, nil
	return p
}

var snowflakeForm = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

// Snowflake reports whether s is a Discord id in decimal
// (https://discord.com/developers/docs/reference#snowflakes).
func Snowflake(s string) bool {
	if !snowflakeForm.MatchString(s) {
		return false
	}
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// Channel mentions a channel, which shows its name as a link. An id that is none
// shows as a name that nobody has.
func Channel(id string) Markup {
	if !Snowflake(id) {
		return "#?"
	}
	return Markup("<#" + id + ">")
}

// Role shows a role's name, or for an id that is none, that there is one. It only notifies when the payload's
// [AllowedMentions] list the role.
func Role(id string) Markup {
	if !Snowflake(id) {
		return "@?"
	}
	return Markup("<@&" + id + ">")
}

// User shows a member's name, without notifying anybody; empty for an id that is
// none.
func User(id string) Markup {
	if !Snowflake(id) {
		return ""
	}
	return Markup("<@" + id + ">")
}
