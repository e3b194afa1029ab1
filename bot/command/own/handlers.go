// Package own owns the commands for what a server makes for itself: its topics (/topic)
// and its feeds (/feed).
package own

import (
	"context"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
)

// Handlers are the commands of this room with what they need.
type Handlers struct {
	*desk.Desk
	store Store
	feeds Feeds
}

// New returns them.
func New(d *desk.Desk, s Store, f Feeds) *Handlers {
	return &Handlers{Desk: d, store: s, feeds: f}
}

// Commands are what answers the commands.
func (h *Handlers) Commands() map[string]interaction.Command {
	return map[string]interaction.Command{
		tree.CmdTopicCreate: {Run: h.createTopic, Manage: true, Complete: h.completeOwn},
		tree.CmdTopicEdit:   {Run: h.editTopic, Manage: true, Complete: h.completeOwn},
		tree.CmdTopicTest:   {Run: h.testTopic, Manage: true, Complete: h.completeOwn},
		tree.CmdTopicList:   {Run: h.ownTopics, Manage: true},
		tree.CmdTopicDelete: {Run: h.deleteTopic, Manage: true, Complete: h.completeOwn},
		tree.CmdFeedAdd:     {Run: h.addFeed, Manage: true},
		tree.CmdFeedList:    {Run: h.feedList, Manage: true},
		tree.CmdFeedStatus:  {Run: h.feedStatus, Manage: true, Complete: h.completeFeed},
		tree.CmdFeedRemove:  {Run: h.removeFeed, Manage: true, Complete: h.completeFeed},
		tree.CmdFeedImport:  {Run: h.importFeeds, Manage: true},
		tree.CmdFeedExport:  {Run: h.exportFeeds, Manage: true},
	}
}

// Actions are what buttons, menus and forms do.
func (h *Handlers) Actions() map[string]interaction.Action {
	return interaction.Join(h.feedActions(), h.topicActions())
}

// Page finds the page of a list that a button asks for.
func (h *Handlers) Page(cur desk.Cursor) (interaction.Handler, bool) {
	if cur.List != desk.FeedsList || cur.Text != "" || !cur.Few() {
		return nil, false
	}
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		return h.feedsPage(ctx, q, int(cur.After))
	}, true
}
