package guild

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/topic"
)

// Errors that a store of guilds' own topics returns.
var (
	// ErrTopicExists means that the guild has a topic of that name already.
	ErrTopicExists = errors.New("topic exists")
	// ErrTopicNotFound means that the guild has no such topic.
	ErrTopicNotFound = errors.New("topic not found")
	// ErrTopicQuota means that the guild has as many topics as it may have.
	ErrTopicQuota = errors.New("topic quota reached")
)

// Limits of a guild's own topics.
const (
	// MaxTopics bounds how many a guild has; the store refuses more with
	// [ErrTopicQuota].
	MaxTopics = 50
	// MaxTopicName is the longest name, in characters.
	MaxTopicName = 50
)

// Topic is a topic that a guild has made: a query with a name. No other guild
// sees it.
type Topic struct {
	// ID is unlike that of every built-in topic and of every other guild's, and
	// stays when name or query change.
	ID    topic.ID
	Guild string
	// Name is clean, plain text.
	Name string
	// Query is in the language of package query.
	Query string
	// CreatedBy is the user who made it, Created when.
	CreatedBy string
	Created   time.Time
}

// ownPrefix begins the ids of guilds' own topics. No built-in topic's id does.
const ownPrefix = "own-"

// TopicID is the id of the own topic with a number in the store.
func TopicID(number int64) topic.ID { return topic.ID(ownPrefix + strconv.FormatInt(number, 10)) }

// TopicNumber returns the number of an own topic, or false for other topics.
func TopicNumber(id topic.ID) (int64, bool) {
	digits, ok := strings.CutPrefix(string(id), ownPrefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0 && TopicID(n) == id
}

// TopicChange is what became of an own topic.
type TopicChange struct {
	Topic
	// Gone says that it was deleted; then only its id and guild are known.
	Gone bool
}
