package alert

import (
	"time"

	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// The most that an alert names of a story.
const (
	// MaxSaid is how many speakers, MaxVoices how many outlets.
	MaxSaid   = 6
	MaxVoices = 6
	// MaxMoments is how many lines the timeline has.
	MaxMoments = 5
)

// Living is the part of an alert that changes while its story goes on. It is the
// same in every channel.
type Living struct {
	// Sentences tell the story in the words of its reports; may be empty.
	Sentences []Sentence `json:"sentences,omitempty"`
	// Tongues are the same in other languages in which reports of the story are, by
	// BCP 47 base tag.
	Tongues map[string][]Sentence `json:"tongues,omitempty"`
	// Standing is what the words of the parties in Said add up to.
	Standing story.Standing `json:"standing,omitempty"`
	// Stages are where the story's topics stand, as far as that was told.
	Stages map[topic.ID]topic.Stage `json:"stages,omitempty"`
	// Said are the parties' last words, at most [MaxSaid].
	Said []Said `json:"said,omitempty"`
	// Voices are the outlets that tell the story independently of each other, the
	// first ones, at most [MaxVoices]. Independent counts all of them, Repeats the
	// outlets that repeat them.
	Voices      []Outlet `json:"voices,omitempty"`
	Independent int      `json:"independent,omitempty"`
	Repeats     int      `json:"repeats,omitempty"`
	// Timeline is what was new and when, oldest first, at most [MaxMoments].
	Timeline []Moment `json:"timeline,omitempty"`
}

// In is l as it is told to people of a language: in sentences of reports in it,
// where there are any.
func (l Living) In(language string) Living {
	if s, ok := l.Tongues[language]; ok && len(s) > 0 {
		l.Sentences = s
	}
	l.Tongues = nil
	return l
}

// Sentence is one sentence of a report, word for word, with where it stands.
type Sentence struct {
	Text   string `json:"text"`
	Outlet Outlet `json:"outlet"`
	// Link is the report's, http or https, or empty.
	Link string `json:"link,omitempty"`
}

// Moment is one thing that was new in a story: a party's word, or the stage that
// a topic came to.
type Moment struct {
	At   time.Time `json:"at"`
	Said Said      `json:"said,omitzero"`
	// Topic is the title of the topic that came to Stage, and TopicID its id; empty
	// for a word.
	Topic   string      `json:"topic,omitempty"`
	TopicID topic.ID    `json:"topic_id,omitempty"`
	Stage   topic.Stage `json:"stage,omitempty"`
	// Standing is what it changed the story's standing to; empty when it did not.
	Standing story.Standing `json:"standing,omitempty"`
}

// Telling is what the alerts of a story tell from a revision of it on.
type Telling struct {
	Story    story.ID
	Revision int
	Living   Living
}
