package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

// Deed is what undoing does, e.g. "resume".
type Deed string

// undoing is what is kept for a deed.
type undoing struct {
	Token string
	// Needs is what the room needs to do it.
	Needs json.RawMessage
}

func (d Deed) draft() string { return "undo-" + string(d) }

// Undoable is [Desk.WithUndo] for an answer that is one sentence.
func (d *Desk) Undoable(ctx context.Context, q interaction.Request, said message.Markup, action string, deed Deed, needs any) (interaction.Reply, error) {
	return d.WithUndo(ctx, q, message.Text(said), action, deed, needs)
}

// WithUndo is an answer with a button that undoes what it tells: the action of a room,
// with the deed and the token of what is kept for it, which are part of custom ids that
// are out there. Needs is kept as a draft, the latest of each deed, and is for the member
// alone who did what it undoes: they were allowed to, and a button that is forged names
// nothing else. Where it is too much to keep there is no button.
func (d *Desk) WithUndo(ctx context.Context, q interaction.Request, p message.Payload, action string, deed Deed, needs any) (interaction.Reply, error) {
	var u undoing
	var err error
	if u.Needs, err = json.Marshal(needs); err != nil {
		return interaction.Reply{}, fmt.Errorf("encode what to undo: %w", err)
	}
	u.Token = Token(q.Now, u.Needs)
	body, err := json.Marshal(u)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("encode what to undo: %w", err)
	}
	if len(body) > guild.MaxDraft {
		return interaction.Reply{Payload: p}, nil
	}
	if err := d.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: deed.draft(), Body: string(body), Made: q.Now}); err != nil {
		return interaction.Reply{}, fmt.Errorf("keep what to undo: %w", err)
	}
	return interaction.Reply{Payload: p.WithButton(q.Plain("undo.undo-button"), message.Action(action, string(deed), u.Token))}, nil
}

// ErrUndo says that a button has nothing to undo any more.
var ErrUndo = interaction.Refuse(interaction.Stale, "undo.gone")

// Undo reads into needs what a button undoes, which it can do once.
func (d *Desk) Undo(ctx context.Context, q interaction.Request, needs any) (Deed, error) {
	deed := Deed(q.Arg(0))
	body, ok, err := d.store.Draft(ctx, q.Guild, q.User, deed.draft(), q.Now)
	if err != nil {
		return "", fmt.Errorf("read what to undo: %w", err)
	}
	var u undoing
	if !ok || json.Unmarshal([]byte(body), &u) != nil || u.Token != q.Arg(1) || json.Unmarshal(u.Needs, needs) != nil {
		return "", ErrUndo
	}
	if err := d.store.DropDraft(ctx, q.Guild, q.User, deed.draft()); err != nil {
		return "", fmt.Errorf("forget what to undo: %w", err)
	}
	return deed, nil
}

// Token tells what is kept from what the same member had kept before, also within one
// moment.
func Token(now time.Time, kept []byte) string {
	sum := fnv.New32a()
	_, _ = sum.Write(kept) // a hash never fails
	return strconv.FormatInt(now.UnixMilli(), 36) + "-" + strconv.FormatUint(uint64(sum.Sum32()), 36)
}
