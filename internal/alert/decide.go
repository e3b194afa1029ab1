package alert

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
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
	// Told: the channel has an alert for the story, or, where a guild's own feed
	// tells it apart, for the one that others tell of the same.
	Told Verdict = "already-told"
	// Answered: the channel has an alert for the story that this one answers, and
	// that alert tells the answer.
	Answered Verdict = "told-as-answer"
	// OtherStage: the channel wants stages that the story is not at.
	OtherStage Verdict = "stage-not-wanted"
	// OtherStanding: the channel wants standings that the story does not have.
	OtherStanding Verdict = "standing-not-wanted"
	// OtherCountry: the channel wants countries that neither the report nor the
	// story's title names.
	OtherCountry Verdict = "country-not-wanted"
	// OtherLanguage: the channel wants reports in other languages.
	OtherLanguage Verdict = "language-not-wanted"
	// OtherTier: the channel wants outlets of other kinds.
	OtherTier Verdict = "tier-not-wanted"
	// StateControlled: the channel wants no outlet that a state controls.
	StateControlled Verdict = "state-controlled"
	// Gathered: the channel had as many messages in the last hour as it wants; one
	// message will tell the story with others.
	Gathered Verdict = "gathered"
	// InDigest: the channel's next digest will tell the story.
	InDigest Verdict = "left-to-digest"
	// MutedStory and MutedTopic: the guild has muted the story, or all topics for
	// which the channel wants it.
	MutedStory Verdict = "story-muted"
	MutedTopic Verdict = "topic-muted"
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
	// Outlet is the report's, and Tellers are all that told the story so far.
	Outlet  source.Source
	Tellers []Teller
	// Countries are those that the report or the story's title names; needed where
	// a subscription asks for some.
	Countries []string
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
	// Full are the subscriptions that have sent what they may send in an hour, or
	// have stories waiting for that.
	Full map[subscription.ID]bool
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
	// By are the subscriptions with that verdict, as places in Wanting. Silent says
	// that all of them are.
	By     []int
	Silent bool
}

// Teller is one report of a story.
type Teller struct {
	Outlet source.Source
	At     time.Time
}

// Decide says for every channel that wants one of the report's topics whether
// it gets an alert. A verdict about the report itself comes as a single target
// without a channel. Targets are in the order of Wanting.
//
// For who wants some outlets only, a story begins when the first of them tells
// it: what a state's agency told yesterday is news there when a wire tells it.
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
	case now.Sub(c.Opened) > c.MaxAge && !slices.ContainsFunc(c.Wanting, subscription.Subscription.FromSome):
		return []Target{{Verdict: Old}}
	}
	c.Tellers = earliest(c.Tellers)
	return targets(now, raising, c)
}

// earliest keeps the first of those tellers that are the same to every wish: a story
// has hundreds, and every subscription that wants some outlets looks at each.
func earliest(tellers []Teller) []Teller {
	type kind struct {
		tier            source.Tier
		language        string
		stateControlled bool
	}
	var out []Teller
	at := make(map[kind]int)
	for _, t := range tellers {
		k := kind{t.Outlet.Tier, t.Outlet.Language, t.Outlet.StateControlled}
		i, ok := at[k]
		switch {
		case !ok:
			at[k] = len(out)
			out = append(out, t)
		case t.At.Before(out[i].At):
			out[i] = t
		}
	}
	return out
}

func targets(now time.Time, raising []topic.ID, c Case) []Target {
	var out []Target
	at := make(map[string]int)
	told := make(map[string]Verdict, len(c.Told)+len(c.Claim))
	for _, channel := range c.Claim {
		told[channel] = Answered
	}
	for _, channel := range c.Told {
		told[channel] = Told
	}
	for n, s := range c.Wanting {
		if !slices.Contains(raising, s.Topic) {
			continue
		}
		verdict := told[s.Channel]
		if verdict == "" {
			verdict = c.wish(now, s)
		}
		i, ok := at[s.Channel]
		switch {
		case !ok:
			i = len(out)
			at[s.Channel] = i
			out = append(out, Target{Guild: s.Guild, Channel: s.Channel, Verdict: verdict})
		case weight(verdict) > weight(out[i].Verdict): // one wish for it is enough
			out[i] = Target{Guild: s.Guild, Channel: s.Channel, Verdict: verdict}
		case verdict != out[i].Verdict:
			continue
		}
		out[i].Topics = append(out[i].Topics, s.Topic)
		out[i].Silent = s.Silent && (out[i].Silent || len(out[i].By) == 0)
		out[i].By = append(out[i].By, n)
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

// weight orders verdicts: what tells a channel more counts.
func weight(v Verdict) int {
	switch v {
	case Alerts:
		return 3
	case Gathered:
		return 2
	case InDigest:
		return 1
	}
	return 0
}

// wish says whether a channel that has no alert wants one by this subscription.
func (c Case) wish(now time.Time, s subscription.Subscription) Verdict {
	switch {
	case !s.TierWanted(c.Outlet.Tier):
		return OtherTier
	case !s.ControlWanted(c.Outlet.StateControlled):
		return StateControlled
	case !s.LanguageWanted(c.Report.Language):
		return OtherLanguage
	case !s.About(c.Countries):
		return OtherCountry
	}
	if len(s.Stages) > 0 && !slices.Contains(s.Stages, c.stage(s.Topic)) {
		return OtherStage
	}
	if len(s.Standings) > 0 && !slices.Contains(s.Standings, c.Standing) {
		return OtherStanding
	}
	switch {
	case now.Sub(c.began(s)) > c.MaxAge:
		return Old
	case s.Way == subscription.Digest:
		return InDigest
	case c.Full[s.ID]:
		return Gathered
	}
	return Alerts
}

// began is when the story began for who wants it so. The report is of an outlet
// that is wanted.
func (c Case) began(s subscription.Subscription) time.Time {
	if !s.FromSome() {
		return c.Opened
	}
	first := c.Report.Time()
	for _, t := range c.Tellers {
		if s.Wants(t.Outlet, t.Outlet.Language) && t.At.Before(first) {
			first = t.At
		}
	}
	return first
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
