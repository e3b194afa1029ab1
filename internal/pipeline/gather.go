package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Gathering are the stories that a channel is to be told together, for one of its
// subscriptions.
type Gathering struct {
	Guild, Channel string
	Subscription   subscription.ID
	Way            subscription.Way
	// Topic, PerHour and Silent are the subscription's; Gone says that it has ended.
	Topic   topic.ID
	PerHour int
	Silent  bool
	Gone    bool
	// Digests says that the channel has a digest.
	Digests bool
	// Oldest is when the first of them was decided.
	Oldest time.Time
	Pace   subscription.Pace
}

// Together is a gathering that is told in one message.
type Together struct {
	Gathering Gathering
	Stories   []story.ID
	Content   alert.Content
}

// GatherReason says why a gathering is told now, or waits.
type GatherReason string

// The reasons.
const (
	// GatherRoom: the hour allows a message again.
	GatherRoom GatherReason = "hour-allows"
	// GatherEnded: the subscription is gone, and nothing else will tell it.
	GatherEnded GatherReason = "subscription-ended"
	// GatherNoDigest: the channel has had no digest for a day that would tell it.
	GatherNoDigest GatherReason = "no-digest"
	// GatherFull: the channel had as many messages as it wants.
	GatherFull GatherReason = "hour-full"
	// GatherDigest: the channel's next digest tells it.
	GatherDigest GatherReason = "waits-for-digest"
)

// noDigest is how long stories wait for a digest in a channel that has none.
const noDigest = 24 * time.Hour

// Due reports whether a gathering is told now, and why.
func (g Gathering) Due(now time.Time) (GatherReason, bool) {
	switch {
	case g.Way == subscription.Digest && g.Digests:
		return GatherDigest, false
	case g.Gone:
		return GatherEnded, true
	case g.Way == subscription.Digest:
		return GatherNoDigest, now.Sub(g.Oldest) >= noDigest
	case !g.Pace.Room(now, g.PerHour):
		return GatherFull, false
	}
	return GatherRoom, true
}

// Gather tells what was gathered and is due, one message for a subscription, and
// returns how many messages that were. What has no room in one waits for the
// next. What fails is tried again the next time; the others go on.
func (x *Digests) Gather(ctx context.Context) (made int, err error) {
	now := x.Now()
	all, err := x.Store.Gatherings(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("read what is gathered: %w", err)
	}
	var errs []error
	for _, g := range all {
		why, due := g.Due(now)
		if !due {
			continue
		}
		if waits, err := x.quiet(ctx, now, g); err != nil || waits {
			errs = append(errs, err)
			continue
		}
		saved, err := x.together(ctx, now, g)
		if err != nil {
			errs = append(errs, fmt.Errorf("gathered for channel %s: %w", g.Channel, err))
		}
		if saved {
			made++
		}
		x.Logger.DebugContext(ctx, "gathered stories told", "component", "digests", "channel", g.Channel, "subscription", g.Subscription, "why", why, "saved", saved)
	}
	return made, errors.Join(errs...)
}

// quiet reports whether a gathering waits because its channel is paused or has
// quiet hours.
func (x *Digests) quiet(ctx context.Context, now time.Time, g Gathering) (bool, error) {
	ch, err := x.Store.QuietChannel(ctx, g.Channel)
	if err != nil {
		return true, err
	}
	reason, _ := ch.Hold(now, []topic.ID{g.Topic})
	return reason != quiet.None, nil
}

func (x *Digests) together(ctx context.Context, now time.Time, g Gathering) (bool, error) {
	stories, err := x.Store.Waiting(ctx, g, alert.MaxItems)
	if err != nil || len(stories) == 0 {
		return false, err
	}
	names, err := x.names(ctx, g.Guild)
	if err != nil {
		return false, err
	}
	c := alert.Content{Headline: heading(stories, g, names), Gathered: true, Time: now, Silent: g.Silent}
	if g.Topic != "" {
		c.Topics = []alert.Topic{{ID: g.Topic, Title: names(g.Topic)}}
	}
	for _, s := range stories {
		c.Items = append(c.Items, itemOf(s, x.Sources, names))
	}
	return x.Store.SaveGathered(ctx, now, Together{Gathering: g, Stories: storyIDs(stories), Content: c})
}

// heading is "Ceasefire: 4 stories".
func heading(stories []digest.Story, g Gathering, names func(topic.ID) string) string {
	s := fmt.Sprintf("%d stories", len(stories))
	if len(stories) == 1 {
		s = "1 story"
	}
	if g.Topic == "" {
		return s
	}
	return names(g.Topic) + ": " + s
}
