package subscribing

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
)

// stateAny and stateWithout are the choices of the option about state-controlled
// media.
const (
	stateAny     = "any"
	stateWithout = "without"
)

func states() []wish[string] {
	return []wish[string]{{stateAny, "tree.state-any"}, {stateWithout, "tree.state-without"}}
}

func ways() []wish[subscription.Way] {
	return []wish[subscription.Way]{{subscription.Instant, "tree.delivery-instant"}, {subscription.Digest, "tree.delivery-digest"}}
}

// wants reads what a subscription asks for of reports and outlets, and how it
// wants to be told.
func (h *Handlers) wants(q interaction.Request, s *subscription.Subscription) error {
	typed := map[string]string{}
	for _, name := range []string{tree.OptCountries, tree.OptLanguages, tree.OptKinds} {
		var err error
		if typed[name], err = q.Text(name, interaction.MaxChoice); err != nil {
			return err
		}
	}
	var err error
	if s.Countries, err = h.readCountries(typed[tree.OptCountries], q.Speaker); err != nil {
		return err
	}
	if s.Languages, err = h.readLanguages(q, typed[tree.OptLanguages]); err != nil {
		return err
	}
	if s.Tiers, err = readKinds(q, typed[tree.OptKinds]); err != nil {
		return err
	}
	state, err := wished(q, tree.OptState, states())
	if err != nil {
		return err
	}
	s.Independent = state == stateWithout
	if s.Way, err = wished(q, tree.OptDelivery, ways()); err != nil {
		return err
	}
	if s.Silent, err = q.Flag(tree.OptSilent); err != nil {
		return err
	}
	n, given, err := q.Number(tree.OptPerHour)
	if err != nil {
		return err
	}
	if given && (n < 1 || n > subscription.MaxPerHour) {
		return interaction.Refuse(interaction.BadOption, "subscribe.hour-range", wording.Args{"option": tree.OptPerHour, "count": subscription.MaxPerHour})
	}
	s.PerHour = n
	return nil
}

// parts are what was typed between commas.
func parts(typed string) []string {
	var out []string
	for part := range strings.SplitSeq(typed, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// readCountries reads countries by meaning, with commas between.
func (h *Handlers) readCountries(typed string, in wording.Speaker) ([]string, error) {
	var out []string
	for _, part := range parts(typed) {
		one, err := h.PickCountry(part, in)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, one.Code) {
			out = append(out, one.Code)
		}
	}
	return out, nil
}

// tongue is a language that some outlet writes in, with its names.
type tongue struct{ code, title, own string }

func (t tongue) Names() suggest.Names {
	return suggest.Names{ID: t.code, Title: t.title, Aliases: []string{t.own}}
}

// tongues are the languages of the outlets, the most frequent first, by their
// names in the language that is spoken.
func (h *Handlers) tongues(in wording.Speaker) []tongue {
	count := map[string]int{}
	var codes []string
	for _, s := range h.Sources.All() {
		if count[s.Language]++; count[s.Language] == 1 {
			codes = append(codes, s.Language)
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return count[b] - count[a] })
	out := make([]tongue, len(codes))
	for i, code := range codes {
		out[i] = tongue{code, tongueName(code, in), display.Self.Name(language.Make(code))}
	}
	return out
}

func tongueName(code string, in wording.Speaker) string {
	if name := display.Languages(language.Make(in.Language())).Name(language.Make(code)); name != "" {
		return name
	}
	return code
}

// readLanguages reads languages by meaning, with commas between.
func (h *Handlers) readLanguages(q interaction.Request, typed string) ([]string, error) {
	var out []string
	all := slices.Concat(h.tongues(q.Speaker), h.tongues(wording.Speaker{}))
	for _, part := range parts(typed) {
		i := slices.IndexFunc(all, func(t tongue) bool { return strings.EqualFold(t.code, part) })
		if i < 0 {
			folded := text.Fold(part)
			i = slices.IndexFunc(all, func(t tongue) bool { return text.Fold(t.title) == folded || text.Fold(t.own) == folded })
		}
		if i < 0 {
			return nil, interaction.Refuse(interaction.BadOption, "subscribe.language-unknown", wording.Args{"language": part})
		}
		if !slices.Contains(out, all[i].code) {
			out = append(out, all[i].code)
		}
	}
	return out, nil
}

// kind is a kind of outlets with its name.
type kind struct {
	tier  source.Tier
	title string
}

func (k kind) Names() suggest.Names { return suggest.Names{ID: string(k.tier), Title: k.title} }

func kinds(in wording.Speaker) []kind {
	var out []kind
	for _, t := range source.Tiers() {
		out = append(out, kind{t, message.Tier(t, in)})
	}
	return out
}

// readKinds reads kinds of outlets by meaning, with commas between.
func readKinds(q interaction.Request, typed string) ([]source.Tier, error) {
	var out []source.Tier
	all := slices.Concat(kinds(q.Speaker), kinds(wording.Speaker{}))
	for _, part := range parts(typed) {
		found, best := suggest.Fitting(all, part)
		if best > suggest.BeginsTitle {
			return nil, interaction.Refuse(interaction.BadOption, "subscribe.kind-unknown", wording.Args{"kind": part, "kinds": q.And(kindNames(source.Tiers(), q.Speaker)...)})
		}
		if !slices.Contains(out, found[0].tier) {
			out = append(out, found[0].tier)
		}
	}
	return out, nil
}

func kindNames(tiers []source.Tier, in wording.Speaker) []message.Markup {
	var out []message.Markup
	for _, t := range tiers {
		out = append(out, message.Format("%s", message.Tier(t, in)))
	}
	return out
}

// completeSubscribe offers the options of /subscribe.
func (h *Handlers) completeSubscribe(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case tree.OptStages:
		return h.completeStagesOf(ctx, q, typed)
	case tree.OptCountries:
		return several(h.States(q.Speaker), typed), nil
	case tree.OptLanguages:
		return several(h.tongues(q.Speaker), typed), nil
	case tree.OptKinds:
		return several(kinds(q.Speaker), typed), nil
	}
	return h.CompleteTopic(ctx, q, option, typed)
}

// several offers what is typed with one more, of those that fit its last part.
func several[T interface{ Names() suggest.Names }](all []T, typed string) []interaction.Choice {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = strings.TrimSpace(typed[:i+1])+" ", typed[i+1:]
	}
	var had []string
	for _, part := range parts(before) {
		had = append(had, text.Fold(part))
	}
	found, _ := suggest.Fitting(all, last)
	var out []interaction.Choice
	for _, f := range found {
		n := f.Names()
		whole := before + n.Title
		if len(out) == interaction.MaxChoices || slices.Contains(had, text.Fold(n.Title)) || text.Cut(whole, interaction.MaxChoice) != whole {
			continue
		}
		out = append(out, interaction.Choice{Name: whole, Value: whole})
	}
	return out
}
