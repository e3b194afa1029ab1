package living

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// rhythmOption is an option for days.
func rhythmOption(name string, description wording.ID) *discordgo.ApplicationCommandOption {
	o := tree.Described(description, &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: name})
	for _, r := range times.Rhythms() {
		o.Choices = append(o.Choices, tree.Choice(r.Title, r.ID))
	}
	return o
}

// addDigest has a channel get a digest.
func (h *Handlers) addDigest(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var typed [4]string
	for i, name := range []string{tree.OptTopic, tree.OptAt, tree.OptZone, tree.OptEvery} {
		var err error
		if typed[i], err = q.Text(name, interaction.MaxChoice); err != nil {
			return interaction.Reply{}, err
		}
	}
	d := digest.Digest{Guild: q.Guild, CreatedBy: q.User}
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if typed[0] != "" {
		t, err := desk.Pick(topics, typed[0])
		if err != nil {
			return interaction.Reply{}, err
		}
		d.Topic = t.ID
	}
	if d.Schedule, err = h.schedule(ctx, q, typed[1], typed[2], typed[3]); err != nil {
		return interaction.Reply{}, err
	}
	to, err := q.ChannelOption(tree.OptChannel)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := desk.CanReceive(to); err != nil {
		return interaction.Reply{}, err
	}
	d.Channel = to.ID
	if err := h.NoteChannel(ctx, q.Guild, to); err != nil {
		return interaction.Reply{}, err
	}
	return h.putDigest(ctx, q, d)
}

// putDigest has a channel get a digest from now on, and offers to end it.
func (h *Handlers) putDigest(ctx context.Context, q interaction.Request, d digest.Digest) (interaction.Reply, error) {
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	d.Created, d.Until = q.Now, q.Now
	// What is past today comes tomorrow.
	d.Done, _, _ = d.Due(q.Now, digest.Moment{})
	if d, err = h.store.AddDigest(ctx, d); err != nil {
		return interaction.Reply{}, digestError(err, d)
	}
	args, undo := digestArgs(d, topics, q), undoing{ID: int64(d.ID)}
	if d.Cron == "" {
		return h.undoable(ctx, q, q.Say("digest.added", args), deedNoDigest, undo)
	}
	// An expression is easily written otherwise than it is meant.
	next := q.Now
	for _, name := range []string{"first", "second", "third"} {
		next = d.Next(next)
		args[name] = message.At(next)
	}
	return h.undoable(ctx, q, q.Say("digest.added-cron", args), deedNoDigest, undo)
}

// schedule reads when a digest is to come.
func (h *Handlers) schedule(ctx context.Context, q interaction.Request, at, zone, every string) (s digest.Schedule, err error) {
	if s.Days, s.Cron, err = readEvery(q, every); err != nil {
		return s, err
	}
	switch {
	case s.Cron != "" && at != "":
		return s, interaction.Refuse(interaction.BadOption, "digest.two-times", wording.Args{"typed": every})
	case s.Cron == "" && at == "":
		return s, interaction.Refuse(interaction.BadOption, "digest.no-time")
	case s.Cron == "":
		if s.Minute, err = times.Clock(at); err != nil {
			return s, interaction.Refuse(interaction.BadOption, "digest.bad-time", wording.Args{"typed": at})
		}
	}
	if zone == "" {
		if zone, err = h.usualZone(ctx, q.Guild); err != nil {
			return s, err
		}
	}
	var ok bool
	if s.Zone, ok = h.PickZone(q, zone); !ok {
		return s, interaction.Refuse(interaction.BadOption, "digest.bad-zone", wording.Args{"typed": zone})
	}
	return s, nil
}

// usualZone is the guild's time zone; where it has chosen none that of its other
// digests, or UTC.
func (h *Handlers) usualZone(ctx context.Context, guildID string) (string, error) {
	set, err := h.Settings(ctx, guildID)
	if err != nil || set.Zone != "" {
		return set.Zone, err
	}
	all, err := h.store.Digests(ctx, guildID)
	if err != nil {
		return "", fmt.Errorf("list digests: %w", err)
	}
	if len(all) == 0 {
		return "UTC", nil
	}
	return all[len(all)-1].Zone.String(), nil
}

func digestError(err error, d digest.Digest) error {
	if soon := desk.TooSoon(err); soon != nil {
		return soon
	}
	switch {
	case errors.Is(err, digest.ErrExists):
		return interaction.Refuse(interaction.Exists, "digest.exists", wording.Args{"channel": message.Channel(d.Channel)})
	case errors.Is(err, digest.ErrQuota):
		return interaction.Refuse(interaction.Quota, "digest.quota", wording.Args{"count": digest.MaxPerGuild})
	case errors.Is(err, digest.ErrNotFound):
		return interaction.Refuse(interaction.NotFound, "digest.gone")
	case errors.Is(err, guild.ErrForeignChannel):
		return interaction.ErrForeign
	}
	return fmt.Errorf("change digests: %w", err)
}

// digestTopic is what a digest tells of.
func digestTopic(topics []desk.TopicInfo, id topic.ID, in wording.Speaker) message.Markup {
	if id == "" {
		return "**" + in.Say("digest.all-topics") + "**"
	}
	return message.Format("**%s**", desk.Title(topics, id))
}

// digestTimes is when a digest comes, in words.
func digestTimes(d digest.Digest, in wording.Speaker) string {
	if d.Cron != "" {
		return in.Plain("digest.when", wording.Args{"when": cronWords(d.Cron, in), "zone": d.Zone})
	}
	return in.Plain("digest.times", wording.Args{"days": in.Plain(times.DaysID(d.Days)), "time": times.Wall(d.Minute), "zone": d.Zone})
}

// digestArgs say what a digest is.
func digestArgs(d digest.Digest, topics []desk.TopicInfo, q interaction.Request) wording.Args {
	return wording.Args{
		"channel": message.Channel(d.Channel), "topic": digestTopic(topics, d.Topic, q.Speaker), "times": digestTimes(d, q.Speaker),
		"next": message.When(d.Next(q.Now)),
	}
}

// digestsOf are a guild's digests and the topics that it may name.
func (h *Handlers) digestsOf(ctx context.Context, q interaction.Request) ([]digest.Digest, []desk.TopicInfo, error) {
	all, err := h.store.Digests(ctx, q.Guild)
	if err != nil {
		return nil, nil, fmt.Errorf("list digests: %w", err)
	}
	topics, err := h.TopicsOf(ctx, q)
	return all, topics, err
}

// digests lists the guild's digests.
func (h *Handlers) digests(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	all, topics, err := h.digestsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if len(all) == 0 {
		return interaction.Reply{}, errNoDigest
	}
	lines := make([]message.Markup, len(all))
	for i, d := range all {
		lines[i] = q.Say("digest.line", digestArgs(d, topics, q))
	}
	p, _ := message.Panel(q.Plain("digest.title"), lines, q.Say("digest.note"))
	return interaction.Reply{Payload: p}, nil
}

var errNoDigest = interaction.Refuse(interaction.NotFound, "digest.none")

// removeDigest ends a digest.
func (h *Handlers) removeDigest(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptDigest, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	all, topics, err := h.digestsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if len(all) == 0 {
		return interaction.Reply{}, errNoDigest
	}
	if i := slices.IndexFunc(all, func(d digest.Digest) bool { return digestID(d) == typed }); i >= 0 {
		return h.endDigest(ctx, q, all[i].ID)
	}
	one, _, ok := suggest.Meant(h.digestOffers(ctx, q, all, topics), typed)
	if !ok || typed == "" {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "digest.which")
	}
	return h.endDigest(ctx, q, one.ID)
}

// endDigest ends a digest of the guild, and offers to have it again.
func (h *Handlers) endDigest(ctx context.Context, q interaction.Request, id digest.ID) (interaction.Reply, error) {
	all, topics, err := h.digestsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	i := slices.IndexFunc(all, func(d digest.Digest) bool { return d.ID == id })
	if i < 0 {
		return interaction.Reply{}, digestError(digest.ErrNotFound, digest.Digest{})
	}
	if err := h.store.RemoveDigest(ctx, q.Guild, id); err != nil {
		return interaction.Reply{}, digestError(err, all[i])
	}
	return h.undoable(ctx, q, q.Say("digest.removed", wording.Args{
		"channel": message.Channel(all[i].Channel), "topic": digestTopic(topics, all[i].Topic, q.Speaker), "times": digestTimes(all[i], q.Speaker),
	}), deedDigest, undoing{Digest: all[i]})
}

// digestOffer is a digest as a choice.
type digestOffer struct {
	digest.Digest
	names suggest.Names
}

func (o digestOffer) Names() suggest.Names { return o.names }

func digestID(d digest.Digest) string { return strconv.FormatInt(int64(d.ID), 10) }

// maxChannelName is how much of a channel's name a choice shows, in code points.
const maxChannelName = 30

// digestOffers are digests by where, when and on what they come: "#general · every day
// at 08:00 (UTC) · Ceasefire". What each tells of, and its channel, find it too.
func (h *Handlers) digestOffers(ctx context.Context, q interaction.Request, all []digest.Digest, topics []desk.TopicInfo) []digestOffer {
	channels := make([]string, len(all))
	for i, d := range all {
		channels[i] = d.Channel
	}
	called := h.ChannelNames(ctx, channels...)
	out := make([]digestOffer, len(all))
	for i, d := range all {
		what := text.Capital(q.Plain("digest.all-topics"))
		if d.Topic != "" {
			what = desk.Title(topics, d.Topic)
		}
		parts, aliases := []string{digestTimes(d, q.Speaker), what}, []string{what}
		if name := suggest.CutTo(called[d.Channel], maxChannelName); name != "" {
			parts, aliases = append([]string{"#" + name}, parts...), append(aliases, name)
		}
		out[i] = digestOffer{d, suggest.Names{ID: digestID(d), Title: strings.Join(parts, " · "), Aliases: aliases}}
	}
	return out
}

// completeDigest offers the options of /digest.
func (h *Handlers) completeDigest(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case tree.OptAt:
		return completeTime(typed), nil
	case tree.OptTopic:
		return h.CompleteTopic(ctx, q, option, typed)
	case tree.OptEvery:
		return completeEvery(q, typed), nil
	case tree.OptZone:
		found, _ := suggest.Fitting(h.Zones(q), typed)
		return suggest.Offers(found), nil
	case tree.OptDigest:
		all, topics, err := h.digestsOf(ctx, q)
		if err != nil {
			return nil, err
		}
		found, _ := suggest.Fitting(h.digestOffers(ctx, q, all, topics), typed)
		return suggest.Offers(found), nil
	}
	return nil, nil
}
