package message

import (
	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/internal/text"
)

// Limits of forms
// (https://discord.com/developers/docs/components/reference#text-input).
const (
	// MaxFormTitle bounds a form's title, and MaxFieldLabel the label of a field.
	MaxFormTitle  = 45
	MaxFieldLabel = 45
	// MaxHint is the length of what stands in an empty field or menu.
	MaxHint = 100
	// MaxInput is the longest text that a field takes.
	MaxInput = 4000
	// MaxFormFields is how many fields a form has.
	MaxFormFields = 5
)

// Form is a dialogue with fields to fill in
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal).
type Form struct {
	// CustomID comes back with what was filled in, at most [MaxCustomID].
	CustomID string
	// Title is plain text, cut to [MaxFormTitle].
	Title  string
	Fields []Field
}

// Field is one field of a form. Label and Hint are plain text and are cut.
type Field struct {
	ID, Label, Hint string
	// Value stands in it already.
	Value string
	// Long offers several lines.
	Long     bool
	Required bool
	// Max is the longest text; 0 means [MaxInput].
	Max int
}

// Modal is the data of the answer that opens a form.
type Modal struct {
	CustomID   string                           `json:"custom_id"`
	Title      string                           `json:"title"`
	Components List[discordgo.MessageComponent] `json:"components"`
}

// Modal returns the form as it is sent; fields past [MaxFormFields] are left out.
func (f Form) Modal() Modal {
	m := Modal{CustomID: f.CustomID, Title: plain(f.Title, MaxFormTitle)}
	for _, field := range f.Fields[:min(len(f.Fields), MaxFormFields)] {
		m.Components = append(m.Components, discordgo.ActionsRow{Components: []discordgo.MessageComponent{field.input()}})
	}
	return m
}

func (f Field) input() discordgo.TextInput {
	most := f.Max
	if most <= 0 || most > MaxInput {
		most = MaxInput
	}
	style := discordgo.TextInputShort
	if f.Long {
		style = discordgo.TextInputParagraph
	}
	return discordgo.TextInput{
		CustomID: f.ID, Label: plain(f.Label, MaxFieldLabel), Style: style, Placeholder: plain(f.Hint, MaxHint),
		Value: text.Cut(f.Value, most), Required: f.Required, MaxLength: most,
	}
}
