package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Reason names why a delivery was decided as it was.
type Reason string

// The reasons, in the words of logs and of /status.
const (
	ReasonNone         Reason = ""
	ReasonRateLimited  Reason = "rate-limited"
	ReasonUncertain    Reason = "no-answer"
	ReasonUnavailable  Reason = "discord-unavailable"
	ReasonRefused      Reason = "content-refused"
	ReasonNoAccess     Reason = "missing-permission"
	ReasonNoChannel    Reason = "channel-gone"
	ReasonWrongChannel Reason = "wrong-channel-kind"
	ReasonUnreachable  Reason = "person-unreachable"
	ReasonTagRequired  Reason = "tag-required"
	ReasonNoGuild      Reason = "guild-gone"
	ReasonUnauthorized Reason = "token-refused"
	ReasonHeldBack     Reason = "held-back"
	ReasonDeletedThere Reason = "deleted-by-people"
	ReasonTooOld       Reason = "too-old"
	ReasonCatchUp      Reason = "catch-up"
	ReasonNoFirst      Reason = "no-first-message"
	ReasonLateUpdate   Reason = "late-update"
	ReasonMuted        Reason = "story-muted"
	ReasonJoined       Reason = "story-joined"
)

// Message is one request to the [Sender].
type Message struct {
	Guild, Channel string
	// Language is the locale in which it speaks, as Discord names it, e.g. "uk";
	// empty means English.
	Language string
	// In is the channel's kind.
	In      guild.ChannelKind
	Kind    Kind
	Form    Form
	Roles   []string
	Content Content
	// To is the message that a [Reply] replies to.
	To string
	// Nonce is at most 25 characters and the same for every try of one post.
	Nonce string
}

// Sender posts to Discord. Its errors are [*SendError], or wrap one.
type Sender interface {
	// Post sends the message and returns Discord's id for it.
	Post(ctx context.Context, m Message) (id string, err error)
	// Find looks in the channel for a message of ours that carries the nonce or
	// tells of the story, posted at or after since. It returns "" when there is
	// none, and an error when the channel's history cannot be read.
	Find(ctx context.Context, m Message, since time.Time) (id string, err error)
}

// SendError is a refusal or failure of a [Sender], in the ledger's terms.
type SendError struct {
	Reason Reason
	// RetryAfter is how long Discord asked to wait; zero when it did not say.
	RetryAfter time.Duration
	// Doubt says that Discord may have posted the message all the same.
	Doubt bool
	Err   error
}

// Error implements error.
func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// ErrStale is returned by [Ledger.Settle] when another process has taken the
// delivery over since it was claimed.
var ErrStale = errors.New("delivery was claimed again")

// Ledger is the durable record of deliveries.
//
// Order. Claim hands out at most one delivery of a channel, always its oldest
// open one, and none while an earlier one of that channel is being sent, or
// waits for its due time, or the channel is blocked. So a channel's order holds.
type Ledger interface {
	// Recover makes every delivery that a former run left Sending due again at
	// now, with Doubt set. It is for the only process of a database, before its
	// first Claim.
	Recover(ctx context.Context, now time.Time) (int, error)
	// FoldLate expires what is too old to post, keeps the newest few of each
	// channel's late deliveries, and lets one catch-up line stand for the rest:
	// see [LatePolicy]. Late replies expire: the edited alert tells it. It returns
	// how many it folded.
	FoldLate(ctx context.Context, now time.Time, p LatePolicy) (int, error)
	// Claim marks up to limit due deliveries as Sending until now+lease, counts
	// the attempt, sets First when it is the first of its series, and returns
	// them. A delivery whose lease ran out is due, and comes with Doubt set. The
	// mark is committed before it returns.
	Claim(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Delivery, error)
	// Settle records what an attempt came to; d is as Claim returned it. It
	// returns ErrStale when d.Attempt is no longer the current one.
	Settle(ctx context.Context, now time.Time, d Delivery, s Settlement) error
	// NextDue returns the earliest time at which an open delivery of a channel
	// that is not blocked becomes due, or false when there is none.
	NextDue(ctx context.Context) (time.Time, bool, error)
}

// LatePolicy bounds what a channel gets after an outage (promise 2).
type LatePolicy struct {
	// MaxAge is the age of a story's report beyond which it is not posted.
	MaxAge time.Duration
	// Late is the age beyond which a delivery counts as late.
	Late time.Duration
	// Keep is how many late deliveries a channel gets within Window.
	Keep int
	// Window is the time over which Keep counts.
	Window time.Duration
}

// DefaultLatePolicy posts at most 5 late alerts an hour and nothing that is
// older than 6 hours.
func DefaultLatePolicy() LatePolicy {
	return LatePolicy{MaxAge: 6 * time.Hour, Late: 30 * time.Minute, Keep: 5, Window: time.Hour}
}
