package subscribing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// The actions of /feedback. Their arguments are a channel and a topic; those of a
// change also the kind and the value of what is left out.
const (
	actLeaveOut = "leave-out"
	actDismiss  = "dismiss"
)

// maxSubjects is how many subscriptions /feedback shows at once, each with its
// buttons in a row of their own.
const maxSubjects = 5

func (h *Handlers) feedbackActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actLeaveOut:     {Run: h.leaveOut, Manage: true},
		actDismiss:      {Run: h.dismiss, Manage: true},
		actUndoFeedback: {Run: h.undoFeedback, Manage: true},
	}
}

// feedback lists what members called not relevant, by subscription, with a change
// that would leave such alerts out.
func (h *Handlers) feedback(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	subjects, reports, err := h.store.Feedback(ctx, q.Guild, q.Now.Add(-feedback.Window))
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read complaints: %w", err)
	}
	if len(subjects) == 0 {
		return interaction.Reply{}, errNoFeedback
	}
	known, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	var lines []message.Markup
	var rows [][2]string // label and id of each button, a row after the other
	proposes := false
	for i, s := range subjects[:min(len(subjects), maxSubjects)] {
		h.enrich(&s, reports)
		lines = append(lines, h.subjectLines(q, i+1, s, known)...)
		trait, ok := h.proposed(s, subs, known)
		if ok {
			lines = append(lines, q.Say("feedback.proposal", wording.Args{"what": h.traitWords(trait, q.Speaker)}))
			id := message.Action(actLeaveOut, s.Channel, string(s.Topic), string(trait.Kind), trait.Value)
			if utf8.RuneCountInString(id) <= message.MaxCustomID {
				proposes = true
				rows = append(rows, [2]string{q.Plain("feedback.apply-button", wording.Args{"number": strconv.Itoa(i + 1)}), id})
			}
		}
		rows = append(rows, [2]string{q.Plain("feedback.dismiss-button", wording.Args{"number": strconv.Itoa(i + 1)}), message.Action(actDismiss, s.Channel, string(s.Topic))})
	}
	note := wording.ID("feedback.note-dismiss")
	if proposes {
		note = "feedback.note"
	}
	p, _ := message.Panel(q.Plain("feedback.title"), lines, q.Say(note))
	for _, b := range rows {
		p = p.WithButton(b[0], b[1])
	}
	return interaction.Reply{Payload: p}, nil
}

var errNoFeedback = interaction.Refuse(interaction.NotFound, "feedback.none")

// enrich adds what the reports tell that raised the alerts.
func (h *Handlers) enrich(s *feedback.Subject, reports map[story.ID]report.Report) {
	for i := range s.Alerts {
		a := &s.Alerts[i]
		r, ok := reports[a.Story]
		if !ok {
			continue
		}
		a.Language = r.Language
		if src, ok := h.Sources.Get(r.Source); ok {
			a.Tier = src.Tier
		}
		for _, country := range h.Countries.Countries() {
			if a.People > 0 && h.Countries.Names(r, country.Code) {
				a.Countries = append(a.Countries, country.Code)
			}
		}
	}
	var shared []string
	for _, a := range s.Alerts {
		shared = append(shared, a.Countries...)
	}
	slices.Sort(shared)
	shared = slices.Compact(shared)
	for i := range s.Alerts {
		a := &s.Alerts[i]
		for _, code := range shared {
			if r, ok := reports[a.Story]; ok && a.People == 0 && h.Countries.Names(r, code) {
				a.Countries = append(a.Countries, code)
			}
		}
	}
}

// maxComplained is how many titles are told of each subscription, maxTraits how
// many things that they have in common.
const (
	maxComplained = 3
	maxTraits     = 2
)

// subjectLines say who called what not relevant, and what that has in common.
func (h *Handlers) subjectLines(q interaction.Request, number int, s feedback.Subject, known []desk.TopicInfo) []message.Markup {
	bad := s.Complained()
	lines := []message.Markup{q.Say("feedback.complained", wording.Args{
		"count": s.People, "number": strconv.Itoa(number), "bad": strconv.Itoa(len(bad)), "all": strconv.Itoa(len(s.Alerts)), "topic": desk.Title(known, s.Topic), "channel": message.Channel(s.Channel),
	})}
	for _, a := range bad[:min(len(bad), maxComplained)] {
		lines = append(lines, message.Format("• %s", a.Title))
	}
	traits := feedback.Traits(s.Alerts)
	for _, t := range traits[:min(maxTraits, len(traits))] {
		what := h.traitWords(t, q.Speaker)
		if t.Others == 0 {
			lines = append(lines, q.Say("feedback.shared-only", wording.Args{"what": what, "bad": strconv.Itoa(t.Of)}))
			continue
		}
		lines = append(lines, q.Say("feedback.shared", wording.Args{
			"what": what, "bad": strconv.Itoa(t.Of), "good": strconv.Itoa(t.Others), "others": strconv.Itoa(len(s.Alerts) - len(bad)),
		}))
	}
	return lines
}

// traitWords names a trait: "stage: threatened".
func (h *Handlers) traitWords(t feedback.Trait, in wording.Speaker) message.Markup {
	switch t.Kind {
	case feedback.Language:
		return in.Say("feedback.trait-language", wording.Args{"value": tongueName(t.Value, in)})
	case feedback.Tier:
		return in.Say("feedback.trait-tier", wording.Args{"value": message.Tier(source.Tier(t.Value), in)})
	case feedback.Stage:
		return in.Say("feedback.trait-stage", wording.Args{"value": message.Stage(topic.Stage(t.Value), in)})
	case feedback.Standing:
		return in.Say("feedback.trait-standing", wording.Args{"value": message.Standing(story.Standing(t.Value), in)})
	case feedback.Country:
		return in.Say("feedback.trait-country", wording.Args{"value": in.Country(t.Value)})
	case feedback.Single:
	}
	return in.Say("feedback.trait-single")
}

// proposed is the trait that the subscription can best leave out.
func (h *Handlers) proposed(s feedback.Subject, subs []subscription.Subscription, known []desk.TopicInfo) (feedback.Trait, bool) {
	i := slices.IndexFunc(subs, func(x subscription.Subscription) bool { return x.Channel == s.Channel && x.Topic == s.Topic })
	if i < 0 {
		return feedback.Trait{}, false
	}
	for _, t := range feedback.Traits(s.Alerts) {
		if _, ok := h.without(subs[i], t.Kind, t.Value, known); ok {
			return t, true
		}
	}
	return feedback.Trait{}, false
}

// without is a subscription that leaves something out. It returns false where it
// cannot, or would want nothing any more, or leaves it out already.
func (h *Handlers) without(s subscription.Subscription, kind feedback.Kind, value string, known []desk.TopicInfo) (changed subscription.Subscription, ok bool) {
	switch kind {
	case feedback.Stage:
		if i := slices.IndexFunc(known, func(t desk.TopicInfo) bool { return t.ID == s.Topic }); i >= 0 {
			ok = leaveOut(&s.Stages, known[i].Stages, topic.Stage(value))
		}
	case feedback.Standing:
		ok = leaveOut(&s.Standings, tree.Standings(), story.Standing(value))
	case feedback.Tier:
		ok = leaveOut(&s.Tiers, source.Tiers(), source.Tier(value))
	case feedback.Language:
		var all []string
		for _, src := range h.Sources.All() {
			all = append(all, src.Language)
		}
		slices.Sort(all)
		ok = leaveOut(&s.Languages, slices.Compact(all), value)
	case feedback.Single, feedback.Country:
	}
	return s, ok
}

// leaveOut takes a value out of a list of what is wanted.
func leaveOut[T comparable](list *[]T, all []T, value T) bool {
	if !slices.Contains(all, value) || len(*list) > 0 && !slices.Contains(*list, value) {
		return false
	}
	rest, ok := feedback.Without(*list, all, value)
	if ok {
		*list = rest
	}
	return ok
}

// dismiss notes that a moderator is done with the complaints about a subscription.
func (h *Handlers) dismiss(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	about := answered{Channel: q.Arg(0), Topic: topic.ID(q.Arg(1)), At: q.Now}
	if err := h.store.DismissFeedback(ctx, q.Guild, about.Channel, about.Topic, about.At); err != nil {
		return interaction.Reply{}, fmt.Errorf("dismiss complaints: %w", err)
	}
	return h.restWithUndo(ctx, q, q.Say("feedback.dismissed"), about)
}

// leaveOut changes the subscription as it was proposed.
func (h *Handlers) leaveOut(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	subs, err := h.store.Subscriptions(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	known, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	i := slices.IndexFunc(subs, func(x subscription.Subscription) bool {
		return x.Channel == q.Arg(0) && string(x.Topic) == q.Arg(1)
	})
	if i < 0 {
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "feedback.subscription-gone")
	}
	trait := feedback.Trait{Kind: feedback.Kind(q.Arg(2)), Value: q.Arg(3)}
	changed, ok := h.without(subs[i], trait.Kind, trait.Value, known)
	if !ok {
		return interaction.Reply{}, interaction.Refuse(interaction.Stale, "feedback.cannot-leave-out")
	}
	if err := h.store.ChangeSubscription(ctx, changed); err != nil {
		return interaction.Reply{}, fmt.Errorf("change subscription: %w", err)
	}
	about := answered{Channel: changed.Channel, Topic: changed.Topic, At: q.Now, Was: &subs[i], Became: &changed}
	if err := h.store.DismissFeedback(ctx, q.Guild, about.Channel, about.Topic, about.At); err != nil {
		return interaction.Reply{}, fmt.Errorf("dismiss complaints: %w", err)
	}
	return h.restWithUndo(ctx, q, q.Say("feedback.left-out", wording.Args{
		"channel": message.Channel(changed.Channel), "topic": desk.Title(known, changed.Topic), "what": h.traitWords(trait, q.Speaker),
	}), about)
}

// rest is what was done, above the complaints that are left.
func (h *Handlers) rest(ctx context.Context, q interaction.Request, done message.Markup) (interaction.Reply, error) {
	r, err := h.feedback(ctx, q)
	if errors.Is(err, errNoFeedback) {
		return interaction.Reply{Payload: message.Text(done)}, nil
	}
	r.Payload.Content = string(done)
	return r, err
}
