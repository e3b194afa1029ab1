// Package care owns the commands that care for people and servers: /help, /privacy,
// /audit and /notices.
package care

import (
	"context"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
)

// Handlers are the commands of this room with what they need.
type Handlers struct {
	*desk.Desk
	store Store
	keeps Keeps
	// tree is what is registered, for /help.
	tree []*discordgo.ApplicationCommand
	// clicks are the commands that can be clicked.
	clicks *wording.Commands
}

// New returns them. /help tells of the commands of a tree, which can be clicked once
// clicks knows them.
func New(d *desk.Desk, s Store, k Keeps, tree []*discordgo.ApplicationCommand, clicks *wording.Commands) *Handlers {
	return &Handlers{Desk: d, store: s, keeps: k.withDefaults(), tree: tree, clicks: clicks}
}

// Commands are what answers the commands.
func (h *Handlers) Commands() map[string]interaction.Command {
	return map[string]interaction.Command{
		tree.CmdNotices:       {Run: h.notices, Manage: true},
		tree.CmdAudit:         {Run: h.audit, Manage: true},
		tree.CmdPrivacyShow:   {Run: h.privacy, Direct: true},
		tree.CmdPrivacyDelete: {Run: h.askPrivacy, Direct: true},
		tree.CmdHelp:          {Run: h.help, Direct: true},
	}
}

// Actions are what buttons, menus and forms do.
func (h *Handlers) Actions() map[string]interaction.Action {
	return interaction.Join(h.helpActions(), h.privacyActions(), h.noticesActions())
}

// Page finds the page of a list that a button asks for.
func (h *Handlers) Page(cur desk.Cursor) (interaction.Handler, bool) {
	if cur.List != desk.AuditList || cur.Text != "" && !message.Snowflake(cur.Text) {
		return nil, false
	}
	return func(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
		return h.auditPage(ctx, q, cur)
	}, true
}
