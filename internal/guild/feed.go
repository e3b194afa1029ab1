package guild

import (
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

// Errors that a store of guilds' own feeds returns.
var (
	// ErrFeedKnown means that the feed is in the catalogue: everybody has it.
	ErrFeedKnown = errors.New("feed is in the catalogue")
	// ErrFeedExists means that the guild has added the feed already.
	ErrFeedExists = errors.New("feed exists")
	// ErrFeedNotFound means that the guild has added no such feed.
	ErrFeedNotFound = errors.New("feed not found")
	// ErrFeedQuota means that the guild has as many feeds as it may have.
	ErrFeedQuota = errors.New("feed quota reached")
	// ErrFeedsFull means that all guilds together have as many as the operator
	// allows.
	ErrFeedsFull = errors.New("no room for more feeds")
)

// MaxFeeds bounds how many feeds of its own a guild has; the store refuses more
// with [ErrFeedQuota].
const MaxFeeds = 25

// Feed is a feed that a guild has added for itself. It is polled once for all
// guilds that have added it, and they alone see what it brings.
type Feed struct {
	feed.Feed
	// AddedBy is the user who added it, Added when.
	AddedBy string
	Added   time.Time
}

// NewFeed is a feed that a guild wants to add.
type NewFeed struct {
	Guild string
	// URL is the address to poll. Also are other addresses under which the same
	// document was found, so that no feed is read twice.
	URL  string
	Also []string
	// Title is what the feed calls itself, or its host: clean text on one line.
	Title string
	// Every is how often to poll it at first.
	Every time.Duration
	// By is the user who adds it, At when.
	By string
	At time.Time
	// Room is how many own feeds all guilds together may have.
	Room int
}
