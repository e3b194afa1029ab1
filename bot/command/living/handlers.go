// Package living owns the commands for living with alerts: /mute, /pause, /resume, /quiet
// and /digest, and the buttons under an alert that change something.
package living

import (
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
)

// Handlers are the commands of this room with what they need.
type Handlers struct {
	*desk.Desk
	store Store
}

// New returns them.
func New(d *desk.Desk, s Store) *Handlers {
	return &Handlers{Desk: d, store: s}
}

// Commands are what answers the commands.
func (h *Handlers) Commands() map[string]interaction.Command {
	return map[string]interaction.Command{
		tree.CmdDigestAdd:    {Run: h.addDigest, Manage: true, Complete: h.completeDigest},
		tree.CmdDigestList:   {Run: h.digests, Manage: true},
		tree.CmdDigestRemove: {Run: h.removeDigest, Manage: true, Complete: h.completeDigest},
		tree.CmdMuteTopic:    {Run: h.muteTopic, Manage: true, Complete: h.completeMute},
		tree.CmdMuteStory:    {Run: h.muteStory, Manage: true, Complete: h.completeMute},
		tree.CmdMuteList:     {Run: h.mutes, Manage: true},
		tree.CmdMuteEnd:      {Run: h.unmute, Manage: true, Complete: h.completeMute},
		tree.CmdPause:        {Run: h.pause, Manage: true, Complete: h.completePause},
		tree.CmdResume:       {Run: h.resume, Manage: true},
		tree.CmdQuietSet:     {Run: h.setQuiet, Manage: true, Complete: h.completeQuiet},
		tree.CmdQuietShow:    {Run: h.showQuiet, Manage: true},
		tree.CmdQuietOff:     {Run: h.endQuiet, Manage: true},
	}
}

// Actions are what buttons, menus and forms do.
func (h *Handlers) Actions() map[string]interaction.Action {
	return interaction.Join(h.alertActions(), h.undoActions())
}
