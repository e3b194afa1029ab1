package command

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// Options complete a [Router].
type Options struct {
	// Interaction says how interactions are answered.
	Interaction interaction.Options
	Topics      Catalogue
	Sources     Sources
	// Forums, if set, tells what forums ask of posts.
	Forums Forums
	// Countries are those that /recent knows; nil means none.
	Countries Countries
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
}

func (o Options) withDefaults() (Options, error) {
	if o.Topics == nil || o.Sources == nil {
		return o, errors.New("topics and sources must be given")
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
	return o, nil
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
	// registered are the commands that can be clicked.
	registered *wording.Commands
	// tree is what [Tree] returns, for /help.
	tree      []*discordgo.ApplicationCommand
	keeps     Keeps
	rehearser Rehearser
	feeds     OwnFeeds
}

// Router answers interactions with the commands of [Tree]. It is safe for
// concurrent use.
type Router struct {
	*interaction.Router
	commands *commands
	handlers interaction.Handlers
}

// New returns a router.
func New(s Store, r interaction.Responder, o Options) (*Router, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("commands: %w", err)
	}
	if o.Interaction.Commands == nil {
		o.Interaction.Commands = new(wording.Commands)
	}
	c := &commands{
		store: s, topics: o.Topics, sources: o.Sources, countries: o.Countries, feedReason: o.FeedReason, judge: o.Explain,
		forums: o.Forums, poster: o.Poster, tree: Tree(), keeps: o.Keeps.withDefaults(), rehearser: o.Rehearser,
		feeds: o.Feeds, registered: o.Interaction.Commands,
	}
	h := c.handlers()
	router, err := interaction.New(h, s, r, o.Interaction)
	if err != nil {
		return nil, fmt.Errorf("commands: %w", err)
	}
	return &Router{Router: router, commands: c, handlers: h}, nil
}

// handlers are all commands, what buttons, menus and forms do, and the pages of
// lists.
func (c *commands) handlers() interaction.Handlers {
	return interaction.Handlers{Commands: c.entries(), Actions: c.actions(), Page: c.pressedPage}
}

// entries are what answers each command.
func (c *commands) entries() map[string]interaction.Command {
	return map[string]interaction.Command{
		cmdSetup:         {Run: c.setup, Manage: true},
		cmdTest:          {Run: c.test, Manage: true},
		cmdSubscribe:     {Run: c.subscribe, Manage: true, Complete: c.completeSubscribe, Direct: true},
		cmdUnsubscribe:   {Run: c.unsubscribe, Manage: true, Complete: c.completeSubscribed, Direct: true},
		cmdSubscriptions: {Run: c.subscriptions, Direct: true},
		cmdRecent:        {Run: c.recent, Public: true, Complete: c.completeRecent, Direct: true},
		cmdSearch:        {Run: c.search, Public: true, Complete: c.completeQuery(MaxQuery), Direct: true},
		cmdStory:         {Run: c.story, Public: true, Complete: c.completeStory, Direct: true},
		cmdDigestAdd:     {Run: c.addDigest, Manage: true, Complete: c.completeDigest},
		cmdDigestList:    {Run: c.digests, Manage: true},
		cmdDigestRemove:  {Run: c.removeDigest, Manage: true, Complete: c.completeDigest},
		cmdMuteTopic:     {Run: c.muteTopic, Manage: true, Complete: c.completeMute},
		cmdMuteStory:     {Run: c.muteStory, Manage: true, Complete: c.completeMute},
		cmdMuteList:      {Run: c.mutes, Manage: true},
		cmdMuteEnd:       {Run: c.unmute, Manage: true, Complete: c.completeMute},
		cmdFeedback:      {Run: c.feedback, Manage: true},
		cmdPause:         {Run: c.pause, Manage: true, Complete: c.completePause},
		cmdResume:        {Run: c.resume, Manage: true},
		cmdQuietSet:      {Run: c.setQuiet, Manage: true, Complete: c.completeQuiet},
		cmdQuietShow:     {Run: c.showQuiet, Manage: true},
		cmdQuietOff:      {Run: c.endQuiet, Manage: true},
		cmdTopicCreate:   {Run: c.createTopic, Manage: true, Complete: c.completeOwn},
		cmdTopicEdit:     {Run: c.editTopic, Manage: true, Complete: c.completeOwn},
		cmdTopicTest:     {Run: c.testTopic, Manage: true, Complete: c.completeOwn},
		cmdTopicList:     {Run: c.ownTopics, Manage: true},
		cmdTopicDelete:   {Run: c.deleteTopic, Manage: true, Complete: c.completeOwn},
		cmdFeedAdd:       {Run: c.addFeed, Manage: true},
		cmdFeedList:      {Run: c.feedList, Manage: true},
		cmdFeedStatus:    {Run: c.feedStatus, Manage: true, Complete: c.completeFeed},
		cmdFeedRemove:    {Run: c.removeFeed, Manage: true, Complete: c.completeFeed},
		cmdFeedImport:    {Run: c.importFeeds, Manage: true},
		cmdFeedExport:    {Run: c.exportFeeds, Manage: true},
		cmdWhy:           {Run: c.why, Public: true, Complete: c.completeStory},
		cmdWhyNot:        {Run: c.whyNot, Public: true, Complete: c.completeLink},
		menuWhy:          {Run: c.whyMessage, Kind: discordgo.MessageApplicationCommand},
		cmdTrend:         {Run: c.trend, Public: true, Complete: c.completeTopic, Direct: true},
		cmdTopics:        {Run: c.topicList, Public: true, Direct: true},
		cmdSources:       {Run: c.sourceList, Public: true, Complete: c.completeSources, Direct: true},
		cmdStatus:        {Run: c.status, Direct: true},
		cmdNotices:       {Run: c.notices, Manage: true},
		cmdAudit:         {Run: c.audit, Manage: true},
		cmdPrivacyShow:   {Run: c.privacy, Direct: true},
		cmdPrivacyDelete: {Run: c.askPrivacy, Direct: true},
		cmdHelp:          {Run: c.help, Direct: true},
	}
}

// actions are what buttons, menus and forms do.
func (c *commands) actions() map[string]interaction.Action {
	return allActions(
		c.setupActions(), c.feedActions(), c.topicActions(), c.helpActions(), c.privacyActions(), c.draftActions(), c.cardActions(),
		c.alertActions(), c.feedbackActions(), c.undoActions(),
	)
}

// pressedPage finds the page that a button asks for.
func (c *commands) pressedPage(customID string) (interaction.Handler, bool) {
	cur, ok := ParseCursor(customID)
	if !ok {
		return nil, false
	}
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		return c.page(ctx, q, cur)
	}, true
}

// allActions joins the actions of several files.
func allActions(of ...map[string]interaction.Action) map[string]interaction.Action {
	out := make(map[string]interaction.Action)
	for _, some := range of {
		maps.Copy(out, some)
	}
	return out
}
