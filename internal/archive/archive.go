// Package archive owns the questions that people ask of what was reported and
// told, and what it means that there is no answer. The store answers them; the
// commands that look things up ask them.
package archive

import (
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

var (
	// ErrNotFound means that what was asked for is not, or no longer, kept.
	ErrNotFound = errors.New("not found in the store")
	// ErrNoWords means that a search names nothing to look for.
	ErrNoWords = errors.New("search text holds no words")
)

// The bounds of what one question may cost.
const (
	// MaxListings is how many stories or reports one page holds at most.
	MaxListings = 200
	// MaxChosen is among how many of the newest [Recent.Keep] and [Search.Holds]
	// choose. It bounds what it costs to ask for what there is hardly any of.
	MaxChosen = 10_000
	// MaxRanked is among how many of the newest reports that hold all words the
	// most relevant are chosen. It bounds what a search for a word costs that is in
	// every report.
	MaxRanked = 1000
	// MaxSteps is how many spans of time a trend has at most.
	MaxSteps = 1000
)

// Recent asks for the newest stories. What is zero does not limit.
type Recent struct {
	// Guild is who asks: it also sees what its own feeds tell. Nobody does when it
	// is empty.
	Guild string
	// Topic is the topic that they bear; empty for stories that bear any.
	Topic topic.ID
	// Since is when they opened at the earliest.
	Since time.Time
	// Source is an outlet that tells them.
	Source source.ID
	// Standing is what their parties' words add up to; a story in which nobody was
	// heard is [story.Reported].
	Standing story.Standing
	// Keep chooses by the report that opened the story; nil keeps all. It is asked
	// about [MaxChosen] stories at most.
	Keep func(report.Report) bool
	// Limit is how many to return, at most [MaxListings].
	Limit int
	// Before is the report of the last listing of the page before; zero for the
	// first page.
	Before report.ID
}

// Order says which of the reports that a search finds come first.
type Order string

// The orders. Nothing said is [Newest].
const (
	// Newest puts the newest first.
	Newest Order = "newest"
	// Relevant puts those first that say most of what was asked for, and of equal
	// ones the newer. Of very many only the newest are ranked, [MaxRanked].
	Relevant Order = "relevant"
)

// Search asks for reports by their words.
type Search struct {
	// Guild is as in [Recent].
	Guild string
	// Text is what a person typed: words that must all occur, and "phrases".
	Text  string
	Order Order
	// Holds, if set, chooses the reports instead of Text, newest first, among the
	// newest [MaxChosen] that are placed.
	Holds func(query.Read) bool
	// Limit is how many to return, at most [MaxListings].
	Limit int
	// Before is the last report of the page before, where the newest come first;
	// zero for the first page.
	Before report.ID
	// Skip is how many were on the pages before, where the most relevant come
	// first. Reports that came in between may move others to the next page.
	Skip int
}

// Trend asks how many stories opened in each of several spans of time.
type Trend struct {
	// Guild is as in [Recent].
	Guild string
	// Topic is the topic that they bear; empty for stories that bear any.
	Topic topic.ID
	// From is when the first span begins, Step how long each lasts, in whole
	// milliseconds, and Steps how many there are, at most [MaxSteps].
	From  time.Time
	Step  time.Duration
	Steps int
}

// Counts are totals as a guild may see them.
type Counts struct {
	// Feeds counts the polled feeds by health.
	Feeds map[feed.State]int
	// Reports and Stories count what was first seen, and what was opened, since
	// the time asked for.
	Reports, Stories int
	// Deliveries counts the guild's deliveries created since then, by state and
	// reason, in alphabetical order.
	Deliveries []DeliveryCount
	// Pending counts the guild's open deliveries, whenever created, without those
	// that wait for a blocked channel, and OldestPending is when the oldest of
	// them was; zero when there is none.
	Pending       int
	OldestPending time.Time
}

// In is how many deliveries are in a state, whatever the reason.
func (c Counts) In(state alert.State) int {
	n := 0
	for _, d := range c.Deliveries {
		if d.State == state {
			n += d.Count
		}
	}
	return n
}

// DeliveryCount counts deliveries that stand alike.
type DeliveryCount struct {
	State  alert.State
	Reason alert.Reason
	Count  int
}
