package own

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// completeOwn offers the guild's own topics that fit.
func (h *Handlers) completeOwn(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptTopic {
		return h.CompleteQuery(interaction.MaxChoice)(ctx, q, option, typed)
	}
	own, err := h.Own(ctx, q.Guild)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(own, typed)
	return suggest.Offers(found), nil
}

// createTopic makes a topic of the guild's own and shows what it would have
// found. Without a name or a query it asks for them.
func (h *Handlers) createTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	name, err := q.Text(tree.OptName, guild.MaxTopicName)
	if err != nil {
		return interaction.Reply{}, err
	}
	words, err := q.Text(tree.OptQuery, query.MaxLength)
	if err != nil {
		return interaction.Reply{}, err
	}
	if name == "" || words == "" {
		return topicForm(q, topicDraft{Name: name, Query: words}), nil
	}
	if err := h.nameable(name); err != nil {
		return interaction.Reply{}, err
	}
	tried, err := h.try(ctx, q.Guild, words)
	if err != nil {
		return interaction.Reply{}, err
	}
	t := guild.Topic{Guild: q.Guild, Name: name, Query: tried.query, CreatedBy: q.User, Created: q.Now}
	if t, err = h.store.CreateTopic(ctx, t); err != nil {
		return interaction.Reply{}, topicError(err, name)
	}
	r := h.shown(q.Say("own.made", wording.Args{"name": t.Name}), t.Name, tried, q.Speaker)
	return h.withUndo(ctx, q, r, deedNoTopic, undoing{Topic: guild.Topic{ID: t.ID}})
}

// nameable says why a topic cannot have a name, or nil.
func (h *Handlers) nameable(name string) error {
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return interaction.Refuse(interaction.BadOption, "own.no-letter")
	}
	folded := text.Fold(name)
	for _, t := range h.Topics.Topics() {
		if folded == text.Fold(t.Title) || folded == text.Fold(string(t.ID)) {
			return interaction.Refuse(interaction.Exists, "own.built-in", wording.Args{"name": t.Title})
		}
	}
	if _, own := guild.TopicNumber(topic.ID(name)); own {
		return interaction.Refuse(interaction.BadOption, "own.reserved")
	}
	return nil
}

// editTopic changes the name or the query of a topic. Without either it asks for
// them, and without a topic for that.
func (h *Handlers) editTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if which, err := q.Text(tree.OptTopic, interaction.MaxChoice); err == nil && which == "" {
		return h.pickTopic(ctx, q)
	}
	t, err := h.ownTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	name, err := q.Text(tree.OptName, guild.MaxTopicName)
	if err != nil {
		return interaction.Reply{}, err
	}
	words, err := q.Text(tree.OptQuery, query.MaxLength)
	if err != nil {
		return interaction.Reply{}, err
	}
	if name == "" && words == "" {
		return topicForm(q, topicDraft{ID: t.ID, Name: t.Name, Query: t.Query}), nil
	}
	if name != "" {
		if err := h.nameable(name); err != nil {
			return interaction.Reply{}, err
		}
		t.Name = name
	}
	var tried trial
	if words != "" {
		if tried, err = h.try(ctx, q.Guild, words); err != nil {
			return interaction.Reply{}, err
		}
		t.Query = tried.query
	}
	if words == "" {
		return h.putTopic(ctx, q, t)
	}
	was, err := h.changeTopic(ctx, q, t)
	if err != nil {
		return interaction.Reply{}, err
	}
	r := h.shown(q.Say("own.changed", wording.Args{"name": t.Name}), t.Name, tried, q.Speaker)
	return h.withUndo(ctx, q, r, deedTopic, undoing{Topic: was})
}

// someTopics are the guild's own topics; it is an error when there are none.
func (h *Handlers) someTopics(ctx context.Context, guildID string) ([]guild.Topic, error) {
	topics, err := h.store.OwnTopics(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list own topics: %w", err)
	}
	if len(topics) == 0 {
		return nil, errNoOwn
	}
	return topics, nil
}

// ownTopic is the topic of the guild that an option names.
func (h *Handlers) ownTopic(ctx context.Context, q interaction.Request) (guild.Topic, error) {
	typed, err := q.Text(tree.OptTopic, interaction.MaxChoice)
	if err != nil {
		return guild.Topic{}, err
	}
	topics, err := h.someTopics(ctx, q.Guild)
	if err != nil {
		return guild.Topic{}, err
	}
	infos := make([]desk.TopicInfo, len(topics))
	for i, t := range topics {
		infos[i] = desk.TopicInfo{ID: t.ID, Title: t.Name}
	}
	info, near, ok := suggest.Meant(infos, typed)
	if t, byID := desk.ByID(infos, topic.ID(typed)); byID {
		info, ok = t, true
	}
	switch {
	case typed == "":
		return guild.Topic{}, desk.ErrWhichTopic
	case !ok && len(near) > 0:
		return guild.Topic{}, interaction.Refuse(interaction.NotFound, "own.near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
	case !ok:
		return guild.Topic{}, interaction.Refuse(interaction.NotFound, "own.unknown", wording.Args{"typed": typed})
	}
	return topics[slices.IndexFunc(topics, func(t guild.Topic) bool { return t.ID == info.ID })], nil
}

var errNoOwn = interaction.Refuse(interaction.NotFound, "own.none")

// deleteTopic ends a topic and what was subscribed to it.
func (h *Handlers) deleteTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	t, err := h.ownTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.endTopic(ctx, q, t.ID)
}

// endTopic deletes a topic with what was subscribed to it, and offers to have both
// again.
func (h *Handlers) endTopic(ctx context.Context, q interaction.Request, id topic.ID) (interaction.Reply, error) {
	t, err := h.ownTopicByID(ctx, q.Guild, id)
	if err != nil {
		return interaction.Reply{}, err
	}
	ended, err := h.store.DeleteTopic(ctx, q.Guild, id, q.Now)
	if err != nil {
		return interaction.Reply{}, topicError(err, t.Name)
	}
	said := q.Say("own.deleted", wording.Args{"name": t.Name})
	if len(ended) > 0 {
		channels := make([]string, len(ended))
		for i, s := range ended {
			channels[i] = s.Channel
		}
		said += " " + q.Say("own.no-more", wording.Args{"channels": channelList(q, channels)})
	}
	r := interaction.Reply{Payload: message.Text(said + " " + q.Say("own.slip", wording.Args{"query": written(t.Query)}))}
	return h.withUndo(ctx, q, r, deedTopicBack, undoing{Topic: t, Subscriptions: ended})
}

// channelList names some channels and counts the others.
func channelList(q interaction.Request, channels []string) message.Markup {
	names := make([]string, 0, maxNamedChannels)
	for _, ch := range channels[:min(len(channels), maxNamedChannels)] {
		names = append(names, string(message.Channel(ch)))
	}
	if more := len(channels) - len(names); more > 0 {
		names = append(names, q.Plain("own.more-channels", wording.Args{"count": more}))
	}
	return message.Markup(strings.Join(names, ", "))
}

// written is a whole query.
func written(s string) message.Markup { return message.Markup(message.Escape(s, 2*query.MaxLength)) }

// maxNamedChannels is how many channels a sentence names.
const maxNamedChannels = 5

// ownTopics lists the guild's own topics with their queries.
func (h *Handlers) ownTopics(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	topics, err := h.someTopics(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := make([]message.Markup, len(topics))
	for i, t := range topics {
		lines[i] = message.Format("**%s**: %s", t.Name, written(t.Query))
	}
	note := q.Say("own.note")
	p, shown := message.Panel(q.Plain("own.title"), lines, note)
	if more := len(lines) - shown; more > 0 {
		p, _ = message.Panel(q.Plain("own.title"), lines[:shown], q.Say("own.more-topics", wording.Args{"count": more})+" "+note)
	}
	return interaction.Reply{Payload: p}, nil
}

// testTopic shows what a query would have found, and changes nothing.
func (h *Handlers) testTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	tried, err := h.tryOption(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.shown(q.Say("own.test"), "", tried, q.Speaker), nil
}

// trial is what a query would have found.
type trial struct {
	query string
	// found are the newest reports of those that it matches.
	found   []query.Read
	matched int
	// of is how many reports were looked at, since when the oldest of them.
	of    int
	since time.Time
}

// maxSamples is how many of the reports a trial shows.
const maxSamples = 3

func (h *Handlers) tryOption(ctx context.Context, q interaction.Request) (trial, error) {
	words, err := q.Text(tree.OptQuery, query.MaxLength)
	if err != nil {
		return trial{}, err
	}
	return h.try(ctx, q.Guild, words)
}

// try tries a query on the last reports. It refuses one that is not understood,
// asks for what is not there, or floods.
func (h *Handlers) try(ctx context.Context, guildID, words string) (trial, error) {
	parsed, err := query.Parse(words)
	if err == nil {
		err = parsed.Check(h.Vocabulary())
	}
	if err != nil {
		return trial{}, desk.QueryError(err)
	}
	latest, err := h.store.Latest(ctx, guildID, query.SampleSize)
	if err != nil {
		return trial{}, fmt.Errorf("read the latest reports: %w", err)
	}
	t := trial{query: words, of: len(latest)}
	var doc query.Text
	for _, r := range latest {
		outlet, _ := h.Sources.Get(r.Report.Source)
		doc.Read(r.Doc(outlet))
		if at := r.Report.Time(); t.since.IsZero() || at.Before(t.since) {
			t.since = at
		}
		if !parsed.Match(&doc) {
			continue
		}
		if t.matched++; len(t.found) < maxSamples {
			t.found = append(t.found, r)
		}
	}
	if err := query.Flood(t.matched, t.of); err != nil {
		return trial{}, desk.QueryError(err)
	}
	return t, nil
}

// shown tells what a query found. Name is that of its topic, if it has one.
func (h *Handlers) shown(said message.Markup, name string, t trial, in wording.Speaker) interaction.Reply {
	note := said
	if note != "" && !strings.HasSuffix(string(note), "\n") {
		note += " "
	}
	switch {
	case t.of == 0:
		note += in.Say("own.nothing-read")
	case t.matched == 0:
		note += in.Say("own.no-match", wording.Args{"number": t.of, "when": message.When(t.since)})
	case t.matched <= len(t.found):
		note += in.Say("own.shown-all", wording.Args{"number": t.of, "when": message.When(t.since)})
	default:
		note += in.Say("own.shown-some", wording.Args{"number": t.of, "when": message.When(t.since), "matched": t.matched})
	}
	if len(t.found) == 0 {
		return interaction.Reply{Payload: message.Text(note)}
	}
	items := make([]message.Item, len(t.found))
	for i, r := range t.found {
		items[i] = message.Item{Headline: r.Report.Title, Link: r.Report.Link, Outlet: h.Outlet(r.Report), Time: r.Report.Time()}
	}
	title := in.Plain("own.finds-query")
	if name != "" {
		title = in.Plain("own.finds", wording.Args{"name": name})
	}
	return interaction.Reply{Payload: message.Listing(title, items, note, in)}
}

func topicError(err error, name string) error {
	if soon := desk.TooSoon(err); soon != nil {
		return soon
	}
	switch {
	case errors.Is(err, guild.ErrTopicExists):
		return interaction.Refuse(interaction.Exists, "own.exists", wording.Args{"name": name})
	case errors.Is(err, guild.ErrTopicNotFound):
		return interaction.Refuse(interaction.NotFound, "own.gone", wording.Args{"name": name})
	case errors.Is(err, subscription.ErrQuota):
		return interaction.Refuse(interaction.Quota, "setup.full", wording.Args{"count": subscription.MaxPerGuild})
	case errors.Is(err, guild.ErrTopicQuota):
		return interaction.Refuse(interaction.Quota, "own.quota", wording.Args{"count": guild.MaxTopics})
	}
	return fmt.Errorf("change own topics: %w", err)
}

// TopicCommand is /topic with its subcommands, for the guild's own topics.
func TopicCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdTopic, "tree.own",
		tree.Sub(tree.SubCreate, "tree.own-create",
			nameOption("tree.own-name", false), queryOption("tree.own-query", false)),
		tree.Sub(tree.SubEdit, "tree.own-edit",
			tree.TopicOption("tree.own-which", false), nameOption("tree.own-new-name", false), queryOption("tree.own-new-query", false)),
		tree.Sub(tree.SubTest, "tree.own-test",
			queryOption("tree.own-test-query", true)),
		tree.Sub(tree.SubList, "tree.own-list"),
		tree.Sub(tree.SubDelete, "tree.own-delete", tree.TopicOption("tree.own-doomed", true)))
}

func nameOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return tree.Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: tree.OptName,
		Required: required, MaxLength: guild.MaxTopicName,
	})
}

func queryOption(description wording.ID, required bool) *discordgo.ApplicationCommandOption {
	return tree.Described(description, &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: tree.OptQuery,
		Required: required, Autocomplete: true, MaxLength: query.MaxLength,
	})
}
