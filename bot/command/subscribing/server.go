package subscribing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
)

// byLocale is the value of the choice that leaves the language to Discord.
const byLocale = "auto"

// fieldCity is the field of the form for a time zone.
const fieldCity = "city"

// serverPage shows what holds in the whole server. What is chosen there counts at
// once.
func (h *Handlers) serverPage(ctx context.Context, q interaction.Request, d setupDraft, note message.Markup) (message.Payload, error) {
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return message.Payload{}, err
	}
	id := func(name string) string { return message.Action(name, strconv.Itoa(d.Shown)) }
	languages := message.Menu{CustomID: id(actSetupLanguage), Hint: q.Plain("setup.language-placeholder"), Min: 1, Options: []message.MenuOption{
		{Label: q.Plain("setup.by-locale"), Value: byLocale, Chosen: set.Language == ""},
	}}
	for _, l := range guild.Languages() {
		languages.Options = append(languages.Options, message.MenuOption{Label: languageName(l), Value: l, Chosen: set.Language == l})
	}
	zones := message.Menu{CustomID: id(actSetupZone), Hint: q.Plain("setup.zone-placeholder"), Min: 1}
	for _, o := range likelyZones(q, set) {
		zones.Options = append(zones.Options, message.MenuOption{Label: o.Title, Value: o.ID, Chosen: set.Location().String() == o.ID})
	}
	lines := append([]message.Markup{q.Say("setup.server-intro"), ""}, serverLines(q, set)...)
	if note != "" {
		lines = append(lines, "", note)
	}
	p, _ := message.Panel(q.Plain("setup.server-title"), lines, "")
	p = p.WithMenu(languages).WithMenu(zones)
	if q.Permissions.Has(discordgo.PermissionManageGuild) {
		p = p.WithMenu(message.Menu{
			Kind: message.RoleMenu, CustomID: id(actSetupManagers), Hint: q.Plain("setup.managers-placeholder"), Chosen: some(set.ManagerRole),
		})
	}
	return p.WithStyled(discordgo.PrimaryButton, q.Plain("setup.back-button"), id(actSetup)).
		WithButton(q.Plain("setup.other-zone-button"), id(actSetupOther)), nil
}

// serverLines tell what holds in the whole server.
func serverLines(q interaction.Request, set guild.Settings) []message.Markup {
	said := q.Say("setup.language-by-locale")
	if set.Language != "" {
		said = q.Say("setup.language", wording.Args{"language": languageName(set.Language)})
	}
	zone := set.Location()
	managers := q.Say("setup.no-manager-role")
	if set.ManagerRole != "" {
		managers = q.Say("setup.manager-role", wording.Args{"role": message.Role(set.ManagerRole)})
	}
	return []message.Markup{said, q.Say("setup.zone", wording.Args{"zone": zone.String(), "time": q.Now.In(zone).Format("15:04")}), managers}
}

// languageName is a language's name for itself.
func languageName(tag string) string { return display.Self.Name(language.Make(tag)) }

// offeredZones are offered to everybody, from west to east.
var offeredZones = []string{
	"America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo", "UTC", "Europe/London",
	"Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Warsaw", "Europe/Kyiv", "Africa/Cairo", "Africa/Nairobi",
	"Europe/Istanbul", "Asia/Jerusalem", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
}

// zonesOf are where people with a locale are most likely to be.
var zonesOf = map[string]string{
	"uk": "Europe/Kyiv", "fr": "Europe/Paris", "de": "Europe/Berlin", "es-ES": "Europe/Madrid", "es-419": "America/Mexico_City",
	"pl": "Europe/Warsaw", "en-GB": "Europe/London", "en-US": "America/New_York", "pt-BR": "America/Sao_Paulo", "ja": "Asia/Tokyo",
	"tr": "Europe/Istanbul", "hi": "Asia/Kolkata", "ru": "Europe/Moscow", "ko": "Asia/Seoul", "it": "Europe/Rome", "nl": "Europe/Amsterdam",
	"sv-SE": "Europe/Stockholm", "fi": "Europe/Helsinki", "da": "Europe/Copenhagen", "no": "Europe/Oslo", "cs": "Europe/Prague",
	"el": "Europe/Athens", "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "hu": "Europe/Budapest", "lt": "Europe/Vilnius",
	"hr": "Europe/Zagreb", "th": "Asia/Bangkok", "vi": "Asia/Ho_Chi_Minh", "zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei", "id": "Asia/Jakarta",
}

// likelyZones are the zones to offer: the one that is set, those of the asker's
// and the guild's locales, and then one for each part of the world.
func likelyZones(q interaction.Request, set guild.Settings) []desk.Zone {
	var out []desk.Zone
	for _, name := range slices.Concat([]string{set.Location().String(), zonesOf[q.Locale], zonesOf[q.GuildLocale]}, offeredZones) {
		loc, err := digest.Zone(name)
		if err != nil || slices.ContainsFunc(out, func(o desk.Zone) bool { return o.ID == loc.String() }) {
			continue
		}
		out = append(out, desk.Zone{ID: loc.String(), Title: loc.String() + ", " + q.Now.In(loc).Format("15:04")})
	}
	return out
}

// change saves a change of the guild's settings.
func (h *Handlers) change(ctx context.Context, q interaction.Request, change func(*guild.Settings)) error {
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return err
	}
	was := set
	if change(&set); set == was {
		return nil
	}
	if err := h.store.SaveSettings(ctx, q.Guild, set, q.Now); err != nil {
		if errors.Is(err, guild.ErrSettings) {
			return interaction.ErrGarbled
		}
		return fmt.Errorf("save the guild's settings: %w", err)
	}
	return nil
}

func (h *Handlers) chooseLanguage(ctx context.Context, q interaction.Request, _ *setupDraft) (message.Markup, error) {
	l, ok := desk.Sole(q.Chosen())
	switch {
	case !ok:
		return "", nil
	case l == byLocale:
		l = ""
	}
	return "", h.change(ctx, q, func(s *guild.Settings) { s.Language = l })
}

func (h *Handlers) chooseZone(ctx context.Context, q interaction.Request, _ *setupDraft) (message.Markup, error) {
	name, ok := desk.Sole(q.Chosen())
	if !ok {
		return "", nil
	}
	loc, err := digest.Zone(name)
	if err != nil {
		return "", interaction.ErrGarbled
	}
	return "", h.change(ctx, q, func(s *guild.Settings) { s.Zone = loc.String() })
}

// openZoneForm asks for a city.
func openZoneForm(_ context.Context, q interaction.Request) (interaction.Reply, error) {
	return interaction.Reply{Form: &message.Form{
		CustomID: message.Action(actSetupTyped, q.Arg(0)), Title: q.Plain("setup.zone-form"),
		Fields: []message.Field{{ID: fieldCity, Label: q.Plain("setup.city-label"), Hint: q.Plain("setup.city-placeholder"), Required: true, Max: interaction.MaxChoice}},
	}}, nil
}

// typeZone takes the time zone that somebody typed, if it is clear which one that
// is.
func (h *Handlers) typeZone(ctx context.Context, q interaction.Request, _ *setupDraft) (message.Markup, error) {
	typed, err := q.Field(fieldCity, interaction.MaxChoice)
	if err != nil {
		return "", err
	}
	found, _ := suggest.Fitting(h.Zones(q), typed)
	if loc, ok := h.PickZone(q, typed); ok {
		found = []desk.Zone{{ID: loc.String()}}
	}
	switch {
	case typed == "" || len(found) == 0:
		return q.Say("setup.unknown-zone", wording.Args{"typed": typed}), nil
	case len(found) > 1:
		near := make([]message.Markup, 0, suggest.MaxNear)
		for _, o := range found[:min(len(found), suggest.MaxNear)] {
			near = append(near, message.Format("%s", o.ID))
		}
		return q.Say("setup.many-zones", wording.Args{"typed": typed, "zones": q.Or(near...)}), nil
	}
	return "", h.change(ctx, q, func(s *guild.Settings) { s.Zone = found[0].ID })
}

// chooseManagers sets the manager role, which only those may who manage the guild:
// nobody widens what they were given.
func (h *Handlers) chooseManagers(ctx context.Context, q interaction.Request, _ *setupDraft) (message.Markup, error) {
	if !q.Permissions.Has(discordgo.PermissionManageGuild) {
		return "", interaction.Refuse(interaction.Denied, "setup.managers-denied")
	}
	chosen, err := q.ChosenRoles()
	if err != nil {
		return "", err
	}
	role := ""
	if len(chosen) > 0 {
		role = chosen[0].ID
	}
	if role == q.Guild {
		return q.Say("setup.managers-everyone"), nil
	}
	return "", h.change(ctx, q, func(s *guild.Settings) { s.ManagerRole = role })
}
