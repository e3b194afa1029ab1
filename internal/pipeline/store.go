package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// Store is what placing reads and writes.
type Store interface {
	// Unplaced returns up to limit reports that have no story yet. Those that
	// everybody sees come first, in sequence; those of each own feed are in sequence
	// too, and of several such feeds the first of each come before the second.
	Unplaced(ctx context.Context, limit int) ([]report.Report, error)
	// OpenStories returns the stories updated at or after since, oldest first,
	// each with its reports in sequence.
	OpenStories(ctx context.Context, since time.Time) ([]story.Told, error)
	// Wanting returns the subscriptions for any of the topics in guilds that
	// the bot is in.
	Wanting(ctx context.Context, topics []topic.ID) ([]subscription.Subscription, error)
	// Quiet returns what guilds have muted of the topics or of any story, and which
	// of the channels that want the topics are paused or have quiet hours.
	Quiet(ctx context.Context, now time.Time, topics []topic.ID) (quiet.Rules, error)
	// ChangedTopics returns what became of guilds' own topics after a revision, in
	// order, with the revision to ask from next time. After 0 come all of them.
	ChangedTopics(ctx context.Context, after int64) ([]guild.TopicChange, int64, error)
	// Latest returns the newest reports that are placed and that a guild sees, or
	// everybody for "", newest first, with the topic and stage of their matches.
	Latest(ctx context.Context, guild string, limit int) ([]query.Read, error)
	// FeedGuilds returns the guilds that have added each of some own feeds.
	FeedGuilds(ctx context.Context, feeds []int64) (map[int64][]string, error)
	// Telling returns the reports of a story in their sequence, without their keys:
	// all, or of more than limit the first and the newest ones.
	Telling(ctx context.Context, id story.ID, limit int) ([]report.Report, error)
	// Alerted returns the channels that have an alert for the story, and those that
	// it is gathered for.
	Alerted(ctx context.Context, id story.ID) ([]alert.Recipient, error)
	// Paces returns what subscriptions have sent since a time, and what waits for
	// it; those without are left out.
	Paces(ctx context.Context, ids []subscription.ID, since time.Time) (map[subscription.ID]subscription.Pace, error)
	// SavePlacements commits in one transaction: each report's matches, own topics
	// and story, the stories as they are now, the alerts, one pending delivery for
	// each alert and each update that is new and not held, which wait for a summary
	// instead, what the alerts of stories tell now, with the wish to edit those that
	// tell something else, what is gathered and what subscriptions with a limit have
	// sent, and why other channels were left alone. An alert for a channel and story
	// that already have one is dropped. The same placements saved twice change
	// nothing.
	SavePlacements(ctx context.Context, now time.Time, placed []Placed) error
	// Bodies returns up to limit articles of placed reports that were read and not
	// used, in sequence.
	Bodies(ctx context.Context, limit int) ([]Body, error)
	// SaveHeard commits in one transaction what articles have added to stories, and
	// that they were used. The same saved twice changes nothing.
	SaveHeard(ctx context.Context, heard []Heard) error
	// StoryChanges returns the changes of stories that are to be made, in the order in
	// which they were asked for; of very many the first.
	StoryChanges(ctx context.Context) ([]story.Change, error)
	// Parted reports whether two stories were split.
	Parted(ctx context.Context, a, b story.ID) (bool, error)
	// Whole returns a story with its reports in sequence, or the one of which it is a
	// part by now; of very many reports the first. found is false for none such.
	Whole(ctx context.Context, id story.ID) (t story.Told, found bool, err error)
	// Matches returns the topics that were recognised in a report.
	Matches(ctx context.Context, id report.ID) ([]topic.Match, error)
	// SaveChange commits in one transaction what has become of a change. Of a merge
	// the reports and alerts of the younger story go over to the older one; where a
	// channel has alerts of both, those of the younger one stay there, and one that
	// was not posted yet never is. Of a split, whoever was told of the whole counts
	// as told of both. The same change saved twice changes nothing.
	SaveChange(ctx context.Context, now time.Time, c StoryChange) error
}

// StoryChange is a change of stories and what became of it.
type StoryChange struct {
	story.Change
	Outcome story.ChangeOutcome
	// Stories are as they are afterwards: the older one of a merge, and the two of a
	// split, of which Other is the new one.
	Stories []story.Story
}

// Body is the beginning of the article behind a report that is placed.
type Body struct {
	Report report.Report
	Story  story.ID
	Text   string
}

// Heard is what the article of a report comes to.
type Heard struct {
	Report report.ID
	// Stories are those that have more to tell now; none when theirs has closed.
	Stories []story.Story
	// Tellings are what the alerts of these stories tell now.
	Tellings []alert.Telling
}

// Placed is the outcome of placing one report.
type Placed struct {
	Placement story.Placement
	// Own are the guilds' own topics that the report bears and some channel wants.
	Own []topic.Match
	// Answered is the story that the report's story answers, when it has more to
	// tell now; its id is zero otherwise.
	Answered story.Story
	Alerts   []alert.Alert
	// Updates are replies to alerts that channels have.
	Updates []alert.Update
	// Tellings are what the alerts of these stories tell now.
	Tellings []alert.Telling
	// Gathered is the story for channels that are told of it with others.
	Gathered []alert.Waiting
	// Sent are the subscriptions with a limit that got an alert for the report.
	Sent []subscription.ID
	// Change is a change of stories that the report shows to be due; mostly nil.
	Change *story.Change
	// Article says that the page behind the report is to be read.
	Article bool
	// Quiet are the channels that wanted the report and get no alert for it, in
	// runs of one verdict.
	Quiet []Quiet
}

// bears are all topics of the report.
func (p *Placed) bears() []topic.Match { return slices.Concat(p.Placement.Matches, p.Own) }

// Quiet are channels that wanted a report and got no alert, for one reason.
type Quiet struct {
	Verdict alert.Verdict
	// Channels are those concerned, at most [MaxNamed] of them by name.
	Channels int
	Named    []string
}

// MaxNamed bounds how many channels are recorded by name with one verdict: a
// story that thousands of channels were told gets many more reports.
const MaxNamed = 64
