package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// Times of an interaction.
const (
	// DefaultDeferAfter is how long a handler may take before people are told
	// that the answer will come. Discord waits 3 seconds for a first answer
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction).
	DefaultDeferAfter = 1500 * time.Millisecond
	// DefaultLimit is how long a handler may take at all.
	DefaultLimit = 30 * time.Second
	// maxDeferAfter leaves a first answer time to travel.
	maxDeferAfter = 2500 * time.Millisecond
	// maxLimit ends a handler while its interaction's token still holds, which
	// is for 15 minutes.
	maxLimit = 14 * time.Minute
	// completeWithin is how long choices may take; they cannot be deferred.
	completeWithin = 2 * time.Second
	// sendWithin bounds one request to Discord.
	sendWithin = 10 * time.Second
)

// Options complete a [Router]. Zero times mean the defaults.
type Options struct {
	Topics  Catalogue
	Sources Sources
	// Direct says that people may ask for alerts in direct messages.
	Direct bool
	// Forums, if set, tells what forums ask of posts.
	Forums Forums
	// Countries are those that /recent knows; nil means none.
	Countries Countries
	Logger    *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// DeferAfter and Limit are at most 2.5 seconds and 14 minutes.
	DeferAfter, Limit time.Duration
	// Feeds says how guilds add feeds of their own.
	Feeds OwnFeeds
	// FeedReason gives a feed's trouble in words, "" when it knows none; nil is
	// one that knows none.
	FeedReason func(reason string) string
	// Explain judges every topic in a report, for those that came near; nil is one
	// that cannot.
	Explain func(report.Report) []topic.Verdict
	// Poster posts the samples of /test; nil is one that cannot.
	Poster Poster
	// Keeps is how long things are kept.
	Keeps Keeps
	// Rehearser, if set, tells people what a subscription would have done.
	Rehearser Rehearser
	// Reference makes the references by which people report a fault; nil means
	// random ones.
	Reference func() string
}

func (o Options) withDefaults() (Options, error) {
	if o.Topics == nil || o.Sources == nil || o.Logger == nil {
		return o, errors.New("topics, sources and logger must be given")
	}
	if o.DeferAfter == 0 {
		o.DeferAfter = DefaultDeferAfter
	}
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.DeferAfter < 0 || o.DeferAfter > maxDeferAfter {
		return o, fmt.Errorf("defer after %v: use more than 0 and at most %v", o.DeferAfter, maxDeferAfter)
	}
	if o.Limit <= o.DeferAfter || o.Limit > maxLimit {
		return o, fmt.Errorf("limit %v: use more than %v and at most %v", o.Limit, o.DeferAfter, maxLimit)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Countries == nil {
		o.Countries = noCountries{}
	}
	if o.FeedReason == nil {
		o.FeedReason = func(string) string { return "" }
	}
	if o.Poster == nil {
		o.Poster = noPoster{}
	}
	if o.Reference == nil {
		o.Reference = func() string { return strings.ToLower(rand.Text()[:8]) }
	}
	return o, nil
}

// Reply is what a handler answers. It is shown to the person who asked alone,
// unless Public.
type Reply struct {
	Payload message.Payload
	Public  bool
	// Form, if set, is opened instead. A handler that opens one must not take long:
	// forms cannot be promised.
	Form *message.Form
}

func (r Reply) payload() message.Payload {
	if r.Public {
		return r.Payload
	}
	return r.Payload.Private()
}

// commands are the handlers with what they need.
type commands struct {
	store      Store
	topics     Catalogue
	sources    Sources
	countries  Countries
	feedReason func(string) string
	forums     Forums
	judge      func(report.Report) []topic.Verdict
	poster     Poster
	registered registered
	// tree is what [Tree] returns, for /help.
	tree      []*discordgo.ApplicationCommand
	keeps     Keeps
	rehearser Rehearser
	feeds     OwnFeeds
}

// entry is a command in the router.
type entry struct {
	run func(context.Context, Request) (Reply, error)
	// kind is a slash command's when zero.
	kind discordgo.ApplicationCommandType
	// manage says that the member must be allowed to manage the bot: see
	// [commands.mayManage].
	manage bool
	// public says that the answer may be shown to everybody.
	public bool
	// complete offers choices for an option that is being typed; nil for none.
	complete func(ctx context.Context, q Request, option, typed string) ([]Choice, error)
}

// Router answers interactions. It is safe for concurrent use.
type Router struct {
	commands  *commands
	entries   map[string]entry
	actions   map[string]action
	responder Responder
	o         Options
	log       *slog.Logger
	running   sync.WaitGroup
}

// New returns a router.
func New(s Store, r Responder, o Options) (*Router, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("command router: %w", err)
	}
	c := &commands{
		store: s, topics: o.Topics, sources: o.Sources, countries: o.Countries, feedReason: o.FeedReason, judge: o.Explain,
		forums: o.Forums, poster: o.Poster, tree: Tree(), keeps: o.Keeps.withDefaults(), rehearser: o.Rehearser,
		feeds: o.Feeds,
	}
	return &Router{
		commands: c, responder: r, o: o, log: o.Logger.With("component", "command"),
		entries: map[string]entry{
			cmdSetup:         {run: c.setup, manage: true},
			cmdTest:          {run: c.test, manage: true},
			cmdSubscribe:     {run: c.subscribe, manage: true, complete: c.completeSubscribe},
			cmdUnsubscribe:   {run: c.unsubscribe, manage: true, complete: c.completeSubscribed},
			cmdSubscriptions: {run: c.subscriptions},
			cmdRecent:        {run: c.recent, public: true, complete: c.completeRecent},
			cmdSearch:        {run: c.search, public: true},
			cmdStory:         {run: c.story, public: true, complete: c.completeStory},
			cmdDigestAdd:     {run: c.addDigest, manage: true, complete: c.completeDigest},
			cmdDigestList:    {run: c.digests, manage: true},
			cmdDigestRemove:  {run: c.removeDigest, manage: true, complete: c.completeDigest},
			cmdMuteTopic:     {run: c.muteTopic, manage: true, complete: c.completeMute},
			cmdMuteStory:     {run: c.muteStory, manage: true, complete: c.completeMute},
			cmdMuteList:      {run: c.mutes, manage: true},
			cmdMuteEnd:       {run: c.unmute, manage: true, complete: c.completeMute},
			cmdFeedback:      {run: c.feedback, manage: true},
			cmdPause:         {run: c.pause, manage: true, complete: c.completePause},
			cmdResume:        {run: c.resume, manage: true},
			cmdQuietSet:      {run: c.setQuiet, manage: true, complete: c.completeQuiet},
			cmdQuietShow:     {run: c.showQuiet, manage: true},
			cmdQuietOff:      {run: c.endQuiet, manage: true},
			cmdTopicCreate:   {run: c.createTopic, manage: true},
			cmdTopicEdit:     {run: c.editTopic, manage: true, complete: c.completeOwn},
			cmdTopicTest:     {run: c.testTopic, manage: true},
			cmdTopicList:     {run: c.ownTopics, manage: true},
			cmdTopicDelete:   {run: c.deleteTopic, manage: true, complete: c.completeOwn},
			cmdFeedAdd:       {run: c.addFeed, manage: true},
			cmdFeedList:      {run: c.feedList, manage: true},
			cmdFeedStatus:    {run: c.feedStatus, manage: true, complete: c.completeFeed},
			cmdFeedRemove:    {run: c.removeFeed, manage: true, complete: c.completeFeed},
			cmdFeedImport:    {run: c.importFeeds, manage: true},
			cmdFeedExport:    {run: c.exportFeeds, manage: true},
			cmdWhy:           {run: c.why, public: true, complete: c.completeStory},
			cmdWhyNot:        {run: c.whyNot, public: true},
			menuWhy:          {run: c.whyMessage, kind: discordgo.MessageApplicationCommand},
			cmdTrend:         {run: c.trend, public: true, complete: c.completeTopic},
			cmdTopics:        {run: c.topicList, public: true},
			cmdSources:       {run: c.sourceList, public: true, complete: c.completeSources},
			cmdStatus:        {run: c.status},
			cmdNotices:       {run: c.notices, manage: true},
			cmdAudit:         {run: c.audit, manage: true},
			cmdPrivacyShow:   {run: c.privacy},
			cmdPrivacyDelete: {run: c.askPrivacy},
			cmdHelp:          {run: c.help},
		},
		actions: allActions(
			c.setupActions(), c.topicActions(), c.helpActions(), c.privacyActions(), c.draftActions(), c.cardActions(), c.alertActions(), c.feedbackActions(),
			c.setupActions(), c.feedActions(), c.topicActions(), c.privacyActions(), c.draftActions(), c.cardActions(), c.alertActions(), c.feedbackActions(),
		),
	}, nil
}

// Handle answers one interaction, given as Discord sent it: the "d" of an
// INTERACTION_CREATE event. It returns when the answer has been sent, so callers
// run it beside their reading; it never panics. When ctx ends, the handler is
// cut off and the person told that the bot is being restarted.
func (r *Router) Handle(ctx context.Context, raw []byte) {
	in, t, err := decode(raw)
	log := r.log.With("interaction", t, "guild", in.Guild, "command", in.Data.Name)
	if t.ID == "" || t.Token == "" {
		log.WarnContext(ctx, "interaction without id or token dropped", "error", err)
		return
	}
	in = r.settled(in)
	ctx = r.asked(ctx, in)
	c := &call{Router: r, ticket: t, log: log, now: AnswerNow, later: AnswerLater, speaker: wording.In(in.Locale, in.GuildLocale)}
	switch {
	case in.Type == discordgo.InteractionApplicationCommandAutocomplete:
		c.offer(ctx, in)
	case err != nil:
		log.WarnContext(ctx, "interaction could not be read", "error", err)
		c.refuse(ctx, errGarbled)
	case in.Type == discordgo.InteractionApplicationCommand:
		c.answer(ctx, c.route(in))
	case in.Type == discordgo.InteractionMessageComponent:
		c.answer(ctx, c.routeComponent(in))
	case in.Type == discordgo.InteractionModalSubmit:
		c.answer(ctx, c.routeForm(in))
	default:
		log.WarnContext(ctx, "interaction of an unknown kind dropped", "type", int(in.Type))
	}
}

// asked says in the context who asks, for the note of what they change.
func (r *Router) asked(ctx context.Context, in interaction) context.Context {
	if in.Member == nil || !message.Snowflake(in.Member.User.ID) {
		return ctx
	}
	return guild.By(ctx, guild.Actor{User: in.Member.User.ID, At: r.o.Now()})
}

// Wait returns when every handler has ended, also those that were cut off and
// went on. Call it after the last Handle has returned.
func (r *Router) Wait() { r.running.Wait() }

// work is a handler with its request.
type work func(ctx context.Context) (Reply, error)

func refusal(e *Error) work {
	return func(context.Context) (Reply, error) { return Reply{}, e }
}

// route finds a command's handler, after checking who asks.
func (c *call) route(in interaction) work {
	q := newRequest(in, c.o.Now())
	e, ok := c.entries[q.Command]
	if !ok || max(in.Data.Type, discordgo.ChatApplicationCommand) != max(e.kind, discordgo.ChatApplicationCommand) {
		return refusal(errUnknown)
	}
	if !inGuild(in) {
		return refusal(errNoGuild)
	}
	if e.public {
		public, err := q.public()
		if err != nil {
			return refusal(err)
		}
		c.public = public
	}
	return c.managed(e.manage, q, func(ctx context.Context, q Request) (Reply, error) {
		r, err := e.run(ctx, q)
		r.Public = c.public
		return r, err
	})
}

// managed is a handler at work, behind the check whether the member may manage
// the bot, if that is needed.
func (c *call) managed(manage bool, q Request, run func(context.Context, Request) (Reply, error)) work {
	return c.speaking(q, func(ctx context.Context, q Request) (Reply, error) {
		if manage {
			if err := c.commands.mayManage(ctx, q); err != nil {
				return Reply{}, err
			}
		}
		return run(ctx, q)
	})
}

// routeComponent finds what a button or menu does.
func (c *call) routeComponent(in interaction) work {
	if id, ok := ParseActionID(in.Data.CustomID); ok {
		return c.routeAction(in, id)
	}
	return c.routeButton(in)
}

// routeForm finds what a submitted form does.
func (c *call) routeForm(in interaction) work {
	id, ok := ParseActionID(in.Data.CustomID)
	if !ok {
		return refusal(errForm)
	}
	return c.routeAction(in, id)
}

// routeButton finds the page that a button asks for. Whoever presses a button of
// what another one asked for gets the page as a message of their own.
func (c *call) routeButton(in interaction) work {
	cur, ok := ParseCursor(in.Data.CustomID)
	switch {
	case !ok:
		return refusal(errButton)
	case !inGuild(in):
		return refusal(errNoGuild)
	}
	if in.asker() == in.Member.User.ID {
		c.later, c.now = UpdateLater, UpdateNow
	}
	q := newRequest(in, c.o.Now())
	return c.speaking(q, func(ctx context.Context, q Request) (Reply, error) { return c.commands.page(ctx, q, cur) })
}

// inGuild reports whether an interaction comes from a member in a guild, or from
// a person in direct messages that are allowed: see [Router.settled].
func inGuild(in interaction) bool {
	return (message.Snowflake(in.Guild) || guild.IsPersonal(in.Guild)) && in.Member != nil && message.Snowflake(in.Member.User.ID)
}

// outcome is what a handler came to.
type outcome struct {
	reply Reply
	err   error
}

// guarded runs a handler and turns a panic into an error.
func guarded(ctx context.Context, w work) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{err: fmt.Errorf("handler panicked: %v\n%s", p, debug.Stack())}
		}
	}()
	reply, err := w(ctx)
	return outcome{reply, err}
}
