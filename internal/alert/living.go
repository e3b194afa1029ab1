package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
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
	// Phrasings are how a language model has put the sentences, by the key of
	// Tongues, "" for those of Sentences.
	Phrasings map[string]Phrasing `json:"phrasings,omitempty"`
	// Phrased is the one of them that [Living.In] chose; empty for the sentences as
	// they are.
	Phrased string `json:"-"`
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
	tongue := ""
	if s, ok := l.Tongues[language]; ok && len(s) > 0 {
		l.Sentences, tongue = s, language
	}
	if p := l.Phrasings[tongue]; p.Text != "" && p.Of == Of(l.Sentences) {
		l.Phrased = p.Text
	}
	l.Tongues, l.Phrasings = nil, nil
	return l
}

// Phrasing is how sentences were put, or what has become of trying that.
type Phrasing struct {
	// Of names the sentences; see [Of].
	Of string `json:"of"`
	// Text is what they were put as; empty when they were not.
	Text string `json:"phrased,omitempty"`
	// Tries counts those of these sentences, Asked those of all that the story had.
	Tries int `json:"tries,omitempty"`
	Asked int `json:"asked,omitempty"`
	// Due is when they are tried next, or how long a try may take; zero for never.
	Due time.Time `json:"due,omitzero"`
	// Reason says what became of the last try.
	Reason string `json:"reason,omitempty"`
}

// Of names sentences by what they say.
func Of(sentences []Sentence) string {
	h := sha256.New()
	for _, s := range sentences {
		_, _ = io.WriteString(h, s.Text)
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
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
