package subscribing

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// The pages on which a draft is adjusted: which stories, whose reports, how the
// channel is told. They are arguments of custom ids.
const (
	pageWhat = "what"
	pageWho  = "who"
	pageHow  = "how"
)

// The wishes that have a menu, as arguments of custom ids.
const (
	wishStages    = "stages"
	wishStandings = "standings"
	wishRole      = "role"
	wishMention   = "mention"
	wishKinds     = "kinds"
	wishLanguages = "languages"
	wishState     = "state"
	wishUpdates   = "updates"
	wishDelivery  = "delivery"
	wishPerHour   = "per-hour"
	wishSilent    = "silent"
)

// perHours are the limits that the menu offers; 0 is none.
func perHours() []int { return []int{0, 1, 2, 3, 5, 10, 20, 30, subscription.MaxPerHour} }

// adjustDraft shows a page of menus.
func (h *Handlers) adjustDraft(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.adjusting(ctx, q, d, q.Arg(1))
}

func (h *Handlers) adjusting(ctx context.Context, q interaction.Request, d draft, page string) (interaction.Reply, error) {
	info, err := h.TopicOf(ctx, q, d.Sub.Topic)
	if err != nil {
		return interaction.Reply{}, err
	}
	p, _ := message.Panel(q.Plain("subscribe.heading", wording.Args{"topic": info.Title}), h.draftLines(q, d.Sub, info), q.Say("subscribe.adjusting"))
	var menus []message.Menu
	switch page {
	case pageWho:
		menus = h.whoMenus(q, d.Sub)
	case pageHow:
		menus = howMenus(q, d.Sub)
	default:
		page = pageWhat
		menus = whatMenus(q, d.Sub, info)
	}
	for _, m := range menus {
		m.CustomID = message.Action(actSet, d.Token, page, m.CustomID)
		p = p.WithMenu(m)
	}
	p = p.WithRow().WithStyled(discordgo.PrimaryButton, q.Plain("subscribe.done-button"), message.Action(actPreview, d.Token))
	turn := func(to string, label wording.ID) {
		if to != page {
			p = p.WithButton(q.Plain(label), message.Action(actAdjust, d.Token, to))
		}
	}
	turn(pageWhat, "subscribe.what-button")
	turn(pageWho, "subscribe.who-button")
	turn(pageHow, "subscribe.how-button")
	if page == pageWhat {
		p = p.WithButton(q.Plain("subscribe.countries-button"), message.Action(actName, d.Token))
	}
	return interaction.Reply{Payload: p}, nil
}

// whatMenus are about which stories the channel wants, and when they are worth a
// mention.
func whatMenus(q interaction.Request, s subscription.Subscription, info desk.TopicInfo) []message.Menu {
	var out []message.Menu
	if len(info.Stages) > 0 {
		m := message.Menu{CustomID: wishStages, Hint: q.Plain("subscribe.any-stage-placeholder"), Max: message.MaxOptions}
		for _, st := range info.Stages {
			m.Options = append(m.Options, message.MenuOption{Label: q.Plain("subscribe.stage-label", wording.Args{"stage": message.Stage(st, q.Speaker)}), Value: string(st), Chosen: slices.Contains(s.Stages, st)})
		}
		out = append(out, m)
	}
	m := message.Menu{CustomID: wishStandings, Hint: q.Plain("subscribe.any-standing-placeholder"), Max: message.MaxOptions}
	for _, st := range tree.Standings() {
		m.Options = append(m.Options, message.MenuOption{Label: message.Standing(st, q.Speaker), Value: string(st), Chosen: slices.Contains(s.Standings, st)})
	}
	out = append(out, m)
	if guild.IsPersonal(s.Guild) {
		return out // there are no roles
	}
	role := message.Menu{CustomID: wishRole, Kind: message.RoleMenu, Hint: q.Plain("subscribe.no-role-placeholder")}
	if s.Role != "" {
		role.Chosen = []string{s.Role}
	}
	out = append(out, role)
	if s.Role != "" {
		m := message.Menu{CustomID: wishMention, Hint: q.Plain("subscribe.choose-placeholder"), Min: 1}
		for _, w := range thresholds() {
			m.Options = append(m.Options, message.MenuOption{Label: q.Plain("subscribe.mention-label", wording.Args{"when": q.Plain(w.offered)}), Value: string(w.value), Chosen: w.value == s.Mention})
		}
		out = append(out, m)
	}
	return out
}

// whoMenus are about whose reports raise alerts.
func (h *Handlers) whoMenus(q interaction.Request, s subscription.Subscription) []message.Menu {
	some := message.Menu{CustomID: wishKinds, Hint: q.Plain("subscribe.any-kind-placeholder"), Max: message.MaxOptions}
	for _, k := range kinds(q.Speaker) {
		some.Options = append(some.Options, message.MenuOption{Label: k.title, Value: string(k.tier), Chosen: slices.Contains(s.Tiers, k.tier)})
	}
	spoken := message.Menu{CustomID: wishLanguages, Hint: q.Plain("subscribe.any-language-placeholder"), Max: message.MaxOptions}
	all := h.tongues(q.Speaker)
	for _, t := range all[:min(len(all), message.MaxOptions)] {
		spoken.Options = append(spoken.Options, message.MenuOption{Label: t.title, Value: t.code, Chosen: slices.Contains(s.Languages, t.code)})
	}
	out := []message.Menu{some}
	if len(spoken.Options) > 0 {
		out = append(out, spoken)
	}
	return append(out, message.Menu{CustomID: wishState, Min: 1, Options: []message.MenuOption{
		{Label: q.Plain("subscribe.state-any-label"), Value: stateAny, Chosen: !s.Independent},
		{Label: q.Plain("subscribe.state-without-label"), Value: stateWithout, Chosen: s.Independent},
	}})
}

// howMenus are about how the channel is told.
func howMenus(q interaction.Request, s subscription.Subscription) []message.Menu {
	told := message.Menu{CustomID: wishUpdates, Min: 1}
	for _, w := range updates() {
		told.Options = append(told.Options, message.MenuOption{Label: q.Plain(w.offered), Value: string(w.value), Chosen: w.value == s.Updates})
	}
	way := message.Menu{CustomID: wishDelivery, Min: 1}
	for _, w := range ways() {
		way.Options = append(way.Options, message.MenuOption{Label: q.Plain(w.offered), Value: string(w.value), Chosen: w.value == s.Way})
	}
	hour := message.Menu{CustomID: wishPerHour, Min: 1}
	limits := perHours()
	if !slices.Contains(limits, s.PerHour) {
		limits = append(limits, s.PerHour)
		slices.Sort(limits)
	}
	for _, n := range limits {
		label := q.Plain("subscribe.any-hour-label")
		if n > 0 {
			label = q.Plain("subscribe.hour-label", wording.Args{"count": n})
		}
		hour.Options = append(hour.Options, message.MenuOption{Label: label, Value: strconv.Itoa(n), Chosen: n == s.PerHour})
	}
	return []message.Menu{told, way, hour, {CustomID: wishSilent, Min: 1, Options: []message.MenuOption{
		{Label: q.Plain("subscribe.sound-label"), Value: "false", Chosen: !s.Silent},
		{Label: q.Plain("subscribe.silent-label"), Value: "true", Chosen: s.Silent},
	}}}
}

// setWish takes over what was chosen in a menu. What a forger chose is refused.
func (h *Handlers) setWish(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	info, err := h.TopicOf(ctx, q, d.Sub.Topic)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.choose(q, &d, info, q.Arg(2)); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.keep(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	return h.adjusting(ctx, q, d, q.Arg(1))
}

// choose changes one wish of a draft.
func (h *Handlers) choose(q interaction.Request, d *draft, info desk.TopicInfo, wish string) error {
	s := &d.Sub
	var ok bool
	switch wish {
	case wishStages:
		s.Stages, ok = chosen(q, info.Stages)
	case wishStandings:
		s.Standings, ok = chosen(q, tree.Standings())
	case wishKinds:
		s.Tiers, ok = chosen(q, source.Tiers())
	case wishLanguages:
		var codes []string
		for _, t := range h.tongues(wording.Speaker{}) {
			codes = append(codes, t.code)
		}
		s.Languages, ok = chosen(q, codes)
	case wishMention:
		s.Mention, ok = one(q, thresholds())
	case wishState:
		var state string
		state, ok = one(q, states())
		s.Independent = state == stateWithout
	case wishUpdates:
		if s.Updates, ok = one(q, updates()); ok {
			if err := desk.CanThread(d.Channel, *s); err != nil {
				return err
			}
		}
	case wishDelivery:
		s.Way, ok = one(q, ways())
	case wishPerHour:
		n, err := strconv.Atoi(strings.Join(q.Chosen(), " "))
		s.PerHour, ok = n, err == nil && n >= 0 && n <= subscription.MaxPerHour
	case wishSilent:
		s.Silent, ok = slices.Equal(q.Chosen(), []string{"true"}), len(q.Chosen()) == 1
	case wishRole:
		return chooseRole(q, d)
	}
	if !ok {
		return interaction.ErrGarbled
	}
	return nil
}

// chooseRole takes over the role to mention, or that there is none.
func chooseRole(q interaction.Request, d *draft) error {
	roles, err := q.ChosenRoles()
	switch {
	case err != nil:
		return err
	case len(roles) == 0:
		d.Sub.Role, d.Sub.Mention = "", subscription.AnyReport
		return nil
	}
	to := d.Channel
	to.Member |= q.Permissions & discordgo.PermissionAdministrator // which holds in every channel
	if err := canMention(roles[0], to, q); err != nil {
		return err
	}
	d.Sub.Role = roles[0].ID
	return nil
}

// chosen are the values of a menu of several, in the order of all, or false when
// one is none of them.
func chosen[T ~string](q interaction.Request, all []T) ([]T, bool) {
	var out []T
	for _, v := range all {
		if slices.Contains(q.Chosen(), string(v)) {
			out = append(out, v)
		}
	}
	return out, len(out) == len(q.Chosen())
}

// one is the value of a menu, or false when it is none of the wishes.
func one[T ~string](q interaction.Request, wishes []wish[T]) (T, bool) {
	if len(q.Chosen()) != 1 {
		return "", false
	}
	w, ok := wishOf(T(q.Chosen()[0]), wishes)
	return w.value, ok
}

// askCountries opens a form: there are more countries than a menu takes.
func (h *Handlers) askCountries(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	var names []string
	for _, code := range d.Sub.Countries {
		names = append(names, h.CountryName(code, q.Speaker))
	}
	return interaction.Reply{Form: &message.Form{
		CustomID: message.Action(actNamed, d.Token), Title: q.Plain("subscribe.countries-form"),
		Fields: []message.Field{{ID: tree.OptCountries, Label: q.Plain("subscribe.countries-label"), Value: strings.Join(names, ", "), Max: maxCountries}},
	}}, nil
}

// maxCountries is the longest list of countries that a form takes, in code points.
const maxCountries = 400

func (h *Handlers) setCountries(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	typed, err := q.Field(tree.OptCountries, maxCountries)
	if err != nil {
		return interaction.Reply{}, err
	}
	if d.Sub.Countries, err = h.readCountries(typed, q.Speaker); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.keep(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	return h.adjusting(ctx, q, d, pageWhat)
}

// wishLines tell all that a subscription asks for.
func (h *Handlers) wishLines(q interaction.Request, s subscription.Subscription) []message.Markup {
	var out []message.Markup
	say := func(id wording.ID, args ...wording.Args) { out = append(out, q.Say(id, args...)) }
	if len(s.Stages) > 0 {
		say("subscribe.stages", wording.Args{"stages": q.And(markups(s.Stages, func(st topic.Stage) string { return message.Stage(st, q.Speaker) })...)})
	}
	if len(s.Standings) > 0 {
		say("subscribe.standings", wording.Args{"standings": q.Or(quotes(s.Standings, q.Speaker)...)})
	}
	if len(s.Countries) > 0 {
		say("subscribe.countries", wording.Args{"countries": q.Or(markups(s.Countries, q.Country)...)})
	}
	if len(s.Languages) > 0 {
		say("subscribe.languages", wording.Args{"languages": q.Or(markups(s.Languages, func(l string) string { return tongueName(l, q.Speaker) })...)})
	}
	if len(s.Tiers) > 0 {
		say("subscribe.kinds", wording.Args{"kinds": q.Or(kindNames(s.Tiers, q.Speaker)...)})
	}
	if s.Independent {
		say("subscribe.independent")
	}
	switch {
	case s.Way == subscription.Digest:
		say("subscribe.in-digest")
	case s.PerHour > 0:
		say("subscribe.per-hour", wording.Args{"count": s.PerHour})
	case len(out) == 0:
		say("subscribe.every")
	}
	return append(out, h.tellingLines(q, s)...)
}

// tellingLines tell how a channel is told.
func (h *Handlers) tellingLines(q interaction.Request, s subscription.Subscription) []message.Markup {
	var out []message.Markup
	say := func(id wording.ID, args ...wording.Args) { out = append(out, q.Say(id, args...)) }
	if s.Role != "" && s.Way != subscription.Digest {
		role := wording.Args{"role": message.Role(s.Role)}
		switch s.Mention {
		case subscription.TwoVoices:
			say("subscribe.mention-two", role)
		case subscription.WhenConfirmed:
			say("subscribe.mention-confirmed", role)
		default:
			say("subscribe.mention-first", role)
		}
	}
	if s.Silent {
		say("subscribe.silent")
	}
	if s.Way == subscription.Digest {
		return out
	}
	switch s.Updates {
	case subscription.Edit:
		say("subscribe.updates-edit")
	case subscription.Thread:
		say("subscribe.updates-thread")
	default:
		say("subscribe.updates-reply")
	}
	return out
}

func markups[T any](list []T, name func(T) string) []message.Markup {
	out := make([]message.Markup, len(list))
	for i, v := range list {
		out[i] = message.Format("%s", name(v))
	}
	return out
}

// quotes are what standings are called, as quotations: they are sentences with
// commas of their own.
func quotes(all []story.Standing, in wording.Speaker) []message.Markup {
	out := make([]message.Markup, len(all))
	for i, s := range all {
		out[i] = in.Quoted(message.Standing(s, in))
	}
	return out
}
