package living

import (
	"context"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
)

// The actions that put back what an answer says was done. They are part of custom
// ids that are out there: actUnmuteTopic has the topic, and works as long as that is
// muted.
const (
	actUndo        = "undo"
	actUnmuteTopic = "unmute-topic"
)

const (
	deedMute     desk.Deed = "mute"
	deedPause    desk.Deed = "pause"
	deedResume   desk.Deed = "resume"
	deedHours    desk.Deed = "hours"
	deedNoHours  desk.Deed = "no-hours"
	deedDigest   desk.Deed = "digest"
	deedNoDigest desk.Deed = "no-digest"
)

// undoing is what a deed needs; what it does not need is zero.
type undoing struct {
	// Channel is where a pause or quiet hours are, ID what to end.
	Channel string
	ID      int64
	// What is what a mute is called.
	What string
	Mute quiet.Mute
	// Until is when a pause ends.
	Until  time.Time
	Hours  quiet.Hours
	Digest digest.Digest
	// Zone is the time zone of Hours and Digest, which JSON does not carry.
	Zone string
}

func (h *Handlers) undoActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actUndo:        {Run: h.undo, Manage: true},
		actUnmuteTopic: {Run: h.pressUnmuteTopic, Manage: true},
	}
}

// undoable is an answer with a button that undoes what it tells.
func (h *Handlers) undoable(ctx context.Context, q interaction.Request, said message.Markup, d desk.Deed, u undoing) (interaction.Reply, error) {
	for _, z := range []**time.Location{&u.Hours.Zone, &u.Digest.Zone} {
		if *z != nil {
			u.Zone, *z = (*z).String(), nil
		}
	}
	return h.Undoable(ctx, q, said, actUndo, d, u)
}

// undo does what a button undoes, and answers as the command for that would.
func (h *Handlers) undo(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	var u undoing
	d, err := h.Undo(ctx, q, &u)
	if err != nil {
		return interaction.Reply{}, err
	}
	if u.Zone != "" {
		zone, err := digest.Zone(u.Zone)
		if err != nil { // of another release
			return interaction.Reply{}, desk.ErrUndo
		}
		u.Hours.Zone, u.Digest.Zone = zone, zone
	}
	return h.do(ctx, q, d, u)
}

// do does one deed, for the guild and in the name of who asks.
func (h *Handlers) do(ctx context.Context, q interaction.Request, d desk.Deed, u undoing) (interaction.Reply, error) {
	switch d {
	case deedMute:
		u.Mute.Guild, u.Mute.CreatedBy, u.Mute.Created = q.Guild, q.User, q.Now
		return h.muted(ctx, q, u.Mute, u.What)
	case deedPause:
		return h.pauseChannel(ctx, q, u.Channel, u.Until)
	case deedResume:
		return h.resumeChannel(ctx, q, u.Channel)
	case deedHours:
		u.Hours.By, u.Hours.Set = q.User, q.Now
		return h.giveHours(ctx, q, u.Channel, u.Hours)
	case deedNoHours:
		return h.takeHours(ctx, q, u.Channel)
	case deedDigest:
		u.Digest.ID, u.Digest.Guild, u.Digest.CreatedBy = 0, q.Guild, q.User
		return h.putDigest(ctx, q, u.Digest)
	case deedNoDigest:
		return h.endDigest(ctx, q, digest.ID(u.ID))
	}
	return interaction.Reply{}, desk.ErrUndo
}
