package subscription

import "github.com/attache-bot/attache/internal/story"

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
