package desk

import (
	"context"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/story"
)

// Store is what the handlers of several rooms read and write. Whatever concerns a guild is
// asked for with that guild's id and must answer for no other.
type Store interface {
	Drafts
	// Settings returns what the guild has set for itself.
	Settings(ctx context.Context, guild string) (guild.Settings, error)
	// OwnTopics returns them by name.
	OwnTopics(ctx context.Context, guild string) ([]guild.Topic, error)
	// NoteChannel notes of which kind a channel of the guild is. It returns
	// [guild.ErrForeignChannel] when the channel is known in another guild.
	NoteChannel(ctx context.Context, c guild.Channel) error
	// StorySeenBy returns a story that a guild sees with its topics, turns and oldest
	// reports, or [archive.ErrNotFound].
	StorySeenBy(ctx context.Context, guild string, id story.ID) (story.Told, error)
	// StoriesByLink returns the stories that a guild sees and that tell what is
	// behind a link. deleted says that there was a report of it once that is no
	// longer kept.
	StoriesByLink(ctx context.Context, guild, link string) (found []story.ID, deleted bool, err error)
	// StoryTold returns the story of which a message in a guild tells, or
	// [archive.ErrNotFound] for a message that is no alert there.
	StoryTold(ctx context.Context, guild, message string) (story.ID, error)
	// Recent returns the newest stories that bear a topic, newest first, each
	// with the report that opened it.
	Recent(ctx context.Context, q archive.Recent) ([]story.Listing, error)
	// Search returns the reports that hold all words of a query, in its order,
	// and [archive.ErrNoWords] when the query has none that can be searched.
	Search(ctx context.Context, q archive.Search) ([]story.Listing, error)
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
