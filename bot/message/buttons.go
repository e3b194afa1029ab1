package message

import (
	"strconv"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/story"
)

// The actions of an alert's buttons. Their only argument is the story, as
// [StoryName] writes it. They are part of messages that are out there.
const (
	ActTimeline    = "timeline"
	ActSources     = "sources"
	ActWhy         = "why"
	ActMute        = "mute"
	ActNotRelevant = "not-relevant"
)

// StoryName is a story as people write it: "s123".
func StoryName(id story.ID) string { return "s" + strconv.FormatInt(int64(id), 10) }

// withStoryButtons returns p with what can be asked of a story, in one row; as it
// is where no story is known.
func (p Payload) withStoryButtons(id story.ID, in wording.Speaker) Payload {
	if id <= 0 {
		return p
	}
	name := StoryName(id)
	for _, b := range []struct{ act, label string }{
		{ActTimeline, in.Plain("living.timeline-button")},
		{ActSources, in.Plain("living.sources-button")},
		{ActWhy, in.Plain("living.why-button")},
		{ActMute, in.Plain("living.mute-button")},
		{ActNotRelevant, in.Plain("living.not-relevant-button")},
	} {
		p = p.WithButton(b.label, Action(b.act, name))
	}
	return p
}
