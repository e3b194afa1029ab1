package alert

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

const (
	// MaxPublished is how many messages of one channel Discord publishes within
	// [PublishWindow].
	MaxPublished = 10
	// PublishWindow is the time over which MaxPublished counts.
	PublishWindow = time.Hour
	// MaxPublishWait is how long an alert waits for its turn where the hour is
	// full. Later ones are newer, and get the turns that come free.
	MaxPublishWait = 15 * time.Minute
	// MaxPublishAge is the age of a message beyond which it is not published: it
	// would be news to nobody.
	MaxPublishAge = time.Hour
	// MaxPublishFailures is how many tries of one publication may fail.
	MaxPublishFailures = 10
)

// Publication is the wish to publish an alert that was posted in an announcement
// channel, so that the channels that follow it get it too.
type Publication struct {
	// Delivery is that of the message, which it names among publications too.
	Delivery       int64
	Guild, Channel string
	// Message is Discord's id, Posted when it was posted.
	Message string
	Posted  time.Time
	// Published are the times at which messages of the channel were published
	// within [PublishWindow], oldest first.
	Published []time.Time
	// Attempt fences the outcome, as that of a [Delivery] does. Failures counts
	// failed tries.
	Attempt, Failures int
}

// LogValue implements [slog.LogValuer].
func (p Publication) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("delivery", p.Delivery), slog.String("channel", p.Channel))
}

// PublishReason names why an alert is published, or when, or not.
type PublishReason string

// The reasons of [DecidePublish]; [JudgePublish] takes those of deliveries.
const (
	// PublishNow: nothing is in the way.
	PublishNow PublishReason = "posted"
	// HourFull: Discord publishes no more of this channel for a while.
	HourFull PublishReason = "hour-full"
	// PublishTooOld: it has waited too long.
	PublishTooOld PublishReason = "message-too-old"
)

// DecidePublish says when a message may be published and why. The time is now,
// later, or zero for never.
func DecidePublish(now time.Time, p Publication) (time.Time, PublishReason) {
	age := now.Sub(p.Posted)
	if age > MaxPublishAge {
		return time.Time{}, PublishTooOld
	}
	recent := slices.Clone(p.Published)
	recent = slices.DeleteFunc(recent, func(t time.Time) bool { return now.Sub(t) >= PublishWindow || t.After(now) })
	if len(recent) < MaxPublished {
		return now, PublishNow
	}
	if age > MaxPublishWait {
		return time.Time{}, HourFull
	}
	free := recent[len(recent)-MaxPublished].Add(PublishWindow)
	if last := p.Posted.Add(MaxPublishWait); free.After(last) {
		// It is given up when its time is over, so that a turn that comes free
		// earlier than expected is not lost.
		return last.Add(time.Millisecond), HourFull
	}
	return free, HourFull
}

// PublishOutcome is what became of a publication.
type PublishOutcome string

// The outcomes.
const (
	// Published: those who follow the channel have it.
	Published PublishOutcome = "published"
	// PublishWaits: it is tried again.
	PublishWaits PublishOutcome = "waits"
	// Unpublished: it stays in its channel.
	Unpublished PublishOutcome = "left"
)

// PublishSettlement is what one attempt came to, to be recorded.
type PublishSettlement struct {
	Outcome PublishOutcome
	// Due is the earliest time of the next try.
	Due      time.Time
	Failures int
	// Reason is in the words of [PublishReason] or [Reason].
	Reason string
}

// JudgePublish says what to record after a try of p ended with err, nil for
// success. A message that stays unpublished is never posted again.
func JudgePublish(now time.Time, p Publication, err error) PublishSettlement {
	if err == nil {
		return PublishSettlement{Outcome: Published, Due: now, Reason: string(PublishNow)}
	}
	var se *SendError
	if !errors.As(err, &se) {
		se = &SendError{Reason: ReasonUncertain, Err: err}
	}
	s := PublishSettlement{Outcome: PublishWaits, Failures: p.Failures, Reason: string(se.Reason)}
	switch se.Reason {
	case ReasonRateLimited, ReasonHeldBack:
		s.Due = now.Add(cmp.Or(se.RetryAfter, hintlessWait))
	case ReasonUnauthorized:
		s.Due = now.Add(idleAfterBlock)
	case ReasonUnavailable, ReasonUncertain:
		s.Failures++
		s.Due = now.Add(waitOr(se.RetryAfter, s.Failures-1, se.Reason))
		if s.Failures >= MaxPublishFailures {
			s.Outcome = Unpublished
		}
	default:
		s.Outcome = Unpublished
	}
	if s.Outcome == PublishWaits && s.Due.After(p.Posted.Add(MaxPublishAge)) {
		s.Outcome = Unpublished
	}
	if s.Outcome == Unpublished {
		s.Due = now
	}
	return s
}

// Announcer publishes messages. Its errors are [*SendError], or wrap one.
type Announcer interface {
	// Publish publishes a message of the bot. Repeating it does no harm.
	Publish(ctx context.Context, channel, message string) error
}

// Publications is the durable record of the wishes to publish. A delivery that
// [Ledger.Settle] records as sent becomes one when its channel is an announcement
// channel, it is the first message of an alert, and a subscription of the channel
// for one of the alert's topics wants it.
type Publications interface {
	// ClaimPublications marks up to limit due publications until now+lease, counts
	// the attempt, and returns them: of each channel only the oldest open one. The
	// mark is committed before it returns.
	ClaimPublications(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Publication, error)
	// SettlePublication records what an attempt came to; p is as ClaimPublications
	// returned it. It returns ErrStale when p.Attempt is no longer the current one.
	SettlePublication(ctx context.Context, now time.Time, p Publication, s PublishSettlement) error
	// NextPublication returns when the next publication becomes due, or false when
	// none waits.
	NextPublication(ctx context.Context) (time.Time, bool, error)
}
