package command

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
)

// The actions that put back what an answer says was done. They are part of custom
// ids that are out there: actUndo has the deed and the token of what is kept for
// it; actUnmuteTopic has the topic, and works as long as that is muted.
const (
	actUndo        = "undo"
	actUnmuteTopic = "unmute-topic"
)

// deed is what undoing does.
type deed string

const (
	deedMute     deed = "mute"
	deedPause    deed = "pause"
	deedResume   deed = "resume"
	deedHours    deed = "hours"
	deedNoHours  deed = "no-hours"
	deedDigest   deed = "digest"
	deedNoDigest deed = "no-digest"
	deedFeed     deed = "feed"
	deedNoFeed   deed = "no-feed"
)

// undoing is what a deed needs; what it does not need is zero. It is kept as a
// draft, the latest of each deed, and is for the member alone who did what it
// undoes: they were allowed to, and a button that is forged names nothing else.
type undoing struct {
	Token string
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
	Feed   guild.NewFeed
	// Zone is the time zone of Hours and Digest, which JSON does not carry.
	Zone string
}

func (c *commands) undoActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actUndo:        {Run: c.undo, Manage: true},
		actUnmuteTopic: {Run: c.pressUnmuteTopic, Manage: true},
	}
}

// undoable is an answer with a button that undoes what it tells.
func (c *commands) undoable(ctx context.Context, q interaction.Request, said message.Markup, d deed, u undoing) (interaction.Reply, error) {
	for _, z := range []**time.Location{&u.Hours.Zone, &u.Digest.Zone} {
		if *z != nil {
			u.Zone, *z = (*z).String(), nil
		}
	}
	body, err := json.Marshal(u)
	if err == nil {
		// Two deeds of one moment are told apart by what they need.
		sum := fnv.New32a()
		sum.Write(body)
		u.Token = strconv.FormatInt(q.Now.UnixMilli(), 36) + "-" + strconv.FormatUint(uint64(sum.Sum32()), 36)
		body, err = json.Marshal(u)
	}
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("encode what to undo: %w", err)
	}
	if err := c.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: undoDraft(d), Body: string(body), Made: q.Now}); err != nil {
		return interaction.Reply{}, fmt.Errorf("keep what to undo: %w", err)
	}
	p := message.Text(said).WithButton(q.Plain("undo.undo-button"), message.Action(actUndo, string(d), u.Token))
	return interaction.Reply{Payload: p}, nil
}

func undoDraft(d deed) string { return actUndo + "-" + string(d) }

var errUndo = interaction.Refuse(interaction.Stale, "undo.gone")

// undo does what a button undoes, and answers as the command for that would.
func (c *commands) undo(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d := deed(q.Arg(0))
	body, ok, err := c.store.Draft(ctx, q.Guild, q.User, undoDraft(d), q.Now)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("read what to undo: %w", err)
	}
	var u undoing
	if !ok || json.Unmarshal([]byte(body), &u) != nil || u.Token != q.Arg(1) {
		return interaction.Reply{}, errUndo
	}
	if u.Zone != "" {
		zone, err := digest.Zone(u.Zone)
		if err != nil { // of another release
			return interaction.Reply{}, errUndo
		}
		u.Hours.Zone, u.Digest.Zone = zone, zone
	}
	if err := c.store.DropDraft(ctx, q.Guild, q.User, undoDraft(d)); err != nil {
		return interaction.Reply{}, fmt.Errorf("forget what to undo: %w", err)
	}
	return c.do(ctx, q, d, u)
}

// do does one deed, for the guild and in the name of who asks.
func (c *commands) do(ctx context.Context, q interaction.Request, d deed, u undoing) (interaction.Reply, error) {
	switch d {
	case deedMute:
		u.Mute.Guild, u.Mute.CreatedBy, u.Mute.Created = q.Guild, q.User, q.Now
		return c.muted(ctx, q, u.Mute, u.What)
	case deedPause:
		return c.pauseChannel(ctx, q, u.Channel, u.Until)
	case deedResume:
		return c.resumeChannel(ctx, q, u.Channel)
	case deedHours:
		u.Hours.By, u.Hours.Set = q.User, q.Now
		return c.giveHours(ctx, q, u.Channel, u.Hours)
	case deedNoHours:
		return c.takeHours(ctx, q, u.Channel)
	case deedDigest:
		u.Digest.ID, u.Digest.Guild, u.Digest.CreatedBy = 0, q.Guild, q.User
		return c.putDigest(ctx, q, u.Digest)
	case deedNoDigest:
		return c.endDigest(ctx, q, digest.ID(u.ID))
	case deedFeed:
		u.Feed.Guild, u.Feed.By, u.Feed.At = q.Guild, q.User, q.Now
		return c.putFeed(ctx, q, u.Feed)
	case deedNoFeed:
		return c.endFeed(ctx, q, u.ID)
	}
	return interaction.Reply{}, errUndo
}
