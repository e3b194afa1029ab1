package alert

import (
	"log/slog"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// ID is an alert's number in the store.
type ID int64

// Alert is what one channel gets for one story, whichever of its subscriptions
// ask for it. A channel has at most one for a story.
type Alert struct {
	ID ID
	// Guild and Channel are Discord's snowflakes in decimal.
	Guild, Channel string
	Story          story.ID
	// Report is the one that raised it.
	Report report.ID
	// Roles are the roles to mention with the first message, without repeats.
	Roles []string
	// Content is what to say, at the Revision of the story.
	Content  Content
	Revision int
	// Planned is when the decision was taken. Since is when the channel could
	// have been told: earlier than Planned after an outage of ours or of the
	// feed's, zero when that is the same.
	Planned, Since time.Time
	// Held says that no message of its own is posted, but a summary tells of it.
	Held quiet.Held
}

// Recipient is a channel that has an alert for a story.
type Recipient struct {
	Channel string
	// Mentioned are the roles that were mentioned for the story.
	Mentioned []string
	// Gathered says that it has none of its own: a message tells the channel of the
	// story with others, or will.
	Gathered bool
}

// Waiting is a story that a channel is told of with others.
type Waiting struct {
	Guild, Channel string
	Story          story.ID
	// Report is the one for which it was decided, Subscription the one that asks
	// for it so, At when that was.
	Report       report.ID
	Subscription subscription.ID
	Way          subscription.Way
	At           time.Time
}

// Content is what an alert tells, independent of how Discord shows it. It is
// stored as JSON with the delivery, so that what was decided is what is sent.
type Content struct {
	Story story.ID `json:"story"`
	// Headline is plain text.
	Headline string `json:"headline"`
	// Summary is plain text that tells the story instead; mostly empty.
	Summary string `json:"summary,omitempty"`
	// Link is http or https, or empty.
	Link   string `json:"link,omitempty"`
	Outlet Outlet `json:"outlet"`
	// Time is when the report appeared.
	Time time.Time `json:"time"`
	// Topics are those for which the channel gets the alert. Those of a [Digest] are
	// the one that it is about, without an id for all.
	Topics []Topic `json:"topics,omitempty"`
	Living
	// Language is a BCP 47 base tag.
	Language string `json:"language,omitempty"`
	// More counts the stories that a catch-up line stands for, or that a digest
	// leaves out; zero otherwise.
	More int `json:"more,omitempty"`
	// Thread is the name of the alert's thread in which a [Reply] is told; empty for
	// the channel itself.
	Thread string `json:"thread,omitempty"`
	// Gathered says that Items are what a channel gets together because it wants few
	// messages.
	Gathered bool `json:"gathered,omitempty"`
	// Silent says that the message makes no sound and shows no badge.
	Silent bool `json:"silent,omitempty"`
	// Notice is what a [Notice] tells.
	Notice *NoticeContent `json:"notice,omitempty"`
	// Items are the stories of a [Digest] or a [WakeUp].
	Items []Item `json:"items,omitempty"`
	// Held is why the stories of a [WakeUp] waited.
	Held quiet.Reason `json:"held,omitempty"`
}

// Told is what the story is told in, without where it stands.
func (c Content) Told() string {
	if c.Summary != "" {
		return c.Summary
	}
	texts := make([]string, len(c.Sentences))
	for i, s := range c.Sentences {
		texts[i] = s.Text
	}
	return strings.Join(texts, " ")
}

// Said is what one speaker has said of the story.
type Said struct {
	Speaker string     `json:"speaker"`
	Act     claim.Act  `json:"act"`
	Tone    claim.Tone `json:"tone,omitempty"`
	// About is who is bound or blamed by it; empty when it is the speaker or nobody.
	About string `json:"about,omitempty"`
}

// Outlet is what a reader is told of the source of an alert.
type Outlet struct {
	Name            string      `json:"name"`
	Tier            source.Tier `json:"tier,omitempty"`
	Country         string      `json:"country,omitempty"`
	StateControlled bool        `json:"state_controlled,omitempty"`
	// Own says that a guild has added the feed for itself: its name is whatever the
	// feed says.
	Own bool `json:"own,omitempty"`
}

// OutletOf is what a reader is told of a source.
func OutletOf(s source.Source) Outlet {
	return Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled, Own: s.ID.IsOwn()}
}

// Topic is a topic as an alert names it.
type Topic struct {
	ID    topic.ID    `json:"id"`
	Title string      `json:"title"`
	Stage topic.Stage `json:"stage,omitempty"`
}

// Kind says what a delivery is.
type Kind string

// The kinds of delivery.
const (
	// Post is the first message of an alert.
	Post Kind = "post"
	// CatchUp is the one line that stands for stories not posted after an outage.
	CatchUp Kind = "catch-up"
	// Reply answers the first message: the story goes on, or is worth a mention by
	// now.
	Reply Kind = "reply"
)

// State is where a delivery stands.
type State string

// The states of a delivery. Pending and Sending are open; the others are final.
const (
	// Pending waits for its due time.
	Pending State = "pending"
	// Sending is being tried by a process that holds its lease. A crash leaves
	// it so, and the lease's end makes it due again.
	Sending State = "sending"
	// Sent was accepted by Discord.
	Sent State = "sent"
	// Expired was not sent because its story had become old.
	Expired State = "expired"
	// Dead was refused by Discord in every form.
	Dead State = "dead"
)

// Form is how rich a delivery's message is. A message that Discord refuses is
// tried once in each plainer form.
type Form string

// The forms, richest first.
const (
	// Full is an embed with everything.
	Full Form = "full"
	// Plain is text and a link without an embed.
	Plain Form = "plain"
)

// Delivery is one message to one channel, recorded before it is tried and after.
type Delivery struct {
	ID    int64
	Alert ID
	Kind  Kind
	// Guild and Channel are Discord's snowflakes in decimal.
	Guild, Channel string
	// Language is the guild's, as in a [Message].
	Language string
	// In is the channel's kind.
	In      guild.ChannelKind
	Roles   []string
	Content Content
	Form    Form
	State   State
	// Attempt counts tries, and fences the outcome: only the process that made
	// this attempt may settle it.
	Attempt int
	// Failures counts the tries that failed for a reason of their own; waiting
	// out a limit is none.
	Failures int
	// Series counts posts under a new nonce, after the earlier one could neither
	// be confirmed nor found.
	Series int
	// Doubt says that a try of this series may have been accepted although no
	// answer told so: it ended without an answer, or its process died.
	Doubt bool
	// Created orders the deliveries of a channel. First is when the current
	// series was tried first; zero before. Due is when it may be tried.
	Created, First, Due time.Time
	// Waits is since when the channel could have been told: when the report was
	// read, or after a gap when it appeared. Settled is when the outcome was
	// final; zero before.
	Waits, Settled time.Time
	// Message is the id that Discord gave it; empty until sent.
	Message string
	// Reason names the last failure; empty when there was none.
	Reason Reason
	// Revision is the story's that a [Reply] tells of, To the message that it
	// replies to; empty when that was never posted.
	Revision int
	To       string
}

// LogValue implements [slog.LogValuer].
func (d Delivery) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("id", d.ID),
		slog.String("channel", d.Channel),
		slog.Int64("story", int64(d.Content.Story)),
		slog.Int("attempt", d.Attempt),
	)
}

// Settlement is what one attempt came to, to be recorded.
type Settlement struct {
	// State is Sent, Dead or Expired, or Pending to be tried again at Due.
	State State
	Due   time.Time
	// Message is Discord's id when State is Sent and Discord named one.
	Message string
	Reason  Reason
	// Form is the form of the next try.
	Form Form
	// NewSeries asks for a new nonce at the next try: it adds one to Series and
	// clears First and Doubt.
	NewSeries bool
	// Doubt sets the delivery's Doubt; it is never cleared within a series.
	Doubt bool
	// Failures is the number of failed tries that count so far; those that
	// Discord never judged do not.
	Failures int
	// BlockChannel stops deliveries to the channel until it is unblocked.
	BlockChannel bool
	// LeftGuild says that the bot is no longer in the guild.
	LeftGuild bool
}

// Backlog is what waits to be delivered.
type Backlog struct {
	// Waiting deliveries will be tried; Blocked ones wait until their channel can
	// be posted to again.
	Waiting, Blocked int
	// Oldest is when the oldest of those waiting was decided; zero when none is.
	Oldest time.Time
}
