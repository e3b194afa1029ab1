package story

import (
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// ID is a story's number in the store. Zero means not stored yet.
type ID int64

// Story is one development, as told by one or more reports.
type Story struct {
	ID ID
	// Title is the headline of the report that opened the story.
	Title string
	// Language is that report's language.
	Language string
	// Lead is the report that opened the story.
	Lead report.ID
	// OwnFeed is the guilds' own feed whose reports alone tell the story, to those
	// guilds alone; zero means that it is everybody's. See [report.Report.OwnFeed].
	OwnFeed int64
	// Topics are the topics that its reports bear, in the order in which they were
	// first told, each with the stage told last; see [topic.Match.Alerts] for what
	// tells no stage.
	Topics []TopicStage
	// Testimony is what the parties have said in its reports.
	Testimony Testimony
	// Turns are how it came there and what else was new, oldest first; of very
	// many the first and the last ones.
	Turns []Turn
	// Opened is when the first report appeared, Updated when the last one joined.
	Opened, Updated time.Time
	// Reports counts its reports, Sources the distinct outlets among them.
	Reports, Sources int
	// Follows is the story that it carries on with: an earlier development in the
	// same affair. Zero means none; the other story may be deleted meanwhile.
	Follows ID
	// Answers is the story whose claim it answers, for readers a part of that one;
	// zero means none. It is the one that it follows, or the one which that answers.
	Answers ID
	// Revision counts changes of the story, beginning with 1.
	Revision int
}

// TopicStage is a topic together with the stage where the development stands;
// the stage is empty when no report told one.
type TopicStage struct {
	Topic topic.ID    `json:"topic"`
	Stage topic.Stage `json:"stage,omitempty"`
}

// Told is a story with the reports that tell it.
type Told struct {
	Story   Story
	Reports []report.Report
}

// Listing is a report as look-ups show it: with its story and that story's
// topics.
type Listing struct {
	Report report.Report
	Story  ID
	Topics []TopicStage
	// Standing is the story's; empty where no party was heard.
	Standing Standing
	// Sources counts the outlets that tell the story.
	Sources int
}

// Placement is the recorded decision of where a report belongs.
type Placement struct {
	Report  report.ID
	Matches []topic.Match
	// Story is the story's state after the report joined it.
	Story Story
	// Opened says that the report opened the story.
	Opened bool
	// Reason names why it opened or joined, e.g. "same-link".
	Reason Reason
	// Also is another story that the report tells of as well, so that both are one;
	// mostly zero.
	Also ID
}

// LogValue implements [slog.LogValuer].
func (s Story) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", int64(s.ID)), slog.String("title", s.Title), slog.Int("reports", s.Reports))
}

// stage is where a topic of the story stands, "" where none is told.
func (s Story) stage(of topic.ID) topic.Stage {
	for _, t := range s.Topics {
		if t.Topic == of {
			return t.Stage
		}
	}
	return ""
}
