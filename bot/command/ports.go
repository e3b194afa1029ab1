package command

import (
	"context"
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

// Store is what the commands read and write. Whatever concerns a guild is asked
// for with that guild's id and must answer for no other.
type Store interface {
	Settings
	Lookups
	Traces
	Care
}

// Care is what is kept of people and who changed what.
type Care interface {
	// Changes returns what members of a guild changed, the newest first.
	Changes(ctx context.Context, q guild.ChangeQuery) ([]guild.Change, error)
	// Kept counts what is kept about a person, in all guilds, and about a guild.
	Kept(ctx context.Context, guild, user string) (guild.Kept, error)
	// ForgetPerson erases a person in all guilds.
	ForgetPerson(ctx context.Context, user string) error
	// EraseGuild deletes all that is kept of a guild that has the bot. When it fails
	// half-way it can be asked again.
	EraseGuild(ctx context.Context, id string, now time.Time) error
	// GuildName returns the name of a guild, "" where it is not known.
	GuildName(ctx context.Context, id string) (string, error)
}

// Traces tell how the bot came to what it decided.
type Traces interface {
	// GuildTrace returns what is recorded of a report as a guild may see it, with
	// nothing of other guilds, or [ErrNotFound].
	GuildTrace(ctx context.Context, guild string, id report.ID) (trace.Record, error)
	// FindByLink returns the reports behind a link that a guild sees, oldest first.
	// deleted says that there was one once that is no longer kept.
	FindByLink(ctx context.Context, guild, link string) (found []report.ID, deleted bool, err error)
	// AlertedBy returns the report that raised the alert which a message in a guild
	// tells, or [ErrNotFound].
	AlertedBy(ctx context.Context, guild, message string) (report.ID, error)
}

// Settings is what a guild has asked for.
type Settings interface {
	// Subscribe adds a subscription and returns it with its id. It returns
	// [subscription.ErrExists] when the channel has the topic already,
	// [subscription.ErrQuota] when the guild has too many,
	// [*guild.TooSoonError] when it has subscribed too often within the hour, and
	// [ErrForeignChannel] when the channel is known in another guild.
	Subscribe(ctx context.Context, s subscription.Subscription) (subscription.Subscription, error)
	// Unsubscribe removes a channel's subscription to a topic. It returns
	// [subscription.ErrNotFound] when the guild has none such.
	Unsubscribe(ctx context.Context, guild, channel string, id topic.ID) error
	// ChangeSubscription gives one of the guild other wishes or another channel. Its
	// errors are those of Subscribe and [subscription.ErrNotFound].
	ChangeSubscription(ctx context.Context, s subscription.Subscription) error
	// Subscriptions returns a guild's subscriptions.
	Subscriptions(ctx context.Context, guild string) ([]subscription.Subscription, error)
	OwnTopics
	Digests
	Quiets
	Feedback
	// Settings returns what the guild has set for itself.
	Settings(ctx context.Context, guild string) (guild.Settings, error)
	// SaveSettings replaces that. It returns [guild.ErrSettings] when it cannot be
	// set.
	SaveSettings(ctx context.Context, guild string, set guild.Settings, now time.Time) error
	Drafts
	GuildFeeds
	// Blocked returns the guild's channels to which nothing can be delivered.
	Blocked(ctx context.Context, guild string) ([]guild.Channel, error)
	// UnblockChannel lets deliveries to a channel of the guild go on.
	UnblockChannel(ctx context.Context, guild, channel string) error
	// NoteChannel notes of which kind a channel of the guild is. It returns
	// [ErrForeignChannel] when the channel is known in another guild.
	NoteChannel(ctx context.Context, c guild.Channel) error
	// Unpublished counts the guild's alerts since a time that were to be published
	// and stay in their channels.
	Unpublished(ctx context.Context, guild string, since time.Time) (int, error)
}

// GuildFeeds are the feeds that a guild has added for itself.
type GuildFeeds interface {
	// GuildFeeds returns them, by title.
	GuildFeeds(ctx context.Context, guild string) ([]guild.Feed, error)
	// AddFeed adds one. Its errors are those that package guild names.
	AddFeed(ctx context.Context, f guild.NewFeed) (guild.Feed, error)
	// RemoveFeed takes one away, or returns [guild.ErrFeedNotFound].
	RemoveFeed(ctx context.Context, guild string, id feed.ID) error
	// Admit counts so many additions of a kind, or returns a [*guild.TooSoonError].
	Admit(ctx context.Context, guild string, kind guild.Addition, n int, now time.Time) error
}

// Drafts are what members are about to set.
type Drafts interface {
	// SaveDraft keeps one in place of the member's last one of its kind.
	SaveDraft(ctx context.Context, d guild.Draft) error
	// Draft returns the body of a member's, and false when there is none that is
	// young enough at now.
	Draft(ctx context.Context, guild, user, kind string, now time.Time) (body string, ok bool, err error)
	// DropDraft forgets one.
	DropDraft(ctx context.Context, guild, user, kind string) error
}

// OwnTopics are the topics that a guild has made.
type OwnTopics interface {
	// OwnTopics returns them by name.
	OwnTopics(ctx context.Context, guild string) ([]guild.Topic, error)
	// CreateTopic adds one and returns it with its id. It returns
	// [guild.ErrTopicExists] when the guild has one of that name,
	// [guild.ErrTopicQuota] when it has too many, and [*guild.TooSoonError] when it has
	// made too many within the hour.
	CreateTopic(ctx context.Context, t guild.Topic) (guild.Topic, error)
	// ChangeTopic gives one another name and query. Its errors are those of
	// CreateTopic and [guild.ErrTopicNotFound].
	ChangeTopic(ctx context.Context, t guild.Topic) error
	// DeleteTopic deletes one with its subscriptions and returns their channels,
	// or [guild.ErrTopicNotFound].
	DeleteTopic(ctx context.Context, guild string, id topic.ID, now time.Time) ([]string, error)
}

// Digests are the regular summaries that a guild's channels get.
type Digests interface {
	// Digests returns them, the oldest first.
	Digests(ctx context.Context, guild string) ([]digest.Digest, error)
	// AddDigest adds one and returns it with its id. It returns
	// [digest.ErrExists] when the channel has that one already, [digest.ErrQuota]
	// when the guild has too many, [*guild.TooSoonError] when it has added too many
	// within the hour, and [ErrForeignChannel] when the channel is known in another
	// guild.
	AddDigest(ctx context.Context, d digest.Digest) (digest.Digest, error)
	// RemoveDigest ends one, or returns [digest.ErrNotFound].
	RemoveDigest(ctx context.Context, guild string, id digest.ID) error
}

// Quiets are what a guild has muted, which channels are paused, and their quiet
// hours.
type Quiets interface {
	// Mute has the guild hear no more of a story or a topic; what is muted already
	// is until the new time. It returns [quiet.ErrQuota] when too much is muted.
	Mute(ctx context.Context, m quiet.Mute) error
	// Unmute ends that, or returns [quiet.ErrNotFound].
	Unmute(ctx context.Context, now time.Time, m quiet.Mute) error
	// Mutes returns what a guild has muted, the latest first.
	Mutes(ctx context.Context, now time.Time, guild string) ([]quiet.Mute, error)
	// Pause has a channel get nothing until a time. It returns [ErrForeignChannel]
	// when the channel is known in another guild.
	Pause(ctx context.Context, guild, channel string, p quiet.Pause) error
	// Resume ends a pause, or returns [quiet.ErrNotFound], and says how many stories
	// a summary will tell.
	Resume(ctx context.Context, now time.Time, guild, channel string) (held int, err error)
	// SetHours gives a channel quiet hours. It returns [ErrForeignChannel] as Pause
	// does.
	SetHours(ctx context.Context, guild, channel string, h quiet.Hours) error
	// ClearHours ends them as Resume ends a pause.
	ClearHours(ctx context.Context, now time.Time, guild, channel string) (held int, err error)
	// QuietChannels returns the guild's channels that have a pause, which may be
	// over, or quiet hours.
	QuietChannels(ctx context.Context, guild string) ([]quiet.Channel, error)
}

// Feedback is what members say of alerts.
type Feedback interface {
	// NotRelevant notes a complaint. It returns false when that person complained of
	// the story before, and [feedback.ErrNoAlert] when the guild has no alert for it.
	NotRelevant(ctx context.Context, c feedback.Complaint) (fresh bool, err error)
	// Feedback returns the subscriptions of a guild with complaints that no
	// moderator is done with, and the reports that raised their alerts.
	Feedback(ctx context.Context, guild string, since time.Time) ([]feedback.Subject, map[story.ID]report.Report, error)
	// DismissFeedback notes that a moderator is done with those about one.
	DismissFeedback(ctx context.Context, guild, channel string, id topic.ID) error
}

// Lookups is what has been read, and how the reading goes.
type Lookups interface {
	// Recent returns the newest stories that bear a topic, newest first, each
	// with the report that opened it.
	Recent(ctx context.Context, q RecentQuery) ([]story.Listing, error)
	// Search returns the reports that hold all words of a query, in its order,
	// and [ErrNoWords] when the query has none that can be searched.
	Search(ctx context.Context, q SearchQuery) ([]story.Listing, error)
	// Story returns a story that a guild sees with its topics, turns and oldest
	// reports, or [ErrNotFound].
	Story(ctx context.Context, guild string, id story.ID) (story.Told, error)
	// Links returns the addresses of reports, of those that have one.
	Links(ctx context.Context, ids []report.ID) (map[report.ID]string, error)
	// Followers returns the stories that carry on with one, oldest first.
	Followers(ctx context.Context, of story.Story) ([]story.Story, error)
	// StoriesByLink returns the stories that a guild sees and that tell what is
	// behind a link. deleted says that there was a report of it once that is no
	// longer kept.
	StoriesByLink(ctx context.Context, guild, link string) (found []story.ID, deleted bool, err error)
	// Latest returns the newest reports that are placed and that a guild sees, newest
	// first, with topic and stage of their matches.
	Latest(ctx context.Context, guild string, limit int) ([]query.Read, error)
	// Trend counts the stories that opened in each of several spans of time,
	// oldest first.
	Trend(ctx context.Context, q TrendQuery) ([]int, error)
	// FeedStatus returns the feeds that are polled for everybody, and those of the
	// guild's own.
	FeedStatus(ctx context.Context, guild string) ([]feed.Feed, error)
	// Counts returns what happened since a time.
	Counts(ctx context.Context, guild string, since time.Time) (Counts, error)
}

// Errors of a [Store] that its nouns do not name.
var (
	// ErrForeignChannel means that a channel belongs to another guild.
	ErrForeignChannel = errors.New("channel belongs to another guild")
	// ErrNoWords means that a search names nothing to look for.
	ErrNoWords = errors.New("search has no words")
	// ErrNotFound means that what was asked for is not, or no longer, kept.
	ErrNotFound = errors.New("not found")
)

// RecentQuery asks for stories. What is zero does not limit.
type RecentQuery struct {
	// Guild is who asks: it also sees what its own feeds tell.
	Guild string
	// Topic is one that they bear; empty means any.
	Topic topic.ID
	// Since is when they opened at the earliest.
	Since time.Time
	// Source is an outlet that tells them.
	Source source.ID
	// Standing is what their parties' words add up to.
	Standing story.Standing
	// Keep chooses by the report that opened a story; nil keeps all. The store
	// may ask about the newest ten thousand only.
	Keep func(report.Report) bool
	// Limit is at least 1.
	Limit int
	// Before is the last report of the page before; zero means the first page.
	Before report.ID
}

// TrendQuery asks how many stories opened when.
type TrendQuery struct {
	// Guild is as in [RecentQuery].
	Guild string
	// Topic is one that they bear; empty means any.
	Topic topic.ID
	// From is when the first span begins, Step how long each lasts, Steps how many
	// there are.
	From  time.Time
	Step  time.Duration
	Steps int
}

// SearchQuery asks for reports by words.
type SearchQuery struct {
	// Guild is as in [RecentQuery].
	Guild string
	// Text is clean, plain, and at most [MaxQuery] code points long.
	Text string
	// Holds, if set, chooses the reports instead of Text, the newest first. The
	// store may ask about the newest ten thousand only.
	Holds func(query.Read) bool
	// Sort says which come first; empty means the newest.
	Sort Sort
	// Limit is as in [RecentQuery], and so is Before, for the newest first.
	Limit  int
	Before report.ID
	// Skip is how many were on the pages before, for the most relevant first.
	Skip int
}

// Sort is the order of what a search finds, in the words of its option.
type Sort string

// The orders.
const (
	SortNewest   Sort = "newest"
	SortRelevant Sort = "relevant"
)

// Counts are totals for /status.
type Counts struct {
	// Reports and Stories count what was read and opened.
	Reports, Stories int
	// Sent and Failed count the guild's deliveries that arrived, and those that
	// Discord refused for good.
	Sent, Failed int
	// Pending counts the guild's deliveries that are still open, whenever they
	// were made, without those of blocked channels, and OldestPending is when the
	// oldest of them was.
	Pending       int
	OldestPending time.Time
}

// TopicInfo is what people are told of a topic.
type TopicInfo struct {
	ID topic.ID
	// Title is its name, e.g. "Ceasefire"; Description one sentence.
	Title, Description string
	// Aliases are other words under which people look for it, e.g. "truce".
	Aliases []string
	// Stages are where a development of it may stand.
	Stages []topic.Stage
}

// Catalogue tells which topics there are, in the order to show them.
type Catalogue interface {
	Topics() []TopicInfo
}

// Forums tells what forums ask of their posts.
type Forums interface {
	// NeedsTag reports whether a forum takes only posts with a tag and has none
	// that fits a topic.
	NeedsTag(ctx context.Context, channel string, t TopicInfo) (bool, error)
}

// Sources tells about outlets. [*source.Catalogue] is one.
type Sources interface {
	Get(id source.ID) (source.Source, bool)
	// All returns every outlet, in the order to show them.
	All() []source.Source
}

// Country is a state that stories are about.
type Country struct {
	// Code is its ISO 3166-1 alpha-2 code.
	Code string
	// Name is its name, e.g. "Ukraine"; Aliases are other words under which people
	// look for it: its capital, its name in other languages.
	Name    string
	Aliases []string
}

// Countries tells which states there are, in the order to show them.
type Countries interface {
	Countries() []Country
	// Names reports whether a report names the state with that code, its capital
	// or who leads it, in title or description.
	Names(r report.Report, code string) bool
}

// Rehearser tells what subscriptions would have done.
type Rehearser interface {
	// Rehearse runs one over what was read in the last seven days. Among are the
	// reports that bear a guild's own topic; nil for others.
	Rehearse(ctx context.Context, now time.Time, s subscription.Subscription, among []report.ID) (alert.Rehearsal, error)
}
