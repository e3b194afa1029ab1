// Package trace owns the account of one report's way through the bot: which feed
// brought it and when, how it was told from others, which topics it bears, which
// story it is part of, which channels were alerted and which were not, and what
// became of each delivery, each with its reason and its time.
//
// It decides nothing. A [Record] is what the store kept of the decisions; [Of]
// puts it in order, and [Trace.Text] in words.
package trace

import (
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Record is what is stored of one report.
type Record struct {
	Report report.Report
	// Feed brought the report first.
	Feed    feed.Feed
	Matches []topic.Match
	// Placed is when it was placed into Story, and Reason why there; Story is nil
	// while it waits for that, and comes without its topics. Placed is zero for what an early release placed.
	Placed time.Time
	Reason story.Reason
	Story  *story.Story
	// Others are the other reports of the story, in sequence, not more than the
	// store cares to read.
	Others []report.Report
	// Changes are the merges and splits of the story.
	Changes []Change
	// Alerts are those of the story, whichever report raised them.
	Alerts []Alert
	// Quiet are the channels that wanted the report and got no alert.
	Quiet []pipeline.Quiet
}

// Alert is one channel's alert with its deliveries.
type Alert struct {
	// Held is set where it waits, or waited, for a summary.
	alert.Alert
	Deliveries []alert.Delivery
	// Summarised says that a summary tells it, or that none will, and Summary is its
	// message; empty when there is none, or not yet.
	Summarised bool
	Summary    string
}
