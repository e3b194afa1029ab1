package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// DigestStore is what making digests reads and writes.
type DigestStore interface {
	// DigestsDue returns digests whose time may have come, in guilds that the bot
	// is in.
	DigestsDue(ctx context.Context, now time.Time, limit int) ([]digest.Digest, error)
	// DigestStories returns the newest stories since a time that a guild sees and
	// that bear a topic, or any for "".
	DigestStories(ctx context.Context, guild string, id topic.ID, since time.Time, limit int) ([]digest.Story, error)
	// SaveDigest records in one transaction that a digest was made for its Done, and
	// a pending delivery where it has something to tell. It returns false, and
	// saves nothing, when that moment is done already.
	SaveDigest(ctx context.Context, now time.Time, m Made) (bool, error)
	// Gatherings returns what waits to be told together, in guilds that the bot is
	// in, with what was sent in the last hour.
	Gatherings(ctx context.Context, now time.Time) ([]Gathering, error)
	// Waiting returns the stories of a gathering that wait longest, at most so
	// many, each by the report for which it was decided.
	Waiting(ctx context.Context, g Gathering, limit int) ([]digest.Story, error)
	// SaveGathered records in one transaction that stories of a gathering were told,
	// and a pending delivery that tells them. It returns false, and saves nothing,
	// when one of them was told already.
	SaveGathered(ctx context.Context, now time.Time, t Together) (bool, error)
	// QuietChannel returns what a channel has asked for, nothing where it has not.
	QuietChannel(ctx context.Context, channel string) (quiet.Channel, error)
	// OwnTopics returns the topics that a guild has made.
	OwnTopics(ctx context.Context, guild string) ([]guild.Topic, error)
}

// Made is a digest as it stands when it is made: Done and Until are those of now.
type Made struct {
	Digest  digest.Digest
	Content alert.Content
	// Told are the stories among those that waited for the channel's next digest.
	Told []story.ID
}

const (
	// digestBatch is how many digests are made in a row.
	digestBatch = 100
	// digestLooks is among how many of the newest stories a digest chooses.
	digestLooks = 200
)

// Digests makes the digests that are due. One goroutine at a time may use it.
type Digests struct {
	Store   DigestStore
	Topics  Topics
	Sources *source.Catalogue
	Now     func() time.Time
	Logger  *slog.Logger
}

// Make makes what is due and returns how many digests that were. What fails is
// tried again the next time; the others go on.
func (x *Digests) Make(ctx context.Context) (made int, err error) {
	now := x.Now()
	due, err := x.Store.DigestsDue(ctx, now, digestBatch)
	if err != nil {
		return 0, fmt.Errorf("read due digests: %w", err)
	}
	var errs []error
	for _, d := range due {
		saved, err := x.make(ctx, now, d)
		if err != nil {
			errs = append(errs, fmt.Errorf("digest %d: %w", d.ID, err))
		}
		if saved {
			made++
		}
	}
	return made, errors.Join(errs...)
}

func (x *Digests) make(ctx context.Context, now time.Time, d digest.Digest) (bool, error) {
	moment, at, ok := d.Due(now, d.Done)
	if !ok { // the clock was set back
		return false, nil
	}
	ch, err := x.Store.QuietChannel(ctx, d.Channel)
	if err != nil {
		return false, err
	}
	if ch.Pause.Holds(now) { // the next one tells of this time too
		d.Done = moment
		return x.Store.SaveDigest(ctx, now, Made{Digest: d})
	}
	stories, err := x.Store.DigestStories(ctx, d.Guild, d.Topic, d.Since(now), digestLooks)
	if err != nil {
		return false, err
	}
	waiting, err := x.Store.Waiting(ctx, Gathering{Channel: d.Channel, Way: subscription.Digest}, digestLooks)
	if err != nil {
		return false, err
	}
	names, err := x.names(ctx, d.Guild)
	if err != nil {
		return false, err
	}
	c := alert.Content{Headline: "Digest: " + names(d.Topic), Topics: []alert.Topic{{ID: d.Topic, Title: names(d.Topic)}}, Time: now}
	told, more := digest.Choose(waiting, alert.MaxItems)
	ids := storyIDs(waiting)
	others, left := digest.Choose(slices.DeleteFunc(stories, func(s digest.Story) bool { return slices.Contains(ids, s.Story) }), alert.MaxItems-len(told))
	told, more = append(told, others...), more+left
	for _, s := range told {
		c.Items = append(c.Items, itemOf(s, x.Sources, names))
	}
	c.More = more
	d.Done, d.Until = moment, now
	saved, err := x.Store.SaveDigest(ctx, now, Made{Digest: d, Content: c, Told: ids})
	x.Logger.DebugContext(ctx, "digest made", "component", "digests", "digest", d.ID, "channel", d.Channel, "for", moment, "due", at, "stories", len(told), "more", more, "saved", saved)
	return saved, err
}

func storyIDs(stories []digest.Story) []story.ID {
	out := make([]story.ID, len(stories))
	for i, s := range stories {
		out[i] = s.Story
	}
	return out
}

// names returns what the topics are called in a guild.
func (x *Digests) names(ctx context.Context, guildID string) (func(topic.ID) string, error) {
	own := map[topic.ID]string{}
	topics, err := x.Store.OwnTopics(ctx, guildID)
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		own[t.ID] = t.Name
	}
	return func(id topic.ID) string {
		if id == "" {
			return "all topics"
		}
		return cmp.Or(own[id], titleOf(x.Topics, id))
	}, nil
}

// titleOf is what a built-in topic is called.
func titleOf(topics Topics, id topic.ID) string {
	def, _ := topics.Lookup(id)
	return cmp.Or(def.Title["en"], string(id))
}

// outletOf is what readers are told of an outlet.
func outletOf(sources *source.Catalogue, id source.ID) alert.Outlet {
	s, ok := sources.Get(id)
	if !ok {
		return alert.Outlet{Name: string(id)}
	}
	return alert.OutletOf(s)
}

// itemOf is a story as a summary tells it.
func itemOf(s digest.Story, sources *source.Catalogue, names func(topic.ID) string) alert.Item {
	it := alert.Item{
		Headline: s.Report.Title, Link: s.Report.Link, Outlet: outletOf(sources, s.Report.Source), Time: s.Report.Time(),
		Standing: s.Standing, Others: max(0, s.Sources-1),
	}
	for _, t := range s.Topics {
		it.Topics = append(it.Topics, alert.Topic{ID: t.Topic, Title: names(t.Topic), Stage: t.Stage})
	}
	return it
}
