package command

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// Changed reports whether Discord must be told of the commands again: whether
// have, its answer to GET /applications/{id}/commands?with_localizations=true,
// differs from want in anything that we set. What Discord fills in (ids,
// versions, defaults, null for empty) and the order of commands do not count;
// the order of options does. Only new names count to the 200 creations a day,
// but unchanged commands are not worth a request
// (https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-global-application-commands).
func Changed(have, want []*discordgo.ApplicationCommand) bool {
	return !reflect.DeepEqual(shapes(have), shapes(want))
}

// shape is a command as [Changed] compares it.
type shape struct {
	Type                discordgo.ApplicationCommandType
	Name, Description   string
	Names, Descriptions map[discordgo.Locale]string
	Permissions         int64
	Restricted, NSFW    bool
	Contexts            []discordgo.InteractionContextType
	Integrations        []discordgo.ApplicationIntegrationType
	Options             []optionShape
}

type optionShape struct {
	Type                   discordgo.ApplicationCommandOptionType
	Name, Description      string
	Names, Descriptions    map[discordgo.Locale]string
	Required, Autocomplete bool
	Channels               []discordgo.ChannelType
	Choices                []discordgo.ApplicationCommandOptionChoice
	MinValue, MaxValue     float64
	HasMin                 bool
	MinLength, MaxLength   int
	Options                []optionShape
}

func shapes(commands []*discordgo.ApplicationCommand) []shape {
	var out []shape
	for _, c := range commands {
		if c == nil {
			continue
		}
		s := shape{
			Type: cmp.Or(c.Type, discordgo.ChatApplicationCommand), Name: c.Name, Description: c.Description,
			Names: filled(value(c.NameLocalizations)), Descriptions: filled(value(c.DescriptionLocalizations)),
			Permissions: value(c.DefaultMemberPermissions), Restricted: c.DefaultMemberPermissions != nil, NSFW: value(c.NSFW),
			Contexts: sorted(value(c.Contexts)), Integrations: sorted(value(c.IntegrationTypes)),
			Options: optionShapes(c.Options),
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b shape) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) })
	return out
}

func optionShapes(options []*discordgo.ApplicationCommandOption) []optionShape {
	var out []optionShape
	for _, o := range options {
		if o == nil {
			continue
		}
		s := optionShape{
			Type: o.Type, Name: o.Name, Description: o.Description,
			Names: filled(o.NameLocalizations), Descriptions: filled(o.DescriptionLocalizations),
			Required: o.Required, Autocomplete: o.Autocomplete, Channels: sorted(o.ChannelTypes),
			MinValue: value(o.MinValue), HasMin: o.MinValue != nil, MaxValue: o.MaxValue,
			MinLength: value(o.MinLength), MaxLength: o.MaxLength, Options: optionShapes(o.Options),
		}
		for _, c := range o.Choices {
			if c != nil {
				s.Choices = append(s.Choices, discordgo.ApplicationCommandOptionChoice{
					Name: c.Name, NameLocalizations: filled(c.NameLocalizations), Value: number(c.Value),
				})
			}
		}
		out = append(out, s)
	}
	return out
}

// number makes an integer choice comparable with what JSON made of it.
func number(v any) any {
	if r := reflect.ValueOf(v); r.CanInt() {
		return float64(r.Int())
	}
	return v
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// filled is m, or nil when it is empty.
func filled(m map[discordgo.Locale]string) map[discordgo.Locale]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

// sorted is a sorted copy of s, or nil when it is empty.
func sorted[T cmp.Ordered](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return slices.Sorted(slices.Values(s))
}
