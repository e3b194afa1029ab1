package message

import (
	"cmp"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// Limits of menus
// (https://discord.com/developers/docs/components/reference#string-select).
const (
	// MaxOptions is how many options a menu has.
	MaxOptions = 25
	// MaxOption bounds an option's label, description and value.
	MaxOption = 100
	// MaxRows is how many rows of buttons or menus a message has.
	MaxRows = 5
)

// Menu lets people choose from a list.
type Menu struct {
	// CustomID comes back with what was chosen, at most [MaxCustomID].
	CustomID string
	// Hint is plain text that stands there while nothing is chosen.
	Hint string
	// Kind is what is chosen; the zero one is Options.
	Kind MenuKind
	// Options are those of a menu of options, at most [MaxOptions].
	Options []MenuOption
	// Chosen are the ids of channels or roles that are chosen already.
	Chosen []string
	// ChannelTypes are the kinds of channel that a menu of channels offers; empty
	// means any.
	ChannelTypes []discordgo.ChannelType
	// Min and Max are how many may be chosen; a Max of 0 means one.
	Min, Max int
}

// MenuOption is one option. Label and Note are plain text and are cut; Value is at
// most [MaxOption].
type MenuOption struct {
	Label, Note, Value string
	Chosen             bool
}

// MenuKind says what a menu offers.
type MenuKind int

// The kinds.
const (
	OptionMenu MenuKind = iota
	ChannelMenu
	RoleMenu
)

// WithMenu returns p with a menu in a row of its own, unless it has [MaxRows].
func (p Payload) WithMenu(m Menu) Payload {
	return p.withRow(m.component())
}

// WithRow returns p so that the next button begins a row.
func (p Payload) WithRow() Payload {
	p.newRow = true
	return p
}

func (p Payload) withRow(c discordgo.MessageComponent) Payload {
	p.newRow = false
	if len(p.Components) < MaxRows {
		p.Components = append(slices.Clip(p.Components), discordgo.ActionsRow{Components: []discordgo.MessageComponent{c}})
	}
	return p
}

// WithStyled is WithButton for a button that stands out: one that goes on
// (discordgo.PrimaryButton, SuccessButton) or destroys (DangerButton).
func (p Payload) WithStyled(style discordgo.ButtonStyle, label, customID string) Payload {
	return p.withButton(discordgo.Button{Label: label, Style: style, CustomID: customID})
}

func (m Menu) component() discordgo.SelectMenu {
	options := m.Options[:min(len(m.Options), MaxOptions)]
	most := max(m.Max, 1)
	if m.Kind == OptionMenu {
		most = min(most, len(options))
	}
	s := discordgo.SelectMenu{
		MenuType: discordgo.StringSelectMenu, CustomID: m.CustomID, Placeholder: plain(m.Hint, MaxHint),
		MinValues: new(min(m.Min, most)), MaxValues: min(most, MaxOptions),
	}
	kind := discordgo.SelectMenuDefaultValueType("")
	switch m.Kind {
	case OptionMenu:
		for _, o := range options {
			// Discord refuses a message over an option without a label.
			label := cmp.Or(plain(o.Label, MaxOption), plain(o.Value, MaxOption), "…")
			s.Options = append(s.Options, discordgo.SelectMenuOption{Label: label, Description: plain(o.Note, MaxOption), Value: o.Value, Default: o.Chosen})
		}
	case ChannelMenu:
		s.MenuType, s.ChannelTypes, kind = discordgo.ChannelSelectMenu, m.ChannelTypes, discordgo.SelectMenuDefaultValueChannel
	case RoleMenu:
		s.MenuType, kind = discordgo.RoleSelectMenu, discordgo.SelectMenuDefaultValueRole
	}
	for _, id := range m.Chosen[:min(len(m.Chosen), s.MaxValues)] {
		s.DefaultValues = append(s.DefaultValues, discordgo.SelectMenuDefaultValue{ID: id, Type: kind})
	}
	return s
}
