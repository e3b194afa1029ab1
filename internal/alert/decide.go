package alert

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Verdict names why a channel does or does not get an alert for a report.
type Verdict string

// The verdicts.
const (
	// Alerts: the channel wants a topic of the report and has no alert for the
	// story yet.
	Alerts Verdict = "first-of-story"
	// Told: the channel has an alert for the story.
	Told Verdict = "already-told"
	// Unwanted: no topic of the report may raise an alert.
	Unwanted Verdict = "no-topic"
	// Hushed: the report came with a feed's first import, a flood, or late.
	Hushed Verdict = "hushed"
	// Old: the story began too long ago to be news.
	Old Verdict = "story-too-old"
)

// Case is what [Decide] looks at.
type Case struct {
	Report  report.Report
	Matches []topic.Match
	// Opened is when the story began.
	Opened time.Time
	// Wanting are the subscriptions for the report's topics.
	Wanting []subscription.Subscription
	// Told are the channels that have an alert for the story.
	Told []string
	// MaxAge is the age of a story beyond which nobody is alerted.
	MaxAge time.Duration
}

// Target is a channel and why it gets the alert or not.
type Target struct {
	Guild, Channel string
	Verdict        Verdict
	// Topics are the channel's topics that the report bears, in the order of the
	// matches; Roles those subscriptions' roles without repeats.
	Topics []topic.ID
	Roles  []string
}

// Decide says for every channel that wants one of the report's topics whether
// it gets an alert. A verdict about the report itself comes as a single target
// without a channel. Targets are in the order of Wanting.
func Decide(now time.Time, c Case) []Target {
	var raising []topic.ID
	for _, m := range c.Matches {
		if m.Alerts() {
			raising = append(raising, m.Topic)
		}
	}
	switch {
	case len(raising) == 0:
		return []Target{{Verdict: Unwanted}}
	case c.Report.Hush != "":
		return []Target{{Verdict: Hushed}}
	case now.Sub(c.Opened) > c.MaxAge:
		return []Target{{Verdict: Old}}
	}
	return targets(raising, c)
}

func targets(raising []topic.ID, c Case) []Target {
	var out []Target
	at := make(map[string]int)
	told := make(map[string]bool, len(c.Told))
	for _, channel := range c.Told {
		told[channel] = true
	}
	for _, s := range c.Wanting {
		if !slices.Contains(raising, s.Topic) {
			continue
		}
		i, ok := at[s.Channel]
		if !ok {
			i = len(out)
			at[s.Channel] = i
			t := Target{Guild: s.Guild, Channel: s.Channel, Verdict: Alerts}
			if told[s.Channel] {
				t.Verdict = Told
			}
			out = append(out, t)
		}
		out[i].Topics = append(out[i].Topics, s.Topic)
		if s.Role != "" && !slices.Contains(out[i].Roles, s.Role) {
			out[i].Roles = append(out[i].Roles, s.Role)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Topics, func(a, b topic.ID) int {
			return slices.Index(raising, a) - slices.Index(raising, b)
		})
	}
	return out
}
