package subscription

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// Updates says how a channel is told that a story goes on: that its standing or
// stage has changed. Whatever it says, the alert itself is edited.
type Updates string

// The ways. The empty one is [Reply].
const (
	// Edit edits the alert and says nothing more.
	Edit Updates = "edit"
	// Reply replies to the alert too.
	Reply Updates = "reply"
	// Thread tells it in a thread of the alert, so that the channel has one message
	// a story.
	Thread Updates = "thread"
)

// Threshold says from when on a story is worth a mention of the role.
type Threshold string

// The thresholds. The empty one is [AnyReport].
const (
	// AnyReport mentions with the first report.
	AnyReport Threshold = "any"
	// TwoVoices mentions when two independent outlets tell the story.
	TwoVoices Threshold = "two-voices"
	// WhenConfirmed mentions when every party that is bound has confirmed it.
	WhenConfirmed Threshold = "confirmed"
)

// Met reports whether a story that so many independent voices tell, and that
// stands so, is past the threshold.
func (t Threshold) Met(voices int, s story.Standing) bool {
	switch t {
	case TwoVoices:
		return voices >= 2
	case WhenConfirmed:
		return s == story.Confirmed
	case AnyReport:
	}
	return true
}

// Way says how a channel gets the stories that it wants.
type Way string

// The ways. The empty one is [Instant].
const (
	// Instant alerts to a story when it is read.
	Instant Way = "instant"
	// Digest leaves a story to the channel's next digest, whatever that is about.
	Digest Way = "digest"
)

// MaxPerHour is the highest limit of messages in an hour that can be asked for.
const MaxPerHour = 60

// FromSome reports whether only some outlets raise alerts.
func (s Subscription) FromSome() bool {
	return len(s.Tiers) > 0 || len(s.Languages) > 0 || s.Independent
}

// TierWanted reports whether a report of such an outlet may raise an alert.
func (s Subscription) TierWanted(t source.Tier) bool {
	return len(s.Tiers) == 0 || slices.Contains(s.Tiers, t)
}

// LanguageWanted reports whether a report in a language may.
func (s Subscription) LanguageWanted(language string) bool {
	return len(s.Languages) == 0 || slices.Contains(s.Languages, language)
}

// ControlWanted reports whether one may of an outlet that a state controls, or not.
func (s Subscription) ControlWanted(stateControlled bool) bool {
	return !s.Independent || !stateControlled
}

// Wants reports whether a report in a language by an outlet may raise an alert.
func (s Subscription) Wants(o source.Source, language string) bool {
	return s.TierWanted(o.Tier) && s.LanguageWanted(language) && s.ControlWanted(o.StateControlled)
}

// About reports whether a story that names these countries may raise an alert.
func (s Subscription) About(countries []string) bool {
	return len(s.Countries) == 0 || slices.ContainsFunc(countries, func(c string) bool { return slices.Contains(s.Countries, c) })
}

// Pace is what a subscription with a limit has sent in the last hour.
type Pace struct {
	// Sent are the times of its messages, in any order; Waiting counts the stories
	// that are gathered and not told yet.
	Sent    []time.Time
	Waiting int
}

// Room reports whether a subscription may send a message now. Times in the future
// were written by a clock that was wrong, and count for nothing.
func (p Pace) Room(now time.Time, perHour int) bool {
	n := 0
	for _, t := range p.Sent {
		if !t.After(now) && now.Sub(t) < time.Hour {
			n++
		}
	}
	return perHour <= 0 || n < perHour
}
