// Package lookup owns the commands that tell what happened and why: /recent, /search,
// /story, /trend, /topics, /sources, /status, /why and /whynot, and the buttons under an
// alert that tell more of it.
package lookup

import (
	"context"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Handlers are the commands of this room with what they need.
type Handlers struct {
	*desk.Desk
	store Store
	judge func(report.Report) []topic.Verdict
}

// New returns them.
func New(d *desk.Desk, s Store, judge func(report.Report) []topic.Verdict) *Handlers {
	return &Handlers{Desk: d, store: s, judge: judge}
}

// Commands are what answers the commands.
func (h *Handlers) Commands() map[string]interaction.Command {
	return map[string]interaction.Command{
		tree.CmdRecent:  {Run: h.recent, Public: true, Complete: h.completeRecent, Direct: true},
		tree.CmdSearch:  {Run: h.search, Public: true, Complete: h.CompleteQuery(desk.MaxQuery), Direct: true},
		tree.CmdStory:   {Run: h.story, Public: true, Complete: h.CompleteStory, Direct: true},
		tree.CmdWhy:     {Run: h.why, Public: true, Complete: h.CompleteStory},
		tree.CmdWhyNot:  {Run: h.whyNot, Public: true, Complete: h.completeLink},
		tree.MenuWhy:    {Run: h.whyMessage, Kind: discordgo.MessageApplicationCommand},
		tree.CmdTrend:   {Run: h.trend, Public: true, Complete: h.CompleteTopic, Direct: true},
		tree.CmdTopics:  {Run: h.topicList, Public: true, Direct: true},
		tree.CmdSources: {Run: h.sourceList, Public: true, Complete: h.completeSources, Direct: true},
		tree.CmdStatus:  {Run: h.status, Direct: true},
	}
}

// Actions are what buttons, menus and forms do.
func (h *Handlers) Actions() map[string]interaction.Action {
	return h.alertLookups()
}

// Page finds the page of a list that a button asks for.
func (h *Handlers) Page(cur desk.Cursor) (interaction.Handler, bool) {
	var run interaction.Handler
	ok := false
	switch cur.List {
	case desk.RecentList:
		var f filter
		f, ok = parseFilter(cur.Text)
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.recentPage(ctx, q, f, cur.Report())
		}
	case desk.TrendList:
		var f filter
		f, ok = parseFilter(cur.Text)
		_, known := periodOf(int(min(cur.After, usualDays*10)))
		ok = ok && known && f == filter{topic: f.topic}
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.trendPage(ctx, q, f.topic, int(cur.After))
		}
	case desk.StoryList:
		var id story.ID
		id, ok = desk.ParseStory(cur.Text)
		ok = ok && cur.Few()
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.storyPage(ctx, q, id, int(cur.After))
		}
	case desk.SourcesList:
		var f sourceFilter
		f, ok = parseSourceFilter(cur.Text)
		ok = ok && cur.Few()
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.sourcesPage(ctx, q, f, int(cur.After))
		}
	case desk.TopicsList:
		ok = cur.Text == "" && cur.Few()
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.topicsPage(ctx, q, int(cur.After))
		}
	case desk.SearchList, desk.RelevantList:
		ok = cur.Text != "" && utf8.RuneCountInString(cur.Text) <= desk.MaxQuery && (cur.List == desk.SearchList || cur.Few())
		run = func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
			return h.searchPage(ctx, q, cur)
		}
	}
	return run, ok
}
