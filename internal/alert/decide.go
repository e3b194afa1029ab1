package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
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
	// Answered: the channel has an alert for the story that this one answers, and
	// that alert tells the answer.
	Answered Verdict = "told-as-answer"
	// OtherStage: the channel wants stages that the story is not at.
	OtherStage Verdict = "stage-not-wanted"
	// OtherStanding: the channel wants standings that the story does not have.
	OtherStanding Verdict = "standing-not-wanted"
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
	// Opened is when the story began, Stages is where its topics stand, Standing
	// what its claims add up to, and Voices how many independent ones tell it.
	Opened   time.Time
	Stages   []story.TopicStage
	Standing story.Standing
	Voices   int
	// Wanting are the subscriptions for the report's topics.
	Wanting []subscription.Subscription
	// Told are the channels that have an alert for the story.
	Told []string
	// Claim are the channels that have one for the story that this one answers.
	Claim []string
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
	told := make(map[string]Verdict, len(c.Told)+len(c.Claim))
	for _, channel := range c.Claim {
		told[channel] = Answered
	}
	for _, channel := range c.Told {
		told[channel] = Told
	}
	for _, s := range c.Wanting {
		if !slices.Contains(raising, s.Topic) {
			continue
		}
		verdict := cmp.Or(told[s.Channel], c.wish(s))
		i, ok := at[s.Channel]
		switch {
		case !ok:
			i = len(out)
			at[s.Channel] = i
			out = append(out, Target{Guild: s.Guild, Channel: s.Channel, Verdict: verdict})
		case verdict == Alerts && out[i].Verdict != Alerts: // one wish for it is enough
			out[i] = Target{Guild: s.Guild, Channel: s.Channel, Verdict: Alerts}
		case verdict != out[i].Verdict:
			continue
		}
		out[i].Topics = append(out[i].Topics, s.Topic)
		if s.Role != "" && s.Mention.Met(c.Voices, c.Standing) && !slices.Contains(out[i].Roles, s.Role) {
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

// wish says whether a channel that has no alert wants one by this subscription.
func (c Case) wish(s subscription.Subscription) Verdict {
	if len(s.Stages) > 0 && !slices.Contains(s.Stages, c.stage(s.Topic)) {
		return OtherStage
	}
	if len(s.Standings) > 0 && !slices.Contains(s.Standings, c.Standing) {
		return OtherStanding
	}
	return Alerts
}

// stage is where a topic stands: as the report tells it, or else as the story
// does.
func (c Case) stage(id topic.ID) topic.Stage {
	for _, m := range c.Matches {
		if m.Topic == id && m.Alerts() && m.Stage != "" {
			return m.Stage
		}
	}
	for _, t := range c.Stages {
		if t.Topic == id {
			return t.Stage
		}
	}
	return ""
}
