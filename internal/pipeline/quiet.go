package pipeline

import (
	"slices"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// unheard are channels that would be told of a story if their guild had not muted
// it.
type unheard struct {
	channel string
	verdict alert.Verdict
}

// unmuted divides the subscriptions for a report of a story into those that are
// heard and the channels of those that are muted.
func (p *Placer) unmuted(id story.ID, all []subscription.Subscription) (heard []subscription.Subscription, muted []unheard) {
	for _, s := range all {
		switch p.rules.Muted(s.Guild, id, s.Topic) {
		case quiet.MutedStory:
			muted = append(muted, unheard{s.Channel, alert.MutedStory})
		case quiet.MutedTopic:
			muted = append(muted, unheard{s.Channel, alert.MutedTopic})
		default:
			heard = append(heard, s)
		}
	}
	return heard, muted
}

// mute notes channels that get no alert because of what is muted, where nothing
// else was decided for them.
func (p *Placed) mute(targets []alert.Target, muted []unheard) {
	decided := make(map[string]bool, len(targets))
	for _, t := range targets {
		if t.Channel == "" { // for all of them
			return
		}
		decided[t.Channel] = true
	}
	for _, m := range muted {
		if !decided[m.channel] {
			decided[m.channel] = true
			p.note(m.verdict, m.channel)
		}
	}
}

func topicsOf(subs []subscription.Subscription) []topic.ID {
	out := make([]topic.ID, 0, len(subs))
	for _, s := range subs {
		out = append(out, s.Topic)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
