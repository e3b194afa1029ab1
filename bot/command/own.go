package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// known are the topics that a guild may name: its own, and after them those that
// are built in.
func (c *commands) known(ctx context.Context, guildID string) ([]TopicInfo, error) {
	own, err := c.own(ctx, guildID)
	return slices.Concat(own, c.topics.Topics()), err
}

// own are the topics that a guild has made.
func (c *commands) own(ctx context.Context, guildID string) ([]TopicInfo, error) {
	topics, err := c.store.OwnTopics(ctx, guildID)
	if err != nil {
		return nil, fmt.Errorf("list own topics: %w", err)
	}
	out := make([]TopicInfo, len(topics))
	for i, t := range topics {
		out[i] = TopicInfo{ID: t.ID, Title: t.Name, Description: t.Query}
	}
	return out, nil
}

// completeOwn offers the guild's own topics that fit.
func (c *commands) completeOwn(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optTopic {
		return c.completeQuery(interaction.MaxChoice)(ctx, q, option, typed)
	}
	own, err := c.own(ctx, q.Guild)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(own, typed)
	return suggest.Offers(found), nil
}

// createTopic makes a topic of the guild's own and shows what it would have
// found. Without a name or a query it asks for them.
func (c *commands) createTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	name, err := q.Text(optName, guild.MaxTopicName)
	if err != nil {
		return interaction.Reply{}, err
	}
	words, err := q.Text(optQuery, query.MaxLength)
	if err != nil {
		return interaction.Reply{}, err
	}
	if name == "" || words == "" {
		return topicForm(q, topicDraft{Name: name, Query: words}), nil
	}
	if err := c.nameable(name); err != nil {
		return interaction.Reply{}, err
	}
	tried, err := c.try(ctx, q.Guild, words)
	if err != nil {
		return interaction.Reply{}, err
	}
	t := guild.Topic{Guild: q.Guild, Name: name, Query: tried.query, CreatedBy: q.User, Created: q.Now}
	if t, err = c.store.CreateTopic(ctx, t); err != nil {
		return interaction.Reply{}, topicError(err, name)
	}
	r := c.shown(q.Say("own.made", wording.Args{"name": t.Name}), t.Name, tried, q.Speaker)
	return r, nil
}

// nameable says why a topic cannot have a name, or nil.
func (c *commands) nameable(name string) error {
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return interaction.Refuse(interaction.BadOption, "own.no-letter")
	}
	folded := text.Fold(name)
	for _, t := range c.topics.Topics() {
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
func (c *commands) editTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if which, err := q.Text(optTopic, interaction.MaxChoice); err == nil && which == "" {
		return c.pickTopic(ctx, q)
	}
	t, err := c.ownTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	name, err := q.Text(optName, guild.MaxTopicName)
	if err != nil {
		return interaction.Reply{}, err
	}
	words, err := q.Text(optQuery, query.MaxLength)
	if err != nil {
		return interaction.Reply{}, err
	}
	if name == "" && words == "" {
		return topicForm(q, topicDraft{ID: t.ID, Name: t.Name, Query: t.Query}), nil
	}
	old := t.Name
	if name != "" {
		if err := c.nameable(name); err != nil {
			return interaction.Reply{}, err
		}
		t.Name = name
	}
	var tried trial
	if words != "" {
		if tried, err = c.try(ctx, q.Guild, words); err != nil {
			return interaction.Reply{}, err
		}
		t.Query = tried.query
	}
	err = c.store.ChangeTopic(ctx, t)
	switch {
	case errors.Is(err, guild.ErrTopicNotFound):
		return interaction.Reply{}, topicError(err, old)
	case err != nil:
		return interaction.Reply{}, topicError(err, t.Name)
	}
	said := q.Say("own.changed", wording.Args{"name": t.Name})
	if words == "" {
		return interaction.Reply{Payload: message.Text(said)}, nil
	}
	return c.shown(said, t.Name, tried, q.Speaker), nil
}

// ownTopic is the topic of the guild that an option names.
func (c *commands) ownTopic(ctx context.Context, q interaction.Request) (guild.Topic, error) {
	typed, err := q.Text(optTopic, interaction.MaxChoice)
	if err != nil {
		return guild.Topic{}, err
	}
	topics, err := c.store.OwnTopics(ctx, q.Guild)
	if err != nil {
		return guild.Topic{}, fmt.Errorf("list own topics: %w", err)
	}
	if len(topics) == 0 {
		return guild.Topic{}, errNoOwn
	}
	infos := make([]TopicInfo, len(topics))
	for i, t := range topics {
		infos[i] = TopicInfo{ID: t.ID, Title: t.Name}
	}
	info, near, ok := suggest.Meant(infos, typed)
	if t, byID := byID(infos, topic.ID(typed)); byID {
		info, ok = t, true
	}
	switch {
	case typed == "":
		return guild.Topic{}, errWhichTopic
	case !ok && len(near) > 0:
		return guild.Topic{}, interaction.Refuse(interaction.NotFound, "own.near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
	case !ok:
		return guild.Topic{}, interaction.Refuse(interaction.NotFound, "own.unknown", wording.Args{"typed": typed})
	}
	return topics[slices.IndexFunc(topics, func(t guild.Topic) bool { return t.ID == info.ID })], nil
}

var errNoOwn = interaction.Refuse(interaction.NotFound, "own.none")

// deleteTopic ends a topic and what was subscribed to it.
func (c *commands) deleteTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	t, err := c.ownTopic(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	channels, err := c.store.DeleteTopic(ctx, q.Guild, t.ID, q.Now)
	if err != nil {
		return interaction.Reply{}, topicError(err, t.Name)
	}
	said := q.Say("own.deleted", wording.Args{"name": t.Name})
	if n := len(channels); n > 0 {
		names := make([]string, 0, maxNamedChannels)
		for _, ch := range channels[:min(n, maxNamedChannels)] {
			names = append(names, string(message.Channel(ch)))
		}
		if more := n - len(names); more > 0 {
			names = append(names, q.Plain("own.more-channels", wording.Args{"count": more}))
		}
		said += " " + q.Say("own.no-more", wording.Args{"channels": message.Markup(strings.Join(names, ", "))})
	}
	return interaction.Reply{Payload: message.Text(said + " " + q.Say("own.slip", wording.Args{"query": written(t.Query)}))}, nil
}

// written is a whole query.
func written(s string) message.Markup { return message.Markup(message.Escape(s, 2*query.MaxLength)) }

// maxNamedChannels is how many channels a sentence names.
const maxNamedChannels = 5

// ownTopics lists the guild's own topics with their queries.
func (c *commands) ownTopics(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	topics, err := c.store.OwnTopics(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list own topics: %w", err)
	}
	if len(topics) == 0 {
		return interaction.Reply{}, errNoOwn
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
func (c *commands) testTopic(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	tried, err := c.tryOption(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return c.shown(q.Say("own.test"), "", tried, q.Speaker), nil
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

func (c *commands) tryOption(ctx context.Context, q interaction.Request) (trial, error) {
	words, err := q.Text(optQuery, query.MaxLength)
	if err != nil {
		return trial{}, err
	}
	return c.try(ctx, q.Guild, words)
}

// try tries a query on the last reports. It refuses one that is not understood,
// asks for what is not there, or floods.
func (c *commands) try(ctx context.Context, guildID, words string) (trial, error) {
	parsed, err := query.Parse(words)
	if err == nil {
		err = parsed.Check(vocabulary{c})
	}
	if err != nil {
		return trial{}, queryError(err)
	}
	latest, err := c.store.Latest(ctx, guildID, query.SampleSize)
	if err != nil {
		return trial{}, fmt.Errorf("read the latest reports: %w", err)
	}
	t := trial{query: words, of: len(latest)}
	var doc query.Text
	for _, r := range latest {
		outlet, _ := c.sources.Get(r.Report.Source)
		doc.Read(r.Doc(outlet))
		if t.since.IsZero() || r.Report.Seen.Before(t.since) {
			t.since = r.Report.Seen
		}
		if !parsed.Match(&doc) {
			continue
		}
		if t.matched++; len(t.found) < maxSamples {
			t.found = append(t.found, r)
		}
	}
	if err := query.Flood(t.matched, t.of); err != nil {
		return trial{}, queryError(err)
	}
	return t, nil
}

// shown tells what a query found. Name is that of its topic, if it has one.
func (c *commands) shown(said message.Markup, name string, t trial, in wording.Speaker) interaction.Reply {
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
		items[i] = message.Item{Headline: r.Report.Title, Link: r.Report.Link, Outlet: c.outlet(r.Report), Time: r.Report.Time()}
	}
	title := in.Plain("own.finds-query")
	if name != "" {
		title = in.Plain("own.finds", wording.Args{"name": name})
	}
	return interaction.Reply{Payload: message.Listing(title, items, note, in)}
}

func queryError(err error) error {
	var e *query.Error
	if !errors.As(err, &e) {
		return err
	}
	args := wording.Args{}
	for name, value := range e.Args {
		args[name] = value
	}
	why := wording.Plainly{ID: wording.ID("query." + string(e.Fault)), Args: args}
	if e.At > 0 {
		why = wording.Plainly{ID: "query.at", Args: wording.Args{"at": e.At, "what": wording.Saying(why)}}
	}
	return interaction.Refuse(interaction.BadOption, "own.bad-query", wording.Args{"why": why})
}

func topicError(err error, name string) error {
	if soon := tooSoon(err); soon != nil {
		return soon
	}
	switch {
	case errors.Is(err, guild.ErrTopicExists):
		return interaction.Refuse(interaction.Exists, "own.exists", wording.Args{"name": name})
	case errors.Is(err, guild.ErrTopicNotFound):
		return interaction.Refuse(interaction.NotFound, "own.gone", wording.Args{"name": name})
	case errors.Is(err, guild.ErrTopicQuota):
		return interaction.Refuse(interaction.Quota, "own.quota", wording.Args{"count": guild.MaxTopics})
	}
	return fmt.Errorf("change own topics: %w", err)
}

// vocabulary is what queries may ask of reports.
type vocabulary struct{ c *commands }

// Values implements [query.Vocabulary].
func (v vocabulary) Values(field string) []string {
	var out []string
	add := func(s string) {
		if s = strings.ToLower(s); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	switch field {
	case "source":
		for _, s := range v.c.sources.All() {
			add(string(s.ID))
		}
	case "topic":
		for _, t := range v.c.topics.Topics() {
			add(string(t.ID))
		}
	case "stage":
		for _, t := range v.c.topics.Topics() {
			for _, s := range t.Stages {
				add(string(s))
			}
		}
	}
	return out
}
