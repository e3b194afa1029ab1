package desk

import (
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
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

// Errors of a [Store] that its nouns do not name.
var (
	// ErrForeignChannel means that a channel belongs to another guild.
	ErrForeignChannel = errors.New("channel belongs to another guild")
	// ErrNoWords means that a search names nothing to look for.
	ErrNoWords = errors.New("search has no words")
	// ErrNotFound means that what was asked for is not, or no longer, kept.
	ErrNotFound = errors.New("not found")
)
