package subscribing

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// draftKind names the drafts of subscriptions.
const draftKind = "subscribe"

// The actions on a draft. They are part of custom ids that are out there; the
// first argument is the draft's token.
const (
	actConfirm = "sub-confirm"
	actCancel  = "sub-cancel"
	actPreview = "sub-preview"
	// actAdjust has the page as its second argument; actSet that and the wish.
	actAdjust = "sub-adjust"
	actSet    = "sub-set"
	// actName asks for countries in a form, which is actNamed.
	actName  = "sub-name"
	actNamed = "sub-named"
)

// draft is a subscription that somebody is about to make, or to change when it has
// an id.
type draft struct {
	// Token tells it from the member's earlier drafts.
	Token string
	// Channel is where it goes, with what was known of it when it was picked.
	Channel interaction.Channel
	Sub     subscription.Subscription
	// Again says that the channel had it before, so that it is put back.
	Again bool
	// Was is the subscription that is to be changed as it was when the draft began; nil
	// for a new one, and in a draft of an earlier release.
	Was *subscription.Subscription
}

func (h *Handlers) draftActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actConfirm: {Run: h.confirmDraft, Manage: true},
		actCancel:  {Run: h.cancelDraft, Manage: true},
		actPreview: {Run: h.previewDraft, Manage: true},
		actAdjust:  {Run: h.adjustDraft, Manage: true},
		actSet:     {Run: h.setWish, Manage: true},
		actName:    {Run: h.askCountries, Manage: true},
		actNamed:   {Run: h.setCountries, Manage: true},
	}
}

// begin keeps a new draft.
func (h *Handlers) begin(ctx context.Context, q interaction.Request, d draft) (draft, error) {
	if d.Token == "" {
		d.Token = strconv.FormatInt(q.Now.UnixMilli(), 36)
	}
	return d, h.keep(ctx, q, d)
}

func (h *Handlers) keep(ctx context.Context, q interaction.Request, d draft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	if err := h.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: draftKind, Body: string(body), Made: q.Now}); err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return nil
}

// draft returns the one that an action is about.
func (h *Handlers) draft(ctx context.Context, q interaction.Request) (draft, error) {
	body, ok, err := h.store.Draft(ctx, q.Guild, q.User, draftKind, q.Now)
	if err != nil {
		return draft{}, fmt.Errorf("read draft: %w", err)
	}
	var d draft
	// One of another release that cannot be read is gone too.
	if !ok || json.Unmarshal([]byte(body), &d) != nil || d.Token != q.Arg(0) || d.Sub.Guild != q.Guild {
		return draft{}, interaction.Refuse(interaction.Stale, "subscribe.draft-gone")
	}
	return d, nil
}

func (h *Handlers) previewDraft(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.preview(ctx, q, d)
}

// preview shows what a draft asks for and what it would have done.
func (h *Handlers) preview(ctx context.Context, q interaction.Request, d draft) (interaction.Reply, error) {
	info, err := h.TopicOf(ctx, q, d.Sub.Topic)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := h.draftLines(q, d.Sub, info)
	note, err := h.digestNote(ctx, q, d.Sub)
	if err != nil {
		return interaction.Reply{}, err
	}
	if note != "" {
		lines = append(lines, note)
	}
	hushed, err := h.hushed(ctx, q, d.Sub, info)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines = append(lines, hushed...)
	past, err := h.pastLines(ctx, q, d.Sub)
	if err != nil {
		return interaction.Reply{}, err
	}
	p, _ := message.Panel(q.Plain("subscribe.heading", wording.Args{"topic": info.Title}), append(lines, past...), q.Say("subscribe.unset"))
	p = p.WithStyled(discordgo.SuccessButton, q.Plain("subscribe.confirm-button"), message.Action(actConfirm, d.Token)).
		WithButton(q.Plain("subscribe.adjust-button"), message.Action(actAdjust, d.Token, pageWhat)).
		WithButton(q.Plain("subscribe.cancel-button"), message.Action(actCancel, d.Token))
	return interaction.Reply{Payload: p}, nil
}

// draftLines are what a draft asks for.
func (h *Handlers) draftLines(q interaction.Request, s subscription.Subscription, info desk.TopicInfo) []message.Markup {
	return append([]message.Markup{q.Say(desk.Addressed(s.Guild, "subscribe.draft", "subscribe.draft-direct"), about(s, info))}, h.wishLines(q, s)...)
}

// digestNote says that a channel has no digest which would tell its stories.
func (h *Handlers) digestNote(ctx context.Context, q interaction.Request, s subscription.Subscription) (message.Markup, error) {
	if s.Way != subscription.Digest {
		return "", nil
	}
	all, err := h.store.Digests(ctx, q.Guild)
	if err != nil {
		return "", fmt.Errorf("list digests: %w", err)
	}
	for _, d := range all {
		if d.Channel == s.Channel {
			return "", nil
		}
	}
	return q.Say("subscribe.no-digest", wording.Args{"channel": message.Channel(s.Channel)}), nil
}

// rehearsalDays are those over which a rehearsal goes.
const rehearsalDays = 7

// maxShown is how many of the stories of a rehearsal are shown.
const maxShown = 3

// maxSampleLine bounds a sample of a rehearsal, in code points.
const maxSampleLine = 600

// pastLines are what a subscription would have done.
func (h *Handlers) pastLines(ctx context.Context, q interaction.Request, s subscription.Subscription) ([]message.Markup, error) {
	if h.rehearser == nil {
		return nil, nil
	}
	among, err := h.among(ctx, q.Guild, s.Topic)
	if err != nil {
		return nil, err
	}
	r, err := h.rehearser.Rehearse(ctx, q.Now, s, among)
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	n := r.Stories()
	if n == 0 {
		return []message.Markup{"\n" + q.Say("subscribe.past-none")}, nil
	}
	said := q.Say("subscribe.past-only", wording.Args{"count": n})
	if s.Role != "" {
		said = q.Say("subscribe.past", wording.Args{"count": n, "mentions": wording.Saying{ID: "subscribe.past-mentions", Args: wording.Args{"count": r.Mentions}}})
	}
	if day := (n + rehearsalDays/2) / rehearsalDays; day > 0 && !r.Partly {
		said += " " + q.Say("subscribe.past-day", wording.Args{"count": day})
	}
	if k := r.Gathered + r.InDigest; k > 0 {
		said += " " + q.Say("subscribe.past-together", wording.Args{"count": k})
	}
	if r.Partly {
		said += " " + q.Say("subscribe.past-part", wording.Args{"since": message.When(r.Since)})
	}
	lines := []message.Markup{"\n" + said}
	for _, one := range samples(r) {
		lines = append(lines, message.Line(message.Item{Headline: one.Title, Link: one.Link, Outlet: h.Outlet(one), Time: one.Time()}, maxSampleLine, q.Speaker))
	}
	return lines, nil
}

// samples are the newest reports of a rehearsal.
func samples(r alert.Rehearsal) []report.Report { return r.Told[:min(len(r.Told), maxShown)] }

// among are the latest reports that bear a guild's own topic, which nobody may
// have wanted yet; nil for other topics.
func (h *Handlers) among(ctx context.Context, guildID string, id topic.ID) ([]report.ID, error) {
	if _, own := guild.TopicNumber(id); !own {
		return nil, nil
	}
	topics, err := h.store.OwnTopics(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list own topics: %w", err)
	}
	out := []report.ID{}
	for _, t := range topics {
		if t.ID != id {
			continue
		}
		tried, err := query.Parse(t.Query)
		if err != nil {
			return out, nil //nolint:nilerr // of another version of the bot: it matches nothing
		}
		latest, err := h.store.Latest(ctx, guildID, query.SampleSize)
		if err != nil {
			return nil, fmt.Errorf("read the latest reports: %w", err)
		}
		var doc query.Text
		for _, r := range latest {
			outlet, _ := h.Sources.Get(r.Report.Source)
			if doc.Read(r.Doc(outlet)); tried.Match(&doc) {
				out = append(out, r.Report.ID)
			}
		}
	}
	return out, nil
}

// confirmDraft sets what was drafted.
func (h *Handlers) confirmDraft(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.draft(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	info, err := h.TopicOf(ctx, q, d.Sub.Topic)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.noteLanguage(ctx, q); err != nil {
		return interaction.Reply{}, err
	}
	change := d.Sub.ID != 0
	var was subscription.Subscription
	if change {
		if was, err = h.subscriptionByID(ctx, q.Guild, d.Sub.ID); err != nil {
			return interaction.Reply{}, err
		}
		if d.Was != nil && !alike(*d.Was, was) {
			return interaction.Reply{}, interaction.Refuse(interaction.Stale, "subscribe.changed-since")
		}
		err = h.store.ChangeSubscription(ctx, d.Sub)
	} else {
		d.Sub.Created, d.Sub.CreatedBy = q.Now, q.User
		d.Sub, err = h.store.Subscribe(ctx, d.Sub)
	}
	if err != nil {
		return interaction.Reply{}, subscribeError(err, d.Sub, info)
	}
	undo := message.Action(actEnded, idOf(d.Sub))
	if change {
		undo, err = h.putBack(ctx, q, was)
	} else if err = h.store.DropDraft(ctx, q.Guild, q.User, draftKind); err != nil {
		err = fmt.Errorf("drop draft: %w", err)
	}
	if err != nil {
		return interaction.Reply{}, err
	}
	if !change {
		if _, err := h.unblock(ctx, q.Guild, d.Sub.Channel); err != nil {
			return interaction.Reply{}, err
		}
	}
	return h.confirmed(ctx, q, d, info, undo)
}

// confirmed tells what was set, with the button that undoes it.
func (h *Handlers) confirmed(ctx context.Context, q interaction.Request, d draft, info desk.TopicInfo, undo string) (interaction.Reply, error) {
	hushed, err := h.hushed(ctx, q, d.Sub, info)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := append([]message.Markup{q.Say("subscribe.set"), q.Say(desk.Addressed(d.Sub.Guild, "subscribe.card", "subscribe.card-direct"), about(d.Sub, info))}, h.wishLines(q, d.Sub)...)
	if d.Channel.Type == discordgo.ChannelTypeGuildNews {
		lines = append(lines, "• "+desk.Publishing(d.Sub, q.Speaker))
	}
	if d.Channel.Forum() {
		lines = append(lines, "• "+q.Say("place.forum", wording.Args{"channel": message.Channel(d.Sub.Channel)}))
	}
	if d.Was == nil && !d.Again && d.Channel.App == nil {
		lines = append(lines, q.Say("subscribe.unseen"))
	}
	lines = append(lines, hushed...)
	p, _ := message.Panel(q.Plain("subscribe.heading", wording.Args{"topic": info.Title}), lines, q.Say("subscribe.afterwards"))
	return interaction.Reply{Payload: p.WithButton(q.Plain("undo.undo-button"), undo)}, nil
}

// alike reports whether two subscriptions ask for the same, in the same channel.
func alike(a, b subscription.Subscription) bool {
	return reflect.DeepEqual(asked(a), asked(b))
}

// asked is a subscription without what tells it from another that asks for the
// same. An empty list is none: a draft that was kept has the one for the other.
func asked(s subscription.Subscription) subscription.Subscription {
	s.ID, s.CreatedBy, s.Created = 0, "", time.Time{}
	s.Stages, s.Standings = orNone(s.Stages), orNone(s.Standings)
	s.Countries, s.Languages, s.Tiers = orNone(s.Countries), orNone(s.Languages), orNone(s.Tiers)
	return s
}

func orNone[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// putBack keeps a subscription as it was as a draft, and returns the custom id of
// the button that sets it so again: one that was ended too, which has no id then.
// What somebody changes before that stays.
func (h *Handlers) putBack(ctx context.Context, q interaction.Request, was subscription.Subscription) (string, error) {
	d := draft{Token: desk.Token(q.Now, fmt.Append(nil, was)), Channel: interaction.Channel{ID: was.Channel, Type: discordgo.ChannelTypeGuildText}, Sub: was, Again: true}
	if was.ID != 0 {
		is, err := h.subscriptionByID(ctx, q.Guild, was.ID)
		if err != nil {
			return "", err
		}
		d.Was = &is
	}
	d, err := h.begin(ctx, q, d)
	return message.Action(actConfirm, d.Token), err
}

// cancelDraft forgets a draft; one that is gone already is forgotten.
func (h *Handlers) cancelDraft(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if _, err := h.draft(ctx, q); err == nil {
		if err := h.store.DropDraft(ctx, q.Guild, q.User, draftKind); err != nil {
			return interaction.Reply{}, fmt.Errorf("drop draft: %w", err)
		}
	}
	return interaction.Reply{Payload: message.Text(q.Say("subscribe.cancelled"))}, nil
}

// Rehearser tells what subscriptions would have done.
type Rehearser interface {
	// Rehearse runs one over what was read in the last seven days. Among are the
	// reports that bear a guild's own topic; nil for others.
	Rehearse(ctx context.Context, now time.Time, s subscription.Subscription, among []report.ID) (alert.Rehearsal, error)
}
