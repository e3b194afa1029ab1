package living

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/text"
)

// setQuiet gives a channel quiet hours.
func (h *Handlers) setQuiet(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	hours := quiet.Hours{By: q.User, Set: q.Now}
	for _, o := range []struct {
		name string
		to   *int
	}{{tree.OptFrom, &hours.From}, {tree.OptTo, &hours.To}} {
		typed, err := q.Text(o.name, interaction.MaxChoice)
		if err != nil {
			return interaction.Reply{}, err
		}
		if *o.to, err = times.Clock(typed); err != nil {
			return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "living.bad-clock", wording.Args{"typed": typed})
		}
	}
	var err error
	if hours.Days, err = daysTyped(q, tree.OptDays); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.quietZone(ctx, q, &hours); err != nil {
		return interaction.Reply{}, err
	}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	through, err := topicsTyped(q, tree.OptThrough, topics)
	if err != nil {
		return interaction.Reply{}, err
	}
	for _, t := range through {
		hours.Through = append(hours.Through, t.ID)
	}
	if hours.Validate() != nil {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "living.no-length")
	}
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.giveHours(ctx, q, to.ID, hours)
}

// giveHours gives a channel quiet hours, and offers to put back what it had.
func (h *Handlers) giveHours(ctx context.Context, q interaction.Request, channel string, hours quiet.Hours) (interaction.Reply, error) {
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	was, err := h.quietChannel(ctx, q, channel)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.store.SetHours(ctx, q.Guild, channel, hours); err != nil {
		return interaction.Reply{}, quietError(err, channel, "living.not-quiet")
	}
	said := message.Join(" ",
		q.Say("living.quiet-set", wording.Args{"channel": message.Channel(channel), "hours": times.Hours(hours, q.Speaker)}), throughWords(hours, topics, q.Speaker))
	if was.Hours.IsZero() {
		return h.undoable(ctx, q, said, deedNoHours, undoing{Channel: channel})
	}
	return h.undoable(ctx, q, said, deedHours, undoing{Channel: channel, Hours: was.Hours})
}

func daysOption() *discordgo.ApplicationCommandOption {
	return rhythmOption(tree.OptDays, "living.tree-quiet-days")
}

// quietZone is the time zone that was typed, or the guild's.
func (h *Handlers) quietZone(ctx context.Context, q interaction.Request, hours *quiet.Hours) error {
	typed, err := q.Text(tree.OptZone, interaction.MaxChoice)
	if err != nil {
		return err
	}
	if typed == "" {
		s, err := h.Settings(ctx, q.Guild)
		if err != nil {
			return err
		}
		typed = cmp.Or(s.Zone, "UTC")
	}
	var ok bool
	if hours.Zone, ok = h.PickZone(q, typed); !ok {
		return interaction.Refuse(interaction.BadOption, "living.bad-zone", wording.Args{"typed": typed})
	}
	return nil
}

// daysTyped reads on which days something is; all when nothing was chosen.
func daysTyped(q interaction.Request, option string) (digest.Days, error) {
	id, err := q.Text(option, interaction.MaxChoice)
	if err != nil {
		return 0, err
	}
	id = cmp.Or(id, times.EveryDay)
	i := slices.IndexFunc(times.Rhythms(), func(r times.Rhythm) bool { return r.ID == id })
	if i < 0 {
		return 0, interaction.Unreadable(option)
	}
	return times.Rhythms()[i].Days, nil
}

// topicsTyped reads topics with commas between them, each as people call it.
func topicsTyped(q interaction.Request, option string, topics []desk.TopicInfo) ([]desk.TopicInfo, error) {
	typed, err := q.Text(option, interaction.MaxChoice)
	if err != nil {
		return nil, err
	}
	var out []desk.TopicInfo
	for one := range strings.SplitSeq(typed, ",") {
		if one = text.Clean(one); one == "" {
			continue
		}
		t, err := desk.Pick(topics, one)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(o desk.TopicInfo) bool { return o.ID == t.ID }) {
			out = append(out, t)
		}
	}
	return out, nil
}

// throughWords names the topics that come through quiet hours; "" for none.
func throughWords(h quiet.Hours, topics []desk.TopicInfo, in wording.Speaker) message.Markup {
	if len(h.Through) == 0 {
		return ""
	}
	list := make([]message.Markup, len(h.Through))
	for i, t := range h.Through {
		list[i] = message.Format("**%s**", desk.Title(topics, t))
	}
	return in.Say("living.through", wording.Args{"topics": in.And(list...)})
}

// showQuiet lists the channels that are paused or have quiet hours.
func (h *Handlers) showQuiet(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	all, err := h.store.QuietChannels(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list quiet channels: %w", err)
	}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	var lines []message.Markup
	for _, ch := range all {
		var parts []message.Markup
		if ch.Pause.Holds(q.Now) {
			parts = append(parts, q.Say("living.paused-line", wording.Args{"until": times.Until(ch.Pause.Until, q.Speaker), "who": who(ch.Pause.By, q.Speaker)}))
		}
		if !ch.Hours.IsZero() {
			parts = append(parts, message.Join(". ", times.Hours(ch.Hours, q.Speaker), throughWords(ch.Hours, topics, q.Speaker)))
		}
		if len(parts) > 0 {
			lines = append(lines, message.Format("%s: %s", message.Channel(ch.ID), message.Join("; ", parts...)))
		}
	}
	if len(lines) == 0 {
		return interaction.Reply{}, interaction.Refuse(interaction.NotFound, "living.none-quiet")
	}
	p, _ := message.Panel(q.Plain("living.quiet-title"), lines, q.Say("living.quiet-note"))
	return interaction.Reply{Payload: p}, nil
}

// endQuiet ends a channel's quiet hours.
func (h *Handlers) endQuiet(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := ownTarget(q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.takeHours(ctx, q, to.ID)
}

// takeHours ends a channel's quiet hours, and offers to give them back. What waited
// is told all the same.
func (h *Handlers) takeHours(ctx context.Context, q interaction.Request, channel string) (interaction.Reply, error) {
	was, err := h.quietChannel(ctx, q, channel)
	if err != nil {
		return interaction.Reply{}, err
	}
	held, err := h.store.ClearHours(ctx, q.Now, q.Guild, channel)
	if err != nil {
		return interaction.Reply{}, quietError(err, channel, "living.not-quiet")
	}
	said := q.Say("living.quiet-off", wording.Args{"channel": message.Channel(channel)})
	if held > 0 {
		said += " " + q.Say("living.resumed-held", wording.Args{"count": held})
	}
	return h.undoable(ctx, q, said, deedHours, undoing{Channel: channel, Hours: was.Hours})
}

// completeQuiet offers the options of /quiet.
func (h *Handlers) completeQuiet(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case tree.OptFrom, tree.OptTo:
		return completeTime(typed), nil
	case tree.OptZone:
		found, _ := suggest.Fitting(h.Zones(q), typed)
		return suggest.Offers(found), nil
	case tree.OptThrough:
		before, last := "", typed
		if i := strings.LastIndex(typed, ","); i >= 0 {
			before, last = typed[:i+1]+" ", text.Clean(typed[i+1:])
		}
		found, err := h.CompleteTopic(ctx, q, tree.OptTopic, last)
		for i := range found {
			found[i].Name, found[i].Value = text.Cut(before+found[i].Name, interaction.MaxChoice), before+found[i].Value
		}
		return slices.DeleteFunc(found, func(o interaction.Choice) bool { return len([]rune(o.Value)) > interaction.MaxChoice }), err
	}
	return nil, nil
}
