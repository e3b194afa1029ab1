package alert

import (
	"time"

	"github.com/attache-bot/attache/internal/story"
)

// Digest is a scheduled summary, which belongs to no alert.
const Digest Kind = "digest"

// WakeUp is the summary of what was held while its channel was paused or had
// quiet hours. It belongs to many alerts.
const WakeUp Kind = "wake-up"

// MaxItems is how many stories a digest tells.
const MaxItems = 10

// Item is a story as a digest tells it, by the report that opened it.
type Item struct {
	Headline string         `json:"headline"`
	Link     string         `json:"link,omitempty"`
	Outlet   Outlet         `json:"outlet"`
	Time     time.Time      `json:"time"`
	Topics   []Topic        `json:"topics,omitempty"`
	Standing story.Standing `json:"standing,omitempty"`
	// Others counts the outlets that tell it too.
	Others int `json:"others,omitempty"`
}
