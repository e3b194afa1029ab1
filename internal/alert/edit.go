package alert

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

const (
	// OldMessage is the age from which Discord allows few edits of a message
	// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json,
	// code 30046); the gap between two is oldGap times as long from then on.
	OldMessage = time.Hour
	oldGap     = 15
	// MaxEdited is the age of a message beyond which it stays as it is: nobody
	// reads it as news.
	MaxEdited = 96 * time.Hour
	// hintlessWait is the wait for a limit of which Discord says no end.
	hintlessWait = 10 * time.Minute
	// MaxEditFailures is how many tries of one edit may fail.
	MaxEditFailures = 10
)

// Edit is the wish to change an alert's first message, which was posted, so that
// it tells what the story tells now. There is one for each alert: a later wish
// replaces one that is not done.
type Edit struct {
	Alert          ID
	Guild, Channel string
	// Language is the guild's, as in a [Message].
	Language string
	// In is the channel's kind.
	In guild.ChannelKind
	// Message is Discord's id, Form that in which it was posted.
	Message string
	Form    Form
	Roles   []string
	// Content is what the message is to say, at Revision of the story.
	Content  Content
	Revision int
	// Posted is when the message was posted, Edited when it was edited last; zero
	// when it was not.
	Posted, Edited time.Time
	// Attempt fences the outcome, as that of a [Delivery] does. Failures counts
	// failed tries in a row.
	Attempt, Failures int
}

// LogValue implements [slog.LogValuer].
func (e Edit) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("alert", int64(e.Alert)),
		slog.String("channel", e.Channel),
		slog.Int64("story", int64(e.Content.Story)),
		slog.Int("revision", e.Revision),
	)
}

// EditReason names why a message is edited, or when, or not.
type EditReason string

// The reasons of [DecideEdit]; [JudgeEdit] takes those of deliveries.
const (
	// EditNow means that the story has changed and the message may tell it.
	EditNow EditReason = "story-changed"
	// EditedLately means that the message was posted or edited a moment ago.
	EditedLately EditReason = "told-lately"
	// EditTooOld means that the message is too old to be changed.
	EditTooOld EditReason = "message-too-old"
)

// DecideEdit says when a message may be edited and why. The time is now, later,
// or zero for never. gap is the shortest time between two edits: what comes
// meanwhile is told by one.
func DecideEdit(now time.Time, gap time.Duration, e Edit) (time.Time, EditReason) {
	if now.Sub(e.Posted) > MaxEdited {
		return time.Time{}, EditTooOld
	}
	last := e.Posted
	if e.Edited.After(last) {
		last = e.Edited
	}
	if now.Sub(e.Posted) > OldMessage {
		gap *= oldGap
	}
	// A time in the future was written by a clock that was wrong.
	if next := last.Add(gap); next.After(now) && !last.After(now) {
		return next, EditedLately
	}
	return now, EditNow
}

// EditOutcome is what became of an edit.
type EditOutcome string

// The outcomes.
const (
	// EditDone: the message tells the revision.
	EditDone EditOutcome = "done"
	// EditWaits: it is tried again.
	EditWaits EditOutcome = "waits"
	// EditDropped: it is given up; the next change of the story is tried.
	EditDropped EditOutcome = "dropped"
	// EditEnds: the message is never edited again.
	EditEnds EditOutcome = "ends"
)

// EditSettlement is what one attempt came to, to be recorded.
type EditSettlement struct {
	Outcome EditOutcome
	// Due is the earliest time of the next try, whichever change it tells.
	Due      time.Time
	Failures int
	// Reason is in the words of [EditReason] or [Reason].
	Reason string
}

// JudgeEdit says what to record after a try of e ended with err, nil for success.
// A message that people deleted never comes back.
func JudgeEdit(now time.Time, e Edit, err error) EditSettlement {
	if err == nil {
		return EditSettlement{Outcome: EditDone, Due: now, Reason: string(EditNow)}
	}
	var se *SendError
	if !errors.As(err, &se) {
		se = &SendError{Reason: ReasonUncertain, Err: err}
	}
	s := EditSettlement{Outcome: EditWaits, Failures: e.Failures, Reason: string(se.Reason)}
	switch se.Reason {
	case ReasonRateLimited, ReasonHeldBack:
		s.Due = now.Add(cmp.Or(se.RetryAfter, hintlessWait))
		return s
	case ReasonUnauthorized:
		s.Due = now.Add(idleAfterBlock)
		return s
	case ReasonDeletedThere, ReasonNoChannel, ReasonNoGuild, ReasonWrongChannel, ReasonNoAccess:
		s.Outcome = EditEnds
		return s
	case ReasonRefused:
		s.Outcome, s.Due = EditDropped, now
		return s
	}
	if s.Failures++; s.Failures >= MaxEditFailures {
		return EditSettlement{Outcome: EditDropped, Due: now, Reason: s.Reason}
	}
	s.Due = now.Add(waitOr(se.RetryAfter, s.Failures-1, se.Reason))
	return s
}

// Rewriter changes messages on Discord. Its errors are [*SendError], or wrap one.
type Rewriter interface {
	// Edit makes a message of the bot say what m says. Repeating it does no harm.
	Edit(ctx context.Context, message string, m Message) error
}

// Edits is the durable record of the wishes to edit. They stand outside the
// queues of channels: an edit waits for no post, and none waits for it.
type Edits interface {
	// ClaimEdits marks up to limit due edits of messages that were posted until
	// now+lease, counts the attempt, and returns them with what their stories tell
	// now, the longest waiting first. The mark is committed before it returns.
	ClaimEdits(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Edit, error)
	// SettleEdit records what an attempt came to; e is as ClaimEdits returned it.
	// It returns ErrStale when e.Attempt is no longer the current one.
	SettleEdit(ctx context.Context, now time.Time, e Edit, s EditSettlement) error
	// NextEdit returns when the next edit becomes due, or false when none waits.
	NextEdit(ctx context.Context) (time.Time, bool, error)
}
