package quiet

import (
	"errors"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Errors that a store of mutes and quiet hours returns.
var (
	// ErrNotFound means that there is nothing of the kind to end.
	ErrNotFound = errors.New("nothing is muted, paused or quiet there")
	// ErrQuota means that the guild has as many mutes as it may have.
	ErrQuota = errors.New("mute quota reached")
	// ErrHours means that quiet hours never come or cannot be read.
	ErrHours = errors.New("no such quiet hours")
)

// MaxMutes bounds how much a guild mutes at a time; the store refuses more with
// [ErrQuota].
const MaxMutes = 100

// Reason names why something is not told now, in the words of traces.
type Reason string

// The reasons.
const (
	// None: it is told.
	None Reason = ""
	// MutedStory and MutedTopic: the guild has muted it.
	MutedStory Reason = "story-muted"
	MutedTopic Reason = "topic-muted"
	// Paused: the channel is paused, and a summary tells it when that ends.
	Paused Reason = "paused"
	// QuietHours: the channel has quiet hours, and a summary tells it at their end.
	QuietHours Reason = "quiet-hours"
)

// Forever is the end of what lasts until somebody ends it.
var Forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Mute is a story or a topic of which a guild does not want to hear for a time.
type Mute struct {
	// Guild is Discord's snowflake in decimal.
	Guild string
	// Story is zero where a topic is muted, Topic empty where a story is.
	Story story.ID
	Topic topic.ID
	// Until is when it ends; [Forever] when somebody has to end it.
	Until time.Time
	// CreatedBy is the user who asked for it, Created when.
	CreatedBy string
	Created   time.Time
}

// Pause is the wish that a channel gets nothing for a time. The zero one is none.
type Pause struct {
	Since, Until time.Time
	// By is the user who asked for it.
	By string
}

// Holds reports whether it lasts.
func (p Pause) Holds(now time.Time) bool { return !p.Since.IsZero() && now.Before(p.Until) }

// Hours are the hours of some days in which a channel gets nothing but what must
// come through. The zero ones are none.
type Hours struct {
	// From and To are minutes of the day. Hours that end before they begin end the
	// day after.
	From, To int
	// Days are those on which they begin.
	Days digest.Days
	Zone *time.Location
	// Through are the topics that come at once all the same.
	Through []topic.ID
	// By is the user who asked for them, Set when.
	By  string
	Set time.Time
}

// MaxThrough is how many topics come through quiet hours.
const MaxThrough = 25

// IsZero reports whether there are none.
func (h Hours) IsZero() bool { return h.Days == 0 }

// Validate reports whether the hours ever come, and ever end.
func (h Hours) Validate() error {
	const day = 24 * 60
	if h.Days&digest.Daily == 0 || h.From < 0 || h.To < 0 || h.From >= day || h.To >= day || h.From == h.To || h.Zone == nil || len(h.Through) > MaxThrough {
		return ErrHours
	}
	return nil
}

// Window are the quiet hours that begin on a date: from when clocks first show
// their begin to when they first show their end. Where clocks skip one of them,
// it is when they go on. So each date has one, whatever clocks do.
func (h Hours) Window(d digest.Date) (from, to time.Time) {
	end := d
	if h.To <= h.From {
		end = d.Add(1)
	}
	return digest.Instant(h.Zone, d, h.From), digest.Instant(h.Zone, end, h.To)
}

// Hold reports whether an instant is in quiet hours, and when they end: those that
// follow without a gap are one with them.
func (h Hours) Hold(now time.Time) (until time.Time, quiet bool) {
	if h.IsZero() {
		return time.Time{}, false
	}
	today := digest.DateOf(now.In(h.Zone))
	// A window lasts less than two days, whatever clocks do.
	for ahead := -2; ahead <= 7; ahead++ {
		d := today.Add(ahead)
		if !h.Days.Has(d.Weekday()) || !d.In(h.Zone) {
			continue
		}
		from, to := h.Window(d)
		at := now
		if quiet {
			at = until
		}
		if from.After(at) {
			break
		}
		if at.Before(to) {
			until, quiet = to, true
		}
	}
	return until, quiet
}

// Channel is what a channel has asked for.
type Channel struct {
	// Guild and ID are Discord's snowflakes in decimal.
	Guild, ID string
	Pause     Pause
	Hours     Hours
}

// Hold says whether the channel gets a message about some topics now; if not, why
// and until when nothing changes about that. A pause lets nothing through.
func (c Channel) Hold(now time.Time, topics []topic.ID) (Reason, time.Time) {
	if c.Pause.Holds(now) {
		return Paused, c.Pause.Until
	}
	if slices.ContainsFunc(topics, func(t topic.ID) bool { return slices.Contains(c.Hours.Through, t) }) {
		return None, time.Time{}
	}
	if until, quiet := c.Hours.Hold(now); quiet {
		return QuietHours, until
	}
	return None, time.Time{}
}

// Held says why an alert waits for a summary, and when that is due. The zero one
// does not wait.
type Held struct {
	Reason Reason
	Until  time.Time
}

// Rules are the wishes that a decision looks at.
type Rules struct {
	now      time.Time
	channels map[string]Channel
	stories  map[muted[story.ID]]bool
	topics   map[muted[topic.ID]]bool
}

// muted is what one guild has muted.
type muted[ID comparable] struct {
	guild string
	id    ID
}

// NewRules returns the rules that hold at an instant.
func NewRules(now time.Time, channels []Channel, mutes []Mute) Rules {
	r := Rules{now, make(map[string]Channel, len(channels)), map[muted[story.ID]]bool{}, map[muted[topic.ID]]bool{}}
	for _, c := range channels {
		r.channels[c.ID] = c
	}
	for _, m := range mutes {
		switch {
		case !now.Before(m.Until):
		case m.Story != 0:
			r.stories[muted[story.ID]{m.Guild, m.Story}] = true
		default:
			r.topics[muted[topic.ID]{m.Guild, m.Topic}] = true
		}
	}
	return r
}

// Muted says whether a guild does not want to hear of a story for a topic.
func (r Rules) Muted(guild string, s story.ID, t topic.ID) Reason {
	switch {
	case r.stories[muted[story.ID]{guild, s}]:
		return MutedStory
	case r.topics[muted[topic.ID]{guild, t}]:
		return MutedTopic
	}
	return None
}

// Hold says whether a channel's message about some topics waits.
func (r Rules) Hold(channel string, topics []topic.ID) Held {
	c, ok := r.channels[channel]
	if !ok {
		return Held{}
	}
	reason, until := c.Hold(r.now, topics)
	return Held{Reason: reason, Until: until}
}
